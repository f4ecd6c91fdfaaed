"""The registrars' desk: what waits, how long still, what the radar found, and what may be done about it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from contracts.actions.decisions import propose_decision
from contracts.models import Application, Change, Registration
from market.values.money import Money
from tests.contracts.builders import a_large_application, a_registration, an_application
from tests.documents_made import an_upload
from tests.people import Cast, Member

pytestmark = pytest.mark.django_db

type SignIn = Callable[[Member], Client]


def test_the_queue_shows_how_much_time_is_left(cast: Cast, now: datetime, sign_in: SignIn) -> None:
    today = timezone.now()
    late, fresh = an_application(cast, now), an_application(cast, today)
    rows = sign_in(cast.registrar).get("/en/contracts/desk/").context["rows"]
    assert [(row.application.pk, row.light) for row in rows] == [(late.pk, "bad"), (fresh.pk, "good")]


def test_signs_rank_the_queue_when_asked(cast: Cast, now: datetime, sign_in: SignIn) -> None:
    first, second = an_application(cast, now), an_application(cast, now + timedelta(days=1))
    Application.objects.filter(pk=second.pk).update(weight=200)
    client = sign_in(cast.registrar)
    by_day = [row.application.pk for row in client.get("/contracts/desk/").context["rows"]]
    by_signs = [row.application.pk for row in client.get("/contracts/desk/?order=signs").context["rows"]]
    assert (by_day, by_signs) == ([first.pk, second.pk], [second.pk, first.pk])


def test_a_large_contract_goes_through_two_hands_in_the_browser(cast: Cast, now: datetime, sign_in: SignIn) -> None:
    application = a_large_application(cast, now)
    address = f"/contracts/applications/{application.key}/"
    first = sign_in(cast.registrar)
    answer = first.post(f"{address}recognise/", {"technology_value": "6000000"})
    assert answer.status_code == 422
    assert first.post(f"{address}propose/", {"proposal": "recognise", "technology_value": "6000000"}).status_code == 302
    assert first.post(f"{address}recognise/", {"technology_value": "6000000"}).status_code == 403
    second = sign_in(cast.second_registrar)
    assert second.post(f"{address}recognise/", {"technology_value": "6000000"}).status_code == 302
    assert Registration.objects.get().application == application


def test_a_box_to_tick_appears_with_reading_and_nothing_chosen_is_refused(cast: Cast, now: datetime, sign_in: SignIn) -> None:
    application = an_application(cast, now)
    client = sign_in(cast.registrar)
    assert 'type="checkbox" name="application"' not in client.get("/contracts/desk/").content.decode()
    assert client.post("/contracts/desk/recognise/").status_code == 422
    assert client.post("/contracts/desk/recognise/", {"application": application.key}).status_code == 422
    assert client.post(f"/contracts/applications/{application.key}/read/").status_code == 302
    assert 'type="checkbox" name="application"' in client.get("/contracts/desk/").content.decode()
    for flag in application.flags.all():
        client.post(f"/contracts/applications/{application.key}/signs/{flag.code}/", {"answer": "已核对原件"})
    assert client.post("/contracts/desk/recognise/", {"application": application.key}).status_code == 302
    assert Registration.objects.count() == 1


def test_a_form_left_open_over_a_decision_says_so_and_keeps_what_was_typed(cast: Cast, now: datetime, sign_in: SignIn) -> None:
    application = a_large_application(cast, now)
    value = Money(application.technology_value_fen)
    propose_decision(application, proposal="recognise", value=value, actor=cast.registrar.actor, now=now)
    client = sign_in(cast.second_registrar)
    typed = {"proposal": "refuse", "technology_value": "6000000", "code": "other", "reason": "打开已久的页面上的理由"}
    answer = client.post(f"/contracts/applications/{application.key}/propose/", typed)
    assert answer.status_code == 409
    assert "打开已久的页面上的理由" in answer.content.decode()


def test_a_change_is_asked_for_by_the_seller_and_entered_by_the_registry(cast: Cast, now: datetime, sign_in: SignIn) -> None:
    registration = a_registration(cast, now)
    address = f"/contracts/registrations/{registration.number}/"
    typed = {"kind": "amount", "contract_value": "1250000", "technology_value": "1000000", "reason": "补充协议"}
    assert sign_in(cast.enterprise_agent).post(f"{address}change/", typed).status_code == 403
    seller = sign_in(cast.university_agent)
    assert seller.post(f"{address}change/", typed).status_code == 422, "without proof"
    assert seller.post(f"{address}change/", {**typed, "documents": an_upload()}).status_code == 302
    change = Change.objects.get()
    registrar = sign_in(cast.registrar)
    page = registrar.get(f"/en/contracts/applications/{registration.application.key}/").content.decode()
    assert "1,250,000.00" in page
    assert "1,000,000.00" in page
    assert registrar.post(f"{address}changes/{change.key}/enter/").status_code == 302
    registration.refresh_from_db()
    assert registration.technology_value == Money.yuan("1000000")


def test_a_refused_seller_appeals_and_the_supervisor_answers(cast: Cast, now: datetime, sign_in: SignIn) -> None:
    moment = timezone.now()
    application = an_application(cast, moment)
    client = sign_in(cast.registrar)
    for flag in application.flags.all():
        client.post(f"/contracts/applications/{application.key}/signs/{flag.code}/", {"answer": "已核对原件"})
    address = f"/contracts/applications/{application.key}/"
    assert client.post(f"{address}refuse/", {"code": "other", "reason": "不属于技术合同"}).status_code == 302
    assert sign_in(cast.university_agent).post(f"{address}appeal/", {"grounds": "合同有明确的技术内容"}).status_code == 302
    assert client.post(f"{address}appeal/grant/", {"answer": "同意"}).status_code == 403
    supervisor = sign_in(cast.supervisor)
    assert "合同有明确的技术内容" in supervisor.get(f"{address}appeal/grant/").content.decode()
    assert supervisor.post(f"{address}appeal/grant/", {"answer": "重新审查"}).status_code == 302
    application.refresh_from_db()
    assert application.state == "submitted"
