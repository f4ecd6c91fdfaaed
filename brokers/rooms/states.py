"""The life of a deal room, of somebody's place in it, of a task, and of a meeting."""

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy

from market.values.machine import Machine, Move


class RoomState(TextChoices):
    OPEN = "open", pgettext_lazy("deal room state", "Open")
    CLOSED = "closed", pgettext_lazy("deal room state", "Closed")


class RoomEvent(TextChoices):
    CLOSE = "close", pgettext_lazy("deal room event", "Close the room")
    REOPEN = "reopen", pgettext_lazy("deal room event", "Open the room again")


ROOM = Machine(
    "room",
    RoomState.OPEN,
    final=(),
    moves=[
        Move(RoomState.OPEN, RoomEvent.CLOSE, RoomState.CLOSED, by="mandate"),
        Move(RoomState.CLOSED, RoomEvent.REOPEN, RoomState.OPEN, by="mandate"),
    ],
)


class PartyState(TextChoices):
    INVITED = "invited", pgettext_lazy("room party state", "Invited")
    JOINED = "joined", pgettext_lazy("room party state", "In the room")
    DECLINED = "declined", pgettext_lazy("room party state", "Declined")
    ENDED = "ended", pgettext_lazy("room party state", "Left")


class PartyEvent(TextChoices):
    ACCEPT = "accept", pgettext_lazy("room party event", "Accept")
    DECLINE = "decline", pgettext_lazy("room party event", "Decline")
    END = "end", pgettext_lazy("room party event", "End the invitation")


P = PartyState

PARTY = Machine(
    "room_party",
    P.INVITED,
    final={P.DECLINED, P.ENDED},
    moves=[
        Move(P.INVITED, PartyEvent.ACCEPT, P.JOINED, by="invited"),
        Move(P.INVITED, PartyEvent.DECLINE, P.DECLINED, by="invited"),
        Move(P.INVITED, PartyEvent.END, P.ENDED, by="mandate"),
        # Whoever was invited may leave; the principal and the broker stay as long as the room stands.
        Move(P.JOINED, PartyEvent.END, P.ENDED, by="mandate_or_invited"),
    ],
)


class TaskState(TextChoices):
    OPEN = "open", pgettext_lazy("task state", "Open")
    UNDER_WAY = "under_way", pgettext_lazy("task state", "Under way")
    DONE = "done", pgettext_lazy("task state", "Done")
    DROPPED = "dropped", pgettext_lazy("task state", "Dropped")


class TaskEvent(TextChoices):
    BEGIN = "begin", pgettext_lazy("task event", "Begin")
    CHANGE = "change", pgettext_lazy("task event", "Change")
    FINISH = "finish", pgettext_lazy("task event", "Finish")
    DROP = "drop", pgettext_lazy("task event", "Drop")


T = TaskState

TASK = Machine(
    "room_task",
    T.OPEN,
    final={T.DONE, T.DROPPED},
    moves=[
        Move(T.OPEN, TaskEvent.BEGIN, T.UNDER_WAY, by="task_owner"),
        Move(T.OPEN, TaskEvent.FINISH, T.DONE, by="task_owner"),
        Move(T.UNDER_WAY, TaskEvent.FINISH, T.DONE, by="task_owner"),
        Move(T.OPEN, TaskEvent.CHANGE, T.OPEN, by="mandate"),
        Move(T.UNDER_WAY, TaskEvent.CHANGE, T.UNDER_WAY, by="mandate"),
        Move(T.OPEN, TaskEvent.DROP, T.DROPPED, by="mandate"),
        Move(T.UNDER_WAY, TaskEvent.DROP, T.DROPPED, by="mandate"),
    ],
)
# Still to be done.
TO_DO = (T.OPEN, T.UNDER_WAY)


class MeetingState(TextChoices):
    ARRANGED = "arranged", pgettext_lazy("meeting state", "Arranged")
    CANCELLED = "cancelled", pgettext_lazy("meeting state", "Cancelled")


class MeetingEvent(TextChoices):
    MOVE = "move", pgettext_lazy("meeting event", "Change")
    CANCEL = "cancel", pgettext_lazy("meeting event", "Cancel the meeting")


MEETING = Machine(
    "meeting",
    MeetingState.ARRANGED,
    final={MeetingState.CANCELLED},
    moves=[
        Move(MeetingState.ARRANGED, MeetingEvent.MOVE, MeetingState.ARRANGED, by="convener"),
        Move(MeetingState.ARRANGED, MeetingEvent.CANCEL, MeetingState.CANCELLED, by="convener"),
    ],
)
