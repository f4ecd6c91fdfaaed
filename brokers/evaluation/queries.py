"""What do the market's own figures say of an institution's year, and what do the pages show?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum

from brokers.credit.models import Record, Review
from brokers.credit.queries.ledger import facts_of
from brokers.credit.rulebook import book
from brokers.credit.rules.book import MILLI
from brokers.credit.rules.rating import rating_on
from brokers.credit.rules.records import mean_mark
from brokers.evaluation.models import Comment, Evaluation, Figure, Result
from brokers.evaluation.rules.scoring import Group, Indicator
from brokers.evaluation.states import EvaluationState
from brokers.kinds import Level
from brokers.models import Broker, Engagement
from brokers.states import BrokerState
from contracts.models import Registration
from contracts.settlement.models.settlements import Settlement
from contracts.states import RegistrationState
from listings.models.deals import Deal
from market.accounts.models import Organisation, OrganisationKind
from market.accounts.states import OrganisationState
from market.events.models import Event
from market.values.dates import end_of, start_of

_FEN = 100


@dataclass(frozen=True, slots=True)
class Year:
    """A calendar year in Shanghai; one that still runs is looked at as it stands today."""

    first: date
    last: date

    def within(self, field: str) -> Q:
        """Instants of this year."""
        return Q(**{f"{field}__gte": start_of(self.first), f"{field}__lt": end_of(self.last)})


def year_of(year: int, *, today: date) -> Year:
    """The whole year, or what of it has passed."""
    return Year(date(year, 1, 1), min(date(year, 12, 31), today))


def institutions_to_evaluate() -> QuerySet[Organisation]:
    """The verified technology transfer institutions."""
    return Organisation.objects.filter(kind=OrganisationKind.BROKER_INSTITUTION, state=OrganisationState.VERIFIED).order_by("pk")


def computed_figures(institution: Organisation, year: Year) -> dict[str, Decimal]:
    """The indicators that the market knows by itself, of this institution and year; money in yuan."""
    brokers = list(_brokers(institution, year))
    engagements = Engagement.objects.filter(broker__institution=institution, signed_at__isnull=False)
    deals = _deals(institution)
    signed = deals.filter(contract__signed_on__gte=year.first, contract__signed_on__lte=year.last)
    prices = list(signed.values_list("price_fen", "contract__signed_on", "contract_due_on"))
    mandates = engagements.filter(year.within("signed_at"))
    in_time = sum(on is not None and on <= due for _, on, due in prices)
    return {
        "brokers": Decimal(len(brokers)),
        "senior_brokers": Decimal(sum(broker.level == Level.SENIOR for broker in brokers)),
        "deals": Decimal(len(prices)),
        "signed_value": _yuan(sum(price for price, *_ in prices)),
        "received_value": _received(deals, year),
        "used_value": _yuan(_sum(deals.filter(year.within("contract__settlement__delivered_at")), "price_fen")),
        "recognised_per_broker": _recognised(deals, year) / max(1, len(brokers)),
        "firms_served": Decimal(_served(mandates, signed)),
        "mandates": Decimal(mandates.count()),
        "in_time": Decimal(in_time * 100) / len(prices) if prices else Decimal(0),
        "credit": _mean_credit(brokers, year.last),
        "satisfaction": _satisfaction(brokers, year),
    }


def _brokers(institution: Organisation, year: Year) -> QuerySet[Broker]:
    """Those verified in or before the year whose certificate did not run out before it ended."""
    known = [BrokerState.VERIFIED, BrokerState.EXPIRED]
    verified = Broker.objects.filter(institution=institution, state__in=known, valid_until__gte=year.last)
    return verified.filter(decided_at__lt=end_of(year.last)).select_related("standing")


def _deals(institution: Organisation) -> QuerySet[Deal]:
    """Those in which a broker of the institution was engaged by a side; self-made ones are none."""
    of_side = Q(principal=OuterRef("seller")) | Q(principal=OuterRef("buyer"))
    engaged = Engagement.objects.filter(
        of_side, broker__institution=institution, signed_at__isnull=False, listing=OuterRef("listing")
    )
    self_made = Record.objects.filter(standing__broker__institution=institution, about__startswith="deal:", points=0)
    keys = [about.partition(":")[2] for about in self_made.values_list("about", flat=True).distinct()]
    return Deal.objects.filter(Exists(engaged)).exclude(key__in=keys).exclude(seller=institution).exclude(buyer=institution)


def _received(deals: QuerySet[Deal], year: Year) -> Decimal:
    """What sellers really received, as the log tells it of their settlements."""
    keys = Settlement.objects.filter(contract__deal__in=deals).values_list("key", flat=True)
    paid = Event.objects.filter(year.within("at"), name="settlement.paid", subject__in=[f"settlement:{key}" for key in keys])
    return _yuan(sum(event.payload["amount_fen"] for event in paid))


def _recognised(deals: QuerySet[Deal], year: Year) -> Decimal:
    registrations = Registration.objects.filter(year.within("registered_at"), contract__deal__in=deals)
    return _yuan(_sum(registrations.exclude(state=RegistrationState.REVOKED), "technology_value_fen"))


def _served(mandates: QuerySet[Engagement], signed: QuerySet[Deal]) -> int:
    sides = {side for pair in signed.values_list("seller_id", "buyer_id") for side in pair}
    return len(sides | set(mandates.values_list("principal_id", flat=True)))


def _mean_credit(brokers: Sequence[Broker], day: date) -> Decimal:
    """As the ledger stood on that day."""
    standings = [broker.standing.pk for broker in brokers if hasattr(broker, "standing")]
    scores = [rating_on(facts, day, book().on(day)).score for facts in facts_of(standings, since=day).values()]
    return Decimal(sum(scores)) / len(scores) / MILLI if scores else Decimal(0)


def _satisfaction(brokers: Sequence[Broker], year: Year) -> Decimal:
    reviews = Review.objects.filter(year.within("given_at"), standing__broker__in=brokers)
    marks = [mean_mark(review.marks) for review in reviews]
    return sum(marks, Decimal(0)) / len(marks) if marks else Decimal(0)


def _sum(rows: QuerySet, field: str) -> int:  # type: ignore[type-arg]
    return rows.aggregate(total=Sum(field))["total"] or 0


def _yuan(fen: int) -> Decimal:
    return Decimal(fen) / _FEN


@dataclass(frozen=True, slots=True)
class IndicatorLine:
    """One indicator of a result."""

    indicator: Indicator
    figure: Figure | None


@dataclass(frozen=True, slots=True)
class GroupLines:
    """One group of a result, with what it earned."""

    group: Group
    points: Decimal
    lines: list[IndicatorLine]


def groups_of(result: Result) -> list[GroupLines]:
    """The result's figures group by group; one query, and one for their evidence."""
    figures = {figure.indicator: figure for figure in result.figures.prefetch_related("evidence")}
    found = []
    for group in result.evaluation.rules.groups:
        lines = [IndicatorLine(each, figures.get(each.code)) for each in result.evaluation.rules.of_group(group.code)]
        earned = sum((line.figure.points for line in lines if line.figure), Decimal(0))
        found.append(GroupLines(group, earned, lines))
    return found


@dataclass(frozen=True, slots=True)
class YearBar:
    """One year of the comparison, with the place of its bar in a drawing 100 high."""

    result: Result
    x: int
    y: Decimal
    height: Decimal


BAR_WIDTH = 60


def years_of(institution: Organisation, *, with_drafts: bool) -> list[YearBar]:
    """The institution's results over the years, the earliest first."""
    results = Result.objects.filter(institution=institution).select_related("evaluation").order_by("evaluation__year")
    if not with_drafts:
        results = results.exclude(evaluation__state=EvaluationState.DRAFT)
    return [YearBar(result, number * BAR_WIDTH + 10, 100 - result.points, result.points) for number, result in enumerate(results)]


def results_of(evaluation: Evaluation) -> QuerySet[Result]:
    """All institutions of the year, the best first."""
    return evaluation.results.select_related("institution", "evaluation").order_by("place", "pk")


def open_comments(evaluation: Evaluation) -> QuerySet[Comment]:
    """Those that wait for an answer, the oldest first."""
    return Comment.objects.filter(result__evaluation=evaluation, answered_at__isnull=True).select_related("result__institution")
