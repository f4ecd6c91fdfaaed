"""How can a search be narrowed down or widened? As links, so that every narrowed search has its own address and needs no script."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from listings.kinds import Industry, Maturity
from listings.states.listings import ListingState
from search.queries import Found
from search.query import Facet, Kind, Sort

KIND_LABELS: Mapping[str, str | Promise] = {
    Kind.LISTING: pgettext_lazy("kind of entry", "Listings"),
    Kind.DEMAND: pgettext_lazy("kind of entry", "Demands"),
    Kind.ACHIEVEMENT: pgettext_lazy("kind of entry", "Registered achievements"),
}
SORT_LABELS: Mapping[str, str | Promise] = {
    Sort.RELEVANCE: pgettext_lazy("order of results", "Relevance"),
    Sort.NEWEST: pgettext_lazy("order of results", "Newest first"),
    Sort.CHEAPEST: pgettext_lazy("order of results", "Lowest price first"),
    Sort.DEAREST: pgettext_lazy("order of results", "Highest price first"),
}
_LABELS: Mapping[Facet, str | Promise] = {
    Facet.KIND: pgettext_lazy("facet", "Kind"),
    Facet.INDUSTRY: _("Industry"),
    Facet.MATURITY: _("Maturity"),
    Facet.STATE: pgettext_lazy("facet", "State"),
}
_VALUES: Mapping[Facet, Mapping[str, str | Promise]] = {
    Facet.KIND: KIND_LABELS,
    Facet.INDUSTRY: dict(Industry.choices),
    Facet.MATURITY: dict(Maturity.choices),
    Facet.STATE: dict(ListingState.choices),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One value of a facet: following its address chooses it, or leaves it again when it is chosen."""

    label: str
    count: int
    url: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Group:
    """One facet with the values that lead somewhere."""

    label: str
    entries: Sequence[Entry]


def groups(found: Found, parameters: QueryDict, *facets: Facet) -> list[Group]:
    """These facets of what was found, in the order of their labels' lists; a facet that tells nothing apart is left out."""
    made = []
    for facet in facets:
        chosen = found.query.chosen(facet)
        counts = found.counts[facet]
        entries = [
            Entry(str(label), counts.get(value, 0), toggled(parameters, facet, value), value in chosen)
            for value, label in _VALUES[facet].items()
            if counts.get(value) or value in chosen
        ]
        if chosen or len(entries) > 1 or any(entry.count < found.total for entry in entries):
            made.append(Group(str(_LABELS[facet]), entries))
    return made


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
    """What is chosen now, each with the address of the search without it."""
    return [entry for group in groups(found, parameters, *facets) for entry in group.entries if entry.is_current]


def kept(parameters: QueryDict, *facets: Facet) -> list[tuple[str, str]]:
    """The chosen values as fields of a form, so that other words are searched within them."""
    return [(facet.value, value) for facet in facets for value in parameters.getlist(facet.value)]


def toggled(parameters: QueryDict, facet: Facet, value: str) -> str:
    """The address with this value chosen, or no longer; at the first page again."""
    changed = parameters.copy()
    values = [other for other in changed.getlist(facet.value) if other != value]
    if value not in changed.getlist(facet.value):
        values.append(value)
    changed.setlist(facet.value, values)
    changed.pop("p", None)
    return f"?{changed.urlencode()}"
