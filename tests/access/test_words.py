"""What every page says, as each role and in both languages: no day, name or code is written as only a program would."""

from __future__ import annotations

import html
import re

import pytest

from tests.access.matrix import Visitors, address, entry_for, values_of
from tests.access.routes import routes

pytestmark = pytest.mark.django_db

READERS = ("anonymous", "university_agent", "enterprise_agent", "broker", "registrar", "supervisor", "administrator")
# Its days are typed as the form's example shows.
AS_IT_IS_TYPED = "policy/calendar/announce/"
PAGES = [
    route
    for route in routes()
    if not route.pattern.startswith(("cms", "i18n", "_util", "^", AS_IT_IS_TYPED))
    and (entry := entry_for(route))
    and "GET" in entry.answers
]
SECTIONS = sorted({route.pattern.split("/")[0] for route in PAGES})
_UNSEEN = re.compile(r"<(script|style|textarea|code|option)\b.*?</\1>|<[^>]*>", re.DOTALL)
# A day as a program writes it; a key for a state or an event; a value of Python; a hole left open.
_RAW = re.compile(r"\d{4}-\d{2}-\d{2}|\b[a-z]+\.[a-z]+_[a-z_]+\b|<[A-Z]\w+|\bNone\b|\{[a-z_]+\}|%\([a-z]+\)s")


def words_of(page: bytes) -> str:
    """What a reader sees of this page."""
    return html.unescape(_UNSEEN.sub(" ", page.decode()))


@pytest.mark.parametrize("section", SECTIONS)
def test_no_page_says_what_only_a_program_would(section: str, visitors: Visitors) -> None:
    wrong: set[str] = set()
    for route in PAGES:
        entry = entry_for(route)
        if entry is None or route.pattern.split("/")[0] != section:
            continue
        for language in ("", "en"):
            path = address(route, values_of(entry.filled_with, visitors.world), language=language)
            wrong |= {f"{path}: {said}" for role in READERS for said in _raw_words(visitors, role, path)}
    assert not wrong, "\n".join(sorted(wrong))


def _raw_words(visitors: Visitors, role: str, path: str) -> list[str]:
    answer = visitors.ask(role, "GET", path)
    if answer.status_code != 200 or not answer.headers.get("Content-Type", "").startswith("text/html"):
        return []
    return [match.group() for match in _RAW.finditer(words_of(answer.content))]
