"""How each machine is walked by the real actions: objects in every state, and the action behind every event."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from market.values.machine import Machine
from tests.people import Cast

type Builder = Callable[[Cast, datetime], Any]
type Act = Callable[[Cast, Any, datetime], object]


@dataclass(frozen=True)
class Walk:
    """One machine's table beside the actions that make its moves.

    `states` builds an object in that state through actions. `events` calls the real action with everything else right.
    `prepared` builds the object for a move that needs more than the state. `quiet` names the events whose action does
    nothing out of turn instead of refusing: sweeps, which meet what others have done meanwhile.
    """

    machine: Machine
    states: Mapping[str, Builder]
    events: Mapping[str, Act]
    prepared: Mapping[tuple[str, str], Builder] = field(default_factory=dict)
    quiet: frozenset[str] = frozenset()
