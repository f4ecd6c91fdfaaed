"""Bank transfer: the payer quotes a reference, and the bank's statement says what came in and what went out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from django.conf import settings
from django.db.models import Max, QuerySet, Sum
from django.utils.translation import gettext as _

from market.payments.kinds import Finding, Provider
from market.payments.models.deposits import Payment
from market.payments.models.ledger import Posting
from market.payments.models.payouts import Payout
from market.payments.models.statements import OutgoingLine, StatementLine
from market.payments.providers import Difference, Way
from market.payments.states import LineState, PaymentState, PayoutState
from market.values.dates import day_of, end_of
from market.values.money import Money


class BankTransfer:
    """The market's own account at its bank."""

    code = Provider.BANK.value

    def way_to_pay(self, payment: Payment) -> Way | None:
        """To this account, quoting the payment's reference."""
        if not settings.BANK_ACCOUNT_NUMBER or payment.provider != self.code:
            return None
        account = {
            "holder": settings.BANK_ACCOUNT_HOLDER,
            "bank": settings.BANK_ACCOUNT_BANK,
            "number": settings.BANK_ACCOUNT_NUMBER,
        }
        return Way(_("Bank transfer"), "payments/way_bank.html", {"account": account, "payment": payment})

    def differences(self, until: date) -> list[Difference] | None:
        """Compared up to the last day that an imported statement covers: of later days the bank has not spoken yet."""
        covered = StatementLine.objects.aggregate(last=Max("on"))["last"]
        if covered is None:
            return None
        last = min(until, covered)
        found = [*_not_booked(last), *_not_at_bank(last), *_booked_otherwise(last), *_gone_out(last)]
        return sorted(found, key=lambda difference: (difference.on, difference.reference))


def _difference(finding: Finding, reference: str, on: date, at_bank: Money | None, in_ledger: Money | None) -> Difference:
    return Difference(Provider.BANK.value, finding, reference, on, at_bank, in_ledger)


def _not_booked(last: date) -> Iterator[Difference]:
    # A payout of Stripe's is booked as such, and its line stays set aside.
    unexplained = StatementLine.objects.filter(on__lte=last, state__in=[LineState.NEW, LineState.SET_ASIDE], payout__isnull=True)
    for line in unexplained:
        yield _difference(Finding.NOT_BOOKED, line.bank_reference, line.on, line.amount, None)


def _not_at_bank(last: date) -> Iterator[Difference]:
    for payment in _received(last).filter(statement_line__isnull=True):
        assert payment.received_at is not None
        yield _difference(Finding.NOT_AT_PROVIDER, payment.reference, day_of(payment.received_at), None, payment.amount)


def _booked_otherwise(last: date) -> Iterator[Difference]:
    """What was booked for a line is read from the ledger, not from the payment it was booked for."""
    lines = StatementLine.objects.filter(on__lte=last, state=LineState.CONFIRMED).select_related("payment")
    by_reference = {f"{line.payment.subject}:received": line for line in lines if line.payment}
    booked = _amounts(by_reference)
    for reference, line in by_reference.items():
        amount = booked.get(reference)
        if amount != line.amount:
            finding = Finding.NOT_BOOKED if amount is None else Finding.OTHER_AMOUNT
            yield _difference(finding, line.bank_reference, line.on, line.amount, amount)


def _gone_out(last: date) -> Iterator[Difference]:
    """Refunds and payouts that were confirmed, and what the bank paid out quoting a reference of ours. Fees quote none."""
    booked = {reference: (amount, on) for reference, amount, on in _booked_out()}
    paid = {line.reference: line for line in OutgoingLine.objects.filter(on__lte=last).exclude(reference="")}
    for reference, line in paid.items():
        amount = booked[reference][0] if reference in booked else None
        if amount != line.amount:
            finding = Finding.NOT_BOOKED if amount is None else Finding.OTHER_AMOUNT
            yield _difference(finding, line.bank_reference, line.on, -line.amount, -amount if amount else None)
    for reference, (amount, on) in booked.items():
        if reference not in paid and on < last:
            yield _difference(Finding.NOT_AT_PROVIDER, reference, on, None, -amount)


def _booked_out() -> Iterator[tuple[str, Money, date]]:
    """What the ledger says was paid out by the bank: the reference quoted, the amount and the day."""
    for payment in Payment.objects.filter(provider=Provider.BANK, state=PaymentState.REFUNDED):
        assert payment.refunded_at is not None
        yield payment.reference, payment.amount, day_of(payment.refunded_at)
    for payout in Payout.objects.filter(state=PayoutState.PAID):
        assert payout.paid_at is not None
        yield payout.reference, payout.amount, day_of(payout.paid_at)


def _received(last: date) -> QuerySet[Payment]:
    """Bank payments booked by the end of this day in China."""
    return Payment.objects.filter(provider=Provider.BANK, received_at__lt=end_of(last))


def _amounts(references: Iterable[str]) -> dict[str, Money]:
    """What the ledger took in under each of these references."""
    totals = Posting.objects.filter(reference__in=list(references)).annotate(total=Sum("entries__amount_fen"))
    return {reference: Money(total) for reference, total in totals.values_list("reference", "total")}
