"""With a scanner configured a file waits for its verdict; only "clean" releases it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client, override_settings

from market.documents.actions import store_document
from market.documents.models import Document
from market.documents.tasks import scan_waiting_documents
from market.events.models import Event
from market.refusals import sentence
from market.values.refusal import Refusal
from tests.conftest import NOW
from tests.documents.scanner import clamd_that_says
from tests.documents_made import PDF, a_document, an_upload
from tests.people import Cast, Member

pytestmark = pytest.mark.django_db

type SignIn = Callable[[Member], Client]

THREAT = b"the part by which the scanner knows it"


@pytest.fixture
def waiting(cast: Cast) -> Document:
    with override_settings(CLAMD_ADDRESS="127.0.0.1:1"):
        document = a_document(cast.university_agent.actor)
    assert document.state == "pending"
    return document


def scanned(document: Document, address: str) -> str:
    with override_settings(CLAMD_ADDRESS=address):
        scan_waiting_documents(NOW)
    document.refresh_from_db()
    return document.state


def test_nobody_reads_a_file_before_its_scan(waiting: Document, cast: Cast, sign_in: SignIn) -> None:
    answer = sign_in(cast.university_agent).get(waiting.get_absolute_url())

    assert answer.status_code == 409
    assert sentence(Refusal("documents.waiting_for_scan")) in answer.content.decode()


def test_a_clean_file_is_released(waiting: Document, cast: Cast, sign_in: SignIn) -> None:
    with clamd_that_says(b"stream: OK\n") as address:
        assert scanned(waiting, address) == "released"

    assert sign_in(cast.university_agent).get(waiting.get_absolute_url()).status_code == 200
    assert Event.objects.filter(name="document.released", subject=waiting.subject).count() == 1


def test_a_threat_is_quarantined_and_handed_to_nobody(cast: Cast, sign_in: SignIn) -> None:
    with clamd_that_says(b"stream: OK\n", threat=THREAT) as address:
        with override_settings(CLAMD_ADDRESS=address):
            document = store_document(
                an_upload(content=PDF.replace(b"trailer", THREAT + b"\ntrailer")), actor=cast.university_agent.actor, now=NOW
            )
        assert scanned(document, address) == "quarantined"

    answer = sign_in(cast.university_agent).get(document.get_absolute_url())
    assert answer.status_code == 409
    assert sentence(Refusal("documents.quarantined")) in answer.content.decode()
    assert Event.objects.filter(name="document.quarantined", subject=document.subject).count() == 1


@pytest.mark.parametrize(
    "answer",
    [
        b"INSTREAM size limit exceeded. ERROR\n",
        b"stream: Can't allocate memory ERROR\n",
        b"",
        b"\n",
        b"nonsense\n",
        b"stream: FOUND OK maybe\n",
    ],
    ids=["too long", "error", "hangs up", "silent", "nonsense", "unclear"],
)
def test_a_scan_that_failed_is_not_clean(waiting: Document, answer: bytes) -> None:
    events = Event.objects.count()

    with clamd_that_says(answer) as address:
        assert scanned(waiting, address) == "pending"

    assert Event.objects.count() == events


def test_a_scanner_that_is_away_leaves_the_file_waiting_until_it_is_back(waiting: Document) -> None:
    assert scanned(waiting, "127.0.0.1:1") == "pending"

    with clamd_that_says(b"stream: OK\n") as address:
        assert scanned(waiting, address) == "released"


def test_without_a_scanner_the_inspection_of_the_content_releases(cast: Cast) -> None:
    assert a_document(cast.university_agent.actor).state == "released"
