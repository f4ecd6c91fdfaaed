"""A visitor's browser checks evidence by itself: without a connection, to the same winner, and finds what was tampered with."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from listings.auctions.evidence.documents import signed_evidence
from market.signatures import signed
from tests.auctions.builders import a_listing_in_bidding
from tests.auctions.played import played
from tests.auctions.test_evidence import BY_CHAIN, hash_anew, result_in_database
from tests.e2e.browser import Person
from tests.e2e.conftest import LiveMarket

pytestmark = pytest.mark.e2e

AUCTIONS = 30


def packages(market: LiveMarket) -> list[tuple[dict[str, Any], int | None]]:
    """Auctions of every mode with their winners."""
    now = timezone.now() - timedelta(days=60)
    listing = a_listing_in_bidding(market.cast, now)
    found = []
    for seed in range(AUCTIONS):
        with played(market.cast, listing, now, seed) as auction:
            found.append((json.loads(signed_evidence(auction)), result_in_database(auction)[0]))
    return found


def check(visitor: Person, package: dict[str, Any]) -> tuple[str, str]:
    """What the page says of this file, and the tone in which it says so."""
    content = json.dumps(package, ensure_ascii=False, indent=1).encode()
    visitor.page.evaluate("document.querySelector('[data-part=verdict]').dataset.tone = ''")
    visitor.page.locator("#evidence-file").set_input_files(
        {"name": "evidence.json", "mimeType": "application/json", "buffer": content}
    )
    verdict = visitor.page.locator("[data-part=verdict]:is([data-tone=good], [data-tone=bad])")
    verdict.wait_for()
    said = verdict.inner_text(), str(verdict.get_attribute("data-tone"))
    visitor.page.locator("#evidence-file").set_input_files([])
    return said


def test_a_visitor_replays_the_rules_and_reaches_the_same_winner(
    live_market: LiveMarket, sit_down: Callable[..., Person]
) -> None:

    found = live_market.ask(lambda: packages(live_market))
    visitor = sit_down("visitor")
    visitor.open("/auctions/verify/")
    visitor.context.set_offline(True)
    for package, winner in found:
        said, tone = check(visitor, package)
        assert tone == "good", (said, package["document"]["course"][0]["payload"]["mode"])
        assert (f"竞价方 {winner}（" in said) if winner else ("无人成交" in said)
    assert "由本市场" in visitor.page.locator("[data-part=steps]").inner_text()
    visitor.context.set_offline(False)
    visitor.picture("holds")
    visitor.context.set_offline(True)
    by = random.Random(1)
    long = [package for package, _ in found if len(package["document"]["bids"]) >= 3]
    for original, tamper in zip(long, [*BY_CHAIN, *BY_CHAIN], strict=False):
        text = json.dumps(original)
        package = json.loads(text)
        tamper(package, by)
        if json.dumps(package) == text:
            continue
        said, tone = check(visitor, package)
        assert (tone, "签名无效" in said) == ("bad", True)
        # Signed anew by somebody who has the key: found by the chains or the rules.
        said, tone = check(visitor, live_market.ask(lambda package=package: signed(package["document"])))
        assert (tone, "签名无效" in said) == ("bad", False)
    closed, winner = next((package, winner) for package, winner in found if winner is not None)
    closed["document"]["course"][-1]["payload"]["winner"] = winner % 3 + 1
    hash_anew(closed)
    said, tone = check(visitor, live_market.ask(lambda: signed(closed["document"])))
    assert tone == "bad"
    assert f"竞价方 {winner}" in said
    visitor.context.set_offline(False)
    visitor.picture("holds-not")
    assert not visitor.troubles
