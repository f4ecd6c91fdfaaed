"""Plain numbers that come typed: in an address, in a hidden field, from a script."""

from __future__ import annotations

_MOST_DIGITS = 9


def whole_number(typed: str) -> int | None:
    """The number of at most nine plain digits that this is; None for anything else, such as "²", which Python calls a digit too."""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= _MOST_DIGITS else None
