"""A refused act: it says why, and nothing of it was written."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.apps import apps

from market.events.models import Event
from market.values.refusal import Refused

_APPS = ("listings", "contracts", "brokers", "credit", "evaluation", "rooms", "documents")


def _all_rows() -> dict[str, list[dict[str, Any]]]:
    models = [model for label in _APPS for model in apps.get_app_config(label).get_models()]
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in [*models, Event]}  # type: ignore[attr-defined]


@contextmanager
def refused_with(code: str, kind: type[Refused] = Refused) -> Iterator[None]:
    """What is done inside is refused with this code, and rows and events are as they were."""
    before = _all_rows()
    with pytest.raises(kind) as refused:
        yield
    assert code in [refusal.code for refusal in refused.value.refusals]
    assert _all_rows() == before
