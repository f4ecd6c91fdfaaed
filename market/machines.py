"""Which state machines are there, and how do they look? Gathered from the `states` room of every app, and drawn as text."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules
from types import ModuleType

from django.apps import apps
from django.utils.translation import override

from market.values.machine import Machine

_TREES = ("market", "listings", "contracts", "brokers", "search")
_HEADING = """# States

What may happen to each thing, who may cause it, and where it leads. Drawn by `manage.py draw_states` from the tables in
each app's `states.py`; a test holds the two together. `clock` is the sweep over stored due times.
"""


def machines() -> dict[str, tuple[str, Machine]]:
    """Every machine by its name, with the app it belongs to. Raises ValueError for a name that is taken twice."""
    found: dict[str, tuple[str, Machine]] = {}
    for config in apps.get_app_configs():
        if config.name.split(".")[0] not in _TREES:
            continue
        for module in _states_of(config.name):
            for machine in vars(module).values():
                if isinstance(machine, Machine) and found.setdefault(machine.name, (config.name, machine))[1] is not machine:
                    raise ValueError(f"two machines are called {machine.name}")
    return found


def _states_of(app: str) -> Iterator[ModuleType]:
    if not find_spec(f"{app}.states"):
        return
    room = import_module(f"{app}.states")
    yield room
    for entry in iter_modules(getattr(room, "__path__", ())):
        yield import_module(f"{room.__name__}.{entry.name}")


def drawing() -> str:
    """All machines as Markdown: a diagram and a table of moves for each, in English."""
    with override("en"):
        return _HEADING + "".join(_drawn(app, machine) for _name, (app, machine) in sorted(machines().items()))


def _drawn(app: str, machine: Machine) -> str:
    lines = [f"\n## {machine.name.replace('_', ' ').capitalize()} (`{app}`)\n", "```mermaid", "stateDiagram-v2"]
    lines += [f"    {state}: {label_of(state)}" for state in _in_order(machine)]
    lines.append(f"    [*] --> {machine.initial}")
    lines += [f"    {move.state} --> {move.to}: {label_of(move.event)} ({move.by})" for move in machine.moves]
    lines += [f"    {state} --> [*]" for state in _in_order(machine) if state in machine.final]
    lines += ["```\n", "| in state | event | leads to | by |", "|---|---|---|---|"]
    lines += [f"| {m.state} | {m.event} | {m.to} | {m.by} |" for m in machine.moves]
    return "\n".join(lines) + "\n"


def _in_order(machine: Machine) -> list[str]:
    """The states as the table comes to them."""
    return list(dict.fromkeys([machine.initial, *(state for move in machine.moves for state in (move.state, move.to))]))


def label_of(member: str) -> str:
    """What people call this state or event, in the language of the moment."""
    return str(getattr(member, "label", member))
