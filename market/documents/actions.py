"""Storing uploaded files, and releasing or quarantining them after the scan."""

from __future__ import annotations

import hashlib
import logging
from datetime import datetime
from typing import Protocol

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction

from market.documents.models import Document
from market.documents.queries import bytes_of
from market.documents.rules import LARGEST_FILE, Inspected, inspect
from market.documents.scanner import ScannerAway, scan
from market.documents.states import DOCUMENT, DocumentEvent
from market.events.actions import record
from market.keys import random_key
from market.values.actor import CLOCK, Actor
from market.values.refusal import Refusal, Refused

log = logging.getLogger(__name__)

QUOTA = 500 * 1024 * 1024


class Upload(Protocol):
    """What a web framework hands over of an uploaded file."""

    @property
    def name(self) -> str | None: ...

    @property
    def size(self) -> int | None: ...

    def read(self, size: int = -1, /) -> bytes: ...


@transaction.atomic
def store_document(upload: Upload, *, actor: Actor, now: datetime) -> Document:
    """The file is stored under a random name. Event: document.stored.

    With a scanner configured it waits for the scan before anybody can read it; without one (as in the embedded
    settings) the inspection of its content alone releases it. Refused as `rules.inspect` says, or beyond the quota.
    """
    inspected = _inspected(upload)
    if bytes_of(actor.person) + len(inspected.content) > QUOTA:
        raise Refused([Refusal("documents.quota_used_up", data={"largest": QUOTA // 1024 // 1024})])
    document = Document(
        name=inspected.name,
        content_type=inspected.content_type,
        size=len(inspected.content),
        sha256=hashlib.sha256(inspected.content).hexdigest(),
        uploaded_by_id=actor.person,
        uploaded_at=now,
    )
    document.file.save(random_key(24), ContentFile(inspected.content), save=False)
    document.save()
    record(
        "document.stored",
        subject=document.subject,
        actor=actor,
        now=now,
        sha256=document.sha256,
        size=document.size,
        name=document.name,
    )
    if not settings.CLAMD_ADDRESS:
        _finish(document, DocumentEvent.PASS, now=now)
    return document


def _inspected(upload: Upload) -> Inspected:
    if (upload.size or 0) > LARGEST_FILE:
        raise Refused([Refusal("documents.too_large", data={"largest": LARGEST_FILE // 1024 // 1024})])
    result = inspect(upload.name or "", upload.read())
    if isinstance(result, list):
        raise Refused(result)
    return result


def scan_document(document: Document, *, now: datetime) -> None:
    """The file is released or quarantined; it stays waiting when the scanner is away or fails, for that is not "clean"."""
    try:
        with document.file.open("rb") as content:
            is_clean = scan(content)
    except ScannerAway as error:
        log.warning("document %s not scanned: %s", document.key, error)
        return
    with transaction.atomic():
        locked = Document.objects.select_for_update().get(pk=document.pk)
        event = DocumentEvent.PASS if is_clean else DocumentEvent.FAIL
        if DOCUMENT.may(locked.state, event):
            _finish(locked, event, now=now)


@transaction.atomic
def note_reading(document: Document, *, actor: Actor, now: datetime) -> None:
    """An official has read a file that is not theirs. Event: document.read."""
    record("document.read", subject=document.subject, actor=actor, now=now)


def _finish(document: Document, event: DocumentEvent, *, now: datetime) -> None:
    _set_state(document, DOCUMENT.move(document.state, event).to)
    name = "document.released" if event == DocumentEvent.PASS else "document.quarantined"
    record(name, subject=document.subject, actor=CLOCK, now=now)


def _set_state(document: Document, state: str) -> None:
    document.state = state
    document.save(update_fields=["state"])
