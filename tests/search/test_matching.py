"""Demands and offers are brought together as they are published, on either engine alike, and told once to whoever wishes it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils.translation import override

from brokers.models import Broker
from listings.actions.listings import change_price, withdraw_listing
from listings.demands.actions.demands import close_demand
from listings.demands.models.demands import Demand
from listings.models.listings import Listing
from market.accounts.models import Membership, Organisation
from market.events.models import Event
from market.letters.actions import write_letters
from market.letters.models import Letter
from market.values.money import Money
from market.values.refusal import Forbidden
from search.actions import drop_digest, tell_matches, wish_digest
from search.engines import Engine
from search.matches import demands_for, likely_buyers, offers_for, similar_to
from search.models import Digest, Match, ToldMatch
from search.query import Key, Kind
from search.tasks import match_published, tell_matches_due
from tests.brokers.builders import a_broker
from tests.demands.builders import a_demand
from tests.listings.builders import a_listing, an_achievement
from tests.people import Cast, Member
from tests.search.indexes import hear

SignIn = Callable[[Member], Client]

FLUIDISED = "循环流化床锅炉飞灰含碳量降低"


def follow(*names: str) -> None:
    """What was published is matched, as the worker would see to."""
    hear(match_published, *Event.objects.filter(name__in=names).order_by("pk"))


def follow_all() -> None:
    follow("achievement.registered", "listing.published", "listing.price_changed", "demand.published")


def a_fitting_demand(cast: Cast, now: datetime, **changes: object) -> Demand:
    wanted = {"title": FLUIDISED, "industry": "power", "keywords": ("循环流化床",), "budget": Money.yuan(1_500_000)}
    return a_demand(cast, now, **(wanted | changes))


def a_titled_listing(cast: Cast, now: datetime, title: str, **changes: object) -> Listing:
    terms = {name: changes.pop(name) for name in ("price", "reserve_price") if name in changes}
    return a_listing(cast, now, achievement=an_achievement(cast, now, title=title, patents=(), **changes), **terms)


@pytest.fixture
def market(cast: Cast, now: datetime, empty: Engine) -> tuple[Demand, Listing, Listing]:
    """A demand, an offer that fits it, and another that does not."""
    demand = a_fitting_demand(cast, now)
    fits = a_titled_listing(cast, now, "循环流化床稳燃")
    other = a_titled_listing(cast, now, "小米加工", industry="agriculture", keywords=("小米",), abstract="谷物脱壳。" * 40)
    follow_all()
    return demand, fits, other


def test_a_demand_finds_its_offer_and_the_offer_its_demand_with_the_same_reasons(
    market: tuple[Demand, Listing, Listing],
) -> None:
    demand, listing, _other = market
    (offer,) = offers_for(demand)
    assert (offer.entry.kind, offer.entry.pk) == (Kind.LISTING, listing.pk)
    (sought,) = demands_for(Key(Kind.LISTING, listing.pk))
    assert sought.entry.pk == demand.pk
    assert offer.reasons == sought.reasons
    assert offer.reasons[:2] == ["双方都提到：循环流化床、锅炉、稳燃", "同属一个产业：电力与新能源"]
    assert "挂牌价 120 万元，在预算 150 万元之内" in offer.reasons
    with override("en"):
        assert "The price of ¥1,200,000.00 is within the budget of ¥1,500,000.00" in offers_for(demand)[0].reasons


def test_whichever_was_published_last_finds_the_other(cast: Cast, now: datetime, empty: Engine) -> None:
    listing = a_titled_listing(cast, now, "循环流化床稳燃")
    follow("listing.published")
    demand = a_fitting_demand(cast, now)
    follow("demand.published")
    assert [(match.demand, match.pk_of_kind) for match in Match.objects.filter(kind="listing")] == [(demand, listing.pk)]
    before = list(Match.objects.values())
    follow_all()
    assert list(Match.objects.filter(kind="listing").values()) == before


def test_an_achievement_not_on_offer_is_found_as_itself(cast: Cast, now: datetime, empty: Engine) -> None:
    achievement = an_achievement(cast, now, title="循环流化床稳燃", patents=())
    demand = a_fitting_demand(cast, now)
    follow_all()
    assert [entry.entry.kind for entry in offers_for(demand)] == [Kind.ACHIEVEMENT]
    assert [entry.entry.pk for entry in demands_for(Key(Kind.ACHIEVEMENT, achievement.pk))] == [demand.pk]


def test_what_is_withdrawn_or_closed_is_shown_no_more(market: tuple[Demand, Listing, Listing], cast: Cast, now: datetime) -> None:
    demand, listing, _other = market
    withdraw_listing(listing, reason="不再转让", actor=cast.university_agent.actor, now=now)
    assert [offer.entry.kind for offer in offers_for(demand)] == [Kind.ACHIEVEMENT]
    close_demand(demand, reason="已自行解决", actor=cast.enterprise_agent.actor, now=now)
    assert demands_for(Key(Kind.LISTING, listing.pk)) == []


def test_whoever_sought_it_before_may_still_buy(cast: Cast, now: datetime, empty: Engine) -> None:
    demand = a_fitting_demand(cast, now)
    close_demand(demand, reason="已自行解决", actor=cast.enterprise_agent.actor, now=now)
    listing = a_titled_listing(cast, now, "循环流化床稳燃")
    follow_all()
    (buyer,) = likely_buyers(Key(Kind.LISTING, listing.pk))
    assert (buyer.name, buyer.demand) == (cast.enterprise.name, demand.title)
    assert buyer.told.startswith("曾于")
    assert demands_for(Key(Kind.LISTING, listing.pk)) == []


def test_enterprises_that_speak_of_it_may_buy_too(cast: Cast, now: datetime, empty: Engine) -> None:
    """After those that sought it; by any word for it; neither those not verified nor the seller."""
    listing = a_titled_listing(cast, now, "循环流化床稳燃")
    key = Key(Kind.LISTING, listing.pk)
    Organisation.objects.filter(pk=cast.rival.pk).update(introduction="本公司运行CFB锅炉两台。")
    Organisation.objects.filter(pk=cast.university.pk).update(introduction="研究循环流化床。", kind="enterprise")
    Organisation.objects.filter(pk=cast.outside.pk).update(introduction="循环流化床", kind="enterprise", state="submitted")
    (speaking,) = likely_buyers(key)
    assert (speaking.name, speaking.demand, speaking.url) == (cast.rival.name, "", cast.rival.get_absolute_url())
    assert speaking.told == "企业简介提到：循环流化床"
    a_fitting_demand(cast, now)
    follow_all()
    assert [buyer.name for buyer in likely_buyers(key)] == [cast.enterprise.name, cast.rival.name]
    Organisation.objects.filter(pk=cast.rival.pk).update(introduction="小米加工。")
    assert [buyer.name for buyer in likely_buyers(key)] == [cast.enterprise.name]


def test_all_is_matched_anew_by_hand(market: tuple[Demand, Listing, Listing], capsys: pytest.CaptureFixture[str]) -> None:
    before = set(Match.objects.values_list("demand", "kind", "pk_of_kind", "score"))
    assert before
    Match.objects.all().delete()
    call_command("search_match")
    assert set(Match.objects.values_list("demand", "kind", "pk_of_kind", "score")) == before
    assert f"{len(before)} matches" in capsys.readouterr().out


def test_a_lower_price_is_compared_anew(cast: Cast, now: datetime, empty: Engine) -> None:
    demand = a_fitting_demand(cast, now, budget=Money.yuan(1_150_000))
    listing = a_titled_listing(cast, now, "循环流化床稳燃")
    follow_all()
    (before,) = offers_for(demand)
    assert "挂牌价 120 万元，略高于预算 115 万元" in before.reasons
    change_price(listing, Money.yuan(1_100_000), approval="", actor=cast.university_agent.actor, now=now)
    follow("listing.price_changed")
    (after,) = offers_for(demand)
    assert "挂牌价 110 万元，在预算 115 万元之内" in after.reasons
    assert after.score > before.score


def test_nothing_private_is_a_reason_or_a_match(cast: Cast, now: datetime, empty: Engine) -> None:
    """Neither the reserve price, nor what only drafts say, nor what a demand says of the enterprise's own equipment."""
    draft = a_demand(cast, now, published=False, title=FLUIDISED, industry="power", keywords=("循环流化床",))
    told = a_fitting_demand(cast, now, title="布风板", keywords=(), problem="磨损。", targets="一年。", existing_basis=FLUIDISED)
    a_titled_listing(cast, now, "循环流化床稳燃", price=Money.yuan(1_200_000), reserve_price=Money.yuan(1_300_000))
    hidden = a_listing(cast, now, on_notice=False)
    follow_all()
    assert not Match.objects.filter(demand__in=[draft, told]).exists()
    assert not Match.objects.filter(kind="listing", pk_of_kind=hidden.pk).exists()
    fitting = a_fitting_demand(cast, now, title="循环流化床飞灰")
    follow("demand.published")
    assert Match.objects.filter(demand=fitting).exists()
    assert "130000000" not in str(list(Match.objects.values_list("reasons", flat=True)))


