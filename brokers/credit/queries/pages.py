"""What does the page of somebody's credit show, to whom?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import QuerySet

from brokers.credit.kinds import HolderKind
from brokers.credit.models import Record, Review, Standing
from brokers.credit.permissions import is_credit_official, is_holder
from brokers.credit.queries.ledger import facts_of, standing_of
from brokers.credit.queries.reviews import reviews_of
from brokers.credit.rulebook import book
from brokers.credit.rules.advice import Advice, advice_for
from brokers.credit.rules.book import CreditRule, Scheme
from brokers.credit.rules.rating import Fact, Line, Rating, rating_on
from brokers.models import Broker
from market.accounts.models import Organisation
from market.policy.rules import months_before
from market.values.actor import Actor

_MONTHS = 12
MINOR = "minor"


@dataclass(frozen=True, slots=True)
class CreditLine:
    """One record of the explanation. Its title, counterpart and page are for those whom it concerns, and for officials."""

    line: Line
    rule: CreditRule | None
    title: str
    record: Record | None
    party: int | None


@dataclass(frozen=True, slots=True)
class PartyLine:
    """What one counterpart adds; its name is for those whom it concerns."""

    number: int
    name: str
    total: int
    counted: int


@dataclass(frozen=True, slots=True)
class CreditPage:
    """Somebody's credit on a day: the grade and everything it is made of."""

    holder: Broker | Organisation
    kind: HolderKind
    standing: Standing | None
    day: date
    scheme: Scheme
    rating: Rating
    lines: list[CreditLine]
    parties: list[PartyLine]
    advice: Advice | None
    history: list[Rating]
    reviews: QuerySet[Review]
    is_insider: bool
    is_holder: bool

    @property
    def from_parties(self) -> int:
        """What all counterparts add together."""
        return sum(party.counted for party in self.rating.parties)


def credit_page(holder: Broker | Organisation, actor: Actor, *, day: date) -> CreditPage:
    """The credit of this holder on this day, counted from the ledger, with what this reader may see of it."""
    standing, scheme = standing_of(holder), book().on(day)
    kind = HolderKind.BROKER if isinstance(holder, Broker) else HolderKind.ORGANISATION
    begin = day - timedelta(days=31 * _MONTHS)
    facts: Sequence[Fact] = facts_of([standing.pk], since=begin)[standing.pk] if standing else ()
    rating = rating_on(facts, day, scheme)
    own = standing is not None and is_holder(actor, standing)
    is_insider = own or is_credit_official(actor)
    records = _records([line.fact.id for line in rating.lines])
    numbers = {each.party: number for number, each in enumerate(rating.parties, start=1)}
    shown = [line for line in rating.lines if line.weight or (is_insider and line.fact.starts <= day <= line.fact.ends)]
    return CreditPage(
        holder=holder,
        kind=kind,
        standing=standing,
        day=day,
        scheme=scheme,
        rating=rating,
        lines=[_line(line, scheme, records, numbers, is_insider=is_insider) for line in shown],
        parties=_parties(rating, records, numbers, is_insider=is_insider),
        advice=advice_for(facts, rating, scheme, holder=kind.value) if is_insider else None,
        history=[rating_on(facts, month, book().on(month)) for month in _last_months(day)] if facts else [],
        reviews=reviews_of(standing),
        is_insider=is_insider,
        is_holder=own,
    )


def _records(ids: Sequence[int]) -> dict[int, Record]:
    return Record.objects.select_related("counterpart").in_bulk(ids)


def _line(line: Line, scheme: Scheme, records: dict[int, Record], numbers: dict[int, int], *, is_insider: bool) -> CreditLine:
    rule, record = scheme.rules.get(line.fact.rule), records.get(line.fact.id)
    # What is minor is in principle not made public: that there is something is said, and what it takes.
    is_open = is_insider or rule is None or rule.severity != MINOR
    return CreditLine(
        line=line,
        rule=rule if is_open else None,
        title=record.title if is_insider and record else "",
        record=record if is_insider else None,
        party=numbers.get(line.fact.party or 0),
    )


def _parties(rating: Rating, records: dict[int, Record], numbers: dict[int, int], *, is_insider: bool) -> list[PartyLine]:
    names: dict[int, list[str]] = {}
    for line in rating.lines:
        record = records.get(line.fact.id)
        if line.fact.party is not None and record is not None and record.counterpart is not None:
            known = names.setdefault(line.fact.party, [])
            if record.counterpart.name not in known:
                known.append(record.counterpart.name)
    return [
        PartyLine(numbers[each.party], "、".join(names.get(each.party, [])) if is_insider else "", each.total, each.counted)
        for each in rating.parties
    ]


def _last_months(day: date) -> list[date]:
    """The first days of the last twelve months, the earliest first."""
    return [months_before(day.replace(day=1), n) for n in reversed(range(_MONTHS))]
