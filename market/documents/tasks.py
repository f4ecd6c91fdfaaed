"""What happens to files by itself: those that wait are scanned."""

from datetime import datetime, timedelta

from django.conf import settings

from market.documents.actions import scan_document
from market.documents.queries import documents_to_scan
from market.events.registry import Sweep, sweep
from market.events.work import do_each


def scan_waiting_documents(now: datetime) -> None:
    if settings.CLAMD_ADDRESS:
        do_each("documents.scan", documents_to_scan(), lambda document: scan_document(document, now=now), now=now, at_most=50)


sweep(Sweep("documents.scan_waiting", scan_waiting_documents, every=timedelta(seconds=5)))
