"""A secret split so that any two of its shares give it back and one alone says nothing: a line over GF(256), byte by byte."""

from __future__ import annotations

from collections.abc import Mapping

# x⁸ + x⁴ + x³ + x + 1, the field of AES.
_FIELD = 0x11B


def value_at(points: Mapping[int, bytes], x: int) -> bytes:
    """The value at `x` of the line through two points; the secret stands at 0, the share of seat n at n.

    Raises ValueError unless there are two points of one length.
    """
    if len(points) != 2 or len({len(value) for value in points.values()}) != 1:
        raise ValueError("a line goes through two points of one length")
    (x1, first), (x2, second) = points.items()
    run = _inverse(x1 ^ x2)
    weight1, weight2 = _product(x ^ x2, run), _product(x ^ x1, run)
    return bytes(_product(a, weight1) ^ _product(b, weight2) for a, b in zip(first, second, strict=True))


def _product(a: int, b: int) -> int:
    result = 0
    while b:
        if b & 1:
            result ^= a
        a <<= 1
        if a & 0x100:
            a ^= _FIELD
        b >>= 1
    return result


def _inverse(a: int) -> int:
    """a to the 254th: in a field of 256 elements a to the 255th is one."""
    result = 1
    for _ in range(254):
        result = _product(result, a)
    return result
