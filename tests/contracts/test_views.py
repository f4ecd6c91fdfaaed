"""What the pages of contracts and their recognition answer: nothing typed is lost, and nothing happens twice or to strangers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from contracts.actions.contracts import terms_of
from contracts.actions.decisions import return_application
from contracts.forms.contracts import initial_of
from contracts.models import Application, Registration, TechnologyContract
from contracts.queries.contracts import digest_of
from listings.models.deals import Deal
from market.events.models import Event
from tests.contracts.builders import a_contract, a_registration, an_application
from tests.documents_made import an_upload
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


def test_a_file_that_is_not_what_it_says_applies_for_nothing(cast: Cast, now: datetime, sign_in: SignIn) -> None:
    contract = a_contract(cast, now)
    client, address = sign_in(cast.university_agent), f"{contract.get_absolute_url()}apply/"
    for files in ({"documents-attached": "unknown"}, {"documents": an_upload(content=b"MZ")}):
        response = client.post(address, files)
        assert response.status_code == 422
        assert "documents" in response.context["form"].errors
    assert not Application.objects.exists()
    assert client.post(address, {"documents": an_upload()}).status_code == 302
    assert client.post(address, {"documents": an_upload()}).status_code == 409
    assert Application.objects.count() == 1


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
