"""Which brokers, engagements and commissions are there?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import reduce
from operator import or_

from django.db.models import Count, Model, Q, QuerySet, Sum, TextField
from django.db.models.expressions import OrderBy
from django.db.models.functions import Cast
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from brokers.models import Broker, Commission, Engagement, Introduction, TermsVersion
from brokers.permissions import (
    mandates_in,
    may_move_engagement,
    may_move_introduction,
    require_bearer,
    service_organisations,
)
from brokers.rules import Difference, EngagementFacts, differences, is_current, may_bear
from brokers.states import (
    ENGAGEMENT,
    IN_FORCE,
    INTRODUCTION,
    BrokerState,
    CommissionState,
    EngagementState,
    IntroductionState,
)
from contracts.settlement.commissions import CommissionShare
from contracts.settlement.models.disbursements import CommissionPart
from listings.models.deals import Deal
from listings.models.listings import Listing
from market.accounts.models import Organisation
from market.values.actor import Actor
from market.values.dates import end_of, start_of
from market.values.money import ZERO, Money
from market.values.refusal import is_allowed


def brokers_to_verify() -> QuerySet[Broker]:
    """Those that wait for an official, longest first."""
    return Broker.objects.filter(state=BrokerState.APPLIED).select_related("person", "institution").order_by("applied_at")


def directory() -> QuerySet[Broker]:
    """The verified brokers."""
    return Broker.objects.filter(state=BrokerState.VERIFIED).select_related("person", "institution")


@dataclass(frozen=True, slots=True)
class DirectoryWish:
    """What somebody looks for in the directory; an empty wish finds everything."""

    words: str = ""
    level: str = ""
    field: str = ""
    language: str = ""
    service: str = ""
    order: str = "deals"


@dataclass(frozen=True, slots=True)
class Order:
    """A way to sort the directory; whoever is equal by it stands by the number of deals."""

    label: str | Promise
    by: tuple[OrderBy, ...] = ()


ORDERS = {"deals": Order(pgettext_lazy("order of brokers", "Deals brought about"))}


def offer_order(code: str, order: Order) -> None:
    """The directory can be sorted so too; for higher apps, called once, when they are ready."""
    ORDERS[code] = order


def brokers_found(wish: DirectoryWish) -> QuerySet[Broker]:
    """The verified brokers who fit, in the order asked for, each with `deal_count`, the number of deals that earned a commission."""
    paid = Count("engagements__commissions", filter=Q(engagements__commissions__state=CommissionState.CREDITED))
    found = _named(directory(), wish, "person__name", "institution__name", "introduction")
    if wish.level:
        found = found.filter(level=wish.level)
    return found.annotate(deal_count=paid).order_by(*ORDERS[wish.order].by, "-deal_count", "pk")


def organisations_found(wish: DirectoryWish) -> QuerySet[Organisation]:
    """Those that fit, each with `broker_count`, its verified brokers; most first."""
    verified = Count("brokers", filter=Q(brokers__state=BrokerState.VERIFIED))
    words = ("name", "name_en", "service_profile__introduction")
    found = _named(service_organisations(), wish, *words, of="service_profile__")
    if wish.service:
        found = _holding(found, "service_profile__services", wish.service)
    return found.annotate(broker_count=verified).order_by("-broker_count", "name", "pk")


def _named[M: Model](found: QuerySet[M], wish: DirectoryWish, *names: str, of: str = "") -> QuerySet[M]:
    """`names` are the columns in which the words may stand; `of` leads to the fields of work and the languages."""
    for word in wish.words.split():
        found = found.filter(reduce(or_, (Q(**{f"{name}__icontains": word}) for name in names)))
    if wish.field:
        found = _holding(found, f"{of}fields", wish.field)
    return _holding(found, f"{of}languages", wish.language) if wish.language else found


def _holding[M: Model](found: QuerySet[M], column: str, value: str) -> QuerySet[M]:
    # A list in JSON has no operator that both databases know: its text has, and the codes hold no quotation marks.
    name = f"text_of_{column}"
    as_text: QuerySet[M] = found.annotate(**{name: Cast(column, TextField())})
    return as_text.filter(**{f"{name}__contains": f'"{value}"'})


def own_broker(actor: Actor) -> Broker | None:
    """The broker this person is for the acting institution."""
    return Broker.objects.filter(person=actor.person, institution=actor.organisation).first()


def expired_brokers(today: date) -> QuerySet[Broker]:
    """Verified ones whose certificate is past its day."""
    return Broker.objects.filter(state=BrokerState.VERIFIED, valid_until__lt=today).order_by("pk")


def expired_engagements(today: date) -> QuerySet[Engagement]:
    """Proposed ones and those in force whose term is over."""
    states = [EngagementState.PROPOSED, EngagementState.ACTIVE]
    return Engagement.objects.filter(state__in=states, valid_until__lt=today).order_by("pk")


def engagements_for_deal(deal: Deal) -> QuerySet[Engagement]:
    """The mandates that this deal falls under."""
    facts = {
        "listing": deal.listing_id,
        "seller": deal.seller_id,
        "buyer": deal.buyer_id,
        "concluded_at": deal.concluded_at,
    }
    return mandates_in(facts, lambda value: value).select_related("broker__person", "broker__institution", "principal")


def mandates_of_party(listing: Listing, parties: Sequence[int]) -> QuerySet[Engagement]:
    """The mandates in force for this listing of one of these organisations."""
    in_force = Engagement.objects.filter(listing=listing, principal_id__in=parties, state__in=IN_FORCE)
    return in_force.select_related("broker")


def bearer_of(engagement: Engagement, deal: Deal) -> int | None:
    """The other party of the deal, where it has agreed to pay what the mandate leaves to it; None where it has not."""
    other = deal.seller_id if engagement.principal_id == deal.buyer_id else deal.buyer_id
    agreed = engagement.introductions.filter(introduced_id=other, bears_since__isnull=False)
    return other if agreed.exclude(state=IntroductionState.VOID).exists() else None


def moves_open_to(actor: Actor, engagement: Engagement) -> set[str]:
    """What the actor may do with this mandate now."""
    moves = ENGAGEMENT.moves_from(engagement.state)
    return {move.event for move in moves if may_move_engagement(actor, engagement, move.by)}


def introduction_moves_open_to(actor: Actor, introduction: Introduction) -> set[str]:
    """What the actor may do with this introduction now."""
    moves = INTRODUCTION.moves_from(introduction.state)
    return {move.event for move in moves if may_move_introduction(actor, introduction, move.by)}


def may_agree_to_bear(actor: Actor, introduction: Introduction) -> bool:
    """True for the introduced while the mandate leaves it a part of the commission to which it has not agreed."""
    share, bears = introduction.engagement.principal_share, introduction.bears_since is not None
    return not may_bear(principal_share=share, bears=bears) and is_allowed(lambda: require_bearer(actor, introduction))


@dataclass(frozen=True, slots=True)
class VersionShown:
    """One version of the terms and what it says differently from the one before."""

    version: TermsVersion
    changed: list[Difference]


def versions_of(engagement: Engagement) -> list[VersionShown]:
    """What was proposed, the latest first, each with its differences from the one before."""
    versions = list(engagement.versions.select_related("proposed_by"))
    before = [None, *versions[:-1]]
    shown = [
        VersionShown(version, differences(earlier.terms, version.terms) if earlier else [])
        for earlier, version in zip(before, versions, strict=True)
    ]
    return shown[::-1]


def facts_of(engagement: Engagement, shares: Sequence[Decimal], *, today: date) -> EngagementFacts:
    """What the rules look at in this engagement, which need not be stored yet."""
    broker = engagement.broker
    same_matter = {"listing_id": engagement.listing_id, "demand_id": engagement.demand_id}
    in_force = Engagement.objects.filter(**same_matter, state__in=IN_FORCE).exclude(pk=engagement.pk)
    opposite = in_force.filter(broker=broker).exclude(side=engagement.side)
    own = in_force.filter(principal_id=engagement.principal_id)
    return EngagementFacts(
        terms=engagement.terms,
        scope=engagement.scope,
        valid_until=engagement.valid_until,
        shares=shares,
        is_broker_current=is_current(
            is_verified=broker.state == BrokerState.VERIFIED, valid_until=broker.valid_until, today=today
        ),
        acts_for_other_side=opposite.exists(),
        both_consent=engagement.both_consent and not opposite.filter(both_consent=False).exists(),
        is_own_organisation=engagement.principal_id == broker.institution_id,
        is_exclusive=engagement.is_exclusive,
        tail_months=engagement.tail_months,
        principal_share=engagement.principal_share,
        others_exclusive=list(own.values_list("is_exclusive", flat=True)),
    )


@dataclass(frozen=True, slots=True)
class StatementLine:
    """An organisation's part of one commission, credited or, with a minus, taken back. `steps` are those of the whole commission."""

    at: datetime
    commission: Commission
    amount: Money
    is_reversal: bool


