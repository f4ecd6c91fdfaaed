"""Who has which place in a deal room, and what is open from there?

Nobody has one by an office: a supervisor reads no room either.
"""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404

from brokers.models import Engagement
from brokers.rooms.kinds import MANDATE, SIDES, Capacity, CircleKind
from brokers.rooms.models import Circle, Meeting, Paper, PaperVersion, Party, Room, Task
from brokers.rooms.states import TASK, PartyState, RoomState, TaskEvent
from brokers.states import IN_FORCE
from market.values.actor import Actor, Role
from market.values.refusal import Forbidden, OutOfTurn, Refusal, is_allowed

# What a room is called after.
_MATTER = ("room__engagement__listing__achievement", "room__engagement__demand")


def places(actor: Actor) -> QuerySet[Party]:
    """The actor's places in rooms: those of the acting organisation that were taken and not left.

    A broker institution's belongs to the broker, to the institution's owner, and to whoever has a task there: colleagues who
    work for the other side of the same matter have none.
    """
    own = _of_organisation(actor).filter(state=PartyState.JOINED)
    if actor.has(Role.OWNER):
        return own
    at_work = Exists(Task.objects.filter(owner=OuterRef("pk"), person_id=actor.person or 0))
    return own.filter(~Q(capacity=Capacity.BROKER) | Q(room__engagement__broker__person_id=actor.person) | at_work)


def _of_organisation(actor: Actor) -> QuerySet[Party]:
    if actor.person is None or actor.organisation is None or not actor.has(Role.OWNER, Role.AGENT):
        return Party.objects.none()
    return Party.objects.filter(organisation_id=actor.organisation)


def visible_rooms(actor: Actor) -> QuerySet[Room]:
    """Those in which the actor stands on a side. A partner sees its task, not the room."""
    return Room.objects.filter(pk__in=places(actor).filter(capacity__in=SIDES).values("room")).select_related(
        "engagement__listing__achievement", "engagement__demand", "engagement__principal", "engagement__broker__person"
    )


def room_for(actor: Actor, key: str) -> Room:
    """The door: this room, or 404."""
    return _found(visible_rooms(actor).filter(key=key))


def visible_circles(actor: Actor) -> QuerySet[Circle]:
    """Principal and broker hear everything but others' private notes; the counterparty what is for all sides, the tasks shown to
    it and those it has; a partner its task; everybody their own notes."""
    own = places(actor)
    mandate, counter = own.filter(capacity__in=MANDATE), own.filter(capacity=Capacity.COUNTERPARTY)
    shown = Q(task__is_shared=True) | Q(task__owner__in=counter)
    seen = (
        Q(kind=CircleKind.OWN, party__in=own)
        | Q(room__in=mandate.values("room")) & ~Q(kind=CircleKind.OWN)
        | Q(room__in=counter.values("room")) & (Q(kind=CircleKind.SIDES) | Q(kind=CircleKind.TASK) & shown)
        | Q(kind=CircleKind.TASK, task__in=own.filter(capacity=Capacity.PARTNER).values("task"))
    )
    return Circle.objects.filter(seen).select_related(
        *_MATTER, "task__owner__organisation", "task__person", "party__organisation"
    )


def circle_for(actor: Actor, key: str) -> Circle:
    """The door: this circle, or 404."""
    return _found(visible_circles(actor).filter(key=key))


def visible_tasks(actor: Actor) -> QuerySet[Task]:
    """Those whose circle the actor hears."""
    return Task.objects.filter(circle__in=visible_circles(actor)).select_related(
        *_MATTER, "owner__organisation", "person", "circle"
    )


def task_for(actor: Actor, key: str) -> Task:
    """The door: this task, or 404."""
    return _found(visible_tasks(actor).filter(key=key))


def visible_papers(actor: Actor) -> QuerySet[Paper]:
    """Those in the actor's circles that are open to one of the actor's places."""
    mine = Exists(Paper.readers.through.objects.filter(paper=OuterRef("pk"), party__in=places(actor)))
    return Paper.objects.filter(mine, circle__in=visible_circles(actor)).select_related(
        "circle__room", "circle__task", "put_in_by__organisation"
    )


def paper_for(actor: Actor, key: str) -> Paper:
    """The door: this paper, or 404."""
    return _found(visible_papers(actor).filter(key=key))


def version_for(actor: Actor, key: str) -> PaperVersion:
    """The door: this version of a paper, or 404."""
    versions = PaperVersion.objects.filter(paper__in=visible_papers(actor), key=key)
    return _found(versions.select_related("paper", "document"))


def visible_meetings(actor: Actor) -> QuerySet[Meeting]:
    """Those of the actor's circles."""
    return Meeting.objects.filter(circle__in=visible_circles(actor)).select_related(
        *(f"circle__{path}" for path in _MATTER), "circle__task", "convener__organisation"
    )


def meeting_for(actor: Actor, key: str) -> Meeting:
    """The door: this meeting, or 404."""
    return _found(visible_meetings(actor).filter(key=key))


