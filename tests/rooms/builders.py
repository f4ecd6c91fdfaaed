"""Deal rooms with their people, tasks and papers, built through the actions that lead there."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from brokers.models import Engagement
from brokers.rooms.actions.meetings import MeetingTerms, arrange_meeting, cancel_meeting
from brokers.rooms.actions.papers import put_in_paper
from brokers.rooms.actions.parties import accept_invitation, invite_counterparty, invite_partner
from brokers.rooms.actions.rooms import close_room, open_room
from brokers.rooms.actions.tasks import TaskTerms, begin_task, drop_task, finish_task, set_task
from brokers.rooms.models import Circle, Meeting, Paper, Party, Room, Task
from brokers.rooms.permissions import hearers
from market.accounts.models import Organisation, OrganisationKind
from market.values.actor import Role
from tests.brokers.builders import an_engagement
from tests.documents_made import a_document
from tests.listings.builders import a_listing
from tests.people import Cast, Member, a_member, an_organisation

LATER = date(2030, 6, 30)
ASKED = "请审阅许可合同草案。"


def a_lawyer(cast: Cast) -> Member:
    """Somebody of a law firm of this cast's world."""
    world = cast.broker.person.email.partition("@")[2]
    firm = Organisation.objects.filter(name=f"Law firm {world}").first()
    if firm is None:
        number = int(cast.institution.social_credit_code[8:16]) + 50
        firm = an_organisation(f"Law firm {world}", OrganisationKind.SERVICE_PROVIDER, number)
    return a_member(f"lawyer@{world}", firm, Role.OWNER, Role.AGENT)


def a_room(
    cast: Cast,
    now: datetime,
    *,
    kinds: Collection[str] = (),
    state: str = "open",
    engagement: Engagement | None = None,
) -> Room:
    """The room of the enterprise's mandate to the broker, about a listing of the university."""
    engagement = engagement or an_engagement(cast, a_listing(cast, now), now)
    room = open_room(engagement, kinds, actor=cast.enterprise_agent.actor, now=now)
    return room if state == "open" else close_room(room, actor=cast.broker.actor, now=now)


def party_of(room: Room, member: Member) -> Party:
    return Party.objects.get(room=room, organisation=member.organisation, task=None)


def circle_of(room: Room, kind: str) -> Circle:
    return Circle.objects.get(room=room, kind=kind)


def a_task(
    cast: Cast, now: datetime, *, room: Room | None = None, owner: Member | None = None, state: str = "open", **changes: object
) -> Task:
    """A task of the broker, in which a paper need not show what was done."""
    room = room or a_room(cast, now)
    owner = owner or cast.broker
    given: dict[str, object] = {"kind": "negotiation", "owner": party_of(room, owner), "due_on": LATER, **changes}
    task = set_task(room, TaskTerms(**given), actor=cast.enterprise_agent.actor, now=now)  # type: ignore[arg-type]
    if state == "under_way":
        return begin_task(task, actor=owner.actor, now=now)
    if state == "done":
        return finish_task(task, "已谈妥。", files=[], papers=[], actor=owner.actor, now=now)
    if state == "dropped":
        return drop_task(task, "不再需要。", actor=cast.broker.actor, now=now)
    return task


def a_partner(cast: Cast, now: datetime, *, task: Task | None = None, joined: bool = True) -> Party:
    """The law firm, invited to a task."""
    lawyer = a_lawyer(cast)
    party = invite_partner(task or a_task(cast, now), lawyer.organisation, asked=ASKED, actor=cast.broker.actor, now=now)
    return accept_invitation(party, actor=lawyer.actor, now=now) if joined else party


def a_counterparty(cast: Cast, now: datetime, *, room: Room | None = None, joined: bool = True) -> Party:
    """The university, the seller of the listing."""
    party = invite_counterparty(room or a_room(cast, now), cast.university, asked=ASKED, actor=cast.broker.actor, now=now)
    return accept_invitation(party, actor=cast.university_agent.actor, now=now) if joined else party


def a_paper(
    circle: Circle, member: Member, now: datetime, *, title: str = "合同草案", readers: Sequence[Party] | None = None
) -> Paper:
    """Open to everybody of the circle, where nothing else is said."""
    open_to = list(hearers(circle)) if readers is None else readers
    return put_in_paper(circle, title, a_document(member.actor, f"{title}.pdf"), open_to, actor=member.actor, now=now)


def some_meeting(now: datetime, **changes: object) -> MeetingTerms:
    begins = now + timedelta(days=3)
    given: dict[str, object] = {"title": "技术交流", "starts_at": begins, "ends_at": begins + timedelta(hours=1)}
    return MeetingTerms(**given | changes)  # type: ignore[arg-type]


def a_meeting(circle: Circle, member: Member, now: datetime, *, cancelled: bool = False, **changes: object) -> Meeting:
    meeting = arrange_meeting(circle, some_meeting(now, **changes), actor=member.actor, now=now)
    return cancel_meeting(meeting, actor=member.actor, now=now) if cancelled else meeting


@dataclass(frozen=True)
class Full:
    """A room with everybody in it: two tasks, one of them shown to the counterparty, the law firm at work on the other."""

    room: Room
    shared: Task
    inner: Task
    partner: Party
    counterparty: Party


def a_full_room(cast: Cast, now: datetime, *, secret: str = "") -> Full:
    room = a_room(cast, now)
    shared = a_task(cast, now, room=room, is_shared=True, title=f"{secret}共同任务")
    inner = a_task(cast, now, room=room, title=f"{secret}内部任务")
    counterparty = a_counterparty(cast, now, room=room)
    return Full(room, shared, inner, a_partner(cast, now, task=inner), counterparty)
