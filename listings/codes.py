"""Which codes are there? The patent classification and the classification of industries, read once from `data/`."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

_DATA = Path(__file__).parent / "data"


@cache
def ipc_titles() -> dict[str, str]:
    """The heading of each section, class and subclass of the patent classification."""
    return {row["code"]: row["title_zh"] for row in _rows("ipc.csv")}


@cache
def industry_names() -> dict[str, str]:
    """The name of each section, division and group of GB/T 4754-2017."""
    return {row["code"]: row["name_zh"] for row in _rows("industries_gbt4754.csv")}


@cache
def english_names() -> dict[tuple[str, str], str]:
    """Short English names of the upper levels, by table (ipc, gbt4754) and code; subclasses and groups have none."""
    return {(row["table"], row["code"]): row["name_en"] for row in _rows("english.csv")}


def _rows(name: str) -> list[dict[str, str]]:
    with (_DATA / name).open(encoding="utf-8-sig", newline="") as source:
        return list(csv.DictReader(source))


def is_ipc_class(symbol: str) -> bool:
    """True when the symbol's class (such as F23) exists."""
    return symbol[:3].upper() in ipc_titles()


def is_ipc_subclass(symbol: str) -> bool:
    """True when the symbol's subclass (such as F23C) is in the table; a few that exist are missing there."""
    return symbol[:4].upper() in ipc_titles()


def ipc_title(symbol: str) -> str:
    """The heading of the symbol's subclass, else of its class, else nothing."""
    titles = ipc_titles()
    return titles.get(symbol[:4].upper()) or titles.get(symbol[:3].upper(), "")


def is_industry_code(code: str) -> bool:
    """True for a section, division or group, and for a class (four digits) of a group that exists."""
    names = industry_names()
    return code in names or (len(code) == 4 and code.isdigit() and code[:3] in names)


def industry_name(code: str) -> str:
    """The name of the code, or of its group when it is a class; nothing for an unknown one."""
    names = industry_names()
    return names.get(code) or names.get(code[:3], "") if code else ""
