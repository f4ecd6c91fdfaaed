"""What does an event of the log say for or against whom? Nothing is written here: the same event always says the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from brokers.credit.models import Review, Standing
from brokers.credit.queries.related import are_related
from brokers.credit.rulebook import book
from brokers.credit.rules.records import points_for_level, points_for_marks, points_for_value
from brokers.models import Broker
from brokers.queries import engagements_for_deal
from brokers.rooms.kinds import Capacity
from brokers.rooms.models import Task
from brokers.states import EngagementState
from contracts.models import TechnologyContract
from contracts.settlement.models.royalties import RoyaltyReport
from contracts.settlement.models.settlements import Due, Settlement
from listings.models.deals import Deal
from listings.models.listings import Listing, Objection
from market.accounts.models import Organisation
from market.accounts.permissions import belongs_to_any
from market.events.models import Event
from market.values.dates import day_of
from market.values.money import Money

type Holder = Broker | Organisation


@dataclass(frozen=True, slots=True)
class Draft:
    """A record to be entered: whose, by which rule, from which day, with whom, and what it is about.

    `points` are thousandths where the rule alone does not say them. What is self-made is written down and counts nothing.
    """

    holder: Holder
    rule: str
    day: date
    source: str
    about: str
    title: str
    counterpart: Organisation | None = None
    points: int | None = None
    until: date | None = None
    statement: str = ""
    made_by: int | None = None
    is_self_made: bool = False


def drafts_of(event: Event) -> list[Draft]:
    """The records that this event makes; each of its sources counts once, however often the event is read."""
    source = f"{event.subject}#{event.sequence}"
    return [
        replace(draft, source=f"{source}:{draft.counterpart.pk if draft.counterpart else ''}", made_by=event.person)
        for draft in EVIDENCE[event.name](event)
    ]


def _key(event: Event) -> str:
    return event.subject.partition(":")[2]


def _against(event: Event, holder: Holder, rule: str, title: str, *, about: str = "") -> Draft:
    return Draft(holder, rule, day_of(event.at), "", about or event.subject, title)


def _of_deal(event: Event, deal: Deal, rule: str, *, points: int | None = None, about: str = "") -> Iterator[Draft]:
    """For both sides, each with the other, and for the brokers who brought it about, with both."""
    title, about, day = deal.title, about or deal.subject, day_of(event.at)
    is_sham = are_related(deal.seller, deal.buyer)
    for holder, counterpart in ((deal.seller, deal.buyer), (deal.buyer, deal.seller)):
        yield Draft(holder, rule, day, "", about, title, counterpart, points, is_self_made=is_sham)
    for broker in _brokers_of(deal):
        is_own = is_sham or is_deal_of_own(broker, deal)
        for side in (deal.seller, deal.buyer):
            yield Draft(broker, rule, day, "", about, title, side, points, is_self_made=is_own)


def _brokers_of(deal: Deal) -> list[Broker]:
    return list({engagement.broker_id: engagement.broker for engagement in engagements_for_deal(deal)}.values())


def is_deal_of_own(broker: Broker, deal: Deal) -> bool:
    """True when a side of the deal is the broker's own institution, related to it, or one the broker is a member of."""
    sides = (deal.seller, deal.buyer)
    if belongs_to_any(broker.person_id, [side.pk for side in sides]):
        return True
    return any(are_related(broker.institution, side) for side in sides)


def _deal(**by: str) -> Deal:
    return Deal.objects.select_related("seller", "buyer", "listing__achievement").get(**by)


def _settled(event: Event) -> Iterator[Draft]:
    settlement = Settlement.objects.select_related("contract").get(key=_key(event))
    if settlement.contract.deal_key:
        yield from _of_deal(event, _deal(key=settlement.contract.deal_key), "deal_settled")


def _contracted(event: Event) -> Iterator[Draft]:
    deal = _deal(key=_key(event))
    if day_of(event.at) <= deal.contract_due_on:
        yield from _of_deal(event, deal, "signed_in_time")


def _failed(event: Event) -> Iterator[Draft]:
    deal = _deal(key=_key(event))
    if event.payload["is_buyers_default"]:
        yield _against(event, deal.buyer, "not_signed", deal.title)


def _recognised(event: Event) -> Iterator[Draft]:
    if not event.payload["deal"]:
        return
    rule = book().on(day_of(event.at)).rules["value_recognised"]
    points = points_for_value(rule, Money(event.payload["technology_value_fen"]))
    deal = _deal(key=event.payload["deal"])
    yield from _of_deal(event, deal, rule.code, points=points, about=event.subject)


def _revoked(event: Event) -> Iterator[Draft]:
    """Whoever applied stated what was not so; the brokers who accompanied the contract missed to see it."""
    contract = TechnologyContract.objects.select_related("applicant").get(key=event.payload["contract"])
    # What was taken over from an earlier register may have no applicant on the market.
    if contract.applicant is not None:
        yield _against(event, contract.applicant, "false_statement", contract.title)
    if event.payload["deal"]:
        for broker in _brokers_of(_deal(key=event.payload["deal"])):
            yield _against(event, broker, "duty_missed", contract.title)


