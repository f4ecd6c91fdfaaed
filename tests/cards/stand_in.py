"""A small stand-in for Stripe over real HTTP that keeps state: what the market asks, payers and banks do, and word of all of it.

It has what a purely formal stand-in lacks: idempotency keys with the first answer saved and an error for another body, limits of
refunds, cancelling, refunds that fail before or after they succeeded, disputes that move the balance, the list of events, the
lines of the balance, and signed webhooks that a test delivers late, twice, or in any order. `python -m tests.cards.stand_in PORT
WEBHOOK_ADDRESS` serves it with a page to pay on, for trying out.
"""

from __future__ import annotations

import json
import re
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any, Protocol
from urllib.parse import parse_qsl, urlsplit

import stripe

SECRET = "whsec_of_the_tests"
KEY = "sk_test_ofthetests"
# What Stripe keeps of a payment, in thousandths, and of a dispute, in fen.
FEE_PER_MILLE = 34
DISPUTE_FEE = 10_000

_KEPT = ("sessions", "intents", "charges", "refunds", "disputes", "lines")

type Thing = dict[str, Any]


class Refusal(Exception):
    """The answer is an error with this status and code."""

    def __init__(self, status: int, code: str, message: str, kind: str = "invalid_request_error") -> None:
        super().__init__(message)
        self.status = status
        self.body = {"error": {"type": kind, "code": code, "message": message}}


@dataclass
class Saved:
    """The answer to an idempotency key: to which request, and what it was once it is there."""

    request: tuple[str, str, str]
    answer: tuple[int, Thing] | None = None


