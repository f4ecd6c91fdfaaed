"""By what is a thing called in an address? By letters that nobody can guess, and a few characters that cannot be misread."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.crypto import get_random_string

_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"


def random_key(length: int = 16) -> str:
    """A name for addresses that nobody can guess."""
    return get_random_string(length, _ALPHABET)


class KeyField(models.CharField):
    """A row's name in addresses. For migrations it is a plain CharField, so that they need not import the market's code."""

    def __init__(self, **options: Any) -> None:
        options = {"max_length": 16, "unique": True, "editable": False} | options
        super().__init__(default=self._new_key, **options)

    def _new_key(self) -> str:
        return random_key(self.max_length or 16)

    def deconstruct(self) -> tuple[str, str, Any, dict[str, Any]]:
        name, _path, arguments, options = super().deconstruct()
        options.pop("default")
        return name, "django.db.models.CharField", arguments, options
