"""How can a search be narrowed down or widened? As links, so that every narrowed search has its own address and needs no script."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from listings.kinds import Industry, Maturity, Route, Transaction
from listings.states.listings import ListingState
from market.accounts.models import OrganisationKind
from search.queries import Found
from search.query import BANDS, DAYS_LEFT, Facet, Kind, Sort
from search.trees import is_branch, is_tree, label, language_of, parent

KIND_LABELS: Mapping[str, str | Promise] = {
    Kind.LISTING: pgettext_lazy("kind of entry", "Listings"),
    Kind.DEMAND: pgettext_lazy("kind of entry", "Demands"),
    Kind.ACHIEVEMENT: pgettext_lazy("kind of entry", "Registered achievements"),
    Kind.BROKER: pgettext_lazy("kind of entry", "Brokers"),
    Kind.ORGANISATION: pgettext_lazy("kind of entry", "Institutions"),
    Kind.CONTRACT: pgettext_lazy("kind of entry", "Registered contracts"),
}
SORT_LABELS: Mapping[str, str | Promise] = {
    Sort.RELEVANCE: pgettext_lazy("order of results", "Relevance"),
    Sort.NEWEST: pgettext_lazy("order of results", "Newest first"),
    Sort.ENDING: pgettext_lazy("order of results", "Ending soonest"),
    Sort.CHEAPEST: pgettext_lazy("order of results", "Lowest price first"),
    Sort.DEAREST: pgettext_lazy("order of results", "Highest price first"),
}
LISTING_FACETS = (
    Facet.INDUSTRY,
    Facet.SERVED,
    Facet.IPC,
    Facet.MATURITY,
    Facet.BAND,
    Facet.OWNER,
    Facet.REGION,
    Facet.ROUTE,
    Facet.TRANSACTION,
    Facet.STATE,
    Facet.ENDS,
)
DEMAND_FACETS = (Facet.INDUSTRY, Facet.BAND, Facet.REGION, Facet.ENDS)
_LABELS: Mapping[Facet, str | Promise] = {
    Facet.KIND: pgettext_lazy("facet", "Kind"),
    Facet.INDUSTRY: _("Industry"),
    Facet.SERVED: _("Industry served"),
    Facet.IPC: _("Patent class (IPC)"),
    Facet.REGION: pgettext_lazy("facet", "Region"),
    Facet.MATURITY: _("Maturity"),
    Facet.STATE: pgettext_lazy("facet", "State"),
    Facet.ROUTE: pgettext_lazy("facet", "Trading mode"),
    Facet.TRANSACTION: pgettext_lazy("facet", "Transaction"),
    Facet.OWNER: pgettext_lazy("facet", "Kind of organisation"),
    Facet.BAND: pgettext_lazy("facet", "Price"),
    Facet.ENDS: pgettext_lazy("facet", "Ends"),
}
_VALUES: Mapping[Facet, Mapping[str, str | Promise]] = {
    Facet.KIND: KIND_LABELS,
    Facet.INDUSTRY: dict(Industry.choices),
    Facet.MATURITY: dict(Maturity.choices),
    Facet.STATE: dict(ListingState.choices),
    Facet.ROUTE: dict(Route.choices),
    Facet.TRANSACTION: dict(Transaction.choices),
    Facet.OWNER: dict(OrganisationKind.choices),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One value of a facet: following its address chooses it, or leaves it again when it is chosen."""

    label: str
    count: int
    url: str
    is_current: bool
    # How many branches of a tree it stands on.
    depth: int = 0
    # Of the label, where it is not that of the page.
    language: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """One facet with the values that lead somewhere. `most` is the highest of the counts where they are drawn as a histogram."""

    label: str
    entries: Sequence[Entry]
    most: int = 0


def groups(found: Found, parameters: QueryDict, *facets: Facet) -> list[Group]:
    """These facets of what was found, in the order of their labels' lists; a facet that tells nothing apart is left out."""
    made = []
    for facet in facets:
        chosen = found.query.chosen(facet)
        counts = found.counts[facet]
        entries = [
            Entry(name, counts.get(value, 0), toggled(parameters, facet, value), value in chosen, depth, _language(facet, value))
            for value, name, depth in _shown(facet, counts, chosen)
            if counts.get(value) or value in chosen or _is_between(facet, value, counts)
        ]
        if chosen or _tells_apart(facet, counts, found.total):
            most = max((entry.count for entry in entries), default=0) if facet is Facet.BAND else 0
            made.append(Group(str(_LABELS[facet]), entries, most))
    return made


