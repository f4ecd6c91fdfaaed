"""Who could be in a room, what is to be done, what is new, and what has happened?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from django.db.models import Count, F, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from brokers.models import Engagement
from brokers.rooms.kinds import SIDES, Capacity
from brokers.rooms.models import Circle, Meeting, Message, Paper, PaperVersion, Party, ReadMark, Room, Task
from brokers.rooms.permissions import (
    places,
    places_in,
    runs,
    visible_circles,
    visible_meetings,
    visible_papers,
    visible_parties,
    visible_tasks,
)
from brokers.rooms.states import TO_DO, MeetingState, PartyState
from brokers.states import IntroductionState
from listings.demands.models.demands import Demand
from listings.models.deals import Deal
from listings.states.deals import DealState
from market.accounts.models import Membership, Organisation, Person
from market.events.models import Event
from market.events.queries import timeline
from market.values.actor import Actor, Role


class _HasSubject(Protocol):
    @property
    def subject(self) -> str: ...


_TRADING = (Role.OWNER, Role.AGENT)


def counterparties_of(engagement: Engagement) -> QuerySet[Organisation]:
    """Whom the matter knows as its other side: the seller of the listing or whoever has the demand, the other party of a deal
    about it, and whoever was introduced under this mandate."""
    matter = engagement.matter
    owner = matter.organisation_id if isinstance(matter, Demand) else matter.seller_id
    sold = Deal.objects.filter(listing=engagement.listing_id, seller=engagement.principal_id).exclude(state=DealState.FAILED)
    introduced = engagement.introductions.filter(state=IntroductionState.CONFIRMED)
    known = Q(pk=owner) | Q(pk__in=sold.values("buyer")) | Q(pk__in=introduced.values("introduced"))
    return Organisation.objects.filter(known).exclude(pk=engagement.principal_id).order_by("name", "pk")


def is_in_room(organisation: Organisation | None, room: Room, **place: object) -> bool:
    """True when this place in the room is taken or waits for an answer: by this organisation, or by any where none is named."""
    taken = Party.objects.filter(room=room, state__in=[PartyState.INVITED, PartyState.JOINED], **place)
    return taken.exists() if organisation is None else taken.filter(organisation=organisation).exists()


def possible_owners(room: Room, task: Task | None = None) -> QuerySet[Party]:
    """Who can have a task in this room: the sides, and the partners that were invited to it."""
    here = Party.objects.filter(room=room, state=PartyState.JOINED).select_related("organisation")
    return here.filter(Q(capacity__in=SIDES) | Q(task__isnull=False, task=task))


def people_of(party: Party) -> QuerySet[Person]:
    """Those who could do a task for this party."""
    own = Membership.objects.filter(organisation_id=party.organisation_id, role__in=_TRADING)
    return Person.objects.filter(pk__in=own.values("person"), is_active=True).order_by("name", "pk")


def overdue_tasks(today: date) -> QuerySet[Task]:
    """Those to be done whose day is past, and whose owner was not told yet."""
    return Task.objects.filter(state__in=TO_DO, due_on__lt=today, overdue_at__isnull=True).order_by("pk")


def own_tasks(actor: Actor) -> QuerySet[Task]:
    """What the actor has to do in all rooms, the most urgent first: tasks in the actor's name, and those nobody was named for."""
    in_name = Q(person_id=actor.person) | Q(person__isnull=True)
    return visible_tasks(actor).filter(in_name, owner__in=places(actor), state__in=TO_DO).order_by("due_on", "pk")


def own_invitations(actor: Actor) -> QuerySet[Party]:
    """Those that wait for the acting organisation's answer."""
    waiting = visible_parties(actor).filter(organisation_id=actor.organisation or 0, state=PartyState.INVITED)
    return waiting.order_by("invited_at", "pk")


