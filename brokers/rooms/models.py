"""Who works together on a matter, on which tasks, with which papers, and what was said and arranged?"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from brokers.models import Engagement
from brokers.rooms.kinds import MANDATE, Capacity, CircleKind, TaskKind
from brokers.rooms.states import TO_DO, MeetingState, PartyState, RoomState, TaskState
from market.accounts.models import Organisation
from market.documents.models import Document
from market.keys import KeyField

_HERE = (PartyState.INVITED, PartyState.JOINED)


class Room(models.Model):
    """The deal room of one mandate."""

    key = KeyField()
    engagement = models.OneToOneField(Engagement, models.PROTECT, related_name="room")
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    state = models.CharField(max_length=20, choices=RoomState.choices, default=RoomState.OPEN)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(state__in=RoomState.values), name="room_state_known")]
        ordering = ["-opened_at", "-pk"]

    def __str__(self) -> str:
        return self.engagement.title

    def get_absolute_url(self) -> str:
        return reverse("rooms:room_page", args=[self.key])

    @property
    def subject(self) -> str:
        return f"room:{self.key}"


class Party(models.Model):
    """An organisation's place in a room. A partner's is for one task, and there is one for each task it is invited to."""

    key = KeyField()
    room = models.ForeignKey(Room, models.PROTECT, related_name="parties")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="room_places")
    capacity = models.CharField(_("capacity"), max_length=12, choices=Capacity.choices)
    task = models.ForeignKey("Task", models.PROTECT, null=True, related_name="partners")
    asked = models.TextField(_("what is asked for"), blank=True)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    invited_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=20, choices=PartyState.choices, default=PartyState.INVITED)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=PartyState.values), name="room_party_state_known"),
            models.CheckConstraint(
                condition=Q(capacity=Capacity.PARTNER, task__isnull=False) | ~Q(capacity=Capacity.PARTNER) & Q(task__isnull=True),
                name="partner_has_a_task",
            ),
            models.UniqueConstraint(
                fields=["room", "organisation"], condition=Q(task__isnull=True, state__in=_HERE), name="one_place_per_side"
            ),
            models.UniqueConstraint(
                fields=["room", "capacity"], condition=Q(task__isnull=True, state__in=_HERE), name="one_side_per_capacity"
            ),
            models.UniqueConstraint(fields=["task", "organisation"], condition=Q(state__in=_HERE), name="one_place_per_partner"),
        ]
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.organisation.name

    def get_absolute_url(self) -> str:
        return reverse("rooms:invitation_page", args=[self.key])

    @property
    def subject(self) -> str:
        return f"room_party:{self.key}"

    @property
    def runs_the_room(self) -> bool:
        return self.capacity in MANDATE


class Circle(models.Model):
    """Those who hear the same: what is said, put in and arranged in a room belongs to one circle. See `CircleKind`."""

    key = KeyField()
    room = models.ForeignKey(Room, models.PROTECT, related_name="circles")
    kind = models.CharField(_("circle"), max_length=10, choices=CircleKind.choices)
    task = models.OneToOneField("Task", models.PROTECT, null=True, related_name="circle")
    party = models.OneToOneField(Party, models.PROTECT, null=True, related_name="circle")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=CircleKind.TASK, task__isnull=False, party__isnull=True)
                | Q(kind=CircleKind.OWN, task__isnull=True, party__isnull=False)
                | Q(kind__in=[CircleKind.MANDATE, CircleKind.SIDES], task__isnull=True, party__isnull=True),
                name="circle_of_its_kind",
            ),
            models.UniqueConstraint(
                fields=["room", "kind"],
                condition=Q(kind__in=[CircleKind.MANDATE, CircleKind.SIDES]),
                name="one_common_circle_per_kind",
            ),
        ]
        ordering = ["pk"]

    def __str__(self) -> str:
        return str(self.task or self.get_kind_display())

    def get_absolute_url(self) -> str:
        if self.task is not None:
            return self.task.get_absolute_url()
        return reverse("rooms:circle_page", args=[self.key])

    @property
    def subject(self) -> str:
        return f"room_circle:{self.key}"


class Task(models.Model):
    """A step of the matter: who does what by when. The person is one of the owning organisation's, or still to be named by it."""

    key = KeyField()
    room = models.ForeignKey(Room, models.PROTECT, related_name="tasks")
    kind = models.CharField(_("kind"), max_length=20, choices=TaskKind.choices)
    title = models.CharField(_("title"), max_length=120, blank=True)
    details = models.TextField(_("what is to be done"), blank=True)
    owner = models.ForeignKey(Party, models.PROTECT, related_name="tasks")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="room_tasks")
    due_on = models.DateField(_("due on"))
    is_shared = models.BooleanField(_("the counterparty sees it"), default=False)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    set_at = models.DateTimeField()
    # A task once late stays late, whatever day it is put off to.
    overdue_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    outcome = models.TextField(_("outcome"), blank=True)
    evidence: models.ManyToManyField[PaperVersion, models.Model] = models.ManyToManyField(
        "PaperVersion", related_name="evidence_of", blank=True
    )
    reason = models.TextField(_("reason"), blank=True)
    state = models.CharField(max_length=20, choices=TaskState.choices, default=TaskState.OPEN)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(state__in=TaskState.values), name="room_task_state_known")]
        indexes = [models.Index(fields=["due_on"], condition=Q(state__in=TO_DO), name="room_tasks_to_do")]
        ordering = ["due_on", "pk"]

    def __str__(self) -> str:
        return self.title or str(self.get_kind_display())

    def get_absolute_url(self) -> str:
        return reverse("rooms:task_page", args=[self.key])

    @property
    def subject(self) -> str:
        return f"room_task:{self.key}"


