"""What higher apps show on a deal's page: each registers a panel when it is ready; listings knows none of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from listings.models.deals import Deal
from market.values.actor import Actor


@dataclass(frozen=True, slots=True)
class Panel:
    """A template and its context, shown in a section of its own."""

    template: str
    context: dict[str, Any]


type PanelMaker = Callable[[Deal, Actor], Panel | None]

_MAKERS: list[PanelMaker] = []


def add_panel(maker: PanelMaker) -> None:
    """The deal's page shows what this function gives, in the order of registration."""
    _MAKERS.append(maker)


def panels_of(deal: Deal, actor: Actor) -> list[Panel]:
    return [panel for maker in _MAKERS if (panel := maker(deal, actor)) is not None]
