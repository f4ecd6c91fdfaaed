"""What every request reads before it comes to its own business is read once, until somebody writes.

Who asks, how they stand, where the portal's places are: a walk asks for them thousands of times, of rows that its rollbacks
keep as they are. Nothing is remembered longer than it is true: a statement that may write empties the memory, and until the
request that wrote is rolled back all is read anew.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.contrib.auth.backends import ModelBackend
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.utils.translation import get_language
from wagtail.models import Site
from wagtail.models import sites as wagtail_sites

from market.accounts import middleware
from market.accounts import queries as accounts
from market.portal import outline
from market.portal import queries as portal

_UNDOING = "ROLLBACK TO SAVEPOINT"
_READING = ("SELECT", "SAVEPOINT", "RELEASE SAVEPOINT")


class Memory:
    """Answers by question; those of a request that wrote are not kept."""

    def __init__(self) -> None:
        self._answers: dict[Any, Any] = {}
        self._is_in_request = self._has_written = False

    @contextmanager
    def of_request(self) -> Iterator[None]:
        """Around a request and the rollback of what it wrote."""
        self._is_in_request, self._has_written = True, False
        try:
            yield
        finally:
            self._is_in_request = False

    def watch(self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
        """Sees every statement: what is not plainly reading may write. Undoing a request that wrote nothing changes nothing."""
        harmless = (*_READING, _UNDOING) if self._is_in_request else _READING
        if not (isinstance(sql, str) and sql.startswith(harmless)):
            self._answers.clear()
            self._has_written = True
        return execute(sql, params, many, context)

    def answer(self, question: Any, ask: Callable[[], Any]) -> Any:
        """What was not found is asked for again."""
        if question in self._answers:
            return self._answers[question]
        found = ask()
        if found is not None and self._is_in_request and not self._has_written:
            self._answers[question] = found
        return found


@contextmanager
def remembering() -> Iterator[Memory]:
    """What is asked for on this connection is watched and remembered."""
    memory = Memory()

    def remembered(ask: Callable[..., Any], question: Callable[..., Any]) -> Callable[..., Any]:
        return lambda *given: memory.answer((ask, question(*given)), lambda: ask(*given))

    def person(backend: ModelBackend, pk: int) -> Any:
        # Whoever asks may write on what they are given.
        return copy.copy(remembered_person(backend, pk))

    remembered_person = remembered(ModelBackend.get_user, lambda _backend, pk: pk)
    with pytest.MonkeyPatch.context() as patch, connection.execute_wrapper(memory.watch):
        patch.setattr(ModelBackend, "get_user", person)
        for place, name, question in (
            (SessionStore, "_get_session_from_db", lambda session: session.session_key),
            (accounts, "standing_of", lambda person: person.pk),
            (middleware, "has_second_factor", lambda pk: pk),
            (portal, "places", lambda request: (request.get_host(), get_language())),
            (outline, "_read", lambda site: site and site.pk),
            (wagtail_sites, "get_site_for_hostname", lambda *address: address),
        ):
            patch.setattr(place, name, remembered(getattr(place, name), question))
        patch.setattr(Site, "get_site_root_paths", staticmethod(remembered(Site.get_site_root_paths, lambda: None)))
        yield memory