def test_similar_technologies_are_others_that_can_be_had(cast: Cast, now: datetime, empty: Engine) -> None:
    one, twin = a_titled_listing(cast, now, "循环流化床稳燃"), a_titled_listing(cast, now, "循环流化床布风板")
    gone = a_titled_listing(cast, now, "循环流化床回料阀")
    a_titled_listing(cast, now, "小米加工", industry="agriculture", keywords=("小米",), abstract="谷物脱壳。" * 40)
    withdraw_listing(gone, reason="不再转让", actor=cast.university_agent.actor, now=now)
    follow_all()
    found = similar_to(Key(Kind.LISTING, one.pk))
    assert found is not None
    assert [fitting.entry.pk for fitting in found if fitting.entry.kind is Kind.LISTING] == [twin.pk]
    assert found[0].entry.pk == twin.pk
    assert {fitting.entry.plain_title for fitting in found} == {"循环流化床布风板", "循环流化床回料阀"}


# --- On pages, where the run's own engine is at hand ---


@pytest.fixture
def site(built_site: int, search_index: Callable[[], None]) -> int:
    return built_site


def test_pages_show_what_fits_and_who_may_buy_only_to_those_concerned(
    site: int, sign_in: SignIn, cast: Cast, now: datetime, client: Client
) -> None:
    demand, listing = a_fitting_demand(cast, now), a_titled_listing(cast, now, "循环流化床稳燃")
    follow_all()
    at_demand = client.get(f"/search/around/demands/{demand.number}/").content.decode()
    assert "循环流化床稳燃" in at_demand
    assert "双方都提到" in at_demand
    assert f"/search/around/demands/{demand.number}/?part=1" in client.get(f"/demands/{demand.number}/").content.decode()
    address = f"/search/around/listings/{listing.number}/"
    assert f"{address}?part=1" in client.get(f"/catalogue/{listing.number}/").content.decode()
    public = client.get(address).content.decode()
    assert FLUIDISED in public
    assert "可能的受让方" not in public
    a_broker(cast, now)
    for member in (cast.university_agent, cast.broker, cast.supervisor):
        assert "可能的受让方" in sign_in(member).get(address).content.decode()
    part = client.get(address, {"part": "1"}).content.decode()
    assert FLUIDISED in part
    assert "<html" not in part
    achievement = f"/search/around/achievements/{listing.achievement.key}/"
    assert FLUIDISED in client.get(achievement).content.decode()


