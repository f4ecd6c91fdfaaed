"""Bidders as browsers are: a session, a token, one endpoint, and patience when nobody answers."""

from __future__ import annotations

import http.client
import json
import secrets
import time
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from tests.faults.bidders import Place
from tests.people import Member

_PAUSE = 0.1


def cookies_of(member: Member) -> dict[str, str]:
    """A session of this member, made as the site would make it."""
    from django.test import Client

    client = Client()
    client.force_login(member.person, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    session["acting_organisation"] = member.organisation.key
    session.save()
    return {"sessionid": str(session.session_key), "csrftoken": secrets.token_hex(16)}


def headers_of(member: Member) -> dict[str, str]:
    """With these a request is this member's."""
    from django.conf import settings

    cookies = cookies_of(member)
    cookies[settings.SESSION_COOKIE_NAME] = cookies.pop("sessionid")
    return {
        "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()),
        "X-CSRFToken": cookies["csrftoken"],
    }


def over_http(addresses: Sequence[str], auction: str, member: Member, number: int) -> Place:
    """Bids at one of these addresses; with the next attempt, after a failure, at the other."""
    headers = {"Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded", **headers_of(member)}
    turn = number

    def place(amount: int, key: str) -> Mapping[str, Any] | None:
        nonlocal turn
        time.sleep(_PAUSE)
        body = urlencode({"amount": f"{amount // 100}.{amount % 100:02d}", "key": key})
        try:
            line = http.client.HTTPConnection(addresses[turn % len(addresses)], timeout=20)
            line.request("POST", f"/auctions/{auction}/bid/", body, headers)
            answer = line.getresponse()
            content = answer.read()
            line.close()
        except (OSError, http.client.HTTPException):
            turn += 1
            return None
        return _answer(answer.status, content)

    return place


def _answer(status: int, content: bytes) -> Mapping[str, Any] | None:
    """A receipt, or a refusal before the chain; nothing where the site failed, which says nothing about the bid."""
    if status >= 500:
        return None
    told = json.loads(content)
    if "sequence" not in told:
        return {"accepted": False, "status": status}
    names = ("sequence", "hash", "code", "minimum")
    return {"accepted": told["isAccepted"], **{name: told[name] for name in names}}
