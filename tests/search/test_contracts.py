"""The public part of a contract is found, on either engine alike; the contract itself, its value and its buyer are not."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client

from contracts.actions.registrations import cancel_registration, revoke_registration
from contracts.models import Registration, TechnologyContract
from search.documents import documents
from search.engines import Engine
from search.models import Word
from search.query import Facet, Kind
from search.text import tokens
from search.words import suggested_words
from tests.contracts.builders import a_registration
from tests.people import Cast
from tests.search.indexes import catch_up, found

pytestmark = pytest.mark.django_db

SECRET = "秘而不宣的合同名称"
CONTRACTS = {"filters": {Facet.KIND: (Kind.CONTRACT.value,)}}


@pytest.fixture
def registration(cast: Cast, now: datetime) -> Registration:
    registration = a_registration(cast, now)
    TechnologyContract.objects.filter(pk=registration.contract_id).update(title=SECRET, content=SECRET)
    registration.refresh_from_db()
    return registration


def test_a_registered_contract_is_found_by_what_is_public_of_it(empty: Engine, registration: Registration) -> None:
    catch_up()
    title = registration.listing.achievement.title
    for typed in (title, registration.number, registration.get_kind_display(), "Technology transfer"):
        assert found(empty, typed, **CONTRACTS) == [registration.pk]
    assert found(empty, SECRET, **CONTRACTS) == []


def test_nothing_private_of_a_contract_is_in_its_document(registration: Registration, cast: Cast) -> None:
    (document,) = documents(Kind.CONTRACT)
    held = repr(dataclasses.astuple(document))
    buyer = registration.contract.buyer_name
    private = (
        SECRET, buyer, cast.enterprise.social_credit_code, registration.verification_key,
        str(registration.contract_value_fen), str(registration.technology_value_fen), str(registration.contract.price_fen),
    )  # fmt: skip
    for secret in private:
        assert secret not in held
        assert " ".join(tokens(secret)) not in held
    assert (document.price, document.band, document.words) == (None, "", ())
    catch_up()
    assert not Word.objects.filter(kind=Kind.CONTRACT)
    assert SECRET not in suggested_words("秘", 10)


@pytest.mark.parametrize("end", [cancel_registration, revoke_registration])
def test_what_no_longer_holds_is_gone(
    end: Callable[..., Registration], empty: Engine, registration: Registration, cast: Cast, now: datetime, client: Client
) -> None:
    catch_up()
    assert client.get(registration.get_absolute_url()).status_code == 200
    end(registration, reason="合同解除。", actor=cast.registrar.actor, now=now)
    catch_up()
    assert found(empty, registration.number, **CONTRACTS) == []
    assert client.get(registration.get_absolute_url()).status_code == 404


def test_the_page_and_the_results_show_no_more(
    registration: Registration, client: Client, search_index: Callable[[], None]
) -> None:
    search_index()
    results = client.get("/search/", {"q": registration.number})
    (kind, entry), *_others = results.context["entries"]
    assert (str(kind), entry.url) == ("已登记合同", registration.get_absolute_url())
    assert [tab.count for tab in results.context["tabs"] if str(tab.label) == "已登记合同"] == [1]
    page = client.get(entry.url).content.decode()
    for html in (page, results.content.decode()):
        assert registration.number in html
        assert SECRET not in html
        assert registration.contract.buyer_name not in html
    assert registration.contract.seller_name in page