def test_a_draft_has_no_surroundings_for_others(site: int, sign_in: SignIn, cast: Cast, now: datetime, client: Client) -> None:
    listing, demand = a_listing(cast, now, on_notice=False), a_demand(cast, now, published=False)
    for address in (f"/search/around/listings/{listing.number}/", f"/search/around/demands/{demand.number}/"):
        assert client.get(address).status_code == 404
    own = sign_in(cast.university_agent).get(f"/search/around/listings/{listing.number}/")
    assert own.status_code == 200
    assert "viewed" not in own.cookies


def test_the_board_shows_a_broker_the_whole_market_and_others_their_own(
    site: int, sign_in: SignIn, cast: Cast, now: datetime
) -> None:
    a_fitting_demand(cast, now)
    a_titled_listing(cast, now, "循环流化床稳燃")
    follow_all()
    broker = a_broker(cast, now)
    assert FLUIDISED in sign_in(cast.broker).get("/search/matches/").content.decode()
    Broker.objects.filter(pk=broker.pk).update(fields=["culture"])
    assert FLUIDISED not in sign_in(cast.broker).get("/search/matches/").content.decode()
    for member in (cast.enterprise_agent, cast.university_agent):
        html = sign_in(member).get("/search/matches/").content.decode()
        assert html.count("循环流化床稳燃") == 1
    assert FLUIDISED not in sign_in(cast.rival_agent).get("/search/matches/").content.decode()


