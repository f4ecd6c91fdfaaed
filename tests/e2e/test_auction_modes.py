"""The sealed mode with five bids and the falling clock, each person at a browser of their own; keys and amounts stay there."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.utils import timezone

from listings.auctions.actions.auctions import close_auction, open_auction
from listings.auctions.models.auctions import Auction
from listings.auctions.queries.auctions import flaw_of
from listings.models.deals import Deal
from listings.models.listings import Listing
from market.accounts.models import OrganisationKind
from market.values.actor import Role
from market.values.money import Money
from tests.auctions.builders import a_listing_in_bidding, conclude
from tests.e2e.browser import Person
from tests.e2e.conftest import LiveMarket
from tests.house.rows import everything
from tests.people import Member, a_member, an_organisation

pytestmark = pytest.mark.e2e

# No other figure of the market looks like one of these.
AMOUNTS = ("1311111.11", "1322222.22", "1377777.77", "1344444.44", "135.55555万")


def two_more() -> list[Member]:
    members = []
    for number in (1, 2):
        organisation = an_organisation(f"Bidder {number} e2e", OrganisationKind.ENTERPRISE, 60000000 + number)
        member = a_member(f"bidder-{number}@e2e.example", organisation, Role.AGENT)
        EmailAddress.objects.create(user=member.person, email=member.person.email, verified=True, primary=True)
        members.append(member)
    return members


def later(auction: Auction, **columns: Any) -> None:
    """Time has passed: these instants of the auction have come."""
    Auction.objects.filter(pk=auction.pk).update(**columns)


def announce(market: LiveMarket, agent: Person, listing: Listing, mode: str, **terms: object) -> Auction:
    agent.open(f"/auctions/announce/{listing.number}/?mode={mode}")
    opens_at = (timezone.localtime() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    agent.fill(start="1250000", opens_at=opens_at, **terms)
    agent.page.locator("main [name=preview]").click()
    agent.page.locator("main .timetable").wait_for()
    agent.picture(f"announce-{mode}")
    button = agent.page.locator("main .form-actions button[type=submit]").first
    button.click()
    agent._leave(agent.page.locator("[data-confirm-agree]"))
    return market.ask(lambda: Auction.objects.get(listing=listing, rehearsal_of=None))


def keep_key(holder: Person, auction: Auction) -> Path:
    """The key is made in the holder's browser, its file kept, and the file shown to the page."""
    holder.open(f"/auctions/{auction.key}/key/")
    with holder.page.expect_navigation(), holder.page.expect_download() as started:
        holder.page.locator("form[data-key=make] button").click()
    kept = holder.pictures / f"key-{holder.name}.json"
    kept.parent.mkdir(parents=True, exist_ok=True)
    started.value.save_as(kept)
    holder.picture("key-made")
    holder.page.locator("#key-file").set_input_files(kept)
    holder._leave(holder.page.locator("form[data-key=keep] button"))
    return kept


def seal(bidder: Person, auction: Auction, amount: str) -> None:
    bidder.open(f"/auctions/{auction.key}/")
    bidder.page.locator("#sealed-amount").fill(amount)
    bidder.page.locator("[data-room=seal-form] button[type=submit]").click()
    bidder.page.locator("[data-room=sealed-record]").wait_for()
    assert bidder.page.locator("[data-room=answer]").get_attribute("data-refused") == "false"


def bring(holder: Person, auction: Auction, kept: Path) -> None:
    holder.open(f"/auctions/{auction.key}/protocol/")
    holder.page.locator("#key-file").set_input_files(kept)
    holder._leave(holder.page.locator("#bring-key button"))


def end(market: LiveMarket, auction: Auction) -> None:
    """The time for bids is over, and the clock's worker has seen it."""
    market.ask(lambda: later(auction, ends_at=timezone.now()))
    market.ask(lambda: close_auction(auction))


