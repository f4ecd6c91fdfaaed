"""An envelope opens with any two keys of three, with one alone never, and for no other bidder; what was made badly is no bid."""

from __future__ import annotations

import copy
import json
from itertools import combinations
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from listings.auctions.envelopes import (
    SEATS,
    Context,
    Unreadable,
    is_envelope,
    is_share_of,
    open_envelope,
    public_key,
    public_text,
    seal,
    share_of,
)
from listings.auctions.shares import value_at

CONTEXT = Context("auction23456789a", 1, 7)
PRIVATE = {seat: ec.generate_private_key(ec.SECP256R1()) for seat in SEATS}
HOLDERS = {seat: private.public_key() for seat, private in PRIVATE.items()}


def shares(envelope: dict[str, Any], *seats: int, context: Context = CONTEXT) -> dict[int, str]:
    return {seat: share_of(context, seat, envelope, PRIVATE[seat]) for seat in seats}


@given(st.binary(min_size=32, max_size=32), st.binary(min_size=32, max_size=32))
def test_any_two_shares_give_the_secret_back(secret: bytes, chance: bytes) -> None:
    made = {seat: value_at({0: secret, 1: chance}, seat) for seat in SEATS}
    for pair in combinations(SEATS, 2):
        assert value_at({seat: made[seat] for seat in pair}, 0) == secret


@given(st.integers(0, 255), st.integers(0, 255))
def test_one_share_fits_every_secret(share: int, secret: int) -> None:
    """Whatever the secret is, some line goes through it and this share: the share says nothing."""
    other = value_at({0: bytes([secret]), 1: bytes([share])}, 2)
    assert value_at({1: bytes([share]), 2: other}, 0) == bytes([secret])


def test_a_line_needs_two_points_of_one_length() -> None:
    for points in ({1: b"a"}, {1: b"a", 2: b"bc"}, {1: b"a", 2: b"b", 3: b"c"}):
        with pytest.raises(ValueError):
            value_at(points, 0)


@pytest.mark.parametrize("pair", list(combinations(SEATS, 2)))
@pytest.mark.parametrize("amount", [1, 125_000_000, 2**53 - 1])
def test_any_two_holders_open_it(pair: tuple[int, int], amount: int) -> None:
    envelope = seal(CONTEXT, amount, HOLDERS)
    assert is_envelope(envelope)
    opened = open_envelope(CONTEXT, envelope, shares(envelope, *pair), HOLDERS)
    assert (opened.amount_fen, opened.flaw) == (amount, "")


def test_one_key_alone_opens_nothing() -> None:
    envelope = seal(CONTEXT, 125_000_000, HOLDERS)
    for seat in SEATS:
        assert open_envelope(CONTEXT, envelope, shares(envelope, seat), HOLDERS).flaw == "auctions.unreadable"


def test_all_envelopes_are_of_one_length_and_say_nothing() -> None:
    texts = [json.dumps(seal(CONTEXT, amount, HOLDERS)) for amount in (1, 98_765_432_100, 2**60)]
    assert len({len(text) for text in texts}) == 1
    assert "98765432100" not in texts[1]


@pytest.mark.parametrize("other", [Context("auction23456789a", 1, 8), Context("auction23456789a", 2, 7), Context("b", 1, 7)])
def test_an_envelope_is_nobody_elses_and_of_no_other_round(other: Context) -> None:
    envelope = seal(CONTEXT, 125_000_000, HOLDERS)
    with pytest.raises(Unreadable):
        share_of(other, 1, envelope, PRIVATE[1])
    assert open_envelope(other, envelope, shares(envelope, 1, 2), HOLDERS).flaw == "auctions.unreadable"


def test_another_amount_than_was_committed_to_is_no_bid() -> None:
    envelope = seal(CONTEXT, 125_000_000, HOLDERS) | {"commitment": "0" * 64}
    opened = open_envelope(CONTEXT, envelope, shares(envelope, 1, 2), HOLDERS)
    assert (opened.amount_fen, opened.flaw) == (125_000_000, "auctions.commitment_wrong")


@pytest.mark.parametrize("pair", list(combinations(SEATS, 2)))
def test_an_envelope_that_one_holder_cannot_read_is_invalid_whichever_two_open_it(pair: tuple[int, int]) -> None:
    """Else a bidder could choose, together with one holder, after the end whether the bid counts."""
    envelope = copy.deepcopy(seal(CONTEXT, 125_000_000, HOLDERS))
    envelope["shares"][2] = seal(CONTEXT, 1, HOLDERS)["shares"][2]
    if 3 in pair:
        with pytest.raises(Unreadable):
            shares(envelope, *pair)
    else:
        assert open_envelope(CONTEXT, envelope, shares(envelope, *pair), HOLDERS).flaw == "auctions.envelope_inconsistent"


def test_a_share_of_another_envelope_is_known_by_its_hash() -> None:
    envelope, other = seal(CONTEXT, 1, HOLDERS), seal(CONTEXT, 1, HOLDERS)
    assert is_share_of(envelope, 1, shares(envelope, 1)[1])
    for wrong in (shares(other, 1)[1], shares(envelope, 2)[2], "", "zz", "00"):
        assert not is_share_of(envelope, 1, wrong)


def broken() -> list[Any]:
    good = seal(CONTEXT, 125_000_000, HOLDERS)
    flaws: list[Any] = [None, [], "x", {}, good | {"more": 1}]
    flaws += [good | {name: value} for name in ("e", "box", "commitment") for value in (None, 1, "", "x", "é", "A" * 88)]
    for change in ({"seat": 2}, {"box": "x"}, {"hash": "x"}, {"more": 1}):
        flaws.append(good | {"shares": [good["shares"][0] | change, *good["shares"][1:]]})
    return [*flaws, good | {"shares": good["shares"][:2]}, good | {"shares": None}, good | {"shares": [1, 2, 3]}]


@pytest.mark.parametrize("content", broken())
def test_what_has_not_the_form_of_an_envelope_is_none(content: Any) -> None:
    assert not is_envelope(content)


@pytest.mark.parametrize(
    "text", ["", "x", "A" * 88, public_text(HOLDERS[1])[:-4]], ids=["nothing", "a letter", "no point", "cut off"]
)
def test_what_is_no_point_of_the_curve_is_no_public_key(text: str) -> None:
    with pytest.raises(ValueError):
        public_key(text)
