"""Cards and wallets: the payer pays on Stripe's page, and Stripe's account of the balance is compared with the ledger."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from market.payments.kinds import Finding, Provider, Purpose
from market.payments.models.deposits import Payment
from market.payments.models.ledger import Entry
from market.payments.models.stripe import BalanceLine, BalanceReading, CardRefund, Checkout, Dispute
from market.payments.providers import Difference, Way
from market.payments.providers.stripe_api import is_set_up
from market.payments.rules.stripe import may_pay_by_card
from market.values.dates import day_of
from market.values.money import ZERO, Money


class CardsAndWallets:
    """The market's account at Stripe."""

    code = Provider.STRIPE.value

    def way_to_pay(self, payment: Payment) -> Way | None:
        """By card, Alipay or WeChat Pay, up to what Stripe takes at once."""
        if not is_set_up() or may_pay_by_card(payment.amount, is_barred=False, is_claimed_back=payment.purpose == Purpose.CLAIMS):
            return None
        return Way(_("Card or wallet"), "payments/way_card.html", {"payment": payment})

    def differences(self, until: date) -> list[Difference] | None:
        """Compared up to the last day of which Stripe's account was read to its end."""
        reading = BalanceReading.objects.first()
        if reading is None:
            return None
        last = min(until, day_of(reading.read_at) - timedelta(days=1))
        found = [difference for sums in _all_sums() if (difference := sums.difference(last))]
        return sorted(found, key=lambda difference: (difference.on, difference.reference))


@dataclass
class _Sums:
    """What one payment, or something else at Stripe, changed in the balance: by Stripe's word, by the ledger's, and when."""

    reference: str
    at_stripe: Money | None = None
    in_ledger: Money | None = None
    days: list[date] = field(default_factory=list)

    def difference(self, last: date) -> Difference | None:
        """None too where something happened after that day: as of that day the two cannot be compared any more."""
        if self.at_stripe == self.in_ledger or max(self.days) > last:
            return None
        finding = Finding.OTHER_AMOUNT
        if self.at_stripe is None:
            finding = Finding.NOT_AT_PROVIDER
        elif self.in_ledger is None:
            finding = Finding.NOT_BOOKED
        return Difference(Provider.STRIPE.value, finding, self.reference, max(self.days), self.at_stripe, self.in_ledger)


def _all_sums() -> Iterable[_Sums]:
    """Of each payment that came by Stripe, and of each line of the balance that belongs to none."""
    found: dict[str, _Sums] = {}
    payments = _payments()
    of_lines: dict[str, str] = {}
    for line in BalanceLine.objects.all():
        reference = payments.get(line.source_id) or f"{line.kind} {line.line_id}"
        of_lines[f"stripe:{line.line_id}"] = reference
        sums = found.setdefault(reference, _Sums(reference))
        sums.at_stripe = (sums.at_stripe or ZERO) + line.net
        sums.days.append(line.on)
    for posting, at, change in _clearing():
        reference = of_lines.get(posting) or payments.get(posting.rpartition(":")[0]) or posting
        sums = found.setdefault(reference, _Sums(reference))
        sums.in_ledger = (sums.in_ledger or ZERO) + change
        sums.days.append(at)
    return found.values()


def _payments() -> dict[str, str]:
    """The reference of the payment to which Stripe's number of a charge, a refund or a dispute belongs, or a subject of the ledger."""
    found: dict[str, str] = {}
    for checkout in Checkout.objects.filter(paid_at__isnull=False).select_related("payment"):
        # The same payment can have been made twice; what was too much stands for itself.
        name = f"{checkout.payment.reference} ({checkout.charge_id})" if checkout.is_surplus else checkout.payment.reference
        found |= {checkout.subject: name, checkout.charge_id or "": name}
        if not checkout.is_surplus:
            found[checkout.payment.subject] = name
    for refund in CardRefund.objects.select_related("checkout"):
        name = found[refund.checkout.subject]
        found |= {refund.subject: name, refund.refund_id or "": name}
    for dispute in Dispute.objects.select_related("checkout"):
        found[dispute.dispute_id] = found[dispute.checkout.subject]
    found.pop("", None)
    return found


def _clearing() -> Iterable[tuple[str, date, Money]]:
    """What each posting changed in the market's balance at Stripe, as the ledger has it: reference, day, amount with its sign."""
    clearing = Purpose.STRIPE_CLEARING.value
    entries = Entry.objects.filter(Q(source__purpose=clearing) | Q(target__purpose=clearing))
    for reference, at, source, fen in entries.values_list(
        "posting__reference", "posting__posted_at", "source__purpose", "amount_fen"
    ):
        # An asset grows when something is taken from its account for somebody.
        yield reference, day_of(at), Money(fen if source == clearing else -fen)
