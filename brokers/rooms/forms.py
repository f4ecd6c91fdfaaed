"""What those in a deal room type."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from brokers.rooms.actions.meetings import MeetingTerms
from brokers.rooms.actions.tasks import TaskTerms
from brokers.rooms.kinds import Capacity, TaskKind
from brokers.rooms.models import Meeting, Paper, Party, Room, Task
from brokers.rooms.queries import people_of, possible_owners
from market.accounts.models import Organisation
from market.accounts.queries import verified_organisation
from market.documents.fields import DocumentsField, UploadForm
from market.documents.models import Document
from market.fields import DayField, InstantField
from market.values.actor import Actor
from market.values.social_code import normal_social_code


class OpenRoomForm(forms.Form):
    kinds = forms.MultipleChoiceField(
        label=_("Tasks to begin with"),
        choices=TaskKind.choices,
        widget=forms.CheckboxSelectMultiple,
        initial=TaskKind.values,
        required=False,
        help_text=_("Each has an owner and a due day, which you can change in the room; others can be added."),
    )


class TaskForm(forms.Form):
    """A task of this room. Of one's own side each person can be chosen; others name theirs themselves."""

    kind = forms.ChoiceField(label=_("Kind"), choices=TaskKind.choices)
    title = forms.CharField(label=_("Title"), max_length=120, required=False, help_text=_("Empty for the name of its kind."))
    details = forms.CharField(
        label=_("What is to be done"), widget=forms.Textarea(attrs={"rows": 4}), max_length=2000, required=False
    )
    owner = forms.ChoiceField(label=_("Who does it"))
    due_on = DayField(label=_("Due on"))
    is_shared = forms.BooleanField(
        label=_("The counterparty sees it"),
        required=False,
        help_text=_("With all that was said in it; documents stay closed until they are opened one by one."),
    )

    def __init__(self, *args: Any, room: Room, actor: Actor, task: Task | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self._owners = {
            f"{party.key}:{person or ''}": (party, person, name)
            for party in possible_owners(room, task)
            for person, name in _doers(party, room, actor, task)
        }
        self.fields["owner"].choices = [(value, name) for value, (_party, _person, name) in self._owners.items()]  # type: ignore[attr-defined]

    def to_terms(self) -> TaskTerms:
        data = self.cleaned_data
        party, person, _name = self._owners[data["owner"]]
        return TaskTerms(
            kind=data["kind"],
            owner=party,
            due_on=data["due_on"],
            person=person,
            title=data["title"],
            details=data["details"],
            is_shared=data["is_shared"],
        )


def _doers(party: Party, room: Room, actor: Actor, task: Task | None) -> Iterable[tuple[int | None, str]]:
    """Nobody in particular, whoever has the task now, the broker, and one's own people."""
    name = party.organisation.name
    people = {person.pk: str(person) for person in people_of(party)} if party.organisation_id == actor.organisation else {}
    if party.capacity == Capacity.BROKER:
        people[room.engagement.broker.person_id] = str(room.engagement.broker.person)
    if task is not None and task.owner_id == party.pk and task.person is not None:
        people[task.person.pk] = str(task.person)
    return [(None, name), *((pk, f"{name} · {person}") for pk, person in people.items())]


def typed_task(task: Task) -> dict[str, Any]:
    """The form's initial values: the task as it stands."""
    return {
        "kind": task.kind,
        "title": task.title,
        "details": task.details,
        "owner": f"{task.owner.key}:{task.person_id or ''}",
        "due_on": task.due_on,
        "is_shared": task.is_shared,
    }


class FinishTaskForm(UploadForm):
    outcome = forms.CharField(
        label=_("Outcome"), widget=forms.Textarea(attrs={"rows": 4}), max_length=2000, help_text=_("What came of it.")
    )
    papers = forms.ModelMultipleChoiceField(
        label=_("Documents of this task that show it"),
        queryset=Paper.objects.none(),
        to_field_name="key",
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    attachments = DocumentsField(label=_("New documents that show it"), required=False)

    def __init__(self, *args: Any, papers: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["papers"].queryset = papers  # type: ignore[attr-defined]
        if not papers:
            del self.fields["papers"]


class _AskedForm(forms.Form):
    asked = forms.CharField(
        label=_("What you ask of them"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
        help_text=_("They read this before they accept, and nothing else."),
    )


class InvitePartnerForm(_AskedForm):
    code = forms.CharField(
        label=_("Unified social credit code"), max_length=40, help_text=_("Of a verified service provider or institution.")
    )
    field_order = ("code", "asked")

    def clean_code(self) -> Organisation:
        found = verified_organisation(normal_social_code(self.cleaned_data["code"]))
        if found is None:
            raise forms.ValidationError(_("No verified organisation has this unified social credit code."))
        return found


class InviteCounterpartyForm(_AskedForm):
    organisation = forms.ModelChoiceField(
        label=_("Counterparty"), queryset=Organisation.objects.none(), to_field_name="key", empty_label=None
    )
    field_order = ("organisation", "asked")

    def __init__(self, *args: Any, organisations: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["organisation"].queryset = organisations  # type: ignore[attr-defined]


class ReadersForm(forms.Form):
    """To whom of the circle a paper is open, beside those who put it in."""

    readers = forms.ModelMultipleChoiceField(
        label=_("Open to"),
        queryset=Party.objects.none(),
        to_field_name="key",
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Beside your own side."),
    )

    def __init__(self, *args: Any, others: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["readers"].queryset = others  # type: ignore[attr-defined]
        if not others:
            del self.fields["readers"]

    @property
    def chosen(self) -> list[Party]:
        return list(self.cleaned_data.get("readers") or ())


class _OneFileForm(UploadForm):
    """A form with exactly one file."""

    file = DocumentsField(label=_("File"), help_text=_("One file."))

    def clean_file(self) -> Document:
        first, *more = self.cleaned_data["file"]
        if more:
            raise forms.ValidationError(_("One file at a time, please."))
        return first  # type: ignore[no-any-return]


class PaperForm(ReadersForm, _OneFileForm):
    title = forms.CharField(label=_("Title"), max_length=120)
    field_order = ("title", "file", "readers")


class VersionForm(_OneFileForm):
    note = forms.CharField(label=_("What is new"), max_length=200, required=False)


class MessageForm(forms.Form):
    text = forms.CharField(label=_("Message"), widget=forms.Textarea(attrs={"rows": 3}), max_length=4000)


class MeetingForm(forms.Form):
    title = forms.CharField(label=_("Subject"), max_length=120)
    starts_at = InstantField(label=_("Begins"))
    ends_at = InstantField(label=_("Ends"))
    place = forms.CharField(label=_("Place or address of the call"), max_length=200, required=False)
    agenda = forms.CharField(label=_("Agenda"), widget=forms.Textarea(attrs={"rows": 4}), max_length=2000, required=False)

    def to_terms(self) -> MeetingTerms:
        return MeetingTerms(**self.cleaned_data)


def typed_meeting(meeting: Meeting) -> dict[str, Any]:
    """The form's initial values: the meeting as it stands."""
    return {name: getattr(meeting, name) for name in MeetingForm.base_fields}
