"""What came in by the bank, which payment is each line, and what waits for a person?"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from market.payments.kinds import Provider
from market.payments.matters import Matter
from market.payments.models.deposits import Payment
from market.payments.models.statements import StatementLine
from market.payments.providers.bank_statement import ReadStatement
from market.payments.rules.statements import AwaitedFacts, Doubt, LineFacts, match
from market.payments.states import LineState, PaymentState
from market.values.money import ZERO, Money


def awaited_facts() -> list[AwaitedFacts]:
    """Every payment that a line of the bank's statement could be."""
    return [AwaitedFacts(it.pk, it.reference, it.amount, it.payer.name) for it in awaited_payments()]


def awaited_payments() -> QuerySet[Payment]:
    """What payers were asked to transfer and did not yet, the newest first."""
    return Payment.objects.filter(state=PaymentState.AWAITED, provider=Provider.BANK).select_related("payer")


def fresh_lines(lines: Sequence[LineFacts]) -> list[LineFacts]:
    """Those that no statement before brought, each once."""
    numbers = [line.bank_reference for line in lines]
    known = set(StatementLine.objects.filter(bank_reference__in=numbers).values_list("bank_reference", flat=True))
    return list({line.bank_reference: line for line in lines if line.bank_reference not in known}.values())


@dataclass(frozen=True, slots=True)
class StatementPreview:
    """What importing a file would do: how many lines are new and known, how many are clear, and what they add up to."""

    fresh: int
    known: int
    clear: int
    went_out: int
    total: Money


def preview_of(read: ReadStatement) -> StatementPreview:
    """The dry run of an import: nothing is written."""
    fresh, awaited = fresh_lines(read.came_in), awaited_facts()
    clear = sum(1 for line in fresh if (found := match(line, awaited)).payment and found.doubt is Doubt.NONE)
    total = sum((line.amount for line in fresh), ZERO)
    return StatementPreview(len(fresh), len(read.came_in) - len(fresh), clear, len(read.went_out), total)


def lines_to_match() -> QuerySet[StatementLine]:
    """New lines and those set aside, with the payment each is proposed for; the oldest first. A payout of Stripe's is explained."""
    open_ones = StatementLine.objects.filter(state__in=[LineState.NEW, LineState.SET_ASIDE], payout__isnull=True)
    return open_ones.select_related("proposed__payer", "statement").order_by("on", "pk")


def clear_lines() -> QuerySet[StatementLine]:
    """New lines that are the whole sum from the payer asked, and leave nothing to look at."""
    return lines_to_match().filter(state=LineState.NEW, proposed__isnull=False, doubt="", proposed__state=PaymentState.AWAITED)


def doubtful_lines() -> QuerySet[StatementLine]:
    """Everything else that came in and is nobody's yet: wrong sums, unknown payers, and what was set aside."""
    return lines_to_match().exclude(pk__in=clear_lines().values("pk"))


def lines_to_send_back() -> QuerySet[StatementLine]:
    """Money that goes back whence it came, the oldest first."""
    return StatementLine.objects.filter(state=LineState.TO_SEND_BACK).order_by("on", "pk")


def lines_in_words(keys: Collection[str]) -> dict[str, Matter]:
    """By its number: whose money a line of the bank's statement was."""
    lines = StatementLine.objects.filter(pk__in=[int(key) for key in keys])
    return {str(line.pk): Matter(_("Transfer of %(payer)s") % {"payer": line.payer}) for line in lines}
