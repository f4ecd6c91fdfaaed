"""A table of moves that says no to everything it does not hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from market.values.machine import IllegalMove, Machine, Move

DOOR = Machine("door", "open", final={"bricked"}, moves=[
    Move("open", "close", "closed", by="anyone"),
    Move("closed", "open", "open", by="anyone"),
    Move("closed", "brick", "bricked", by="mason"),
])  # fmt: skip


def test_a_move_of_the_table_leads_to_its_state() -> None:
    assert DOOR.move("open", "close").to == "closed"


@given(st.sampled_from(sorted(DOOR.states)), st.sampled_from(sorted(DOOR.events)))
def test_every_move_is_in_the_table_or_refused(state: str, event: str) -> None:
    if DOOR.may(state, event):
        assert DOOR.move(state, event) in DOOR.moves_from(state)
    else:
        with pytest.raises(IllegalMove):
            DOOR.move(state, event)


def test_a_table_that_contradicts_itself_is_an_error() -> None:
    with pytest.raises(ValueError):
        Machine("twice", "a", final={"b"}, moves=[Move("a", "x", "b", by=""), Move("a", "x", "a", by="")])
    with pytest.raises(ValueError):
        Machine("left", "a", final={"b"}, moves=[Move("b", "x", "a", by="")])