def with_unread(circles: QuerySet[Circle], reader: Actor) -> QuerySet[Circle]:
    """Each circle with `unread`, the number of messages that others said since this person last read it."""
    mark = ReadMark.objects.filter(circle=OuterRef("pk"), person_id=reader.person or 0).values("up_to")[:1]
    new = Q(messages__pk__gt=F("read_up_to")) & ~Q(messages__person_id=reader.person)
    marked = circles.annotate(read_up_to=Coalesce(Subquery(mark), 0))
    return marked.annotate(unread=Count("messages", filter=new))


def circles_in(actor: Actor, room: Room) -> list[Circle]:
    """The circles of this room that the actor hears, each with `unread`; with them the tasks that the actor sees."""
    return list(with_unread(visible_circles(actor).filter(room=room), actor))


def tasks_of(circles: Iterable[Circle]) -> list[Task]:
    """The tasks of these circles, those to be done first, each with `unread` of its circle."""
    tasks = []
    for circle in circles:
        if circle.task is not None:
            circle.task.unread = circle.unread  # type: ignore[attr-defined]
            tasks.append(circle.task)
    return sorted(tasks, key=lambda task: (task.state not in TO_DO, task.due_on, task.pk))


@dataclass(frozen=True, slots=True)
class Contents:
    """What lies in some circles, as far as the reader may know it: papers with their versions, meetings, and what has happened."""

    papers: list[Paper]
    meetings: list[Meeting]
    events: QuerySet[Event]

    def coming(self, now: datetime) -> list[Meeting]:
        """The meetings that are not over."""
        return [meeting for meeting in self.meetings if meeting.state == MeetingState.ARRANGED and meeting.ends_at > now]


def contents_of(actor: Actor, circles: Sequence[Circle], *around: _HasSubject) -> Contents:
    """The contents of these circles, which the actor hears; `around` are other things whose story is told with them."""
    papers = list(with_versions(visible_papers(actor).filter(circle__in=circles).order_by("-put_in_at", "-pk")))
    meetings = list(visible_meetings(actor).filter(circle__in=circles))
    tasks = [circle.task for circle in circles if circle.task is not None]
    things: list[_HasSubject] = [*around, *circles, *tasks, *papers, *meetings]
    return Contents(papers, meetings, timeline(thing.subject for thing in things))


def with_versions(papers: QuerySet[Paper]) -> QuerySet[Paper]:
    """Each paper with its versions, the latest first, and its readers; two more questions for all of them."""
    versions = PaperVersion.objects.order_by("-number").select_related("party__organisation")
    return papers.prefetch_related(
        Prefetch("versions", versions), Prefetch("readers", Party.objects.select_related("organisation"))
    )


def versions_of(paper: Paper) -> QuerySet[PaperVersion]:
    """All versions of this paper, the latest first."""
    return paper.versions.order_by("-number").select_related("document", "person", "party__organisation")


def readers_of(paper: Paper) -> QuerySet[Party]:
    """To whom this paper is open."""
    return paper.readers.select_related("organisation").order_by("pk")


def latest_messages(circle: Circle, limit: int = 100) -> list[Message]:
    """The last so many, oldest first."""
    found = circle.messages.select_related("person", "party__organisation").order_by("-pk")[:limit]
    return list(found)[::-1]


def messages_after(circle: Circle, after: int, limit: int = 100) -> list[Message]:
    """What was said after this message, oldest first."""
    found = circle.messages.filter(pk__gt=after).select_related("person", "party__organisation")
    return list(found.order_by("pk")[:limit])


@dataclass(frozen=True, slots=True)
class Around:
    """Who is in a room, as far as the reader may know it, the reader's own places among them, and what else its story is told of."""

    parties: list[Party]
    here: list[Party]
    told: list[_HasSubject]

    @property
    def has_counterparty(self) -> bool:
        return any(party.capacity == Capacity.COUNTERPARTY and party.state == PartyState.JOINED for party in self.parties)


def around_room(actor: Actor, room: Room) -> Around:
    """Those in the room and those who were; principal and broker are told of their mandate too."""
    parties = list(visible_parties(actor).filter(room=room))
    here = places_in(actor, room)
    return Around(parties, here, [room, *parties, *([room.engagement] if runs(here) else [])])
