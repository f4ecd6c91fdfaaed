"""How long does Stripe wait for the answer to a delivery? python -m tests.bench.webhook [DELIVERIES]

Signed events, each of its own, are delivered to a process of the site on PostgreSQL by four at once, as Stripe does; beside
them a plain page of the same process is asked as often. The inbox only stores what came, so the answer waits for nothing else.
"""

from __future__ import annotations

import http.client
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import count

from tests.bench import place
from tests.bench.report import PAIRS, at_most, say
from tests.bench.server import Site
from tests.cards.stand_in import KEY, SECRET, signed
from tests.services import PostgreSQL

AT_ONCE = 4
# Milliseconds that a delivery may take at the 99th percentile.
MOST = 300.0
_PLAIN = "/.well-known/signing-keys.json"


def main(deliveries: int) -> None:
    os.environ |= {"STRIPE_API_KEY": KEY, "STRIPE_WEBHOOK_SECRET": SECRET}
    with place.market((PostgreSQL,)) as here:
        site = Site(here.folder)
        site.start()
        try:
            numbers = count()
            turns = [(_slowest(site, deliveries, numbers), _slowest(site, deliveries, None)) for _ in range(PAIRS)]
        finally:
            site.stop()
        from market.payments.models.stripe import StripeEvent

        stored = StripeEvent.objects.count()
    ours, plain = [turn[0] for turn in turns], [turn[1] for turn in turns]
    print(f"{stored} deliveries stored; p99 {', '.join(f'{each:.1f}' for each in ours)} ms, of a plain page {plain} ms")
    assert stored == deliveries * PAIRS
    say(
        at_most("p99 of a delivery in ms, by the most it may be", ours, [MOST] * PAIRS, 1.0),
        at_most("p99 of a delivery by that of a plain page", ours, plain, 10.0),
    )


def _slowest(site: Site, deliveries: int, numbers: count[int] | None) -> float:
    """Milliseconds within which 99 of 100 were answered."""
    with ThreadPoolExecutor(AT_ONCE) as several:
        shares = several.map(lambda _: _ask(site, deliveries // AT_ONCE, numbers), range(AT_ONCE))
        times = sorted(each for share in shares for each in share)
    return round(times[int(len(times) * 0.99) - 1] * 1000, 1)


def _ask(site: Site, times: int, numbers: count[int] | None) -> list[float]:
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=30)
    found = []
    for _ in range(times):
        begun = time.perf_counter()
        if numbers is None:
            connection.request("GET", _PLAIN)
        else:
            body, signature = signed(_event(next(numbers)))
            headers = {"Stripe-Signature": signature, "Content-Type": "application/json"}
            connection.request("POST", "/webhooks/stripe/", body, headers)
        answer = connection.getresponse()
        answer.read()
        found.append(time.perf_counter() - begun)
        if answer.status not in {200, 204}:
            raise RuntimeError(f"answered with {answer.status}")
    connection.close()
    return found


def _event(number: int) -> dict[str, object]:
    """Word of a payment, as long as Stripe's are."""
    intent = {"id": f"pi_{number}", "object": "payment_intent", "status": "succeeded", "note": "x" * 2000}
    return {
        "id": f"evt_{number}",
        "object": "event",
        "type": "payment_intent.succeeded",
        "created": int(time.time()),
        "livemode": False,
        "data": {"object": intent},
    }


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 400)
