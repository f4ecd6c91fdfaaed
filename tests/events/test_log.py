"""An append-only log whose every tampering shows, and readers that hear of everything once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from market.events.actions import record
from market.events.chain import commitment
from market.events.models import Event, Head
from market.events.queries import broken_links
from market.values.actor import Actor
from tests.listings.builders import a_deal, a_listing
from tests.people import Cast

pytestmark = pytest.mark.django_db

SOMEBODY = Actor(person=7, organisation=3)


def an_event(now: datetime, subject: str = "policy:1", **facts: object) -> Event:
    with transaction.atomic():
        return record("policy.approved", subject=subject, actor=SOMEBODY, now=now, kind="x", **facts)


def test_chains_hold_after_a_whole_deal(cast: Cast, now: datetime) -> None:
    a_deal(cast, now)
    assert broken_links() == []
    call_command("verify_events")


TAMPERINGS: dict[str, Callable[[], object]] = {
    "a payload": lambda: Event.objects.filter(sequence=2).update(payload={"kind": "y"}),
    "who did it": lambda: Event.objects.filter(sequence=2).update(person=8),
    "when": lambda: Event.objects.filter(sequence=2).update(at="2020-01-01T00:00:00Z"),
    "a deleted middle": lambda: Event.objects.filter(sequence=2).delete(),
    "a cut tail": lambda: Event.objects.filter(sequence=3).delete(),
    "a whole chain gone": lambda: Event.objects.all().delete(),
    "a changed number": lambda: Event.objects.filter(sequence=3).update(sequence=4),
    "a new hash after an edit": lambda: _edit_and_hash_again(),
}


def _edit_and_hash_again() -> None:
    from market.events.queries import link_of

    event = Event.objects.get(sequence=2)
    event.payload = {"kind": "y"}
    event.hash = link_of(event).hash()
    event.save()


@pytest.mark.parametrize("tampering", TAMPERINGS.values(), ids=TAMPERINGS.keys())
def test_tampering_shows(tampering: Callable[[], object], now: datetime) -> None:
    Event.objects.all().delete()
    Head.objects.all().delete()
    for _ in range(3):
        an_event(now)
    assert broken_links() == []
    tampering()
    assert broken_links()
    with pytest.raises(CommandError):
        call_command("verify_events")


def test_personal_data_can_be_erased_while_the_chain_holds(cast: Cast, now: datetime) -> None:
    from listings.actions.objections import raise_objection

    raise_objection(a_listing(cast, now), statement="个人陈述", actor=cast.rival_agent.actor, now=now)
    event = Event.objects.get(name="objection.raised")
    assert event.personal == {"statement": "个人陈述"}
    assert event.personal_digest == commitment(event.personal_salt, event.personal)
    assert "个人陈述" not in str(event.payload)
    Event.objects.filter(pk=event.pk).update(personal=None, personal_salt="")
    assert broken_links() == []


def test_an_event_that_no_app_declares_is_an_error(now: datetime) -> None:
    with pytest.raises(KeyError), transaction.atomic():
        record("nobody.knows", subject="x:1", actor=SOMEBODY, now=now)
