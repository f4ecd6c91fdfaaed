"""Files as people upload them."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from market.documents.actions import store_document
from market.documents.models import Document
from market.values.actor import Actor

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def an_upload(name: str = "合同.pdf", content: bytes = PDF, content_type: str = "application/pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type)


def a_document(actor: Actor, name: str = "合同.pdf") -> Document:
    return store_document(an_upload(name), actor=actor, now=timezone.now())
