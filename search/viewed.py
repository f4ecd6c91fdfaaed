"""What did this browser look at lately? A signed cookie says it, for this person alone; the market keeps nothing of it."""

from __future__ import annotations

from django.core import signing
from django.http import HttpRequest, HttpResponse

from search.query import Key, Kind

COOKIE = "viewed"
MOST_KEPT = 12
_SEPARATOR = "."


def viewed_in(request: HttpRequest) -> list[Key]:
    """The latest first. Nothing of what somebody else looked at in this browser before signing in or out."""
    try:
        kept = signing.Signer(salt=_salt(request)).unsign(request.COOKIES.get(COOKIE, ""))
        pieces = (piece.partition("-") for piece in kept.split(_SEPARATOR) if piece)
        return [Key(Kind(kind), int(pk)) for kind, _dash, pk in pieces]
    except (signing.BadSignature, ValueError):
        return []


def note_viewed(request: HttpRequest, response: HttpResponse, key: Key) -> None:
    """This one comes first from now on, until the browser is closed."""
    kept = [key, *(other for other in viewed_in(request) if other != key)][:MOST_KEPT]
    value = _SEPARATOR.join(f"{other.kind.value}-{other.pk}" for other in kept)
    signed = signing.Signer(salt=_salt(request)).sign(value)
    response.set_cookie(COOKIE, signed, httponly=True, samesite="Lax", secure=request.is_secure())


def forget_viewed(response: HttpResponse) -> None:
    """The browser throws the list away."""
    response.delete_cookie(COOKIE, samesite="Lax")


def _salt(request: HttpRequest) -> str:
    """Another person, or nobody in particular, cannot read it: to them the signature is wrong."""
    return f"search.viewed.{request.user.pk or 0}"
