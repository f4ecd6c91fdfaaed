"""What the pages of brokers, mandates and commissions answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal

import pytest
from django.test import Client

from brokers.actions.commissions import credit_commissions
from brokers.models import Broker, Engagement, Introduction
from market.events.models import Event
from tests.brokers.builders import a_broker, an_engagement
from tests.documents_made import an_upload
from tests.listings.builders import a_deal, a_listing
from tests.people import Cast, Member, an_organisation

pytestmark = pytest.mark.django_db

TERMS = {"scope": "寻找买方并陪同洽谈。", "valid_until": "2099-01-01", "due_when": "recognition", "tail_months": "6"}

type SignIn = Callable[[Member], Client]


def test_a_person_applies_with_a_certificate_and_an_official_verifies_it_once(cast: Cast, now: datetime, sign_in: SignIn) -> None:
    typed = {
        "level": "senior",
        "certificate_number": "JS20240001",
        "valid_until": "2099-12-31",
        "introduction": "从事能源领域技术转移十年。",
    }
    client = sign_in(cast.broker)
    refused = client.post("/brokers/apply/", typed)
    assert refused.status_code == 422
    assert "从事能源领域技术转移十年。" in refused.content.decode()
    assert client.post("/brokers/apply/", {**typed, "evidence": an_upload("证书.pdf")}).status_code == 302
    broker = Broker.objects.get()
    assert sign_in(cast.outsider).get(broker.get_absolute_url()).status_code == 404
    assert client.post(f"{broker.get_absolute_url()}verify/").status_code == 403
    official = sign_in(cast.supervisor)
    assert official.post(f"{broker.get_absolute_url()}verify/").status_code == 302
    assert official.post(f"{broker.get_absolute_url()}verify/").status_code == 409
    assert sign_in(cast.outsider).get(broker.get_absolute_url()).status_code == 200


def test_a_mandate_with_rate_and_fixed_sum_keeps_what_was_typed(cast: Cast, now: datetime, sign_in: SignIn) -> None:
    listing, broker = a_listing(cast, now), a_broker(cast, now)
    typed = {**TERMS, "broker": broker.key, "rate": "3", "fixed": "1万"}
    client, address = sign_in(cast.enterprise_agent), f"/brokers/engagements/for/{listing.number}/"
    events = Event.objects.count()
    response = client.post(address, typed)
    assert response.status_code == 422
    assert "寻找买方并陪同洽谈。" in response.content.decode()
    assert (Engagement.objects.count(), Event.objects.count()) == (0, events)
    assert client.post(address, {**typed, "fixed": ""}).status_code == 302
    assert client.post(address, {**typed, "fixed": ""}).status_code == 409
    assert Engagement.objects.get().side == "buyer"


def test_a_broker_proposes_brackets_and_shares_to_the_seller_who_asks_for_other_terms(
    cast: Cast, now: datetime, sign_in: SignIn
) -> None:
    listing, broker = a_listing(cast, now), a_broker(cast, now)
    partner = an_organisation("某律师事务所", "service_provider", 77)
    typed = TERMS | {"top_1": "100万", "rate_1": "5", "rate_2": "3", "cap": "10万", "due_when": "receipt"}
    typed |= {"partner_1": partner.social_credit_code, "share_1": "20"}
    client, address = sign_in(cast.broker), f"/brokers/engagements/for/{listing.number}/"
    assert client.post(address, typed | {"partner_1": "91110000000000000X"}).status_code == 422
    assert client.post(address, typed).status_code == 302
    engagement = Engagement.objects.get()
    assert (engagement.principal, engagement.side, engagement.proposed_by_broker) == (cast.university, "seller", True)
    assert {it.organisation: it.share for it in engagement.shares.all()} == {
        broker.institution: Decimal("0.8"),
        partner: Decimal("0.2"),
    }
    seller, page = sign_in(cast.university_agent), engagement.get_absolute_url()
    form = seller.get(f"{page}terms/").context["form"]
    again = {name: "" if field.value() is None else str(field.value()) for name, field in ((f.name, f) for f in form)}
    again = {name: value for name, value in again.items() if value not in ("False", "")}
    assert seller.post(f"{page}terms/", again).status_code == 422, "nothing was changed"
    assert seller.post(f"{page}terms/", again | {"rate_1": "4", "note": "首段请降至百分之四。"}).status_code == 302
    assert seller.post(f"{page}terms/", again | {"rate_1": "3"}).status_code == 403, "it is the broker's turn"
    html = client.get(page).content.decode()
    assert "<del>不超过 1,000,000.00 元的部分 5%" in html
    assert "首段请降至百分之四。" in html
    assert client.post(f"{page}sign/", {"version": "1"}).status_code == 409, "these terms were replaced"
    assert client.post(f"{page}sign/", {"version": "2"}).status_code == 302


def test_a_disputed_mandate_waits_for_a_supervisor(cast: Cast, now: datetime, sign_in: SignIn) -> None:
    page = an_engagement(cast, a_listing(cast, now), now).get_absolute_url()
    assert sign_in(cast.broker).post(f"{page}dispute/", {"reason": "委托方绕开经纪方签约。"}).status_code == 302
    assert "委托方绕开经纪方签约。" in sign_in(cast.enterprise_agent).get(page).content.decode()
    assert sign_in(cast.enterprise_agent).post(f"{page}end/", {"reason": "不再需要"}).status_code == 409
    official = sign_in(cast.supervisor)
    assert f"{page}dispute/decide/" in official.get(page).content.decode()
    assert official.post(f"{page}dispute/decide/", {"stands": "no", "grounds": ""}).status_code == 422
    assert official.post(f"{page}dispute/decide/", {"stands": "no", "grounds": "信任已失。"}).status_code == 302
    assert Engagement.objects.get().state == "ended"


def test_only_its_two_sides_and_supervisors_see_a_mandate(cast: Cast, now: datetime, sign_in: SignIn) -> None:
    engagement = an_engagement(cast, a_listing(cast, now), now)
    for member in (cast.enterprise_agent, cast.broker, cast.supervisor):
        response = sign_in(member).get(engagement.get_absolute_url())
        assert response.status_code == 200
        assert len(response.context["story"]) == 2
    for member in (cast.university_agent, cast.outsider, cast.registrar):
        assert sign_in(member).get(engagement.get_absolute_url()).status_code == 404


def test_a_signature_counts_once_and_a_signed_mandate_is_not_declined(cast: Cast, now: datetime, sign_in: SignIn) -> None:
    engagement = an_engagement(cast, a_listing(cast, now), now, signed=False)
    client, address = sign_in(cast.broker), engagement.get_absolute_url()
    assert client.post(f"{address}sign/").status_code == 409, "nobody says which terms were read"
    assert client.post(f"{address}sign/", {"version": "1"}).status_code == 302
    assert client.post(f"{address}sign/", {"version": "1"}).status_code == 409
    assert client.post(f"{address}decline/").status_code == 409
    assert sign_in(cast.outsider).post(f"{address}sign/").status_code == 404


def test_the_principal_consents_by_a_button_that_is_there_once(cast: Cast, now: datetime, sign_in: SignIn) -> None:
    engagement = an_engagement(cast, a_listing(cast, now), now)
    client, address = sign_in(cast.enterprise_agent), f"{engagement.get_absolute_url()}consent/"
    assert address in client.get(engagement.get_absolute_url()).content.decode()
    assert address not in sign_in(cast.broker).get(engagement.get_absolute_url()).content.decode()
    assert client.post(address).status_code == 302
    assert address not in client.get(engagement.get_absolute_url()).content.decode()
    assert client.post(address).status_code == 409


def test_one_side_sees_the_others_broker_but_not_the_commission(cast: Cast, now: datetime, sign_in: SignIn) -> None:
    deal = a_deal(cast, now)
    an_engagement(cast, deal.listing, now)
    credit_commissions(deal, contract_value=deal.price, reason="test", now=now)
    for member, sees in (
        (cast.enterprise_agent, True),
        (cast.broker, True),
        (cast.supervisor, True),
        (cast.university_agent, False),
    ):
        html = sign_in(member).get(deal.get_absolute_url()).content.decode()
        assert cast.institution.name in html
        assert ("30,000.00" in html) is sees
        assert ("30,000.00" in sign_in(member).get("/brokers/commissions/").content.decode()) is sees


def test_a_broker_finds_their_own_public_page_on_the_workbench(cast: Cast, now: datetime, sign_in: SignIn) -> None:
    broker = a_broker(cast, now)
    for member, finds in ((cast.broker, True), (cast.enterprise_agent, False)):
        assert (broker.get_absolute_url() in sign_in(member).get("/organisations/").content.decode()) == finds


def test_the_desk_shows_what_is_to_be_compared_with_the_certificate(cast: Cast, now: datetime, sign_in: SignIn) -> None:
    broker = a_broker(cast, now, verified=False)
    text = sign_in(cast.supervisor).get("/en/brokers/desk/").content.decode()
    for told in (broker.certificate_number, broker.get_level_display(), broker.institution.name):
        assert told in text


def test_an_introduction_is_stated_confirmed_objected_to_and_decided(cast: Cast, now: datetime, sign_in: SignIn) -> None:
    engagement = an_engagement(cast, a_listing(cast, now), now)
    broker, page = sign_in(cast.broker), engagement.get_absolute_url()
    typed = {"code": cast.university.social_credit_code, "introduced_on": "2026-03-10", "account": "在对接会上介绍双方认识。"}
    assert f"{page}introduce/" in broker.get(page).content.decode()
    assert f"{page}introduce/" not in sign_in(cast.enterprise_agent).get(page).content.decode()
    assert broker.post(f"{page}introduce/", typed | {"code": "91110000000000000X"}).status_code == 422
    assert broker.post(f"{page}introduce/", typed).status_code == 302
    introduction = Introduction.objects.get()
    address = introduction.get_absolute_url()
    assert sign_in(cast.outsider).get(address).status_code == 404
    seller = sign_in(cast.university_agent)
    assert f"{address}confirm/" in seller.get(address).content.decode()
    assert seller.post(f"{address}confirm/").status_code == 302
    assert seller.post(f"{address}confirm/").status_code == 403, "the other side is to be heard"
    assert sign_in(cast.enterprise_agent).post(f"{address}object/", {"reason": "我们早已相识。"}).status_code == 302
    official = sign_in(cast.supervisor)
    assert "我们早已相识。" in official.get(address).content.decode()
    assert official.post(f"{address}decide/", {"counts": "yes", "grounds": "有会议签到。"}).status_code == 302
    assert broker.get("/brokers/introductions/").context["introductions"].object_list[0].state == "confirmed"
