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
    """Yes or no."""
    value = os.environ.get(name, "").strip().lower()
    if value in {"", "1", "true", "yes", "0", "false", "no"}:
        return default if value == "" else value in {"1", "true", "yes"}
    raise ImproperlyConfigured(f"Set {name} to 1 or 0, not to {value!r}.")


def whole(name: str, default: int) -> int:
    """A whole number that is not negative."""
    value = os.environ.get(name, "").strip()
    if value and not (value.isascii() and value.isdigit()):
        raise ImproperlyConfigured(f"Set {name} to a whole number, not to {value!r}.")
    return int(value) if value else default


def digits(name: str, count: int, default: str) -> str:
    """A code of exactly so many digits."""
    value = text(name, default)
    if not (len(value) == count and value.isascii() and value.isdigit()):
        raise ImproperlyConfigured(f"Set {name} to {count} digits, not to {value!r}.")
    return value


def address(name: str, schemes: set[str], default: str | None = None) -> str:
    """A URL with one of these schemes, and a host or, for a socket or a file, a path."""
    value = text(name, default)
    parts = urlsplit(value)
    if value and (parts.scheme not in schemes or not (parts.netloc or parts.path.startswith("/"))):
        wanted = " or ".join(f"{scheme}://…" for scheme in sorted(schemes))
        raise ImproperlyConfigured(f"Set {name} to an address such as {wanted}; it does not begin so.")
    return value


def names(name: str, default: str | None = None) -> list[str]:
    """A list separated by commas."""
    return [part.strip() for part in text(name, default).split(",") if part.strip()]
