"""What may happen next? A state machine as one table of moves; actions ask it, nothing else knows the order of things."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from market.values.refusal import OutOfTurn, Refusal


@dataclass(frozen=True, slots=True)
class Move:
    """In state `state`, `event` leads to `to`; `by` names the role that may cause it (`permissions.py` says who has it)."""

    state: str
    event: str
    to: str
    by: str


class IllegalMove(OutOfTurn):
    """The table has no such move: the page was stale, or somebody else was quicker."""

    def __init__(self, machine: str, state: str, event: str) -> None:
        super().__init__([Refusal("market.out_of_turn", data={"machine": machine, "state": state, "event": event})])
        self.state = state
        self.event = event


class Machine:
    """A table of moves from an initial state to final ones. Raises ValueError when the table contradicts itself."""

    def __init__(self, name: str, initial: str, *, final: Iterable[str], moves: Iterable[Move]) -> None:
        self.name = name
        self.initial = initial
        self.final = frozenset(final)
        self.moves = tuple(moves)
        self._by_key = {(move.state, move.event): move for move in self.moves}
        if len(self._by_key) != len(self.moves):
            raise ValueError(f"{name}: two moves for one state and event")
        if any(move.state in self.final for move in self.moves):
            raise ValueError(f"{name}: a final state is left")

    @property
    def states(self) -> frozenset[str]:
        return frozenset({self.initial, *self.final, *(m.state for m in self.moves), *(m.to for m in self.moves)})

    @property
    def events(self) -> frozenset[str]:
        return frozenset(move.event for move in self.moves)

    def move(self, state: str, event: str) -> Move:
        """The row of the table for this state and event. Raises `IllegalMove`."""
        try:
            return self._by_key[state, event]
        except KeyError:
            raise IllegalMove(self.name, state, event) from None

    def may(self, state: str, event: str) -> bool:
        return (state, event) in self._by_key

    def moves_from(self, state: str) -> tuple[Move, ...]:
        return tuple(move for move in self.moves if move.state == state)
