"""Is this a unified social credit code? Checked after GB 32100-2015, with the organisation code inside it after GB 11714."""

from __future__ import annotations

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_INNER_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_INNER_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


def normal_social_code(text: str) -> str:
    """The code as it is stored: full-width letters and digits narrowed, spaces dropped, upper case."""
    narrow = "".join(chr(ord(c) - 0xFEE0) if 0xFF01 <= ord(c) <= 0xFF5E else c for c in text)
    return "".join(narrow.split()).upper()


def is_social_code(code: str) -> bool:
    """True for 18 characters whose own check digit and inner organisation code's check digit are right.

    Source: GB 32100-2015; GB 11714-1997 (high).
    """
    if len(code) != 18 or any(character not in _ALPHABET for character in code):
        return False
    total = sum(_ALPHABET.index(c) * weight for c, weight in zip(code, _WEIGHTS, strict=False))
    return _ALPHABET[(31 - total % 31) % 31] == code[17] and _inner_is_right(code[8:17])


def _inner_is_right(inner: str) -> bool:
    total = sum(_INNER_ALPHABET.index(c) * weight for c, weight in zip(inner, _INNER_WEIGHTS, strict=False))
    expected = 11 - total % 11
    return {10: "X", 11: "0"}.get(expected, str(expected)) == inner[8]