def _paid(event: Event) -> Iterator[Draft]:
    due = _due(event)
    if day_of(event.at) <= due.due_on and (seller := due.settlement.contract.seller) is not None:
        is_sham = are_related(due.payer, seller)
        title, day = due.settlement.contract.title, day_of(event.at)
        yield Draft(due.payer, "paid_in_time", day, "", event.subject, title, seller, is_self_made=is_sham)


def _paid_late(event: Event) -> Iterator[Draft]:
    due = _due(event)
    yield _against(event, due.payer, "paid_late", due.settlement.contract.title)


def _due(event: Event) -> Due:
    return Due.objects.select_related("payer", "settlement__contract__seller").get(key=_key(event))


def _reported_late(event: Event) -> Iterator[Draft]:
    report = RoyaltyReport.objects.select_related("settlement__contract__buyer").get(key=_key(event))
    contract = report.settlement.contract
    if contract.buyer is not None:
        yield _against(event, contract.buyer, "reported_late", contract.title)


def _ended(event: Event) -> Iterator[Draft]:
    if event.payload["outcome"] == "refund":
        deal = _deal(key=event.payload["deal"])
        yield _against(event, deal.seller, "not_delivered", deal.title)


def _withdrawn(event: Event) -> Iterator[Draft]:
    listing = Listing.objects.select_related("seller", "achievement").get(number=_key(event))
    if listing.intents.exists():
        yield _against(event, listing.seller, "listing_withdrawn", listing.achievement.title)


def _objected(event: Event) -> Iterator[Draft]:
    listing = (
        Objection.objects.select_related("notice__listing__seller", "notice__listing__achievement")
        .get(key=_key(event))
        .notice.listing
    )
    yield _against(event, listing.seller, "objection_upheld", listing.achievement.title)
    own = listing.engagements.filter(principal_id=listing.seller_id, state=EngagementState.ACTIVE)
    for engagement in own.select_related("broker__institution", "broker__person"):
        yield _against(event, engagement.broker, "objection_upheld", listing.achievement.title)


def _verified(event: Event) -> Iterator[Draft]:
    broker = Broker.objects.select_related("institution", "person").get(key=_key(event))
    rule = book().on(day_of(event.at)).rules["certified"]
    until = date.fromisoformat(event.payload["valid_until"])
    title, points = broker.certificate_number, points_for_level(rule, broker.level)
    yield Draft(broker, rule.code, day_of(event.at), "", event.subject, title, points=points, until=until)


def _reviewed(event: Event) -> Iterator[Draft]:
    review = Review.objects.select_related("reviewer", "deal__listing__achievement").get(key=_key(event))
    standing = Standing.objects.select_related("broker__institution", "organisation").get(pk=review.standing_id)
    rules = book().on(day_of(event.at)).rules
    for code in ("well_reviewed", "badly_reviewed"):
        if points := points_for_marks(rules[code], event.payload["marks"]):
            title, day = review.deal.title, day_of(event.at)
            is_own = are_related(review.deal.seller, review.deal.buyer)
            yield Draft(standing.holder, code, day, "", review.subject, title, review.reviewer, points, is_self_made=is_own)


def _task_done(event: Event) -> Iterator[Draft]:
    """For whoever had the task: the broker in person, or the organisation; from the principal, or to it from the broker's side."""
    if not event.payload["in_time"]:
        return
    tasks = Task.objects.select_related("owner__organisation", "room__engagement__principal")
    task = tasks.select_related("room__engagement__broker__institution", "room__engagement__broker__person").get(key=_key(event))
    engagement, owner = task.room.engagement, task.owner.organisation
    is_principal = owner == engagement.principal
    counterpart = engagement.broker.institution if is_principal else engagement.principal
    holder = engagement.broker if task.owner.capacity == Capacity.BROKER else owner
    is_own = are_related(owner, counterpart)
    yield Draft(holder, "task_in_time", day_of(event.at), "", event.subject, str(task), counterpart, is_self_made=is_own)


# What is read of the log, and what each event says.
EVIDENCE: dict[str, Callable[[Event], Iterator[Draft]]] = {
    "settlement.closed": _settled,
    "settlement.ended": _ended,
    "deal.contracted": _contracted,
    "deal.failed": _failed,
    "contract.recognised": _recognised,
    "registration.revoked": _revoked,
    "due.paid": _paid,
    "due.overdue": _paid_late,
    "royalty.overdue": _reported_late,
    "listing.withdrawn": _withdrawn,
    "objection.upheld": _objected,
    "broker.verified": _verified,
    "room_task.done": _task_done,
    "review.given": _reviewed,
    "review.changed": _reviewed,
}
# What takes earlier records out: a changed review those of its old marks, a revoked registration those of its value.
REPLACES: dict[str, Callable[[Event], tuple[str, tuple[str, ...]]]] = {
    "review.changed": lambda event: (event.subject, ("well_reviewed", "badly_reviewed")),
    "registration.revoked": lambda event: (f"contract:{event.payload['contract']}", ("value_recognised",)),
}