@dataclass(frozen=True, slots=True)
class CommissionStatement:
    """What an organisation earned by commissions in a month or a year, and how much of all that was credited has been paid so far."""

    organisation: Organisation
    first_day: date
    last_day: date
    lines: list[StatementLine]
    paid: Money

    @property
    def total(self) -> Money:
        return sum((line.amount for line in self.lines), ZERO)


def commission_statement(organisation: Organisation, first_day: date, last_day: date) -> CommissionStatement:
    """The statement over these days, both inclusive, in the order in which things happened."""
    shared = Commission.objects.filter(engagement__shares__organisation=organisation).select_related(
        "engagement__broker__person", "engagement__principal", "counterparty", "deal"
    )
    begin, end = start_of(first_day), end_of(last_day)
    credited = shared.filter(credited_at__gte=begin, credited_at__lt=end)
    taken_back = shared.filter(reversed_at__gte=begin, reversed_at__lt=end)
    lines = [StatementLine(it.credited_at, it, _part_of(it, organisation), is_reversal=False) for it in credited]
    lines += [StatementLine(it.reversed_at or end, it, -_part_of(it, organisation), is_reversal=True) for it in taken_back]
    paid = CommissionPart.objects.filter(payee=organisation, commission__in={line.commission.key for line in lines})
    return CommissionStatement(
        organisation=organisation,
        first_day=first_day,
        last_day=last_day,
        lines=sorted(lines, key=lambda line: (line.at, line.commission.pk, line.is_reversal)),
        paid=Money(paid.aggregate(fen=Sum("taken_fen"))["fen"] or 0),
    )


def _part_of(commission: Commission, organisation: Organisation) -> Money:
    return sum((Money(part["fen"]) for part in commission.parts if part["id"] == organisation.pk), ZERO)


def commission_shares(deal: Deal) -> list[CommissionShare]:
    """What is credited for this deal and who gets which part of it, in the order in which it was credited. For settlements.

    Not what a mandate in dispute has earned: it is taken in when a supervisor has decided.
    """
    credited = Commission.objects.filter(deal=deal, state=CommissionState.CREDITED).exclude(
        engagement__state=EngagementState.DISPUTED
    )
    return [
        CommissionShare(commission.key, payer, part["id"], Money(fen))
        for commission in credited.select_related("engagement").order_by("credited_at", "pk")
        for part in commission.parts
        for payer, fen in (
            (commission.engagement.principal_id, part["principal_fen"]),
            (commission.counterparty_id, part["fen"] - part["principal_fen"]),
        )
        if payer is not None and fen
    ]