# --- By letter ---


def test_a_digest_tells_what_fits_once_a_week_and_nothing_twice(
    cast: Cast, now: datetime, search_index: Callable[[], None]
) -> None:
    digest = wish_digest(actor=cast.enterprise_agent.actor, now=now)
    assert wish_digest(actor=cast.enterprise_agent.actor, now=now).pk == digest.pk
    a_fitting_demand(cast, now)
    a_titled_listing(cast, now, "循环流化床稳燃")
    follow_all()
    tell_matches_due(now + timedelta(days=6))
    assert not Event.objects.filter(name="digest.told").exists()
    tell_matches_due(now + timedelta(days=7))
    tell_matches_due(now + timedelta(days=7, hours=1))
    (event,) = Event.objects.filter(name="digest.told")
    assert event.payload == {"count": 1, "titles": [f"{FLUIDISED} ↔ 循环流化床稳燃"]}
    assert write_letters(event, now=now) == 1
    letter = Letter.objects.get()
    assert (letter.person, letter.address) == (cast.enterprise_agent.person, "/search/matches/")
    assert "循环流化床稳燃" in letter.text
    tell_matches_due(now + timedelta(days=14))
    assert Event.objects.filter(name="digest.told").count() == 1
    a_titled_listing(cast, now + timedelta(days=15), "循环流化床布风板")
    follow_all()
    tell_matches_due(now + timedelta(days=21))
    assert Event.objects.filter(name="digest.told").latest("pk").payload["titles"] == [f"{FLUIDISED} ↔ 循环流化床布风板"]


def test_nobody_is_told_after_leaving_or_giving_it_up(cast: Cast, now: datetime, search_index: Callable[[], None]) -> None:
    actor = cast.enterprise_agent.actor
    digest = wish_digest(actor=actor, now=now)
    a_fitting_demand(cast, now)
    a_titled_listing(cast, now, "循环流化床稳燃")
    follow_all()
    Membership.objects.filter(person=cast.enterprise_agent.person).delete()
    assert tell_matches(digest, now=now) == 0
    assert not ToldMatch.objects.exists()
    drop_digest(digest, actor=actor, now=now)
    assert not Digest.objects.exists()
    assert tell_matches(digest, now=now) == 0


def test_only_who_acts_for_an_organisation_wishes_its_digest(cast: Cast, now: datetime) -> None:
    with pytest.raises(Forbidden):
        wish_digest(actor=cast.registrar.actor, now=now)
    assert not Digest.objects.exists()


def test_the_letter_is_wished_and_given_up_on_the_site(site: int, sign_in: SignIn, cast: Cast) -> None:
    client = sign_in(cast.enterprise_agent)
    client.post("/search/matches/letter/")
    assert Digest.objects.get().person == cast.enterprise_agent.person
    assert "/search/matches/letter/drop/" in client.get("/search/matches/").content.decode()
    client.post("/search/matches/letter/drop/")
    client.post("/search/matches/letter/drop/")
    assert not Digest.objects.exists()


def test_without_an_engine_the_database_still_matches(
    cast: Cast, now: datetime, search_index: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("search.matching.engine", lambda: None)
    demand = a_fitting_demand(cast, now)
    listing = a_titled_listing(cast, now, "循环流化床稳燃")
    follow_all()
    assert [offer.entry.pk for offer in offers_for(demand)] == [listing.pk]
