"""The editors' interface, every route of it: closed to everybody but editors, and the site's keeping to them too."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from wagtail.models import Locale, Page, Site

from market.accounts.models import Person
from tests.access.matrix import OPEN_VERBS, OTHER_VERBS, ROLES, Visitors, class_of, entry_for, fits
from tests.access.payloads import payload_for
from tests.access.routes import routes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unrendered")]

EDITORS = [route for route in routes() if route.pattern.startswith("cms/")]
SECTIONS = sorted({route.pattern.split("/")[1] for route in EDITORS})
# An editor's own half-filled form is Wagtail's affair; whoever is not an editor must not get so far.
ALL_BUT_EDITORS = [role for role in ROLES if role not in {"editor", "superuser"}]


def _objects(section: str, visitors: Visitors) -> dict[str, int]:
    """What fills the addresses of this section: the first page, and somebody or something that exists."""
    pages = dict.fromkeys(
        ("page_id", "parent_page_id", "page_to_move_id", "destination_id"),
        Page.objects.filter(depth=2).values_list("pk", flat=True)[0],
    )
    kept = {"users": Person, "groups": Group, "sites": Site, "locales": Locale}.get(section)
    return pages | ({"pk": kept.objects.values_list("pk", flat=True)[0]} if kept else {})


@pytest.mark.parametrize("section", SECTIONS)
def test_the_answers_are_those_of_the_table(section: str, visitors: Visitors) -> None:
    values = _objects(section, visitors)
    wrong = []
    for route in EDITORS:
        if route.pattern.split("/")[1] != section or (entry := entry_for(route)) is None:
            continue
        path = route.path({name: values[name] for name in route.parameters if name in values})
        for verb, role in [(verb, role) for verb in OPEN_VERBS for role in ROLES]:
            if role in {"editor", "superuser"} and entry.expected(verb, role) == "any":
                continue
            got = class_of(visitors.ask(role, verb, path, payload_for(route.name, visitors.world)))
            if not fits(expected := entry.expected(verb, role), got):
                wrong.append(f"{verb} {route.pattern} as {role}: {got}, not {expected}")
        wrong += [
            f"{verb} {route.pattern} as {role}: {got}, not 405"
            for verb in OTHER_VERBS
            for role in ROLES
            if (got := class_of(visitors.ask(role, verb, path))) != "405"
        ]
    assert not wrong, "\n".join(wrong)
