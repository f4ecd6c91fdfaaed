"""Signals for supervisors: found by the worker, concluded by a person. Nothing follows for a bidder by itself."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.crypto import salted_hmac

from listings.auctions.clock import Clock, as_it_is, database_now
from listings.auctions.models.auctions import Auction, BidderPass
from listings.auctions.models.signals import BidderTrace, Signal
from listings.auctions.permissions import require_signal_supervisor
from listings.auctions.queries.signals import findings_in, traces_to_throw_away
from listings.auctions.rules.signals import Finding, together
from market.accounts.permissions import person_of
from market.events.actions import record
from market.values.actor import CLOCK, Actor
from market.values.refusal import Refusal, text_given


def note_trace(bidder: BidderPass, *, address: str, browser: str, clock: Clock = as_it_is) -> None:
    """This bidder came from this address with this browser. Kept are names made from them with the auction's key and the market's
    secret: they are the same for two bidders of one auction, and mean nothing in another."""
    key, now = bidder.auction.key, clock(database_now())
    network, device = (_name(key, text) for text in (address, f"{address}|{browser}"))
    trace = BidderTrace(bidder=bidder, network=network, device=device, first_at=now, last_at=now)
    BidderTrace.objects.bulk_create([trace], update_conflicts=True, unique_fields=["bidder", "device"], update_fields=["last_at"])


def _name(key: str, text: str) -> str:
    return salted_hmac(f"auctions.traces.{key}", text, algorithm="sha256").hexdigest()


def throw_away_traces(now: datetime) -> None:
    """From where bidders came is forgotten when their auction has been over for long enough; the signals stay."""
    traces_to_throw_away(now).delete()


@transaction.atomic
def find_signals(auction: Auction, *, now: datetime) -> int:
    """Whatever the rules find in this auction stands as a signal; gives how many are new or say more than before.

    One that says more than when it was concluded is open again. Event: auction.signal_seen.
    """
    return sum(_see(auction, finding, now=now) for finding in findings_in(auction))


def _see(auction: Auction, finding: Finding, *, now: datetime) -> bool:
    given = {"facts": dict(finding.facts), "seen_at": now, "changed_at": now}
    signal, is_new = Signal.objects.select_for_update().get_or_create(
        auction=auction, kind=finding.kind, first_id=finding.first, second_id=finding.second, defaults=given
    )
    facts = together(signal.facts, finding.facts)
    # Times go on while both are there: that is nothing new.
    is_more = {**facts, "times": 0} != {**signal.facts, "times": 0}
    if facts != signal.facts:
        signal.facts = facts
        signal.save(update_fields=["facts"])
    if not is_new and not is_more:
        return False
    if not is_new:
        signal.changed_at, signal.conclusion, signal.concluded_at, signal.concluded_by = now, "", None, None
        signal.save(update_fields=["changed_at", "conclusion", "concluded_at", "concluded_by"])
    pair = BidderPass.objects.filter(pk__in=[finding.first, finding.second]).order_by("pk").values_list("number", flat=True)
    first, second = pair
    facts_told = {"auction": auction.key, "kind": finding.kind, "first": first, "second": second}
    record("auction.signal_seen", subject=signal.subject, actor=CLOCK, now=now, **facts_told)
    return True


@transaction.atomic
def conclude_signal(signal: Signal, *, conclusion: str, actor: Actor, now: datetime) -> Signal:
    """A supervisor has written down what they concluded; later ones may write anew. Event: auction.signal_concluded.

    Refused without words, and for whoever is no supervisor or sits at the seller's.
    """
    locked = Signal.objects.select_for_update(of=("self",)).select_related("auction__listing").get(pk=signal.pk)
    require_signal_supervisor(actor, locked)
    locked.conclusion = text_given(conclusion, Refusal("auctions.conclusion_missing", field="conclusion"))
    locked.concluded_at, locked.concluded_by_id = now, person_of(actor)
    locked.save(update_fields=["conclusion", "concluded_at", "concluded_by"])
    record("auction.signal_concluded", subject=locked.subject, actor=actor, now=now, conclusion=locked.conclusion)
    return locked
