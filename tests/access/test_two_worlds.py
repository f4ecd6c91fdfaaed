"""Two worlds with the same objects: people of the one try the ids of the other everywhere, and find, change and learn nothing."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterator

import openpyxl
import pytest
from django.apps import apps
from django.core import mail
from django.core.mail import EmailMessage
from django.db import transaction
from django.urls import resolve, reverse

from market.events.models import Event
from market.letters.actions import send_letter, write_letters
from market.letters.queries import letters_to_send
from market.letters.registry import LETTERS
from tests.access.matrix import Entry, Visitors, address, class_of, entry_for, table
from tests.access.payloads import payload_for
from tests.access.routes import Route, routes
from tests.access.world import TODAY, World

pytestmark = pytest.mark.django_db

# Officials serve everybody; these are the people who own something.
PEOPLE = ("anonymous", "member", "university_owner", "university_agent", "enterprise_agent", "broker", "outsider")
WITH_ID = [
    route
    for route in routes()
    if not route.pattern.startswith(("cms/", "^")) and route.parameters and (entry := entry_for(route)) and entry.filled_with
]
SECTIONS = sorted({route.pattern.split("/")[0] for route in WITH_ID})
PUBLIC_ANSWERS = {"ok", "done", "422", "409"}
# What a mail gives to look at, without the site's name.
_LINK = re.compile(r"http://localhost:8000(/\S+)")
# Pages that carry every person's own things, without an id in the address.
LISTS = [
    route
    for route in routes()
    if not route.pattern.startswith(("cms", "accounts", "i18n", "_util", "^"))
    and not route.parameters
    and (entry := entry_for(route))
    and entry.expected("GET", "university_agent") == "ok"
]


@pytest.fixture(scope="module")
def foreign(world: World) -> World:
    return World("b", 1000)


def tried(section: str, foreign: World) -> Iterator[tuple[Route, Entry, str, bool]]:
    """Every route of this section, with each object of the other world that it is asked with at home."""
    for route in WITH_ID:
        entry = entry_for(route)
        if entry is not None and route.pattern.split("/")[0] == section:
            yield route, entry, address(route, foreign.values(entry.filled_with)), False
            if entry.late:
                yield route, entry, address(route, foreign.values(entry.late)), True


def is_open_to_strangers(entry: Entry, verb: str) -> bool:
    """The public pages, and what anybody on the market may do: object to a notice, register an intent, propose a mandate."""
    return entry.expected(verb, "outsider") in PUBLIC_ANSWERS or entry.expected(verb, "anonymous") == "ok"


def checksums() -> dict[str, str]:
    """Of every row of every table that the market owns, by table."""
    return {
        model._meta.db_table: hashlib.sha256(repr(list(model._base_manager.order_by("pk").values_list())).encode()).hexdigest()
        for model in apps.get_models()
        if model._meta.app_label not in {"sessions", "contenttypes", "auth", "portal"}
    }


@pytest.mark.parametrize("section", SECTIONS)
def test_foreign_ids_find_nothing_change_nothing_and_tell_nothing(section: str, visitors: Visitors, foreign: World) -> None:
    before, wrong = checksums(), []
    with transaction.atomic():
        for route, entry, path, is_late in tried(section, foreign):
            for role in PEOPLE:
                for verb in ("GET", "POST"):
                    data = payload_for(route.name, foreign) if verb == "POST" else None
                    is_open = is_open_to_strangers(entry, verb)
                    answer = visitors.ask(role, verb, path, data, keeps=not is_open)
                    got = class_of(answer)
                    # A public object says to everybody that the act is over.
                    closed = {"login", "403", "404", "405", *({"409"} if is_late else ())}
                    if not is_open and got not in closed:
                        wrong.append(f"{verb} {route.pattern} as {role}: {got}")
                    if foreign.canary.encode() in _body(answer) + str(answer.headers).encode():
                        wrong.append(f"{verb} {route.pattern} as {role}: tells the secret")
        after = checksums()
        transaction.set_rollback(True)
    assert not wrong, "\n".join(wrong)
    assert [table for table in after if after[table] != before[table]] == [], "changed by somebody who was refused"


def test_lists_exports_and_searches_hold_nothing_of_the_other_world(visitors: Visitors, foreign: World) -> None:
    wrong = []
    for route in LISTS:
        for role in PEOPLE:
            for query in ("", "?q=secret", "?q=低热值煤"):
                if foreign.canary.encode() in _body(visitors.ask(role, "GET", route.path() + query)):
                    wrong.append(f"{route.pattern}{query} as {role}")
    assert not wrong, "\n".join(wrong)


def test_the_secrets_are_there_for_those_concerned(world: World, visitors: Visitors) -> None:
    """Otherwise the tests above could not fail."""
    for role, name in [
        ("university_agent", "draft_achievement"),
        ("enterprise_agent", "intent"),
        ("rival_agent", "objection"),
        ("university_agent", "draft_contract"),
        ("broker", "active_engagement"),
        ("university_agent", "room_paper"),
    ]:
        page = {
            "draft_achievement": "listings:achievement_page",
            "intent": "listings:intent_page",
            "objection": "listings:objection_page",
            "draft_contract": "contracts:contract_page",
            "room_paper": "rooms:paper_page",
            "active_engagement": "brokers:engagement_page",
        }[name]
        answer = visitors.ask(role, "GET", reverse(page, kwargs=world.values(name)))
        assert world.canary.encode() in _body(answer), name


@pytest.fixture(scope="module")
def mails(world: World, foreign: World) -> list[EmailMessage]:
    """All that would be sent about everything that ever happened in either world."""
    with pytest.MonkeyPatch.context() as patch, transaction.atomic():
        outbox: list[EmailMessage] = []
        patch.setattr(mail, "outbox", outbox, raising=False)
        for event in Event.objects.filter(name__in=LETTERS).order_by("pk"):
            write_letters(event, now=TODAY)
        for letter in letters_to_send(TODAY):
            send_letter(letter, now=TODAY)
        transaction.set_rollback(True)
    return outbox


def test_mails_tell_the_secrets_of_a_world_to_its_own_people_only(
    mails: list[EmailMessage], world: World, foreign: World
) -> None:
    """Officials, who serve both, are told what waits for them, not what stands in it."""
    for one in (world, foreign):
        told = [mail.to[0] for mail in mails if one.canary in _mail_text(mail)]
        assert told, "otherwise this test could not fail"
        assert [address for address in told if not address.endswith(f"@{one.name}.example")] == []


@pytest.mark.usefixtures("unrendered")
def test_every_mail_leads_its_reader_to_a_page_that_they_may_see(
    mails: list[EmailMessage], visitors: Visitors, world: World
) -> None:
    roles = {getattr(world.cast, role).person.email: role for role in PEOPLE[2:]}
    ways = {(roles[mail.to[0]], link) for mail in mails if mail.to[0] in roles for link in _LINK.findall(str(mail.body))}
    assert len(ways) > 20
    assert [(role, link) for role, link in sorted(ways) if class_of(visitors.ask(role, "GET", link)) != "ok"] == []


@pytest.mark.parametrize(
    ("route", "role", "name", "field"),
    [
        ("listings:draft_achievement", "university_agent", "", "documents"),
        ("listings:change_achievement", "university_agent", "draft_achievement", "documents"),
        ("listings:register_intent", "rival_agent", "listing", "documents"),
        ("listings:raise_objection", "outsider", "listing", "documents"),
        ("contracts:request_change", "university_agent", "registration", "documents"),
        ("accounts:submit_verification", "university_owner", "organisation", "evidence"),
        ("payments:offer_letter", "enterprise_agent", "deposit", "letter"),
    ],
)
def test_a_foreign_file_cannot_be_attached(
    route: str, role: str, name: str, field: str, world: World, foreign: World, visitors: Visitors
) -> None:
    data = payload_for(route, world)
    data.pop(field, None)
    path = reverse(route, kwargs=world.values(name) if name else {})
    before = checksums()

    answer = visitors.ask(role, "POST", path, {**data, f"{field}-attached": foreign.university_document.key}, keeps=True)

    assert answer.status_code == 422
    assert foreign.canary.encode() not in _body(answer)
    assert checksums() == before


def test_nobody_acts_for_an_organisation_of_the_other_world(foreign: World, visitors: Visitors) -> None:
    for role in PEOPLE[1:]:
        answer = visitors.ask(role, "POST", reverse("accounts:act_for"), {"organisation": foreign.cast.university.key})
        assert answer.status_code == 404


def test_a_member_of_the_other_world_is_not_removed_through_ones_own(world: World, foreign: World, visitors: Visitors) -> None:
    values = {"key": world.cast.university.key, "pk": foreign.values("membership")["pk"]}

    answer = visitors.ask("university_owner", "POST", reverse("accounts:remove_member", kwargs=values), {})

    assert answer.status_code == 404


def test_every_page_of_an_object_is_tried(world: World) -> None:
    """One case at least for each model that has a page of its own."""
    ours = ("market.", "listings", "contracts", "brokers")
    for model in apps.get_models():
        if model.__module__.startswith(ours) and hasattr(model, "get_absolute_url") and model._meta.app_label != "portal":
            first = model._base_manager.order_by("pk").first()
            if first is None:
                continue
            found = resolve(first.get_absolute_url().split("#")[0])  # type: ignore[attr-defined]
            pattern = next(route.pattern for route in routes() if route.name == found.view_name)
            assert not found.kwargs or table()[pattern].filled_with, model


def test_ids_in_addresses_cannot_be_counted_through() -> None:
    """Keys are drawn from more than 10^23; figures, years and members of one's own organisation alone are plain numbers.

    And the place of one's own bid in an auction, behind the auction's key: others' bids are 404 there. The lines of the bank's
    statement and the ledger's accounts are the market's own, behind its finance's door; a settlement's costs stand behind its key.
    """
    plain = {route.pattern for route in WITH_ID if any(kind == "int" for _name, kind in route.kinds)}
    plain -= {"auctions/<slug:key>/receipts/<int:sequence>.json", "settlements/<slug:key>/costs/<int:pk>/remove/"}
    assert {pattern.split("/")[0] for pattern in plain} <= {"policy", "organisations", "payments", "evaluation"}
    for model in apps.get_models():
        keys = [field for field in model._meta.fields if field.name in {"key", "verification_key"} and field.has_default()]
        for field in keys:
            if model.__module__.startswith(("market.accounts", "market.documents", "listings", "contracts", "brokers")):
                assert len(field.get_default()) >= 16
                assert field.get_default() != field.get_default()


def _mail_text(message: EmailMessage) -> str:
    """Everything in it that a mail program shows."""
    versions = [str(version) for version, _kind in getattr(message, "alternatives", ())]
    return "\n".join([str(message.subject), str(message.body), *versions])


def _body(answer: object) -> bytes:
    """What a person would read in it; of a workbook, its cells."""
    streamed = getattr(answer, "streaming_content", None)
    content: bytes = b"".join(streamed) if streamed is not None else answer.content  # type: ignore[attr-defined]
    if content.startswith(b"PK\x03\x04"):
        book = openpyxl.load_workbook(io.BytesIO(content))
        return repr([[cell.value for cell in row] for sheet in book for row in sheet.iter_rows()]).encode()
    return content
