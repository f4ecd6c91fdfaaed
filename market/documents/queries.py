"""Which files are there?"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet, Sum

from market.documents.models import Document
from market.documents.states import DocumentState


def bytes_of(person: int | None) -> int:
    """How much this person has uploaded."""
    total = Document.objects.filter(uploaded_by_id=person).aggregate(total=Sum("size"))["total"]
    return int(total or 0)


def own_documents(person: int | None, keys: Iterable[str]) -> list[Document]:
    """Those of this person's files with these keys, in their order."""
    found = {document.key: document for document in Document.objects.filter(uploaded_by_id=person, key__in=list(keys))}
    return [found[key] for key in keys if key in found]


def documents_to_scan() -> QuerySet[Document]:
    """Those that wait for the scanner, longest first."""
    return Document.objects.filter(state=DocumentState.PENDING).order_by("pk")