def _language(facet: Facet, value: str) -> str:
    return language_of(facet, value) if is_tree(facet) else ""


def _is_between(facet: Facet, value: str, counts: Mapping[str, int]) -> bool:
    """A histogram has no gaps: a band without an entry stands between those that have some."""
    return facet is Facet.BAND and bool(counts) and min(map(int, counts)) <= int(value) <= max(map(int, counts))


def _tells_apart(facet: Facet, counts: Mapping[str, int], total: int) -> bool:
    """Not where all have the same; branches hold one another, and so do times."""
    is_plain = not is_tree(facet) and facet is not Facet.ENDS
    return (is_plain and len(counts) > 1) or any(0 < number < total for number in counts.values())


def _shown(facet: Facet, counts: Mapping[str, int], chosen: Sequence[str]) -> list[tuple[str, str, int]]:
    """The values to show with their labels and depths: of a tree the first branches, and below what is chosen the next."""
    if is_tree(facet):
        known = sorted({*counts, *chosen})
        open_branches = {"", *chosen, *(above for code in chosen for above in _above(facet, code))}
        return [(code, label(facet, code), len(_above(facet, code))) for code in known if parent(facet, code) in open_branches]
    if facet is Facet.BAND:
        return [(str(begin), _band_label(begin), 0) for begin in BANDS]
    if facet is Facet.ENDS:
        return [
            (str(days), ngettext("within %(days)d day", "within %(days)d days", days) % {"days": days}, 0) for days in DAYS_LEFT
        ]
    return [(value, str(name), 0) for value, name in _VALUES[facet].items()]


def _above(facet: Facet, code: str) -> list[str]:
    """The branches that this one stands on."""
    branch = parent(facet, code)
    return [*_above(facet, branch), branch] if branch else []


def _band_label(begin: int) -> str:
    """In units of ten thousand yuan."""
    after = next((other for other in BANDS if other > begin), None)
    if after is None:
        return pgettext("price band", "%(from)d × 10,000 yuan and more") % {"from": begin}
    return pgettext("price band", "%(from)d–%(to)d × 10,000 yuan") % {"from": begin, "to": after}


def tabs(found: Found, parameters: QueryDict) -> list[Entry]:
    """All kinds, then each kind by itself, with how many there are."""
    counts, chosen = found.counts[Facet.KIND], found.query.chosen(Facet.KIND)

    def address(kind: str) -> str:
        changed = parameters.copy()
        for name in ("p", Facet.KIND.value):
            changed.pop(name, None)
        if kind:
            changed[Facet.KIND.value] = kind
        return f"?{changed.urlencode()}"

    every = Entry(gettext("All kinds"), sum(counts.values()), address(""), not chosen)
    return [every, *(Entry(str(KIND_LABELS[kind]), counts.get(kind, 0), address(kind), chosen == (kind,)) for kind in Kind)]


def chosen_entries(found: Found, parameters: QueryDict, *facets: Facet) -> list[Entry]:
    """What is chosen now, each with the address of the search without it; last the price, where one was typed."""
    entries = [entry for group in groups(found, parameters, *facets) for entry in group.entries if entry.is_current]
    if any(bound is not None for bound in found.query.prices):
        changed = parameters.copy()
        for name in ("from", "to", "p"):
            changed.pop(name, None)
        low, high = (parameters.get(name) or "…" for name in ("from", "to"))
        entries.append(Entry(f"{_LABELS[Facet.BAND]} {low}–{high}", found.total, f"?{changed.urlencode()}", True))
    return entries


def kept(parameters: QueryDict, *facets: Facet) -> list[tuple[str, str]]:
    """The chosen values as fields of a form, so that other words are searched within them."""
    return [(facet.value, value) for facet in facets for value in parameters.getlist(facet.value)]


def toggled(parameters: QueryDict, facet: Facet, value: str) -> str:
    """The address with this value chosen, or no longer; at the first page again. Of one line of a tree only one branch is chosen."""
    changed = parameters.copy()
    values = [other for other in changed.getlist(facet.value) if other != value]
    if value not in changed.getlist(facet.value):
        if is_tree(facet):
            values = [
                other
                for other in values
                if not (is_branch(facet, other) and (value.startswith(other) or other.startswith(value)))
            ]
        values.append(value)
    changed.setlist(facet.value, values)
    changed.pop("p", None)
    return f"?{changed.urlencode()}"
