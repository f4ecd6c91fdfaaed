"""Who may read a file: its uploader, and whoever may see an object that holds it."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404

from market.documents.models import Document
from market.values.actor import Actor

type Door = Callable[[Actor, Document], bool]

_DOORS: list[Door] = []


def grant(door: Door) -> None:
    """Lets a higher app say who may read the files that its objects hold; called once, when the app is ready."""
    _DOORS.append(door)


def document_for(actor: Actor, key: str) -> Document:
    """The door: this file, or 404."""
    document = Document.objects.filter(key=key).first()
    if document is None or not may_read(actor, document):
        raise Http404
    return document


def may_read(actor: Actor, document: Document) -> bool:
    """True for whoever uploaded it, and for those to whom a holder of the file opens its door."""
    if actor.person is not None and document.uploaded_by_id == actor.person:
        return True
    return any(door(actor, document) for door in _DOORS)
