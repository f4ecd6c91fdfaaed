"""Why not? A refusal is a value with a code; each app's `refusals.py` holds the sentence of each of its codes."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable
from typing import Any


@dataclasses.dataclass(frozen=True)
class Refusal:
    """One reason why an act is refused: a code such as `listings.price_zero`, the form field it belongs to, the facts of its sentence."""

    code: str
    field: str | None = None
    data: dict[str, Any] = dataclasses.field(default_factory=dict)

    def __hash__(self) -> int:
        return hash((self.code, self.field))


class Refused(Exception):
    """What was typed or asked cannot be done, for these reasons: beside a field where one is named. HTTP 422."""

    def __init__(self, refusals: Iterable[Refusal]) -> None:
        self.refusals = tuple(refusals)
        if not self.refusals:
            raise ValueError("to refuse without a reason is not allowed")
        super().__init__(", ".join(refusal.code for refusal in self.refusals))


class Forbidden(Refused):
    """The actor sees the object but may not do this to it. HTTP 403."""


class OutOfTurn(Refused):
    """The act was lawful for somebody at another moment: a stale page or a double click. HTTP 409."""


def is_allowed(ask: Callable[[], object]) -> bool:
    """True when nothing is `Forbidden` to whoever asks this."""
    try:
        ask()
    except Forbidden:
        return False
    return True


def require(refusals: Iterable[Refusal]) -> None:
    """Raises `Refused` with all the reasons, if there are any."""
    reasons = tuple(refusals)
    if reasons:
        raise Refused(reasons)


def text_given(text: str, missing: Refusal) -> str:
    """What was typed, without blanks around it. Raises `Refused` with this reason where nothing was."""
    if not text.strip():
        raise Refused([missing])
    return text.strip()
