"""Who reads what of a deal room: by side, by task, by document; and nobody outside."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.test import Client

from brokers.rooms.actions.papers import open_paper
from brokers.rooms.actions.parties import end_invitation
from brokers.rooms.models import Circle, Paper, Room, Task
from brokers.rooms.permissions import (
    hearers,
    visible_circles,
    visible_meetings,
    visible_papers,
    visible_parties,
    visible_rooms,
    visible_tasks,
)
from market.documents.permissions import may_read
from market.events.models import Event
from market.values.actor import Actor, Role
from tests.brokers.builders import a_sellers_engagement
from tests.people import Cast, Member, a_member
from tests.rooms.builders import a_full_room, a_lawyer, a_paper, a_room, a_task, circle_of, party_of

pytestmark = pytest.mark.django_db


def circles(actor: Actor) -> set[str]:
    return {str(circle) if circle.task else circle.kind for circle in visible_circles(actor)}


def papers(actor: Actor) -> set[str]:
    return {paper.title for paper in visible_papers(actor)}


def test_each_side_sees_its_own_part_and_whoever_is_outside_nothing(cast: Cast, now: datetime) -> None:
    full = a_full_room(cast, now)
    lawyer, room = a_lawyer(cast), full.room
    everything = {"mandate", "sides", "own", "共同任务", "内部任务"}
    assert circles(cast.enterprise_agent.actor) == circles(cast.broker.actor) == everything
    assert circles(cast.university_agent.actor) == {"sides", "own", "共同任务"}
    assert circles(lawyer.actor) == {"内部任务"}
    assert list(visible_rooms(lawyer.actor)) == [], "a partner sees its task, not the room"
    own = {
        visible_circles(member.actor).get(kind="own") for member in (cast.enterprise_agent, cast.broker, cast.university_agent)
    }
    assert len(own) == 3
    assert {party.organisation for party in visible_parties(cast.university_agent.actor)} == {
        cast.enterprise,
        cast.institution,
        cast.university,
    }
    outsiders = [
        cast.outsider,
        cast.rival_agent,
        cast.supervisor,
        cast.administrator,
        cast.registrar,
        cast.university_finance,
        a_member("colleague@a.example", cast.institution, Role.AGENT),
    ]
    for member in outsiders:
        for seen in (visible_rooms, visible_circles, visible_tasks, visible_papers, visible_meetings, visible_parties):
            assert not seen(member.actor).exists(), (member.person.email, seen.__name__)
    assert room.parties.count() == 4


def test_those_who_hear_a_circle_are_those_who_see_it(cast: Cast, now: datetime) -> None:
    full = a_full_room(cast, now)
    members = [cast.enterprise_agent, cast.broker, cast.university_agent, a_lawyer(cast)]
    for circle in Circle.objects.filter(room=full.room):
        seeing = {member.organisation.pk for member in members if visible_circles(member.actor).filter(pk=circle.pk).exists()}
        assert {party.organisation_id for party in hearers(circle)} == seeing, circle.kind


def test_a_colleague_with_a_task_is_in_and_one_who_works_for_the_other_side_is_not(cast: Cast, now: datetime) -> None:
    room = a_room(cast, now)
    colleague = a_member("colleague@a.example", cast.institution, Role.AGENT)
    assert not visible_rooms(colleague.actor).exists()
    a_task(cast, now, room=room, person=colleague.person.pk)
    assert visible_rooms(colleague.actor).get() == room


def test_two_mandates_about_one_listing_have_rooms_that_know_nothing_of_each_other(cast: Cast, now: datetime) -> None:
    bought = a_room(cast, now)
    from brokers.actions.engagements import consent_to_both_sides

    engagement = consent_to_both_sides(bought.engagement, actor=cast.enterprise_agent.actor, now=now)
    sold = a_room_of_seller(cast, engagement.listing, now)
    assert set(visible_rooms(cast.university_agent.actor)) == {sold}
    assert set(visible_rooms(cast.enterprise_agent.actor)) == {bought}


def a_room_of_seller(cast: Cast, listing: object, now: datetime) -> Room:
    from brokers.rooms.actions.rooms import open_room

    engagement = a_sellers_engagement(cast, listing, now, both_consent=True)  # type: ignore[arg-type]
    return open_room(engagement, [], actor=cast.university_agent.actor, now=now)


def test_a_document_is_open_to_those_it_was_opened_to_and_closes_again(cast: Cast, now: datetime) -> None:
    full = a_full_room(cast, now)
    lawyer = a_lawyer(cast)
    inner = full.inner.circle
    closed = a_paper(inner, cast.broker, now, title="底价", readers=[party_of(full.room, cast.enterprise_agent)])
    a_paper(inner, cast.broker, now, title="草案")
    note = a_paper(visible_circles(cast.broker.actor).get(kind="own"), cast.broker, now, title="私件")
    assert papers(cast.enterprise_agent.actor) == {"底价", "草案"}
    assert papers(lawyer.actor) == {"草案"}
    assert papers(cast.broker.actor) == {"底价", "草案", "私件"}
    assert papers(cast.university_agent.actor) == set()
    assert list(note.readers.all()) == [note.put_in_by]
    open_paper(closed, [full.partner], actor=cast.broker.actor, now=now)
    assert papers(lawyer.actor) == {"底价", "草案"}
    assert papers(cast.enterprise_agent.actor) == {"草案"}
    end_invitation(full.partner, actor=cast.broker.actor, now=now)
    assert papers(lawyer.actor) == circles(lawyer.actor) == set()


def test_a_file_is_served_by_the_room_alone_and_each_download_is_written_down(cast: Cast, now: datetime) -> None:
    full = a_full_room(cast, now)
    paper = a_paper(full.inner.circle, cast.broker, now)
    version = paper.versions.get()
    lawyer = signed_in(a_lawyer(cast))
    assert lawyer.get(version.get_absolute_url()).headers["Content-Disposition"].startswith("attachment")
    read = Event.objects.get(name="room_paper.read")
    assert (read.person, read.payload) == (a_lawyer(cast).person.pk, {"title": "合同草案", "version": 1})
    assert not may_read(a_lawyer(cast).actor, version.document), "the common address of files is not a way around the log"
    for member in (cast.university_agent, cast.outsider, cast.supervisor):
        assert signed_in(member).get(version.get_absolute_url()).status_code in {302, 404}
    assert Event.objects.filter(name="room_paper.read").count() == 1


def signed_in(member: Member) -> Client:
    client = Client()
    client.force_login(member.person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_a_counterparty_that_has_a_task_sees_it_though_it_is_not_shown_to_it_otherwise(cast: Cast, now: datetime) -> None:
    full = a_full_room(cast, now)
    task = a_task(cast, now, room=full.room, owner=cast.university_agent, title="交付准备")
    assert "交付准备" in circles(cast.university_agent.actor)
    assert set(hearers(task.circle)) >= {full.counterparty}
    assert Task.objects.count() == 3
    assert not Paper.objects.exists()
    assert circle_of(full.room, "mandate") not in visible_circles(cast.university_agent.actor)
