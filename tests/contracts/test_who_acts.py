"""S-11: of all acts on all states by all people, those of the tables by their roles are done, and every other one is refused.

For every machine of recognition and of relief. Nobody else's act leaves a row or an event behind.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from contracts.relief.states import CLAIM
from contracts.states import APPLICATION, CHANGE, CONTRACT, REGISTRATION, SHEET
from market.values.machine import Machine
from market.values.refusal import Refused
from tests.house.rows import everything
from tests.house.test_machines import undone
from tests.house.walks import Walk, relief, trade
from tests.people import Cast, Member

pytestmark = pytest.mark.django_db

_APPLICANT = ("university_owner", "university_agent")
_REGISTRARS = ("registrar", "second_registrar")
# Who has the role that a move is by. The walks examine and agree as the first of two: the other one goes on.
ROLES: dict[str, dict[str, tuple[str, ...]]] = {
    CONTRACT.name: {
        "party": (*_APPLICANT, "enterprise_agent"),
        "other_party": ("enterprise_agent",),
        "applicant": _APPLICANT,
    },
    SHEET.name: {"applicant": _APPLICANT},
    APPLICATION.name: {
        "seller": _APPLICANT,
        "registrar": _REGISTRARS,
        "second_registrar": ("second_registrar",),
        "supervisor": ("supervisor",),
    },
    REGISTRATION.name: {"registrar": _REGISTRARS},
    CHANGE.name: {"registrar": _REGISTRARS},
    CLAIM.name: {"taxpayer": ("university_owner", "university_finance"), "official": ("supervisor",)},
}
PEOPLE = (
    *("university_owner", "university_agent", "university_finance", "enterprise_agent", "rival_agent", "broker"),
    *(*_REGISTRARS, "supervisor", "administrator", "outsider"),
)
WALKS = {walk.machine.name: walk for walk in (*trade.WALKS, *relief.WALKS) if walk.machine.name in ROLES}


class _Alone:
    """The cast, with one and the same person in every part: whatever a walk does, this person does it."""

    def __init__(self, cast: Cast, member: Member) -> None:
        self._cast, self._member = cast, member

    def __getattr__(self, name: str) -> Any:
        part = getattr(self._cast, name)
        return self._member if isinstance(part, Member) else part


def _entitled(machine: Machine, state: str, event: str) -> set[str]:
    return set(ROLES[machine.name][machine.move(state, event).by]) if machine.may(state, event) else set()


def _is_done(walk: Walk, event: str, cast: _Alone, thing: Any, now: datetime) -> bool:
    thing.refresh_from_db()
    try:
        walk.events[event](cast, thing, now)  # type: ignore[arg-type]
    except Refused:
        return False
    return True


def _look(walk: Walk, state: str, events: list[str], cast: Cast, thing: Any, now: datetime) -> None:
    before, allowed = everything(with_documents=False), {event: _entitled(walk.machine, state, event) for event in events}
    for event in events:
        for person in PEOPLE:
            if person not in allowed[event]:
                assert not _is_done(walk, event, _Alone(cast, getattr(cast, person)), thing, now), (event, person)
    assert everything(with_documents=False) == before
    for event in events:
        for person in allowed[event]:
            with undone():
                assert _is_done(walk, event, _Alone(cast, getattr(cast, person)), thing, now), (event, person)


@pytest.mark.parametrize(("name", "state"), [(name, str(state)) for name, walk in WALKS.items() for state in walk.states])
def test_only_the_acts_of_the_table_by_its_roles_are_done(name: str, state: str, cast: Cast, now: datetime) -> None:
    walk = WALKS[name]
    prepared = {event: build for (at, event), build in walk.prepared.items() if at == state and event not in walk.quiet}
    for event, build in prepared.items():
        with undone():
            _look(walk, state, [event], cast, build(cast, now), now)
    others = sorted(set(walk.events) - walk.quiet - set(prepared))
    _look(walk, state, others, cast, walk.states[state](cast, now), now)


def test_every_machine_of_recognition_and_relief_is_there() -> None:
    assert set(WALKS) == set(ROLES)
    for name, walk in WALKS.items():
        clock = {move.by for move in walk.machine.moves if move.event in walk.quiet}
        assert {move.by for move in walk.machine.moves} - clock == set(ROLES[name])
