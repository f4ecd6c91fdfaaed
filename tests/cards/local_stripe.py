"""localstripe in a process of its own, and in front of it what it has not: the page to pay on, disputes, word of refunds.

Payments, charges, refunds, the lines of the balance and the signed word of a payment are localstripe's.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

from tests.cards.stand_in import KEY, SECRET, Thing, deliver, nested, serving
from tests.services import free_port

# On this machine's own address only, and without its file in the folder for temporary files.
_START = """
import sys
from aiohttp import web
from localstripe.resources import Store
from localstripe.server import app
Store.dump_to_disk = lambda self: None
web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), print=None)
"""


@dataclass
class LocalStripe:
    """The address to speak to, and what the payer does."""

    behind: str
    webhook: str
    address: str = ""
    sessions: dict[str, Thing] = field(default_factory=dict)

    def pay(self, session_id: str, card: str = "4242424242424242") -> Thing:
        """The payer pays on the page; localstripe itself says so to the market, signed, about a second later."""
        session = self.sessions[session_id]
        details = {"type": "card", "card[number]": card, "card[exp_month]": 12, "card[exp_year]": 2040, "card[cvc]": "123"}
        method = self.ask("POST", "/v1/payment_methods", details)
        item = session["asked"]["line_items"]["0"]["price_data"]
        wanted = {"amount": item["unit_amount"], "currency": item["currency"], "payment_method": method["id"], "confirm": "true"}
        for name, value in session["asked"]["payment_intent_data"]["metadata"].items():
            wanted[f"metadata[{name}]"] = value
        intent = self.ask("POST", "/v1/payment_intents", wanted)
        session.update(status="complete", payment_intent=intent["id"])
        return intent

    def ask(self, verb: str, path: str, fields: Thing | None = None) -> Thing:
        status, answer = self._passed_on(verb, path, urlencode(fields or {}))
        assert status == 200, answer
        return answer

    def answer(self, verb: str, path: str, body: str, key: str) -> tuple[int, Thing]:
        """What is not localstripe's is answered here; all else by localstripe."""
        plain = urlsplit(path).path
        if (verb, plain) == ("POST", "/v1/checkout/sessions"):
            number = f"cs_test_{len(self.sessions) + 1}"
            given = nested(body)
            self.sessions[number] = {
                "id": number, "object": "checkout.session", "status": "open", "url": f"{self.address}/pay/{number}",
                "client_reference_id": given["client_reference_id"], "payment_intent": None, "asked": given,
            }  # fmt: skip
            return 200, self.sessions[number]
        if plain.startswith("/v1/checkout/sessions/"):
            return 200, self.sessions[plain.rpartition("/")[2]]
        if plain == "/v1/disputes":
            return 200, {"object": "list", "url": plain, "has_more": False, "data": []}
        if plain == "/v1/balance_transactions":
            # It lists all, and knows no days.
            path = plain
        status, answer = self._passed_on(verb, path, body)
        if status == 200 and answer.get("object") == "payment_intent":
            _complete(answer)
        if status == 200 and (verb, plain) == ("POST", "/v1/refunds"):
            self._tell("refund.created", answer)
        return status, answer

    def _passed_on(self, verb: str, path: str, body: str) -> tuple[int, Thing]:
        data = body.encode() if verb == "POST" else None
        request = urllib.request.Request(self.behind + path, data, {"Authorization": f"Bearer {KEY}"}, method=verb)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status, json.loads(answer.read())
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read() or b"{}")

    def _tell(self, kind: str, thing: Thing) -> None:
        event = {
            "id": f"evt_{thing['id']}",
            "type": kind,
            "created": int(time.time()),
            "livemode": False,
            "data": {"object": thing},
        }
        deliver(event, self.webhook)


def _complete(intent: Thing) -> None:
    """With what Stripe has and localstripe leaves out."""
    charge: Any = intent["latest_charge"]
    intent["amount_received"] = intent["amount"] if intent["status"] == "succeeded" else 0
    if charge:
        charge["payment_method_details"] = {"type": "card"}


@contextmanager
def local_stripe(webhook: str) -> Iterator[LocalStripe]:
    """It runs until the end, and delivers its events, signed, to this address."""
    port = free_port()
    with subprocess.Popen([sys.executable, "-c", _START, str(port)]) as process:
        try:
            it = LocalStripe(f"http://127.0.0.1:{port}", webhook)
            _wait(it)
            with serving(it) as it.address:
                yield it
        finally:
            process.terminate()


def _wait(it: LocalStripe) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with suppress(OSError):
            fields = urlencode({"url": it.webhook, "secret": SECRET}).encode()
            urllib.request.urlopen(f"{it.behind}/_config/webhooks/market", fields, timeout=5).close()
            return
        time.sleep(0.1)
    raise RuntimeError("localstripe did not start")
