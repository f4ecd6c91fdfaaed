"""A partner for one task, asked at every address of the room: its task, what is open to it there, and nothing else."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from brokers.rooms.urls import urlpatterns
from tests.people import Cast, Member
from tests.rooms.builders import a_full_room, a_lawyer, a_meeting, a_paper, circle_of

pytestmark = pytest.mark.django_db

# By what of the task's circle a partner reads; the same address of anything else of the room is 404.
OPEN = {"task_page", "put_in_paper", "arrange_meeting", "paper_page", "add_version", "download_version"}
OPEN |= {"meeting_page", "meeting_file", "invitation_page"}
LISTS = {"my_rooms"}
# Seen, and not the partner's to do.
NOT_THEIRS = {"change_task", "drop_task", "invite_partner", "open_paper", "move_meeting", "finish_task"}
BUTTONS = {"accept_invitation", "decline_invitation", "end_invitation", "begin_task", "say", "cancel_meeting"}
BUTTONS |= {"close_room", "reopen_room"}


def _signed_in(member: Member) -> Client:
    client = Client()
    client.force_login(member.person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def _objects(cast: Cast, now: datetime, *, inner: bool) -> dict[str, str]:
    """By the address's name, the key of what lies in the partner's task, or elsewhere in the same room."""
    full = a_full_room(cast, now, secret="" if inner else "另")
    circle = full.inner.circle if inner else circle_of(full.room, "sides")
    paper, meeting = a_paper(circle, cast.broker, now), a_meeting(circle, cast.broker, now)
    task = full.inner if inner else full.shared
    of_task = dict.fromkeys(["task_page", "change_task", "begin_task", "finish_task", "drop_task", "invite_partner"], task.key)
    of_circle = dict.fromkeys(["circle_page", "say", "put_in_paper", "arrange_meeting"], circle.key)
    of_paper = dict.fromkeys(["paper_page", "add_version", "open_paper"], paper.key)
    of_meeting = dict.fromkeys(["meeting_page", "move_meeting", "cancel_meeting", "meeting_file"], meeting.key)
    place = full.partner if inner else full.counterparty
    invitations = ["invitation_page", "accept_invitation", "decline_invitation", "end_invitation"]
    of_room = dict.fromkeys(
        ["room_page", "room_story", "close_room", "reopen_room", "invite_counterparty", "set_task"], full.room.key
    )
    of_place = dict.fromkeys(invitations, place.key)
    file = {"download_version": paper.versions.get().key, "open_room": full.room.engagement.key}
    return of_task | of_circle | of_paper | of_meeting | of_place | of_room | file


def test_a_partner_reads_its_task_and_nothing_else_of_the_room(cast: Cast, now: datetime) -> None:
    client = _signed_in(a_lawyer(cast))
    answers: dict[bool, dict[str, int]] = {}
    for inner in (True, False):
        keys = _objects(cast, now, inner=inner)
        assert {pattern.name for pattern in urlpatterns} == set(keys) | LISTS
        answers[inner] = {name: client.get(reverse(f"rooms:{name}", args=[key])).status_code for name, key in keys.items()}
    assert {name for name, status in answers[True].items() if status == 200} == OPEN
    assert {name for name, status in answers[True].items() if status == 403} == NOT_THEIRS
    assert {name for name, status in answers[True].items() if status == 405} == BUTTONS
    assert answers[True]["circle_page"] == 302, "to the task's page"
    assert set(answers[False].values()) == {404, 405}
    page = client.get(reverse("rooms:my_rooms")).content.decode()
    assert "内部任务" not in page, "no task of the partner's is to be done"
