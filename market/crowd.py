"""How many sockets has one visitor, and how fast does one speak? Counted in this process: a server of several processes lets in
as many times more, which is still no flood."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Mapping
from http.cookies import CookieError, SimpleCookie
from typing import Any

from django.conf import settings

# Auctions open in tabs of one browser; the pages that listen for what their reader is told; and conversations in deal rooms.
_MOST_PER_SESSION = {"room": 5, "notices": 20, "talk": 10}
# Messages of one socket within a second.
_MOST_A_SECOND = 10

_open: Counter[str] = Counter()


def visitors_of(scope: Mapping[str, Any], what: str = "room") -> dict[str, int]:
    """By what a socket is counted, with the most that each may have; an address without a limit is left out.

    `what` the socket is for keeps the counts apart, so that pages left open take no bidder's place.
    """
    headers = _headers(scope)
    found = {}
    if session := session_of(scope):
        found[f"{what}:session:{session}"] = _MOST_PER_SESSION[what]
    if settings.SOCKETS_PER_ADDRESS:
        found[f"{what}:address:{_address(scope, headers)}"] = settings.SOCKETS_PER_ADDRESS
    return found


def session_of(scope: Mapping[str, Any]) -> str:
    """The key of the visitor's session; empty without one."""
    return _cookie(_headers(scope).get("cookie", ""))


def _headers(scope: Mapping[str, Any]) -> dict[str, str]:
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope.get("headers", [])}


def browser_of(scope: Mapping[str, Any]) -> tuple[str, str]:
    """The visitor's network address, and what the browser calls itself."""
    headers = _headers(scope)
    return _address(scope, headers), headers.get("user-agent", "")


def enter(visitors: Mapping[str, int]) -> bool:
    """One more socket is counted for each; or none, and False, where one of them has all it may have."""
    if any(_open[name] >= most for name, most in visitors.items()):
        return False
    _open.update(visitors.keys())
    return True


def leave(visitors: Mapping[str, int]) -> None:
    """The socket is gone."""
    for name in visitors:
        _open[name] -= 1
        if _open[name] <= 0:
            del _open[name]


def speaks_too_fast(spoken: deque[float], now: float) -> bool:
    """Notes a message at this second of any steady clock; True when it is one too many."""
    spoken.append(now)
    while spoken[0] <= now - 1:
        spoken.popleft()
    return len(spoken) > _MOST_A_SECOND


def _cookie(header: str) -> str:
    try:
        morsel = SimpleCookie(header).get(settings.SESSION_COOKIE_NAME)
    except CookieError:
        return ""
    return morsel.value if morsel else ""


def _address(scope: Mapping[str, Any], headers: Mapping[str, str]) -> str:
    """The visitor's, as the last of the market's own proxies saw it; what a visitor says of themselves counts for nothing."""
    proxies = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    told = [part.strip() for part in headers.get("x-forwarded-for", "").split(",")]
    if proxies and len(told) >= proxies:
        return told[-proxies]
    client = scope.get("client")
    return client[0] if client else ""
