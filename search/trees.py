"""How do the values of a facet hang together? Codes whose beginnings are their branches, and how each is called."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from django.utils.translation import get_language

from listings.codes import english_names, industry_names, ipc_titles
from search.query import Facet

# The lengths of a code's branches, and what a code looks like.
_LEVELS: Mapping[Facet, tuple[int, ...]] = {Facet.SERVED: (1, 3, 4), Facet.IPC: (1, 3, 4), Facet.REGION: (2, 4, 6)}
_FORMS = {
    Facet.SERVED: re.compile(r"[A-T](\d\d\d?)?", re.ASCII),
    Facet.IPC: re.compile(r"[A-H](\d\d[A-Z]?)?", re.ASCII),
    Facet.REGION: re.compile(r"[1-9]\d(\d\d(\d\d)?)?", re.ASCII),
}
# Their names in `english.csv`.
_TABLES = {Facet.SERVED: "gbt4754", Facet.IPC: "ipc"}
_REGIONS = Path(__file__).parent / "data" / "regions.csv"


def is_tree(facet: Facet) -> bool:
    return facet in _LEVELS


def is_branch(facet: Facet, code: str) -> bool:
    """True for what may be a code of this tree."""
    return _FORMS[facet].fullmatch(code) is not None


def branches(facet: Facet, leaves: Iterable[str]) -> tuple[str, ...]:
    """These codes with all the branches they stand on, each once."""
    return tuple(sorted({leaf[:length] for leaf in leaves for length in _LEVELS[facet] if len(leaf) >= length}))


def parent(facet: Facet, code: str) -> str:
    """The branch that this code stands on; nothing for a first one."""
    return next((code[:length] for length in reversed(_LEVELS[facet]) if length < len(code)), "")


def ipc_leaf(symbol: str) -> str:
    """The subclass of a symbol such as F23C 10/00; nothing for what is none."""
    leaf = symbol.replace(" ", "").upper()[:4]
    return leaf if is_branch(Facet.IPC, leaf) else ""


def served_leaf(code: str) -> str:
    """A GB/T 4754 code with the letter of its section before it: 0610 is B061; nothing for an unknown one."""
    section = _sections().get(code[:2], "")
    leaf = code if code.isalpha() else f"{section}{code[:3]}"
    return leaf if section or (code.isalpha() and is_branch(Facet.SERVED, code)) else ""


def label(facet: Facet, code: str) -> str:
    """What the code is called, with the code itself where that is how people know it, or where the name is in Chinese on another
    page: see `language_of`."""
    if facet is Facet.REGION:
        names = _regions().get(code)
        return code if names is None else names["en" if _in_english() else "zh"]
    titles = ipc_titles() if facet is Facet.IPC else industry_names()
    own = _own_code(facet, code)
    english = english_names().get((_TABLES[facet], own)) if _in_english() else None
    name = english or re.split(r"[；;，,]", titles.get(own, ""))[0]
    with_code = facet is Facet.IPC or (_in_english() and not english)
    return f"{own} {name}".strip() if with_code else name or code


def language_of(facet: Facet, code: str) -> str:
    """The language of the label where it is not that of the page; else nothing."""
    if not _in_english() or facet is Facet.REGION or (_TABLES[facet], _own_code(facet, code)) in english_names():
        return ""
    return "zh-Hans"


def _own_code(facet: Facet, code: str) -> str:
    """As the table has it: an industry's division without the letter of its section."""
    return code if facet is Facet.IPC or len(code) == 1 else code[1:]


def _in_english() -> bool:
    return (get_language() or "").startswith("en")


@cache
def _regions() -> dict[str, dict[str, str]]:
    with _REGIONS.open(encoding="utf-8", newline="") as source:
        return {row["code"]: row for row in csv.DictReader(source)}


@cache
def _sections() -> dict[str, str]:
    """The section of each division: its letter is the code that stands before it in the table."""
    found, section = {}, ""
    for code in industry_names():
        if len(code) == 1:
            section = code
        elif len(code) == 2:
            found[code] = section
    return found
