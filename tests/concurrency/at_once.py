"""Several threads do something at the same moment, each with a connection of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from market.values.refusal import Refused


@dataclass(slots=True)
class Outcome:
    """What came of it: the results, the refusals, and whatever else was raised, which nobody expects."""

    results: list[Any] = field(default_factory=list)
    refusals: list[Refused] = field(default_factory=list)
    errors: list[BaseException] = field(default_factory=list)


def at_once(acts: Sequence[Callable[[], Any]]) -> Outcome:
    """All acts begin together; returns when all are over."""
    outcome, start = Outcome(), threading.Barrier(len(acts))

    def run(act: Callable[[], Any]) -> None:
        try:
            # Opened before the start, so that nobody is late.
            connection.ensure_connection()
            start.wait(30)
            outcome.results.append(act())
        except Refused as refused:
            outcome.refusals.append(refused)
        except BaseException as error:
            outcome.errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return outcome


def twice(act: Callable[[], Any]) -> Outcome:
    """A double click, or two people at the same button."""
    return at_once([act, act])
