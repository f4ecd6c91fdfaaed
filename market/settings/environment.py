"""What does the environment say? One strict reader; nonsense stops the start with a sentence that says what to set."""

import os
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured


def text(name: str, default: str | None = None) -> str:
    """The variable's value, or the default; without both the start stops."""
    value = os.environ.get(name, "").strip()
    if value:
        return value
    if default is None:
        raise ImproperlyConfigured(f"Set the environment variable {name}: it has no default here.")
    return default


def flag(name: str, default: bool) -> bool:
    value = os.environ.get(name, "").strip().lower()
    if value in {"", "1", "true", "yes", "0", "false", "no"}:
        return default if value == "" else value in {"1", "true", "yes"}
    raise ImproperlyConfigured(f"Set {name} to 1 or 0, not to {value!r}.")


def whole(name: str, default: int) -> int:
    value = os.environ.get(name, "").strip()
    if value and not value.isdigit():
        raise ImproperlyConfigured(f"Set {name} to a whole number, not to {value!r}.")
    return int(value) if value else default


def address(name: str, schemes: set[str], default: str | None = None) -> str:
    """A URL with one of these schemes."""
    value = text(name, default)
    if value and urlsplit(value).scheme not in schemes:
        wanted = " or ".join(f"{scheme}://…" for scheme in sorted(schemes))
        raise ImproperlyConfigured(f"Set {name} to an address such as {wanted}; it does not begin so.")
    return value


def names(name: str, default: str | None = None) -> list[str]:
    """A list separated by commas."""
    return [part.strip() for part in text(name, default).split(",") if part.strip()]