def visible_parties(actor: Actor) -> QuerySet[Party]:
    """Principal and broker know everybody in the room, the counterparty the sides, and everybody their own invitations."""
    own = places(actor)
    seen = (
        Q(pk__in=_of_organisation(actor).exclude(capacity__in=MANDATE))
        | Q(room__in=own.filter(capacity__in=MANDATE).values("room"))
        | Q(room__in=own.filter(capacity=Capacity.COUNTERPARTY).values("room"), capacity__in=SIDES)
    )
    return Party.objects.filter(seen).select_related("organisation", "task", *_MATTER, "room__engagement__principal")


def party_for(actor: Actor, key: str) -> Party:
    """The door: this place, or 404."""
    return _found(visible_parties(actor).filter(key=key))


def hearers(circle: Circle) -> QuerySet[Party]:
    """The places from which this circle is heard; as `visible_circles` has it, seen from the other end."""
    here = Party.objects.filter(room_id=circle.room_id, state=PartyState.JOINED).select_related("organisation")
    if circle.kind == CircleKind.OWN:
        return here.filter(circle=circle)
    if circle.task is None:
        return here.filter(capacity__in=MANDATE if circle.kind == CircleKind.MANDATE else SIDES)
    at_work = Q(pk=circle.task.owner_id) | Q(task_id=circle.task_id)
    return here.filter(at_work | Q(capacity__in=SIDES if circle.task.is_shared else MANDATE))


def place_in(actor: Actor, circle: Circle) -> Party:
    """The place from which the actor hears this circle: a side's, before that of a partner for its task. 404 without one."""
    here = places(actor).filter(room_id=circle.room_id).select_related("organisation")
    return _found(here.filter(Q(task__isnull=True) | Q(task_id=circle.task_id)))


def _found[T](rows: QuerySet[T]) -> T:  # type: ignore[type-var]
    found = rows.first()
    if found is None:
        raise Http404
    return found


def require_no_room(engagement: Engagement) -> None:
    """Raises `OutOfTurn` unless the mandate is in force, without a room."""
    if engagement.state not in IN_FORCE:
        raise OutOfTurn([Refusal("rooms.not_in_force")])
    if Room.objects.filter(engagement=engagement).exists():
        raise OutOfTurn([Refusal("rooms.room_exists")])


def require_open(room: Room) -> None:
    """Raises `OutOfTurn` where nothing more is written."""
    if room.state != RoomState.OPEN:
        raise OutOfTurn([Refusal("rooms.closed")])


def require_to_do(task: Task) -> None:
    """Raises `OutOfTurn` for a task that is over, or lies in a closed room."""
    require_open(task.room)
    TASK.move(task.state, TaskEvent.CHANGE)


def places_in(actor: Actor, room: Room) -> list[Party]:
    """The actor's places in this room; one question for all that a page asks of them."""
    return list(places(actor).filter(room=room))


def runs(here: Collection[Party]) -> bool:
    """True for the principal and the broker, by their places in a room."""
    return any(party.runs_the_room for party in here)


def require_mandate(actor: Actor, room: Room) -> None:
    """Raises `Forbidden` unless the actor is of the principal or the broker's institution."""
    if not runs(places_in(actor, room)):
        raise Forbidden([Refusal("rooms.mandate_only")])


def require_party_mover(actor: Actor, party: Party, by: str) -> None:
    """Raises `Forbidden` unless the actor has the role that the move is by. Those who run the room stay in it."""
    is_own = _of_organisation(actor).filter(pk=party.pk).exists()
    if by == "invited":
        if not is_own:
            raise Forbidden([Refusal("rooms.invited_only")])
        return
    if party.runs_the_room:
        raise Forbidden([Refusal("rooms.side_stays")])
    if not (is_own and by == "mandate_or_invited"):
        require_mandate(actor, party.room)


def may_move_party(actor: Actor, party: Party, by: str) -> bool:
    """True when `require_party_mover` lets the actor pass."""
    return is_allowed(lambda: require_party_mover(actor, party, by))


def owns(here: Collection[Party], task: Task) -> bool:
    """True for those of the party that has the task, by their places in its room."""
    return any(party.pk == task.owner_id for party in here)


def may_move_task(here: Collection[Party], task: Task, by: str) -> bool:
    """True for those who have the role that the move is by."""
    return owns(here, task) if by == "task_owner" else runs(here)


def require_task_mover(actor: Actor, task: Task, by: str) -> None:
    """Raises `Forbidden` unless the actor has the role that the move is by."""
    if not may_move_task(places_in(actor, task.room), task, by):
        raise Forbidden([Refusal("rooms.owner_only" if by == "task_owner" else "rooms.mandate_only")])


def require_convener(actor: Actor, meeting: Meeting) -> None:
    """Raises `Forbidden` unless the actor is of the side that arranged the meeting."""
    if not places(actor).filter(pk=meeting.convener_id).exists():
        raise Forbidden([Refusal("rooms.convener_only")])


def require_opener(actor: Actor, paper: Paper) -> None:
    """Raises `Forbidden` unless the actor is of the party that put the paper in."""
    if not places(actor).filter(pk=paper.put_in_by_id).exists():
        raise Forbidden([Refusal("rooms.others_paper")])
