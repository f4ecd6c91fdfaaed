"""Every machine of every app: its table is whole, it speaks both languages, and the real actions make its moves and no others."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from market.documents.states import DOCUMENT
from market.events.models import Event
from market.events.registry import KINDS
from market.machines import drawing, machines
from market.management.commands.draw_states import PAGE
from market.values.machine import IllegalMove, Machine, Move
from market.values.refusal import OutOfTurn
from tests.house.rows import everything
from tests.house.source import modules
from tests.house.walks import (
    Walk,
    auctions,
    board,
    credit,
    deals,
    demands,
    evaluation,
    listings,
    market,
    recoveries,
    relief,
    rooms,
    settlement,
    trade,
)
from tests.payments.builders import market_finance
from tests.people import Cast

WALKS: dict[str, Walk] = {
    walk.machine.name: walk
    for walk in (
        *market.WALKS,
        *listings.WALKS,
        *deals.WALKS,
        *demands.WALKS,
        *auctions.WALKS,
        *trade.WALKS,
        *settlement.WALKS,
        *relief.WALKS,
        *credit.WALKS,
        *board.WALKS,
        *evaluation.WALKS,
        *rooms.WALKS,
        *recoveries.WALKS,
    )
}
MACHINES: dict[str, Machine] = {name: machine for name, (_app, machine) in machines().items()}


def flaws(machine: Machine) -> list[str]:
    """What is wrong with the table: a state that cannot be reached, or one that can neither be left nor is final."""
    reached, frontier = {str(machine.initial)}, [machine.initial]
    while frontier:
        for move in machine.moves_from(frontier.pop()):
            if move.to not in reached:
                reached.add(str(move.to))
                frontier.append(move.to)
    found = [f"{state} is never reached" for state in machine.states if state not in reached]
    found += [f"{state} is never left" for state in machine.states - machine.final if not machine.moves_from(state)]
    return found + [f"{state} is final and left" for state in machine.final if machine.moves_from(state)]


@pytest.mark.parametrize("name", sorted(MACHINES))
def test_every_state_is_reached_and_left_unless_it_is_final(name: str) -> None:
    assert flaws(MACHINES[name]) == []


@pytest.mark.parametrize(
    "machine",
    [
        Machine("island", "a", final={"b"}, moves=[Move("a", "x", "b", by=""), Move("c", "x", "b", by="")]),
        Machine("trap", "a", final={"b"}, moves=[Move("a", "x", "b", by=""), Move("a", "y", "c", by="")]),
        Machine("lonely end", "a", final={"b"}, moves=[Move("a", "x", "a", by="")]),
    ],
    ids=lambda machine: machine.name,
)
def test_a_table_with_a_hole_is_found(machine: Machine) -> None:
    assert flaws(machine)


@pytest.mark.parametrize("name", sorted(MACHINES))
@settings(max_examples=30)
@given(data=st.data())
def test_a_random_walk_never_leaves_the_table(name: str, data: st.DataObject) -> None:
    machine = MACHINES[name]
    events = sorted(machine.events)
    state = machine.initial
    for event in data.draw(st.lists(st.sampled_from(events), max_size=12)):
        if machine.may(state, event):
            state = machine.move(state, event).to
            assert state in machine.states
        else:
            with pytest.raises(IllegalMove):
                machine.move(state, event)
    assert state not in machine.final or not machine.moves_from(state)


def recorded_names() -> set[str]:
    """Every event that some action records, with `listing.*` for a name put together at run time."""
    names = set()
    for module in modules():
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in KINDS:
                names.add(node.value)
            if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
                names |= {
                    name for name in KINDS if name.startswith(str(node.values[0].value)) and "." in str(node.values[0].value)
                }
    return names


def test_no_event_is_declared_that_nothing_records() -> None:
    assert set(KINDS) - recorded_names() == set()


def test_the_reference_page_is_drawn_from_the_tables_as_they_are() -> None:
    assert PAGE.read_text(encoding="utf-8") == drawing(), "run manage.py draw_states"


def test_every_machine_is_walked_in_all_its_states_and_events() -> None:
    assert set(WALKS) == set(MACHINES)
    for name, walk in WALKS.items():
        assert walk.machine is MACHINES[name]
        assert set(map(str, walk.states)) == set(map(str, walk.machine.states)), name
        assert set(walk.events) == set(walk.machine.events), name


@contextmanager
def undone() -> Iterator[None]:
    """Whatever is written inside is taken back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def cases() -> list[tuple[str, str]]:
    return [(name, str(state)) for name, walk in WALKS.items() for state in walk.states]


def written_out_of_turn(walk: Walk, state: str, cast: Cast, now: datetime) -> list[str]:
    """The events that the table does not hold in this state, and whose real action was not refused or wrote something."""
    thing = walk.states[state](cast, now)
    thing.refresh_from_db()
    assert thing.state == state
    market_finance(cast)
    is_document = walk.machine is DOCUMENT
    before = everything(with_documents=is_document)
    faults = []
    for event in (event for event in walk.events if not walk.machine.may(state, event)):
        with undone():
            thing.refresh_from_db()
            if not _is_refused(walk, event, cast, thing, now) and event not in walk.quiet:
                faults.append(f"{event} in {state} was not refused")
            if everything(with_documents=is_document) != before:
                faults.append(f"{event} in {state} wrote something")
    return faults


def _is_refused(walk: Walk, event: str, cast: Cast, thing: Any, now: datetime) -> bool:
    try:
        walk.events[event](cast, thing, now)
    except OutOfTurn:
        return True
    return False


@pytest.mark.parametrize(("name", "state"), cases())
def test_what_the_table_does_not_hold_is_refused_by_the_real_action_and_nothing_is_written(
    name: str, state: str, cast: Cast, now: datetime
) -> None:
    assert written_out_of_turn(WALKS[name], state, cast, now) == []


@pytest.mark.parametrize(("name", "state", "event"), [("policy_row", "proposed", "approve"), ("demand", "open", "expire")])
def test_an_action_that_goes_past_its_table_is_found(name: str, state: str, event: str, cast: Cast, now: datetime) -> None:
    """The table without one of its rows: to it, the real action goes past."""
    machine = WALKS[name].machine
    moves = [move for move in machine.moves if (move.state, move.event) != (state, event)]
    poorer = Machine(name, machine.initial, final=machine.final, moves=moves)
    assert written_out_of_turn(replace(WALKS[name], machine=poorer), state, cast, now)


@pytest.mark.parametrize(("name", "state"), cases())
def test_each_move_of_the_table_is_made_by_its_action_and_stands_in_the_log(
    name: str, state: str, cast: Cast, now: datetime
) -> None:
    walk = WALKS[name]
    for move in walk.machine.moves_from(state):
        with undone():
            build = walk.prepared.get((state, str(move.event)), walk.states[state])
            thing = build(cast, now)
            thing.refresh_from_db()
            known = Event.objects.count()
            walk.events[str(move.event)](cast, thing, now)
            thing.refresh_from_db()
            assert thing.state == move.to, f"{move.event} in {state}"
            assert Event.objects.filter(subject=thing.subject).exists()
            assert Event.objects.count() > known