def test_five_sealed_bids_are_opened_by_two_holders(live_market: LiveMarket, sit_down: Callable[..., Person]) -> None:
    cast = live_market.cast
    more = live_market.ask(two_more)
    now = timezone.now() - timedelta(days=60)
    listing = live_market.ask(lambda: a_listing_in_bidding(cast, now, *more))
    agent, registrar, supervisor = sit_down("agent"), sit_down("registrar"), sit_down("supervisor")
    agent.sign_in(cast.university_agent)
    registrar.sign_in(cast.registrar, with_code=True)
    supervisor.sign_in(cast.supervisor, with_code=True)
    auction = announce(live_market, agent, listing, "sealed", minutes="60", tie_minutes="10")
    files = [keep_key(holder, auction) for holder in (registrar, supervisor, agent)]
    assert all("d" in json.loads(kept.read_text())["key"] for kept in files)
    start = timezone.now() - timedelta(minutes=1)
    live_market.ask(lambda: later(auction, opens_at=start, keys_ready_at=start, ends_at=start + timedelta(hours=1)))
    live_market.ask(lambda: open_auction(auction))

    members = (cast.enterprise_agent, cast.rival_agent, cast.outsider, *more)
    bidders = [sit_down(f"bidder-{n}", width=360 if n == 2 else 1440) for n in range(1, 6)]
    for bidder, member, amount in zip(bidders, members, AMOUNTS, strict=True):
        bidder.sign_in(member)
        seal(bidder, auction, amount)
    bidders[1].picture("sealed")
    # The first one bids again: the last one counts.
    seal(bidders[0], auction, "1366666.66")
    bidders[0].open(f"/auctions/{auction.key}/")
    bidders[0].picture("own-bid")
    stored = json.dumps(live_market.ask(everything), default=str, ensure_ascii=False)
    for canary in ("13777777", "1377777", "13666666", "1366666", "135555550", "1355555"):
        assert canary not in stored
    supervisor.open(f"/auctions/{auction.key}/")
    supervisor.picture("watching")
    end(live_market, auction)

    bring(agent, auction, files[2])
    agent.picture("one-key")
    assert live_market.ask(lambda: Auction.objects.get(pk=auction.pk)).state == "unopened"
    bring(supervisor, auction, files[1])
    supervisor.picture("opened")
    assert "1,377,777.77" in supervisor.text
    assert "1,311,111.11" not in supervisor.text
    anybody = sit_down("anybody", width=360, language="en")
    anybody.open(f"/auctions/{auction.key}/protocol/")
    anybody.picture("protocol")
    assert cast.outside.name in anybody.text
    live_market.ask(lambda: conclude(auction))
    deal = live_market.ask(lambda: Deal.objects.select_related("buyer").get())
    assert (deal.buyer, deal.price) == (cast.outside, Money.yuan("1377777.77"))
    assert live_market.ask(lambda: flaw_of(Auction.objects.get(pk=auction.pk))) is None
    assert [trouble for person in live_market.people for trouble in person.troubles] == []


def test_the_clock_falls_is_stopped_and_its_holder_tops(live_market: LiveMarket, sit_down: Callable[..., Person]) -> None:
    cast = live_market.cast
    now = timezone.now() - timedelta(days=60)
    listing = live_market.ask(lambda: a_listing_in_bidding(cast, now))
    agent, registrar, supervisor = sit_down("agent"), sit_down("registrar"), sit_down("supervisor")
    agent.sign_in(cast.university_agent)
    registrar.sign_in(cast.registrar, with_code=True)
    supervisor.sign_in(cast.supervisor, with_code=True)
    terms = {"floor": "850000", "step": "10000", "every": "60", "sealed_minutes": "10", "topping_minutes": "10"}
    auction = announce(live_market, agent, listing, "falling", **terms)
    files = [keep_key(holder, auction) for holder in (registrar, supervisor, agent)]
    # Three steps and a few seconds ago.
    start = timezone.now() - timedelta(minutes=3, seconds=2)
    ends_at = start + timedelta(minutes=41)
    live_market.ask(lambda: later(auction, opens_at=start, keys_ready_at=start, clock_from=start, ends_at=ends_at))
    live_market.ask(lambda: open_auction(auction))

    holder, rival = sit_down("holder", width=360), sit_down("rival")
    holder.sign_in(cast.enterprise_agent)
    rival.sign_in(cast.rival_agent)
    rival.open(f"/auctions/{auction.key}/")
    holder.open(f"/auctions/{auction.key}/")
    holder.page.locator("[data-room=price]", has_text="1,220,000.00").wait_for()
    holder.picture("falling")
    holder._leave(holder.page.locator("[data-room=bid-form] button[type=submit]"))
    # The rival's page hears of it and turns to the sealed bids by itself.
    rival.page.locator("#sealed-amount").wait_for()
    rival.page.locator("#sealed-amount").fill("125万")
    rival.page.locator("[data-room=seal-form] button[type=submit]").click()
    rival.page.locator("[data-room=sealed-record]").wait_for()
    rival.picture("sealed-above")
    end(live_market, auction)
    bring(registrar, auction, files[0])
    bring(agent, auction, files[2])
    # So does the holder's page, to the one bid above.
    holder.page.locator("[data-room=bid-form] [name=amount]").wait_for()
    holder.picture("topping")
    holder.fill(amount="1260000")
    holder._leave(holder.page.locator("[data-room=bid-form] button[type=submit]"))
    holder.picture("won")
    live_market.ask(lambda: conclude(auction))
    deal = live_market.ask(lambda: Deal.objects.select_related("buyer").get())
    assert (deal.buyer, deal.price) == (cast.enterprise, Money.yuan("1260000"))
    assert [trouble for person in live_market.people for trouble in person.troubles] == []
