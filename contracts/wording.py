"""How choices, the cuts of the statistics and their lines are worded, on pages and in files."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.db.models import Field, Model
from django.utils.translation import get_language, override, pgettext_lazy

from contracts.form_kinds import PartyNature
from contracts.kinds import ContractKind, TechnologyField

_CUTS = {
    "month": pgettext_lazy("statistics", "Month"),
    "kind": pgettext_lazy("statistics", "Kind of contract"),
    "field": pgettext_lazy("statistics", "Field of technology"),
    "seller_nature": pgettext_lazy("statistics", "Kind of seller"),
    "buyer_nature": pgettext_lazy("statistics", "Kind of buyer"),
    "seller_region": pgettext_lazy("statistics", "Region of the seller"),
    "buyer_region": pgettext_lazy("statistics", "Region of the buyer"),
    "flow": pgettext_lazy("statistics", "Flow"),
    "all": pgettext_lazy("statistics", "Altogether"),
}
_FLOWS = {
    "within": pgettext_lazy("flow of technology", "sold and bought here"),
    "out": pgettext_lazy("flow of technology", "sold to elsewhere"),
    "in": pgettext_lazy("flow of technology", "bought from elsewhere"),
}
_WORDS: dict[str, dict[str, Any]] = {
    "kind": dict(ContractKind.choices),
    "field": dict(TechnologyField.choices),
    "seller_nature": dict(PartyNature.choices),
    "buyer_nature": dict(PartyNature.choices),
    "flow": _FLOWS,
}


def cut_name(name: str) -> str:
    """By what the statistics are cut, in words."""
    return str(_CUTS[name])


def cut_value(name: str, value: str) -> str:
    """One line of a cut, in words: regions by the code of their city."""
    if name in {"seller_region", "buyer_region"} and value:
        return f"{value:0<6}"
    return str(_WORDS.get(name, {}).get(value, value or "—"))


def word_of(row: Model, name: str) -> str:
    """What a field of choices holds, in words of the language of now, as `get_…_display` has them.

    Django reads all choices anew each time; the register as a file asks some million times.
    """
    return _word(get_language(), type(row), name, getattr(row, name))


@lru_cache(maxsize=2048)
def _word(language: str | None, model: type[Model], name: str, value: str) -> str:
    field = model._meta.get_field(name)
    assert isinstance(field, Field)
    with override(language):
        return str(dict(field.flatchoices).get(value, value))