class Paper(models.Model):
    """Something put into a circle, in versions, read by those parties of the circle to whom it is open."""

    key = KeyField()
    circle = models.ForeignKey(Circle, models.PROTECT, related_name="papers")
    title = models.CharField(_("title"), max_length=120)
    put_in_by = models.ForeignKey(Party, models.PROTECT, related_name="papers")
    readers = models.ManyToManyField(Party, related_name="papers_to_read")
    put_in_at = models.DateTimeField()

    class Meta:
        ordering = ["put_in_at", "pk"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("rooms:paper_page", args=[self.key])

    @property
    def subject(self) -> str:
        return f"room_paper:{self.key}"


class PaperVersion(models.Model):
    """One version of a paper. Never changed or removed: a later one stands beside it."""

    key = KeyField()
    paper = models.ForeignKey(Paper, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    document = models.ForeignKey(Document, models.PROTECT, related_name="room_versions")
    note = models.CharField(_("what is new"), max_length=200, blank=True)
    party = models.ForeignKey(Party, models.PROTECT, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    put_in_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["paper", "number"], name="one_paper_version_per_number")]
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.paper} v{self.number}"

    def get_absolute_url(self) -> str:
        return reverse("rooms:download_version", args=[self.key])


class Message(models.Model):
    """What somebody said to a circle; to one's own side only, it is a private note."""

    circle = models.ForeignKey(Circle, models.PROTECT, related_name="messages")
    party = models.ForeignKey(Party, models.PROTECT, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    text = models.TextField(_("message"))
    said_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.text[:40]


class ReadMark(models.Model):
    """Up to which message a person has read a circle."""

    circle = models.ForeignKey(Circle, models.CASCADE, related_name="marks")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    up_to = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["circle", "person"], name="one_read_mark_per_person")]

    def __str__(self) -> str:
        return f"{self.circle} {self.person} {self.up_to}"


class Meeting(models.Model):
    """A date for those of a circle. `sequence` counts its changes, by which a calendar knows the latest."""

    key = KeyField()
    circle = models.ForeignKey(Circle, models.PROTECT, related_name="meetings")
    title = models.CharField(_("subject"), max_length=120)
    place = models.CharField(_("place or address of the call"), max_length=200, blank=True)
    agenda = models.TextField(_("agenda"), blank=True)
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    sequence = models.PositiveIntegerField(default=0)
    convener = models.ForeignKey(Party, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()
    state = models.CharField(max_length=20, choices=MeetingState.choices, default=MeetingState.ARRANGED)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=MeetingState.values), name="meeting_state_known"),
            models.CheckConstraint(condition=Q(ends_at__gt=models.F("starts_at")), name="meeting_ends_after_it_begins"),
        ]
        ordering = ["starts_at", "pk"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("rooms:meeting_page", args=[self.key])

    @property
    def subject(self) -> str:
        return f"meeting:{self.key}"
