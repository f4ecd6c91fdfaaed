"""What parties, brokers and supervisors are told of settlements."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from contracts.settlement.kinds import DueKind
from contracts.settlement.models.disputes import SettlementDispute
from contracts.settlement.models.royalties import RoyaltyReport
from contracts.settlement.models.settlements import Due, Settlement
from contracts.settlement.states import SettlementState
from market.events.models import Event
from market.letters.registry import Concerned, LetterKind, declare_letters, key_of
from market.values.actor import Role


def _settlement_of(event: Event) -> Settlement:
    return Settlement.objects.select_related("contract").get(key=key_of(event))


def _told(settlement: Settlement, *organisations: int) -> Concerned:
    return Concerned(settlement.get_absolute_url, {"title": settlement.contract.title}, organisations=organisations)


def _buyer(event: Event) -> Concerned:
    settlement = _settlement_of(event)
    return _told(settlement, settlement.buyer_id)


def _seller(event: Event) -> Concerned:
    settlement = _settlement_of(event)
    return _told(settlement, settlement.seller_id)


def _parties(event: Event) -> Concerned:
    settlement = _settlement_of(event)
    return _told(settlement, settlement.seller_id, settlement.buyer_id)


def _parties_to_plan(event: Event) -> Concerned | None:
    """Nobody where the contract says all, and the buyer is asked at once."""
    return _parties(event) if _settlement_of(event).state == SettlementState.PLANNING else None


def _other_side(event: Event) -> Concerned:
    settlement = _settlement_of(event)
    sides = [settlement.seller_id, settlement.buyer_id]
    return _told(settlement, *(side for side in sides if side != event.organisation))


def _due_of(event: Event) -> Due:
    return Due.objects.select_related("settlement__contract", "payment").get(key=key_of(event))


def _due_facts(due: Due) -> dict[str, str]:
    reference = due.payment.reference if due.payment else ""
    return {"title": due.settlement.contract.title, "to_pay": str(due.to_pay), "quoted": reference}


def _payer(event: Event) -> Concerned | None:
    """Nobody where the deposit covers the whole sum."""
    due = _due_of(event)
    return Concerned(due.get_absolute_url, _due_facts(due), organisations=[due.payer_id]) if due.payment_id else None


def _payer_and_seller(event: Event) -> Concerned:
    """Of a commission only whoever owes it."""
    due = _due_of(event)
    sides = {due.payer_id} if due.kind == DueKind.COMMISSION else {due.payer_id, due.settlement.seller_id}
    return Concerned(due.get_absolute_url, _due_facts(due), organisations=sorted(sides))


def _dispute(event: Event) -> Concerned:
    dispute = SettlementDispute.objects.select_related("settlement__contract").get(key=key_of(event))
    contract = dispute.settlement.contract
    settlement = dispute.settlement
    sides = [side for side in (settlement.seller_id, settlement.buyer_id) if side != event.organisation]
    return Concerned(dispute.get_absolute_url, {"title": contract.title}, organisations=sides)


def _dispute_and_supervisors(event: Event) -> Concerned:
    told = _dispute(event)
    return Concerned(told.look, told.facts, organisations=told.organisations, roles=[Role.SUPERVISOR])


def _report_of(event: Event) -> RoyaltyReport:
    return RoyaltyReport.objects.select_related("settlement__contract").get(key=key_of(event))


def _report(report: RoyaltyReport, *organisations: int, roles: tuple[Role, ...] = ()) -> Concerned:
    facts = {"title": report.settlement.contract.title}
    return Concerned(report.get_absolute_url, facts, organisations=organisations, roles=roles)


def _seller_of_report(event: Event) -> Concerned:
    report = _report_of(event)
    return _report(report, report.settlement.seller_id)


def _buyer_of_report_and_supervisors(event: Event) -> Concerned:
    report = _report_of(event)
    return _report(report, report.settlement.buyer_id, roles=(Role.SUPERVISOR,))


def _parties_of_report(event: Event) -> Concerned:
    report = _report_of(event)
    return _report(report, report.settlement.seller_id, report.settlement.buyer_id)


declare_letters(
    LetterKind(
        "settlement.opened",
        _("Plan of payment to be agreed: {title}"),
        _("The contract “{title}” is in force. When which part of the price is paid is to be agreed."),
        _parties_to_plan,
        next_step=_("Either side proposes a plan; the other agrees to it or proposes another."),
    ),
    LetterKind(
        "settlement.plan_proposed",
        _("Plan of payment proposed: {title}"),
        _("The other side proposed a plan of payment for the contract “{title}”."),
        _other_side,
        next_step=_("Agree to it, or propose another."),
    ),
    LetterKind(
        "due.asked",
        _("{to_pay} yuan to pay by {due_on}: {title}"),
        _("For the contract “{title}” {to_pay} yuan are to be paid by {due_on}. Please quote the reference {quoted}."),
        _payer,
        next_step=_("The page says how to pay. The money stays in escrow until delivery is confirmed."),
    ),
    LetterKind(
        "due.paid",
        _("{amount} yuan paid: {title}"),
        _("{amount} yuan for the contract “{title}” are paid."),
        _payer_and_seller,
    ),
    LetterKind(
        "due.overdue",
        _("Payment is late: {title}"),
        _("{amount} yuan for the contract “{title}” were due by {due_on} and have not come in."),
        _payer_and_seller,
    ),
    LetterKind(
        "settlement.delivery_reported",
        _("Please confirm delivery: {title}"),
        _("The seller states that everything the contract “{title}” names is delivered."),
        _buyer,
        next_step=_("Confirm it, and the money in escrow goes to the seller; or open a dispute if something is missing."),
    ),
    LetterKind(
        "settlement.paid",
        _("{amount} yuan released: {title}"),
        _("Of the price of the contract “{title}” {amount} yuan are released, {total} yuan in all; fee and commission go off."),
        _seller,
        next_step=_("The statement shows every part. The market pays it to your account."),
    ),
    LetterKind(
        "settlement.refunded",
        _("{amount} yuan go back to you: {title}"),
        _("{amount} yuan in escrow for the contract “{title}” go back to your organisation."),
        _buyer,
        next_step=_("The market pays it to the account you state for refunds."),
    ),
    LetterKind(
        "settlement.closed",
        _("Everything is settled: {title}"),
        _("The contract “{title}” is paid and settled. The statement can be downloaded."),
        _parties,
    ),
    LetterKind(
        "settlement_dispute.opened",
        _("Dispute about the money: {title}"),
        _("A dispute about the money in escrow for the contract “{title}” was opened. The page says why."),
        _dispute_and_supervisors,
        next_step=_("The other side can answer; a supervisor decides. Until then nothing leaves escrow."),
    ),
    LetterKind(
        "settlement_dispute.answered",
        _("Dispute answered: {title}"),
        _("The other side has answered the dispute about the contract “{title}”."),
        _dispute_and_supervisors,
    ),
    LetterKind(
        "settlement_dispute.withdrawn",
        _("Dispute withdrawn: {title}"),
        _("The dispute about the contract “{title}” was withdrawn; the money goes on its way."),
        _dispute,
    ),
    LetterKind(
        "settlement_dispute.decided",
        _("Dispute decided: {title}"),
        _(
            "The dispute about the contract “{title}” is decided: {to_seller} yuan to the seller, {to_buyer} yuan to the buyer. {grounds}"
        ),
        _dispute,
    ),
    LetterKind(
        "royalty.reported",
        _("Royalty reported: {title}"),
        _("For {first_day} to {last_day} the buyer reported {base} yuan: a royalty of {amount} yuan for the contract “{title}”."),
        _seller_of_report,
        next_step=_("Accept it, or object to it by {due_on}; after that it stands."),
    ),
    LetterKind(
        "royalty.objected",
        _("Objection to a royalty report: {title}"),
        _("The seller objected to the report on {first_day} to {last_day} for the contract “{title}”. The page says why."),
        _buyer_of_report_and_supervisors,
        next_step=_("The buyer corrects the report, or a supervisor decides."),
    ),
    LetterKind(
        "royalty.accepted",
        _("Royalty stands: {title}"),
        _("The report on {first_day} to {last_day} for the contract “{title}” stands: a royalty of {amount} yuan."),
        _parties_of_report,
    ),
    LetterKind(
        "royalty.overdue",
        _("Royalty report is late: {title}"),
        _("The report on {first_day} to {last_day} for the contract “{title}” was due by {due_on}."),
        _parties_of_report,
    ),
)
