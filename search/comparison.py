"""What is the same in these listings, and what is not? Up to four side by side, row by row."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch
from django.http import QueryDict
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext

from listings.models.listings import Listing, Notice
from market.templatetags.market import day, money
from market.values.money import Money
from search.documents import findable_listings
from search.query import Facet
from search.trees import label, parent, served_leaf

MOST_COMPARED = 4
_LONGEST = 160


@dataclass(frozen=True, slots=True)
class Column:
    """One of the listings that are compared, with the addresses of the comparison without it."""

    number: str
    title: str
    url: str
    without: str


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that is told of each of them, in their order."""

    label: str
    values: Sequence[str | SafeString]
    differs: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """The listings that can be seen of those asked for; `missing` are not to be seen, or no more, `too_many` did not find room."""

    columns: Sequence[Column]
    rows: Sequence[Row]
    missing: int
    too_many: int

    @property
    def numbers(self) -> list[str]:
        return [column.number for column in self.columns]

    @property
    def has_room(self) -> bool:
        return len(self.columns) < MOST_COMPARED


@dataclass(frozen=True, slots=True)
class Picked:
    """A listing already chosen to be compared while one looks for more; following its address leaves it out again."""

    number: str
    without: str


def picked(parameters: QueryDict) -> list[Picked]:
    """What the address of a page of results holds for the comparison, so that it survives words, filters and pages."""
    numbers = chosen_numbers(parameters.getlist("n"))[:MOST_COMPARED]
    found = []
    for number in numbers:
        changed = parameters.copy()
        changed.setlist("n", [other for other in numbers if other != number])
        found.append(Picked(number, f"?{changed.urlencode()}"))
    return found


def chosen_numbers(asked: Sequence[str]) -> list[str]:
    """The numbers of an address, each once; what can be no number is left out."""
    return [number for number in dict.fromkeys(asked) if number and len(number) <= 16 and number.isascii()][:50]


def comparison(asked: Sequence[str], address: Callable[[Sequence[str]], str]) -> Comparison:
    """These listings side by side, as everybody may see them; `address` gives that of a comparison. Three statements."""
    numbers = chosen_numbers(asked)
    open_notices = Prefetch("notices", Notice.objects.filter(closed_at__isnull=True), to_attr="open_notices")
    rows = findable_listings().filter(number__in=numbers).prefetch_related("achievement__patents", open_notices)
    found = {listing.number: listing for listing in rows}
    seen = [number for number in numbers if number in found]
    kept = seen[:MOST_COMPARED]
    listings = [found[number] for number in kept]
    columns = [
        Column(it.number, it.achievement.title, it.get_absolute_url(), address([other for other in kept if other != it.number]))
        for it in listings
    ]
    return Comparison(columns, _rows(listings), len(numbers) - len(seen), len(seen) - len(kept))


def _rows(listings: Sequence[Listing]) -> list[Row]:
    made = [(str(name), [told(listing) for listing in listings]) for name, told in _TOLD]
    return [Row(name, values, len(set(values)) > 1) for name, values in made if any(values)]


def _term(listing: Listing) -> str:
    if not listing.licence_months:
        return ""
    return ngettext("%(n)s month", "%(n)s months", listing.licence_months) % {"n": listing.licence_months}


def _patents(listing: Listing) -> str:
    patents = listing.achievement.patents.all()
    return pgettext("between the words of a list", ", ").join(f"{it.number} ({it.get_legal_state_display()})" for it in patents)


def _notice_ends(listing: Listing) -> str:
    notice: Notice | None = next(iter(listing.open_notices), None)  # type: ignore[attr-defined]
    return day(notice.ends_on) if notice else ""


def _served(code: str) -> str:
    leaf = served_leaf(code)
    return label(Facet.SERVED, leaf) if leaf else ""


def _region(code: str) -> str:
    """The smallest part of the country that has a name here."""
    parts = [code, *_above(code)] if code else []
    return next((name for part in parts if (name := label(Facet.REGION, part)) != part), code)


def _above(code: str) -> list[str]:
    above = parent(Facet.REGION, code)
    return [above, *_above(above)] if above else []


def _shortened(words: str) -> str:
    return f"{words[:_LONGEST]}…" if len(words) > _LONGEST else words


_TOLD: Sequence[tuple[Any, Callable[[Listing], str]]] = (
    (_("Price"), lambda it: money(it.price)),
    (_("Deposit"), lambda it: money(Money(it.deposit_fen))),
    (_("State"), lambda it: it.get_state_display()),
    (_("Notice ends"), _notice_ends),
    (_("Pricing route"), lambda it: it.get_route_display()),
    (_("Transaction"), lambda it: it.get_transaction_display()),
    (_("Licence term"), _term),
    (_("Payment"), lambda it: it.get_payment_mode_display()),
    (_("Industry"), lambda it: it.achievement.get_industry_display()),
    (_("Industry served"), lambda it: _served(it.achievement.gbt4754)),
    (_("Maturity"), lambda it: it.achievement.get_maturity_display()),
    (_("Use so far"), lambda it: it.achievement.get_application_state_display()),
    (_("Level"), lambda it: it.achievement.get_level_display()),
    (_("Patents"), _patents),
    (_("Seller"), lambda it: it.seller.name),
    (_("Kind of seller"), lambda it: it.seller.get_kind_display()),
    (_("Region"), lambda it: _region(it.seller.region)),
    (_("What it does"), lambda it: _shortened(it.achievement.abstract)),
    (_("Terms"), lambda it: _shortened(it.terms)),
)
