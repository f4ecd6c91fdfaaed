"""Before the opening no amount of a sealed bid is anywhere but in its bidder's browser (R-08)."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.utils import timezone

from listings.auctions.actions.auctions import close_auction
from listings.auctions.models.auctions import Auction
from market.values.money import Money
from tests.auctions.builders import Lot, a_falling_lot, a_sealed_lot, at
from tests.letters.test_letters import deliver
from tests.people import Cast, Member

type SignIn = Callable[[Member], Client]
# Figures like none other of the market, in fen.
CANARIES = (Money(133_713_371), Money(142_414_242), Money(171_717_171))


def spellings(amount: Money) -> tuple[str, ...]:
    return (str(amount.fen), str(amount), str(amount).replace(",", ""), str(amount.fen)[:-2])


def found_in(text: str) -> list[str]:
    return [spelling for amount in CANARIES for spelling in spellings(amount) if spelling in text]


def dump() -> str:
    """Every row of every table, whoever's it is, the search index and the sessions too."""
    with connection.cursor() as cursor:
        rows: list[Any] = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            rows += cursor.fetchall()
    return repr(rows)


@pytest.fixture
def lot(cast: Cast, sign_in: SignIn, caplog: pytest.LogCaptureFixture, frames: list[str]) -> Lot:
    """Open by the database's clock; three have bid over the site, one of them twice, and one has taken it back."""
    caplog.set_level(logging.DEBUG)
    lot = a_sealed_lot(cast, timezone.now() - timedelta(days=60, minutes=1))
    members = (cast.enterprise_agent, cast.rival_agent, cast.outsider)
    for number, (member, amount) in enumerate(zip(members, CANARIES, strict=True)):
        hand_in(sign_in(member), lot, lot.envelope(member, amount), f"key-{number:05d}")
    hand_in(sign_in(members[0]), lot, lot.envelope(members[0], CANARIES[0]), "key-00010")
    answer = sign_in(members[2]).post(f"/auctions/{lot.auction.key}/withdraw/", {"key": "key-00020"})
    assert answer.status_code == 302
    return lot


@pytest.fixture
def frames(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """All that the room was told."""
    from listings.auctions import room

    sent: list[str] = []
    monkeypatch.setattr(room.transaction, "on_commit", lambda act: act())
    monkeypatch.setattr(room, "_send", lambda key, content: sent.append(room.encoded(content)))
    return sent


def hand_in(client: Client, lot: Lot, envelope: dict[str, object], key: str) -> None:
    body = {"envelope": json.dumps(envelope), "key": key}
    answer = client.post(f"/auctions/{lot.auction.key}/seal/", body, headers={"accept": "application/json"})
    assert (answer.status_code, answer.json()["isAccepted"], answer.json()["amount"]) == (200, True, None)
    assert found_in(answer.content.decode()) == []


def test_no_amount_is_readable_before_the_opening(
    cast: Cast, lot: Lot, sign_in: SignIn, caplog: pytest.LogCaptureFixture, frames: list[str]
) -> None:
    close_auction(lot.auction, clock=at(lot.auction.ends_at))
    # One holder alone has come.
    assert not lot.bring(1)
    deliver()
    assert frames
    assert mail.outbox
    letters = [message.body + repr(message.alternatives) for message in mail.outbox]
    key = lot.auction.key
    pages = [
        sign_in(member).get(address).content.decode()
        for member in (cast.supervisor, cast.administrator, cast.registrar, cast.university_agent, cast.enterprise_agent)
        for address in (f"/auctions/{key}/", f"/auctions/{key}/protocol/", f"/auctions/{key}/since/?after=0", "/auctions/")
    ]
    for place in (dump(), "\n".join(frames), caplog.text, *letters, *pages):
        assert found_in(place) == []
    # The search for them can find: after the opening they are where they belong, but for the one that was withdrawn.
    assert lot.bring(2)
    protocol = Client().get(f"/auctions/{key}/protocol/").content.decode()
    assert {amount for amount in CANARIES if str(amount) in protocol} == set(CANARIES[:2])
    assert str(CANARIES[0].fen) in dump()


def test_nobody_hears_who_has_handed_in_while_bids_are_taken(cast: Cast, lot: Lot, sign_in: SignIn) -> None:
    key = lot.auction.key
    for client in (Client(), sign_in(cast.supervisor), sign_in(cast.rival_agent)):
        assert "<td>竞价方" not in client.get(f"/auctions/{key}/").content.decode()
        assert client.get(f"/auctions/{key}/since/?after=0").json()["bids"] == []
    assert "第" in sign_in(cast.rival_agent).get(f"/auctions/{key}/").content.decode()


def test_the_falling_clocks_sealed_bids_are_as_secret(cast: Cast, sign_in: SignIn) -> None:
    lot = a_falling_lot(cast, timezone.now() - timedelta(days=60, minutes=1))
    seen = {"amount": "1250000", "key": "key-00001"}
    assert sign_in(cast.enterprise_agent).post(f"/auctions/{lot.auction.key}/stop/", seen).status_code == 302
    hand_in(sign_in(cast.rival_agent), lot, lot.envelope(cast.rival_agent, CANARIES[1]), "key-00002")
    assert Auction.objects.get(pk=lot.auction.pk).sequence == 2
    assert found_in(dump()) == []
