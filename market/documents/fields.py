"""A form field for uploads that loses nothing: what was uploaded stays attached when the rest of the form must be corrected."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.datastructures import MultiValueDict

from market.documents.actions import store_document
from market.documents.models import Document
from market.documents.queries import own_documents
from market.refusals import sentence
from market.values.actor import Actor
from market.values.refusal import Refusal, Refused

MOST_FILES = 10


class DocumentsInput(forms.ClearableFileInput):
    """The files chosen now, and those attached before (their keys in hidden inputs, each with a box to take it off)."""

    template_name = "documents/documents_input.html"
    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        chosen = files.getlist(name) if isinstance(files, MultiValueDict) else []
        attached = data.getlist(f"{name}-attached") if hasattr(data, "getlist") else []
        removed = set(data.getlist(f"{name}-removed")) if hasattr(data, "getlist") else set()
        return {"chosen": chosen, "attached": [key for key in attached if key not in removed]}

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return False

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = forms.FileInput.get_context(self, name, None, {**(attrs or {}), "multiple": True})
        context["widget"]["attached"] = value if isinstance(value, list) else []
        return context


class DocumentsField(forms.Field):
    """Gives the list of `Document`s. The form must carry the `actor`: its files are stored at once, in the actor's name."""

    widget = DocumentsInput

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.actor: Actor | None = None
        self.stored: list[Document] | None = None

    def clean(self, value: Any) -> list[Document]:
        if self.actor is None:
            raise RuntimeError("a form with uploads is made with the actor")
        attached = own_documents(self.actor.person, value["attached"])
        errors = [] if len(attached) == len(value["attached"]) else [sentence(Refusal("documents.not_yours"))]
        for upload in value["chosen"]:
            self._store(upload, attached, errors)
        # Kept even when something is wrong, so that the page that comes back has them.
        self.stored = attached
        if errors:
            raise ValidationError(errors)
        if self.required and not attached:
            raise ValidationError(self.error_messages["required"])
        return attached

    def _store(self, upload: UploadedFile, attached: list[Document], errors: list[str]) -> None:
        assert self.actor is not None
        try:
            if len(attached) >= MOST_FILES:
                raise Refused([Refusal("documents.too_many", data={"most": MOST_FILES})])
            attached.append(store_document(upload, actor=self.actor, now=timezone.now()))
        except Refused as refused:
            errors += [sentence(refusal) for refusal in refused.refusals]

    def bound_data(self, data: Any, initial: Any) -> Any:
        return self.stored if self.stored is not None else initial


class UploadForm(forms.Form):
    """A form some of whose fields take uploads of this actor."""

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, DocumentsField):
                field.actor = actor
