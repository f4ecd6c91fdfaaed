"""Official numbers are given once each and without a gap, and eight threads never find the database locked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from contracts.actions.decisions import recognise_contract
from contracts.models import Registration
from listings.actions.achievements import register_achievement, submit_achievement
from listings.actions.listings import draft_listing
from listings.models.achievements import Achievement
from listings.models.listings import Listing, Objection
from market.events.models import Event
from market.events.queries import broken_links
from market.values.actor import Role
from market.values.money import Money
from tests.concurrency.at_once import at_once
from tests.contracts.builders import a_contract, an_application, answer_flags
from tests.listings.builders import a_deal, a_listing, an_achievement, some_terms
from tests.people import Cast, Member, a_member

pytestmark = pytest.mark.usefixtures("committed_db")

THREADS = 8


@pytest.fixture
def cast(committed_db: None) -> Cast:
    return Cast()


def _without_gap(numbers: list[str], digits: int) -> bool:
    serials = sorted(int(number[-digits:]) for number in numbers)
    return serials == list(range(serials[0], serials[0] + len(serials)))


def test_certificate_numbers_are_unique_and_without_a_gap(cast: Cast, now: datetime) -> None:
    agent, registrar = cast.university_agent.actor, cast.registrar.actor
    waiting = [
        submit_achievement(an_achievement(cast, now, registered=False, title=f"技术成果第{n}号"), actor=agent, now=now)
        for n in range(THREADS)
    ]

    # Each is registered twice, so that half of the attempts fail and must not take a number with them.
    outcome = at_once([lambda it=it: register_achievement(it, actor=registrar, now=now) for it in waiting * 2])  # type: ignore[misc]

    numbers = list(Achievement.objects.values_list("certificate_number", flat=True))
    assert outcome.errors == []
    assert (len(outcome.results), len(outcome.refusals)) == (THREADS, THREADS)
    assert len(set(numbers)) == THREADS
    assert _without_gap([str(number) for number in numbers], 4)
    assert broken_links() == []


def test_registration_numbers_are_unique_and_without_a_gap(cast: Cast, now: datetime) -> None:
    applications = [an_application(cast, now, contract=a_contract(cast, now, deal=a_deal(cast, now))) for _n in range(THREADS)]
    registrar = cast.registrar.actor
    for application in applications:
        answer_flags(cast, application, now)

    outcome = at_once(
        [
            lambda it=it: recognise_contract(it, technology_value=Money(it.technology_value_fen), actor=registrar, now=now)  # type: ignore[misc]
            for it in applications * 2
        ]
    )

    numbers = list(Registration.objects.values_list("number", flat=True))
    assert outcome.errors == []
    assert (len(outcome.results), len(outcome.refusals)) == (THREADS, THREADS)
    assert len(set(numbers)) == THREADS
    assert _without_gap(numbers, 6)
    assert broken_links() == []


def test_eight_threads_that_write_at_once_all_succeed(cast: Cast, now: datetime) -> None:
    """R-11: each lists achievements of its own as quickly as it can."""
    actor = cast.university_agent.actor
    shares = [[an_achievement(cast, now, title=f"技术成果{t}之{n}") for n in range(4)] for t in range(THREADS)]

    def list_all(share: list[Achievement]) -> int:
        return len([draft_listing(achievement, some_terms(), actor=actor, now=now) for achievement in share])

    outcome = at_once([lambda share=share: list_all(share) for share in shares])  # type: ignore[misc]

    assert outcome.errors == [] == outcome.refusals
    numbers = list(Listing.objects.values_list("number", flat=True))
    assert len(numbers) == len(set(numbers)) == 4 * THREADS
    assert _without_gap(numbers, 5)
    assert broken_links() == []


@pytest.fixture
def browser(committed_db: None) -> Callable[[Member], Client]:
    def signed_in(member: Member) -> Client:
        client = Client()
        client.force_login(member.person, backend="django.contrib.auth.backends.ModelBackend")
        session = client.session
        session["acting_organisation"] = member.organisation.key
        session.save()
        return client

    return signed_in


def test_eight_people_object_at_once_through_the_page(cast: Cast, browser: Callable[[Member], Client]) -> None:
    """Every request is answered, none with a failure, and the notice is suspended once."""
    listing = a_listing(cast, timezone.now() - timedelta(days=1))
    address = reverse("listings:raise_objection", args=[listing.number])
    clients = [browser(a_member(f"objector{n}@a.example", cast.outside, Role.AGENT)) for n in range(THREADS)]

    outcome = at_once([lambda it=it: it.post(address, {"statement": "权属有争议。"}).status_code for it in clients])  # type: ignore[misc]

    assert outcome.errors == []
    assert outcome.results == [302] * THREADS
    assert Objection.objects.count() == THREADS
    assert Event.objects.filter(name="listing.suspended").count() == 1
    assert broken_links() == []


def test_a_double_click_in_the_browser_publishes_once_and_says_so(cast: Cast, browser: Callable[[Member], Client]) -> None:
    listing = a_listing(cast, timezone.now(), on_notice=False)
    address = reverse("listings:publish_listing", args=[listing.number])
    clicks = [browser(cast.university_agent) for _n in range(2)]

    outcome = at_once([lambda it=it: it.post(address).status_code for it in clicks])  # type: ignore[misc]

    assert outcome.errors == []
    assert sorted(outcome.results) == [302, 409]
    assert Event.objects.filter(name="listing.published").count() == 1
