"""What the pages of contracts and their recognition answer: nothing typed is lost, and nothing happens twice or to strangers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from contracts.actions.contracts import terms_of
from contracts.actions.decisions import recognise_contract, return_application
from contracts.forms.contracts import initial_of
from contracts.models import Application, Registration, Sheet, TechnologyContract
from contracts.queries.contracts import digest_of
from listings.models.deals import Deal
from market.events.models import Event
from market.values.money import Money
from tests.contracts.builders import a_contract, a_registration, an_application, answer_flags
from tests.documents_made import PDF, an_upload
from tests.listings.builders import a_deal
from tests.people import Cast, Member

pytestmark = pytest.mark.django_db

type SignIn = Callable[[Member], Client]


def _typed(contract: TechnologyContract, **changes: str) -> dict[str, str]:
    values = {name: str(value) for name, value in initial_of(terms_of(contract)).items() if value not in (False, None)}
    return values | changes


def test_a_deal_becomes_a_contract_once_however_often_one_clicks(cast: Cast, now: datetime, sign_in: SignIn) -> None:
    deal: Deal = a_deal(cast, now)
    client = sign_in(cast.university_agent)
    assert client.post(f"/contracts/from-deal/{deal.key}/").status_code == 302
    assert client.post(f"/contracts/from-deal/{deal.key}/").status_code == 409
    assert TechnologyContract.objects.count() == 1
    assert sign_in(cast.outsider).post(f"/contracts/from-deal/{deal.key}/").status_code == 404


def test_a_wrong_part_stands_beside_its_field_and_everything_typed_stays(cast: Cast, now: datetime, sign_in: SignIn) -> None:
    contract = a_contract(cast, now, agreed=False)
    typed = _typed(contract, equipment="2,000,000", liability="双方保密五年。", sub_kind="training")
    events = Event.objects.count()
    response = sign_in(cast.enterprise_agent).post(f"{contract.get_absolute_url()}change/", typed)
    assert response.status_code == 422
    assert {"equipment", "sub_kind"} <= set(response.context["form"].errors)
    html = response.content.decode()
    assert "双方保密五年。" in html
    assert "2,000,000" in html
    assert Event.objects.count() == events


def test_who_agrees_to_a_stale_page_is_shown_the_new_terms_first(cast: Cast, now: datetime, sign_in: SignIn) -> None:
    contract = a_contract(cast, now, agreed=False)
    before = digest_of(contract)
    changed = _typed(contract, liability="双方保密五年。")
    assert sign_in(cast.enterprise_agent).post(f"{contract.get_absolute_url()}change/", changed).status_code == 302
    client = sign_in(cast.university_agent)
    assert client.post(f"{contract.get_absolute_url()}agree/", {"digest": before}).status_code == 409
    contract.refresh_from_db()
    digest = digest_of(contract)
    assert client.post(f"{contract.get_absolute_url()}agree/", {"digest": digest}).status_code == 302
    assert client.post(f"{contract.get_absolute_url()}agree/", {"digest": digest}).status_code == 409
    contract.refresh_from_db()
    assert contract.state == "half_agreed"


WITH_SCRIPT = PDF.replace(b"/Type/Catalog", b"/Type/Catalog/OpenAction<</S/JavaScript/JS(app.alert(1))>>")
PAPERS = {"is_undertaken": "on"}


def test_of_a_deals_contract_only_contact_and_papers_are_typed_and_only_after_the_pre_check_is_it_applied_for(
    cast: Cast, now: datetime, sign_in: SignIn
) -> None:
    contract = a_contract(cast, now, deal=a_deal(cast, timezone.now()))
    client = sign_in(cast.university_agent)
    begun = client.post(f"{contract.get_absolute_url()}form/")
    address = begun.url
    assert [step["step"] for step in client.get(address).context["steps"] if step["state"] == "todo"] == ["details", "papers"]
    typed = {"contact": "办公室", "contact_phone": "0349-1234567", "explanation": "竞价成交", "version": "1"}
    assert client.post(f"{address}details/", typed).status_code == 302
    for number, files in enumerate(
        (
            {"documents-attached": "unknown"},
            {"documents": an_upload(content=b"MZ")},
            {"documents": an_upload(content=WITH_SCRIPT)},
        )
    ):
        response = client.post(f"{address}papers/", {**PAPERS, **files, "version": str(2 + number)})
        assert response.status_code == 422
        assert "documents" in response.context["form"].errors
    assert client.post(f"{address}submit/").status_code == 422, "the pre-check misses the contract's text"
    assert not Application.objects.exists()
    assert client.post(f"{address}papers/", {**PAPERS, "documents": an_upload(), "version": "5"}).status_code == 302
    assert client.post(f"{address}submit/").status_code == 302
    assert client.post(f"{address}submit/").status_code == 409
    assert client.post(f"{contract.get_absolute_url()}form/").status_code == 409, "no second application for one contract"
    assert Application.objects.count() == 1


def test_what_was_returned_is_corrected_in_the_same_form_with_the_papers_that_are_there(
    cast: Cast, now: datetime, sign_in: SignIn
) -> None:
    application = an_application(cast, timezone.now(), contract=a_contract(cast, timezone.now()))
    return_application(application, reason="缺少签章页", actor=cast.registrar.actor, now=timezone.now())
    client = sign_in(cast.university_agent)
    assert "form/" in client.get(application.get_absolute_url()).content.decode()
    address = client.post(f"{application.contract.get_absolute_url()}form/").url
    sheet = Sheet.objects.get()
    assert list(sheet.documents.all()) == list(application.documents.all())
    typed = {"contact": "办公室", "contact_phone": "0349-1234567", "explanation": "竞价成交", "version": "1"}
    assert client.post(f"{address}details/", typed).status_code == 302
    attached = application.documents.get().key
    assert client.post(f"{address}papers/", {**PAPERS, "documents-attached": attached, "version": "2"}).status_code == 302
    assert client.post(f"{address}submit/").status_code == 302
    application.refresh_from_db()
    assert (application.state, Application.objects.count()) == ("submitted", 1)


def test_a_form_left_open_over_a_decision_decides_nothing_and_keeps_what_was_typed(
    cast: Cast, now: datetime, sign_in: SignIn
) -> None:
    application = an_application(cast, now)
    answer_flags(cast, application, now)
    client, address = sign_in(cast.second_registrar), f"{application.get_absolute_url()}refuse/"
    assert client.get(address).status_code == 200
    recognise_contract(application, technology_value=Money(application.technology_value_fen), actor=cast.registrar.actor, now=now)
    events = Event.objects.count()
    late = client.post(address, {"code": "other", "reason": "我写了很久的理由"})
    assert late.status_code == 409
    assert "我写了很久的理由" in late.content.decode()
    assert (Registration.objects.count(), Event.objects.count()) == (1, events)


def test_my_contracts_come_in_pages(cast: Cast, now: datetime, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("market.pages.PER_PAGE", 1)
    first, second = a_contract(cast, now, agreed=False), a_contract(cast, now, agreed=False, deal=a_deal(cast, now))
    client = sign_in(cast.university_agent)
    shown = [list(client.get("/contracts/", {"p": page}).context["contracts"]) for page in (1, 2)]
    assert sorted(it.pk for page in shown for it in page) == sorted([first.pk, second.pk])
    assert [len(page) for page in shown] == [1, 1]


def test_a_registrar_of_another_region_finds_no_contract_application_or_registration(
    cast: Cast, now: datetime, sign_in: SignIn
) -> None:
    registration = a_registration(cast, now)
    cast.bureau.region = "330100"
    cast.bureau.save()
    client = sign_in(cast.registrar)
    for address in (
        registration.contract.get_absolute_url(),
        registration.application.get_absolute_url(),
        f"/contracts/registrations/{registration.number}/certificate.pdf",
        f"/contracts/registrations/{registration.number}/revoke/",
    ):
        assert client.get(address).status_code == 404, address
    assert sign_in(cast.supervisor).get(registration.contract.get_absolute_url()).status_code == 200


def test_the_parties_and_officials_see_the_story_and_others_nothing(cast: Cast, now: datetime, sign_in: SignIn) -> None:
    contract = a_registration(cast, now).contract
    application = contract.applications.get()
    for member in (cast.university_agent, cast.university_finance, cast.enterprise_agent, cast.registrar, cast.supervisor):
        for thing in (contract, application):
            response = sign_in(member).get(thing.get_absolute_url())
            assert response.status_code == 200
            assert len(response.context["page"].story) > 12
    for member in (cast.outsider, cast.rival_agent, cast.broker):
        for thing in (contract, application):
            assert sign_in(member).get(thing.get_absolute_url()).status_code == 404


def test_only_a_registrar_decides(cast: Cast, now: datetime, sign_in: SignIn) -> None:
    application = an_application(cast, now)
    typed = {"reason": "缺少签章页", "technology_value": "1", "code": "other"}
    for member in (cast.university_agent, cast.supervisor, cast.enterprise_agent):
        client = sign_in(member)
        assert client.post(f"{application.get_absolute_url()}return/", typed).status_code == 403
        # Those that are final are asked of a fresh sign-in first, whoever one is.
        for act in ("recognise", "refuse"):
            response = client.post(f"{application.get_absolute_url()}{act}/", typed)
            assert response.status_code == 403 or "/reauthenticate/" in response.headers["Location"]
    application.refresh_from_db()
    assert application.state == "submitted"
    assert not Registration.objects.exists()


def test_who_applied_withdraws_once(cast: Cast, now: datetime, sign_in: SignIn) -> None:
    application = an_application(cast, now)
    client, address = sign_in(cast.university_agent), f"{application.get_absolute_url()}withdraw/"
    assert sign_in(cast.enterprise_agent).post(address).status_code == 403
    assert client.post(address).status_code == 302
    assert client.post(address).status_code == 409


def test_the_day_of_correction_is_shown_as_unconfirmed_and_the_registry_may_refuse_after_it(
    cast: Cast, now: datetime, sign_in: SignIn
) -> None:
    application = an_application(cast, now)
    return_application(application, reason="附件缺页", actor=cast.registrar.actor, now=now)
    page = f"/en/contracts/applications/{application.key}/"
    seller, registry = (sign_in(member).get(page).content.decode() for member in (cast.university_agent, cast.registrar))
    for text in (seller, registry):
        assert "to be confirmed" in text
        assert "overdue" in text, "the views' clock is long past the day"
    refuse = reverse("contracts:refuse_application", args=[application.key])
    assert refuse in registry
    assert refuse not in seller
