"""A task as any app could queue it."""

from django.core.cache import cache
from django.tasks import task


@task
def remember(word: str) -> None:
    """The cache holds the words of every call, so that a second call shows."""
    cache.set("remembered", [*cache.get("remembered", []), word])
