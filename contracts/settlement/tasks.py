"""What settlements do by themselves: they open with the contract, hear of money that came in, and say what is late."""

from __future__ import annotations

from datetime import datetime, timedelta

from contracts.actions.radar import look_again
from contracts.models import TechnologyContract
from contracts.settlement.actions.dues import note_overdue_due
from contracts.settlement.actions.escrow import receive_payment_of_due
from contracts.settlement.actions.plans import open_settlement
from contracts.settlement.actions.royalties import lapse_report, note_overdue_report
from contracts.settlement.queries.settlements import late_dues, late_reports, unopposed_reports
from market.events.models import Event
from market.events.registry import Reader, Sweep, follow, sweep
from market.events.work import do_each
from market.letters.registry import key_of
from market.payments.models.deposits import Payment
from market.payments.models.stripe import Dispute as CardDispute
from market.values.dates import day_of


def on_contract(event: Event) -> None:
    """Only what was dealt on the market is paid through it."""
    contract = TechnologyContract.objects.get(key=key_of(event))
    if contract.deal_id is not None:
        open_settlement(contract, now=event.at)


def on_payment(event: Event) -> None:
    receive_payment_of_due(Payment.objects.get(key=key_of(event)), now=event.at)


def on_card_dispute(event: Event) -> None:
    """What a payer's bank disputed goes on its way, or is asked for anew."""
    dispute = CardDispute.objects.select_related("checkout__payment").get(key=key_of(event))
    receive_payment_of_due(dispute.checkout.payment, now=event.at)


def on_refund(event: Event) -> None:
    """A registrar who has not decided yet is told that money went back."""
    look_again(TechnologyContract.objects.get(key=event.payload["contract"]))


def look_after(now: datetime) -> None:
    """What is late is said once, and what nobody objected to stands."""
    today = day_of(now)
    do_each("settlement.late_dues", late_dues(today), lambda due: note_overdue_due(due, now=now), now=now)
    do_each("settlement.late_reports", late_reports(today), lambda report: note_overdue_report(report, now=now), now=now)
    do_each("settlement.unopposed", unopposed_reports(today), lambda report: lapse_report(report, now=now), now=now)


_HANDLERS = {
    "contract.agreed": on_contract,
    "payment.received": on_payment,
    "settlement.refunded": on_refund,
    "dispute.won": on_card_dispute,
    "dispute.lost": on_card_dispute,
}
follow(Reader("settlement.money", _HANDLERS))
sweep(Sweep("settlement.look_after", look_after, every=timedelta(minutes=1)))