@dataclass
class StandIn:
    """The state of the account. Whoever pays, refunds by hand or disputes does so by calling the methods below."""

    sessions: dict[str, Thing] = field(default_factory=dict)
    intents: dict[str, Thing] = field(default_factory=dict)
    charges: dict[str, Thing] = field(default_factory=dict)
    refunds: dict[str, Thing] = field(default_factory=dict)
    disputes: dict[str, Thing] = field(default_factory=dict)
    lines: list[Thing] = field(default_factory=list)
    events: list[Thing] = field(default_factory=list)
    requests: list[tuple[str, str]] = field(default_factory=list)
    saved: dict[str, Saved] = field(default_factory=dict)
    # What goes wrong: every answer is this status; or the next so many answers are lost on their way, or come late.
    broken: int = 0
    answers_lost: int = 0
    seconds_late: float = 0
    # As banks do it: a refund stays pending until `finish_refund`.
    refunds_take_time: bool = False
    address: str = ""
    numbers: Iterator[int] = field(default_factory=lambda: count(1))
    lock: threading.RLock = field(default_factory=threading.RLock)
    tell: Callable[[Thing], None] | None = None
    clock: Callable[[], int] = field(default=lambda: int(time.time()))
    # Everything as it was when each event happened, once `remembers` is set.
    remembers: bool = False
    moments: list[Thing] = field(default_factory=list)

    # --- What people and banks do

    def pay(self, session_id: str, way: str = "card") -> Thing:
        """The payer pays on the page."""
        with self.lock:
            session = self.sessions[session_id]
            if session["status"] != "open":
                raise ValueError(f"the page is {session['status']}")
            intent = self._intent_of(session)
            charge = self._charge(intent, way)
            intent.update(status="succeeded", amount_received=intent["amount"], latest_charge=charge["id"])
            session.update(status="complete", payment_status="paid")
            self._happened("payment_intent.created", {**intent, "status": "requires_payment_method", "amount_received": 0})
            self._happened("charge.succeeded", charge)
            self._happened("payment_intent.succeeded", intent)
            self._happened("checkout.session.completed", session)
            return intent

    def decline(self, session_id: str) -> None:
        """The card is declined; the payer may try another one on the same page."""
        with self.lock:
            intent = self._intent_of(self.sessions[session_id])
            self._happened("payment_intent.payment_failed", intent)

    def expire(self, session_id: str) -> None:
        """The time of the page is over."""
        with self.lock:
            self._expire(self.sessions[session_id])

    def finish_refund(self, refund_id: str, *, failure: str = "") -> None:
        """The bank has paid it out; or sends it back, before or after."""
        with self.lock:
            refund = self.refunds[refund_id]
            if not failure:
                refund["status"] = "succeeded"
                self._happened("refund.updated", refund)
                return
            refund.update(status="failed", failure_reason=failure)
            self._line(refund["amount"], 0, "refund_failure", refund_id)
            self.charges[refund["charge"]]["amount_refunded"] -= refund["amount"]
            self._happened("refund.failed", refund)

    def refund_by_hand(self, intent_id: str, amount: int) -> Thing:
        """Somebody refunds in Stripe's own pages."""
        with self.lock:
            return self._refund({"payment_intent": intent_id, "amount": str(amount)})

    def open_dispute(self, intent_id: str, reason: str = "fraudulent") -> Thing:
        """The payer's bank takes the money back for now."""
        with self.lock:
            intent = self.intents[intent_id]
            number = self._number("dp")
            dispute: Thing = {
                "id": number, "object": "dispute", "payment_intent": intent_id, "charge": intent["latest_charge"],
                "amount": intent["amount"], "currency": "cny", "reason": reason, "status": "needs_response",
                "created": self.clock(), "evidence_details": {"due_by": self.clock() + 7 * 86400}, "balance_transactions": [],
            }  # fmt: skip
            self.disputes[number] = dispute
            self._happened("charge.dispute.created", dispute)
            dispute["balance_transactions"] += [self._line(-dispute["amount"], DISPUTE_FEE, "dispute", number)]
            self._happened("charge.dispute.funds_withdrawn", dispute)
            return dispute

    def close_dispute(self, dispute_id: str, *, is_lost: bool) -> None:
        """The bank decides."""
        with self.lock:
            dispute = self.disputes[dispute_id]
            dispute["status"] = "lost" if is_lost else "won"
            if not is_lost:
                dispute["balance_transactions"] += [self._line(dispute["amount"], 0, "dispute_reversal", dispute_id)]
                self._happened("charge.dispute.funds_reinstated", dispute)
            self._happened("charge.dispute.closed", dispute)

    def move(self, amount: int, category: str) -> Thing:
        """The balance changes by something that is no payment: a payout, or what Stripe itself charges."""
        with self.lock:
            return self._line(amount, 0, category, self._number("po"))

    def happen(self, kind: str, thing: Thing) -> Thing:
        """An event of any kind, for what the market must ignore."""
        with self.lock:
            return self._happened(kind, thing)

    def show(self, moment: int) -> None:
        """From now on everything is as it was when this event happened, by its place among all."""
        with self.lock:
            vars(self).update(deepcopy(self.moments[moment]))

    # --- What is asked over HTTP

    def answer(self, verb: str, path: str, body: str, key: str) -> tuple[int, Thing]:
        """The status and the answer to this request, the saved one where its key was used before."""
        with self.lock:
            self.requests.append((verb, path))
            if not key:
                return self._answered(verb, path, body)
            request = (verb, path, body)
            saved = self.saved.setdefault(key, Saved(request))
            if saved.request != request:
                error = Refusal(
                    400, "idempotency_key_in_use", "Keys can only be used with the same request.", "idempotency_error"
                )
                return error.status, error.body
            if saved.answer is None:
                answer = json.loads(json.dumps(self._answered(verb, path, body)))
                if answer[0] in {429, 503}:
                    # It never came to the request: the key is still free.
                    del self.saved[key]
                    return answer[0], answer[1]
                saved.answer = answer
            return saved.answer[0], saved.answer[1]

    def _answered(self, verb: str, path: str, body: str) -> tuple[int, Thing]:
        if self.broken:
            return self.broken, {"error": {"type": "api_error", "message": "broken"}}
        address = urlsplit(path)
        given = nested(body if verb == "POST" else address.query)
        try:
            for wanted, pattern, act in ROUTES:
                found = re.fullmatch(pattern, address.path)
                if found and wanted == verb:
                    return 200, act(self, given, *found.groups())
        except Refusal as refusal:
            return refusal.status, refusal.body
        return 404, {"error": {"type": "invalid_request_error", "message": f"Unrecognized request URL ({verb}: {path})."}}

    def open_session(self, given: Thing) -> Thing:
        (item,) = given["line_items"].values()
        number, amount = self._number("cs_test"), int(item["price_data"]["unit_amount"]) * int(item["quantity"])
        if not 30 * 60 <= int(given["expires_at"]) - self.clock() <= 24 * 3600 + 60:
            raise Refusal(400, "parameter_invalid", "expires_at must be between 30 minutes and 24 hours from now.")
        session: Thing = {
            "id": number, "object": "checkout.session", "status": "open", "payment_status": "unpaid", "livemode": False,
            "url": f"{self.address}/pay/{number}", "amount_total": amount, "currency": item["price_data"]["currency"],
            "client_reference_id": given.get("client_reference_id"), "metadata": given.get("metadata", {}),
            "payment_intent": None, "expires_at": int(given["expires_at"]), "success_url": given["success_url"],
            "cancel_url": given["cancel_url"], "intent_metadata": given.get("payment_intent_data", {}).get("metadata", {}),
            "title": item["price_data"]["product_data"]["name"],
        }  # fmt: skip
        self.sessions[number] = session
        return session

    def end_session(self, given: Thing, number: str) -> Thing:
        session = self._found(self.sessions, number)
        if session["status"] != "open":
            raise Refusal(400, "", f"Only open sessions can be expired; this one is {session['status']}.")
        self._expire(session)
        return session

    def show_session(self, given: Thing, number: str) -> Thing:
        return self._found(self.sessions, number)

    def show_intent(self, given: Thing, number: str) -> Thing:
        intent = dict(self._found(self.intents, number))
        if intent["latest_charge"] and "latest_charge.balance_transaction" in given.get("expand", {}).values():
            charge = dict(self.charges[intent["latest_charge"]])
            charge["balance_transaction"] = next(line for line in self.lines if line["id"] == charge["balance_transaction"])
            intent["latest_charge"] = charge
        return intent

    def cancel_intent(self, given: Thing, number: str) -> Thing:
        intent = self._found(self.intents, number)
        if intent["status"] in {"succeeded", "canceled"}:
            raise Refusal(400, "payment_intent_unexpected_state", f"It is {intent['status']}.")
        intent["status"] = "canceled"
        self._happened("payment_intent.canceled", intent)
        return intent

    def create_refund(self, given: Thing) -> Thing:
        return self._refund(given)

    def list_refunds(self, given: Thing) -> Thing:
        return _listed(
            "refunds", [each for each in self.refunds.values() if each["payment_intent"] == given["payment_intent"]], given
        )

    def answer_dispute(self, given: Thing, number: str) -> Thing:
        dispute = self._answerable(number)
        dispute["evidence"] = given.get("evidence", {})
        if given.get("submit") == "true":
            dispute["status"] = "under_review"
        self._happened("charge.dispute.updated", dispute)
        return dispute

    def concede_dispute(self, given: Thing, number: str) -> Thing:
        dispute = self._answerable(number)
        self.close_dispute(number, is_lost=True)
        return dispute

    def _answerable(self, number: str) -> Thing:
        dispute = self._found(self.disputes, number)
        if dispute["status"] != "needs_response":
            raise Refusal(400, "", f"This dispute is {dispute['status']}.")
        return dispute

    def list_disputes(self, given: Thing) -> Thing:
        return _listed(
            "disputes", [each for each in self.disputes.values() if each["payment_intent"] == given["payment_intent"]], given
        )

    def list_events(self, given: Thing) -> Thing:
        return _listed("events", self.events, given)

    def list_lines(self, given: Thing) -> Thing:
        return _listed("balance_transactions", self.lines, given)

    # --- Inside

    def _intent_of(self, session: Thing) -> Thing:
        if session["payment_intent"] is None:
            number = self._number("pi")
            self.intents[number] = {
                "id": number, "object": "payment_intent", "amount": session["amount_total"], "amount_received": 0,
                "currency": session["currency"], "status": "requires_payment_method", "latest_charge": None,
                "metadata": session["intent_metadata"], "created": self.clock(),
            }  # fmt: skip
            session["payment_intent"] = number
        return self.intents[session["payment_intent"]]

    def _charge(self, intent: Thing, way: str) -> Thing:
        number = self._number("ch")
        line = self._line(intent["amount"], intent["amount"] * FEE_PER_MILLE // 1000, "charge", number)
        self.charges[number] = {
            "id": number, "object": "charge", "amount": intent["amount"], "amount_refunded": 0, "currency": intent["currency"],
            "payment_intent": intent["id"], "payment_method_details": {"type": way}, "balance_transaction": line["id"],
            "created": self.clock(),
        }  # fmt: skip
        return self.charges[number]

    def _expire(self, session: Thing) -> None:
        session["status"] = "expired"
        intent = self.intents.get(session["payment_intent"] or "")
        if intent is not None and intent["status"] != "succeeded":
            intent["status"] = "canceled"
            self._happened("payment_intent.canceled", intent)
        self._happened("checkout.session.expired", session)

    def _refund(self, given: Thing) -> Thing:
        intent = self._found(self.intents, given["payment_intent"])
        if intent["status"] != "succeeded":
            raise Refusal(400, "charge_not_captured", "This payment was never made.")
        charge = self.charges[intent["latest_charge"]]
        amount = int(given.get("amount", charge["amount"] - charge["amount_refunded"]))
        disputed = [each for each in self.disputes.values() if each["charge"] == charge["id"] and each["status"] != "won"]
        if disputed:
            raise Refusal(400, "charge_disputed", "This charge has been charged back.")
        if charge["amount_refunded"] >= charge["amount"]:
            raise Refusal(400, "charge_already_refunded", "Charge has already been refunded.")
        if not 0 < amount <= charge["amount"] - charge["amount_refunded"]:
            raise Refusal(400, "amount_too_large", "Refund amount is greater than unrefunded amount on charge.")
        number = self._number("re")
        refund: Thing = {
            "id": number, "object": "refund", "amount": amount, "currency": "cny", "charge": charge["id"],
            "payment_intent": intent["id"], "status": "pending" if self.refunds_take_time else "succeeded",
            "metadata": given.get("metadata", {}), "created": self.clock(),
        }  # fmt: skip
        self.refunds[number] = refund
        charge["amount_refunded"] += amount
        self._line(-amount, 0, "refund", number)
        self._happened("refund.created", refund)
        self._happened("charge.refunded", charge)
        return refund

    def _line(self, amount: int, fee: int, category: str, source: str) -> Thing:
        line: Thing = {
            "id": self._number("txn"), "object": "balance_transaction", "amount": amount, "fee": fee, "net": amount - fee,
            "currency": "cny", "reporting_category": category, "source": source, "created": self.clock(),
        }  # fmt: skip
        self.lines.append(line)
        return line

    def _happened(self, kind: str, thing: Thing) -> Thing:
        event: Thing = {
            "id": self._number("evt"), "object": "event", "type": kind, "created": self.clock(), "livemode": False,
            "data": {"object": json.loads(json.dumps(thing))},
        }  # fmt: skip
        self.events.append(event)
        if self.remembers:
            self.moments.append(deepcopy({name: getattr(self, name) for name in _KEPT}))
        if self.tell:
            self.tell(event)
        return event

    def _number(self, prefix: str) -> str:
        return f"{prefix}_{next(self.numbers):06d}"

    def _found(self, things: dict[str, Thing], number: str) -> Thing:
        if number not in things:
            raise Refusal(404, "resource_missing", f"No such object: '{number}'")
        return things[number]


def _listed(kind: str, things: list[Thing], given: Mapping[str, Any]) -> Thing:
    """The newest first, in pages."""
    since = int(given.get("created", {}).get("gte", 0))
    newest_first = [each for each in reversed(things) if each["created"] >= since]
    if after := given.get("starting_after"):
        newest_first = newest_first[[each["id"] for each in newest_first].index(after) + 1 :]
    page = int(given.get("limit", 10))
    return {"object": "list", "url": f"/v1/{kind}", "has_more": len(newest_first) > page, "data": newest_first[:page]}


def nested(form: str) -> Thing:
    """Fields such as `a[b][0]` as dictionaries within dictionaries."""
    found: Thing = {}
    for name, value in parse_qsl(form, keep_blank_values=True):
        *above, last = re.findall(r"[^\[\]]+", name)
        place = found
        for part in above:
            place = place.setdefault(part, {})
        place[last if last not in place else f"{last}+"] = value
    return found


ROUTES: tuple[tuple[str, str, Callable[..., Thing]], ...] = (
    ("POST", "/v1/checkout/sessions", StandIn.open_session),
    ("POST", "/v1/checkout/sessions/([^/]+)/expire", StandIn.end_session),
    ("GET", "/v1/checkout/sessions/([^/]+)", StandIn.show_session),
    ("GET", "/v1/payment_intents/([^/]+)", StandIn.show_intent),
    ("POST", "/v1/payment_intents/([^/]+)/cancel", StandIn.cancel_intent),
    ("POST", "/v1/refunds", StandIn.create_refund),
    ("GET", "/v1/refunds", StandIn.list_refunds),
    ("GET", "/v1/disputes", StandIn.list_disputes),
    ("POST", r"/v1/disputes/(\w+)", StandIn.answer_dispute),
    ("POST", r"/v1/disputes/(\w+)/close", StandIn.concede_dispute),
    ("GET", "/v1/events", StandIn.list_events),
    ("GET", "/v1/balance_transactions", StandIn.list_lines),
)


def signed(event: Thing, *, secret: str = SECRET, seconds_ago: int = 0) -> tuple[str, str]:
    """The body of a delivery and its signature."""
    body = json.dumps(event)
    return body, stripe.WebhookSignature.generate_signature_header(body, secret, int(time.time()) - seconds_ago)


class _Handler(BaseHTTPRequestHandler):
    stand_in: StandIn
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if self.path.startswith("/pay/"):
            return self._page()
        return self._answer("GET", "")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        if self.path.startswith("/pay/"):
            return self._paid(nested(body))
        return self._answer("POST", body)

    def _answer(self, verb: str, body: str) -> None:
        it = self.stand_in
        status, answer = it.answer(verb, self.path, body, self.headers.get("Idempotency-Key") or "")
        time.sleep(getattr(it, "seconds_late", 0))
        if getattr(it, "answers_lost", 0):
            it.answers_lost -= 1
            self.close_connection = True
            self.connection.close()
            return
        self._send(status, json.dumps(answer), "application/json")

    def _page(self) -> None:
        session = self.stand_in.sessions[self.path.removeprefix("/pay/")]
        ways = "".join(f"<button name=way value={way}>{way}</button> " for way in ("card", "alipay", "wechat_pay", "decline"))
        back = escape(session["cancel_url"], quote=True)
        text = f"<h1>{escape(session['title'])}</h1><p>{session['amount_total']} fen</p>"
        self._send(200, f"<!doctype html>{text}<form method=post>{ways}</form><a href='{back}'>back</a>", "text/html")

    def _paid(self, given: Thing) -> None:
        number = self.path.removeprefix("/pay/")
        if given["way"] == "decline":
            self.stand_in.decline(number)
            return self._page()
        self.stand_in.pay(number, given["way"])
        self.send_response(303)
        self.send_header("Location", self.stand_in.sessions[number]["success_url"])
        self.send_header("Content-Length", "0")
        self.end_headers()
        return None

    def _send(self, status: int, body: str, kind: str) -> None:
        content = body.encode()
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Quietly."""


class Answering(Protocol):
    """Something that answers what is asked of Stripe."""

    def answer(self, verb: str, path: str, body: str, key: str) -> tuple[int, Thing]:
        """The status and the answer."""


@contextmanager
def serving(it: Answering, port: int = 0) -> Iterator[str]:
    """It answers on a port of this machine until the end; gives the address."""
    handler = type("Handler", (_Handler,), {"stand_in": it})
    server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def stand_in(port: int = 0) -> Iterator[StandIn]:
    """The stand-in answers on a port of this machine until the end."""
    it = StandIn()
    with serving(it, port) as it.address:
        yield it


def deliver(event: Thing, address: str) -> int:
    """Delivers the event over HTTP; gives the status of the answer."""
    body, signature = signed(event)
    headers = {"Stripe-Signature": signature, "Content-Type": "application/json"}
    with urllib.request.urlopen(urllib.request.Request(address, body.encode(), headers), timeout=10) as answer:
        return int(answer.status)


def main(arguments: list[str]) -> None:
    port, webhook = arguments
    with stand_in(int(port)) as it:
        it.tell = lambda event: threading.Timer(1, deliver, (event, webhook)).start()
        print(f"STRIPE_API_BASE={it.address} STRIPE_API_KEY={KEY} STRIPE_WEBHOOK_SECRET={SECRET}", flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main(sys.argv[1:])
