"""What higher apps show on the pages of lower ones: each adds a panel when it is ready, and the lower app knows none of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from market.values.actor import Actor


@dataclass(frozen=True, slots=True)
class Panel:
    """A template and its context, shown in a place of its own."""

    template: str
    context: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Panels[Shown]:
    """The panels of one kind of page, in the order in which they were added."""

    _makers: list[Callable[[Shown, Actor], Panel | None]] = field(default_factory=list)

    def add(self, maker: Callable[[Shown, Actor], Panel | None]) -> None:
        """The page shows what this function gives for its object and reader."""
        self._makers.append(maker)

    def of(self, shown: Shown, actor: Actor) -> list[Panel]:
        return [panel for maker in self._makers if (panel := maker(shown, actor)) is not None]
