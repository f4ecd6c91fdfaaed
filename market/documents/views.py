"""Handing out uploaded files: always as a download, never to be run in the page."""

from django.contrib.auth.decorators import login_required
from django.http import FileResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from market.documents.actions import note_reading
from market.documents.models import Document
from market.documents.permissions import document_for
from market.documents.states import DocumentState
from market.requests import MarketRequest
from market.values.refusal import OutOfTurn, Refusal


@login_required
@require_safe
def download_document(request: MarketRequest, key: str) -> FileResponse:
    document = document_for(request.actor, key)
    answer = file_answer(document)
    if request.actor.is_official and document.uploaded_by_id != request.actor.person:
        note_reading(document, actor=request.actor, now=timezone.now())
    return answer


def file_answer(document: Document) -> FileResponse:
    """The file for whoever may read it. Raises `OutOfTurn` until it is scanned, and where something was found in it."""
    if document.state != DocumentState.RELEASED:
        code = "quarantined" if document.state == DocumentState.QUARANTINED else "waiting_for_scan"
        raise OutOfTurn([Refusal(f"documents.{code}")])
    response = FileResponse(
        document.file.open("rb"), as_attachment=True, filename=document.name, content_type=document.content_type
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    response._csp_config = {"default-src": ["'none'"], "sandbox": True}  # type: ignore[attr-defined]
    return response
