"""What happens to files by itself: those that wait are scanned."""

from datetime import datetime, timedelta

from django.conf import settings

from market.documents.actions import scan_document
from market.documents.queries import documents_to_scan
from market.events.registry import Sweep, sweep


def scan_waiting_documents(now: datetime) -> None:
    if settings.CLAMD_ADDRESS:
        for document in documents_to_scan()[:50]:
            scan_document(document, now=now)


sweep(Sweep("documents.scan_waiting", scan_waiting_documents, every=timedelta(seconds=5)))
