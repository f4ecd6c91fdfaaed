"""Uploads through the pages: what is wrong is said beside the field, nothing is lost, and a file is only ever a download."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings
from django.urls import reverse
from django.utils.html import escape

from listings.models.achievements import Achievement
from market.documents import actions
from market.documents.actions import store_document
from market.documents.models import Document
from market.events.models import Event
from market.refusals import sentence
from market.settings import base
from market.values.refusal import Refusal, Refused
from tests.conftest import NOW
from tests.documents.corpus import EICAR, EXE, docx, picture
from tests.documents_made import PDF, a_document, an_upload
from tests.listings.builders import ABSTRACT
from tests.people import Cast, Member

pytestmark = pytest.mark.django_db

type SignIn = Callable[[Member], Client]

TYPED = {
    "title": "低热值煤循环流化床稳燃技术",
    "kind": "applied",
    "industry": "power",
    "abstract": ABSTRACT,
    "keywords": "稳燃",
    "maturity": "pilot_scale",
    "completed_on": "2025-06-30",
    "funding_source": "none",
    "inventors-TOTAL_FORMS": "1",
    "inventors-INITIAL_FORMS": "0",
    "inventors-0-name": "发明人甲",
    "inventors-0-share": "100",
    "patents-TOTAL_FORMS": "0",
    "patents-INITIAL_FORMS": "0",
}


def test_a_bad_file_is_named_beside_the_field_and_nothing_else_is_lost(cast: Cast, sign_in: SignIn) -> None:
    browser, address = sign_in(cast.university_agent), reverse("listings:draft_achievement")
    huge = SimpleUploadedFile("巨大.pdf", b"%PDF-" + b" " * 30 * 1024 * 1024, "application/pdf")

    answer = browser.post(address, {**TYPED, "documents": [an_upload("鉴定报告.pdf"), an_upload("假.pdf", EXE), huge]})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert escape(sentence(Refusal("documents.not_what_it_says", data={"name": "假.pdf"}))) in page
    assert escape(sentence(Refusal("documents.too_large", data={"largest": 20}))) in page
    for typed in (TYPED["title"], ABSTRACT, "发明人甲", "2025-06-30"):
        assert typed in page
    kept = Document.objects.get()
    assert kept.name == "鉴定报告.pdf"
    assert f'name="documents-attached" value="{kept.key}"' in page
    assert "鉴定报告.pdf" in page
    assert not Achievement.objects.exists()

    answer = browser.post(address, {**TYPED, "documents-attached": [kept.key]})

    assert answer.status_code == 302
    assert list(Achievement.objects.get().documents.all()) == [kept]


def test_files_are_kept_when_something_else_is_wrong(cast: Cast, sign_in: SignIn) -> None:
    browser, address = sign_in(cast.university_agent), reverse("listings:draft_achievement")

    wrong_share = browser.post(address, {**TYPED, "inventors-0-share": "40", "documents": [an_upload("鉴定报告.pdf")]})

    assert wrong_share.status_code == 422
    assert f'value="{Document.objects.get().key}"' in wrong_share.content.decode()


def test_a_file_attached_before_can_be_taken_off(cast: Cast, sign_in: SignIn) -> None:
    first, second = (a_document(cast.university_agent.actor, name) for name in ("一.pdf", "二.pdf"))

    sign_in(cast.university_agent).post(
        reverse("listings:draft_achievement"),
        {**TYPED, "documents-attached": [first.key, second.key], "documents-removed": [first.key]},
    )

    assert list(Achievement.objects.get().documents.all()) == [second]


def test_somebody_elses_file_cannot_be_attached(cast: Cast, sign_in: SignIn) -> None:
    foreign = a_document(cast.enterprise_agent.actor, "机密方案.pdf")

    answer = sign_in(cast.university_agent).post(
        reverse("listings:draft_achievement"), {**TYPED, "documents-attached": [foreign.key]}
    )

    assert answer.status_code == 422
    assert sentence(Refusal("documents.not_yours")) in answer.content.decode()
    assert "机密方案" not in answer.content.decode()
    assert not Achievement.objects.exists()


def test_at_most_ten_files_are_taken(cast: Cast, sign_in: SignIn) -> None:
    answer = sign_in(cast.university_agent).post(
        reverse("listings:draft_achievement"), {**TYPED, "documents": [an_upload(f"{n}.pdf") for n in range(12)]}
    )

    assert answer.status_code == 422
    assert sentence(Refusal("documents.too_many", data={"most": 10})) in answer.content.decode()
    assert Document.objects.count() == 10


def test_a_path_in_the_name_leaves_no_trace(cast: Cast, sign_in: SignIn) -> None:
    sign_in(cast.university_agent).post(
        reverse("listings:draft_achievement"), {**TYPED, "documents": [an_upload("../../../etc/passwd.pdf")]}
    )

    document = Document.objects.get()
    assert document.name == "passwd.pdf"
    assert document.file.name != document.name
    assert set(document.file.name) <= set("23456789abcdefghjkmnpqrstuvwxyz")


@pytest.mark.parametrize(("name", "content"), [("合同.pdf", PDF), ("a.docx", docx()), ("照片.png", picture())])
def test_a_file_is_handed_out_as_a_download_that_cannot_run(name: str, content: bytes, cast: Cast, sign_in: SignIn) -> None:
    document = store_document(an_upload(name, content, "text/html"), actor=cast.university_agent.actor, now=NOW)

    answer = sign_in(cast.university_agent).get(document.get_absolute_url())

    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith("attachment;")
    assert answer["Content-Type"] == document.content_type != "text/html"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert "no-store" in answer["Cache-Control"]
    assert b"".join(answer.streaming_content).startswith(content[:8])  # type: ignore[attr-defined]


def test_a_name_cannot_write_headers(cast: Cast, sign_in: SignIn) -> None:
    document = store_document(an_upload('a"; filename="b.exe.pdf'), actor=cast.university_agent.actor, now=NOW)

    disposition = sign_in(cast.university_agent).get(document.get_absolute_url())["Content-Disposition"]

    assert "\n" not in disposition
    assert '\\"' in disposition or "filename*=" in disposition


def test_strangers_do_not_find_the_file(cast: Cast, sign_in: SignIn) -> None:
    document = a_document(cast.university_agent.actor)

    for member in (cast.enterprise_agent, cast.outsider, cast.registrar, cast.administrator):
        assert sign_in(member).get(document.get_absolute_url()).status_code == 404
    assert Client().get(document.get_absolute_url())["Location"].startswith("/accounts/login/")


def test_files_lie_outside_the_media_folder_and_have_no_address_of_their_own(cast: Cast, sign_in: SignIn) -> None:
    folder = Path(base.STORAGES["documents"]["OPTIONS"]["location"])
    assert Path(settings.MEDIA_ROOT) not in [folder, *folder.parents]
    document = a_document(cast.university_agent.actor)
    for guess in (f"/media/{document.file.name}", f"/media/documents/{document.file.name}", f"/files/{document.file.name}/"):
        assert sign_in(cast.university_agent).get(guess, follow=True).status_code == 404


def test_reading_by_an_official_is_recorded(cast: Cast, sign_in: SignIn) -> None:
    sign_in(cast.university_agent).post(reverse("listings:draft_achievement"), {**TYPED, "documents": [an_upload()]})
    Achievement.objects.update(state="submitted")
    document = Document.objects.get()

    assert sign_in(cast.registrar).get(document.get_absolute_url()).status_code == 200

    event = Event.objects.get(name="document.read")
    assert (event.subject, event.person) == (document.subject, cast.registrar.person.pk)


def test_one_person_has_a_quota(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "QUOTA", 2 * len(PDF))
    for _n in range(2):
        a_document(cast.university_agent.actor)

    with pytest.raises(Refused) as refused:
        a_document(cast.university_agent.actor)

    assert [refusal.code for refusal in refused.value.refusals] == ["documents.quota_used_up"]
    assert Document.objects.count() == 2
    assert a_document(cast.enterprise_agent.actor).pk


@pytest.mark.parametrize("name", ["a.txt", "a.pdf"])
def test_a_virus_is_refused_without_a_scanner_too(name: str, cast: Cast) -> None:
    with pytest.raises(Refused):
        store_document(an_upload(name, EICAR), actor=cast.university_agent.actor, now=NOW)

    assert not Document.objects.exists()


@override_settings(CLAMD_ADDRESS="127.0.0.1:1")
def test_a_pending_file_stays_in_the_form(cast: Cast, sign_in: SignIn) -> None:
    sign_in(cast.university_agent).post(reverse("listings:draft_achievement"), {**TYPED, "documents": [an_upload()]})

    assert Achievement.objects.get().documents.get().state == "pending"
