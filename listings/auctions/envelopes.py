"""Sealed bids: how the browser closes an envelope, and how two keys of three open it. `static/js/envelope.js` does the same.

A bid is encrypted under a key of its own, which is split two of three; each share is wrapped for the public key of one
holder. Nobody ever has a key that opens all. The envelope holds the private half of its own ephemeral key, so that whoever
opens it can see whether all three shares were made as they should be: a bid is valid or not, whichever two open it.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from listings.auctions.chain import LARGEST_FEN
from listings.auctions.shares import value_at

SEATS = (1, 2, 3)
# Every key is used for one message, so the nonce of the cipher may stand still.
_NONCE = bytes(12)
_TAG = 16
_KEY = 32
# All envelopes are of one length, whatever the amount.
_CONTENT = 256
_POINT = 65
_CURVE = ec.SECP256R1()


@dataclass(frozen=True, slots=True)
class Context:
    """For what an envelope was closed: it opens as no other bidder's, in no other auction or round."""

    auction: str
    round: int
    bidder: int

    def __str__(self) -> str:
        return f"{self.auction}|{self.round}|{self.bidder}"


@dataclass(frozen=True, slots=True)
class Opened:
    """What was in an envelope; or why it is no bid, as the code of a refusal."""

    amount_fen: int | None
    nonce: str = ""
    flaw: str = ""


class Unreadable(Exception):
    """This key opens no share of this envelope."""


def commitment(context: Context, amount_fen: int, nonce: str) -> str:
    """The hash by which a bidder is bound to an amount without showing it."""
    return hashlib.sha256(f"{context}|{amount_fen}|{nonce}".encode()).hexdigest()


def public_key(text: str) -> ec.EllipticCurvePublicKey:
    """The public key in this text: the uncompressed point, in base64. Raises ValueError for anything else."""
    return ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, _bytes(text, _POINT))


def public_text(key: ec.EllipticCurvePublicKey) -> str:
    return _text(key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))


def is_envelope(content: object) -> bool:
    """True for what has the form of an envelope; whether it opens is seen later."""
    if not isinstance(content, dict) or set(content) != {"e", "box", "shares", "commitment"}:
        return False
    try:
        public_key(content["e"])
        _bytes(content["box"], _CONTENT + _TAG)
        _hex(content["commitment"])
        if not isinstance(content["shares"], list) or len(content["shares"]) != len(SEATS):
            return False
        return all(_is_share(share, seat) for share, seat in zip(content["shares"], SEATS, strict=True))
    except (ValueError, TypeError):
        return False


def _is_share(share: object, seat: int) -> bool:
    if not isinstance(share, dict) or set(share) != {"seat", "box", "hash"} or share["seat"] != seat:
        return False
    _bytes(share["box"], _KEY + _TAG)
    _hex(share["hash"])
    return True


def seal(context: Context, amount_fen: int, holders: Mapping[int, ec.EllipticCurvePublicKey]) -> dict[str, Any]:
    """An envelope with this amount, as the bidder's browser makes it; any two of the holders can open it."""
    ephemeral = ec.generate_private_key(_CURVE)
    key, nonce = secrets.token_bytes(_KEY), secrets.token_hex(32)
    line = {0: key, 1: secrets.token_bytes(_KEY)}
    private = base64.urlsafe_b64encode(ephemeral.private_numbers().private_value.to_bytes(32)).decode().rstrip("=")
    content = json.dumps({"amount": amount_fen, "nonce": nonce, "d": private}).ljust(_CONTENT).encode()
    return {
        "e": public_text(ephemeral.public_key()),
        "box": _text(AESGCM(key).encrypt(_NONCE, content, str(context).encode())),
        "shares": [_wrapped(context, seat, value_at(line, seat), ephemeral, holders[seat]) for seat in SEATS],
        "commitment": commitment(context, amount_fen, nonce),
    }


def _wrapped(
    context: Context, seat: int, share: bytes, ephemeral: ec.EllipticCurvePrivateKey, holder: ec.EllipticCurvePublicKey
) -> dict[str, Any]:
    box = _wrap(context, seat, ephemeral, holder).encrypt(_NONCE, share, None)
    return {"seat": seat, "box": _text(box), "hash": hashlib.sha256(share).hexdigest()}


def _wrap(context: Context, seat: int, own: ec.EllipticCurvePrivateKey, other: ec.EllipticCurvePublicKey) -> AESGCM:
    """The cipher that only two have: whoever closed the envelope, and the holder of this seat."""
    secret = own.exchange(ec.ECDH(), other)
    return AESGCM(HKDF(SHA256(), _KEY, salt=None, info=f"{context}|{seat}".encode()).derive(secret))


def share_of(context: Context, seat: int, envelope: Mapping[str, Any], holder: ec.EllipticCurvePrivateKey) -> str:
    """The holder's share of this envelope's key, in hexadecimal, as their browser takes it out. Raises `Unreadable`."""
    wrap = _wrap(context, seat, holder, public_key(envelope["e"]))
    try:
        return wrap.decrypt(_NONCE, _bytes(envelope["shares"][seat - 1]["box"], _KEY + _TAG), None).hex()
    except InvalidTag:
        raise Unreadable from None


def is_share_of(envelope: Mapping[str, Any], seat: int, share: str) -> bool:
    """True when this is the share that the bidder made for this seat."""
    try:
        return hashlib.sha256(_hex(share)).hexdigest() == envelope["shares"][seat - 1]["hash"]
    except ValueError:
        return False


def open_envelope(
    context: Context, envelope: Mapping[str, Any], shares: Mapping[int, str], holders: Mapping[int, ec.EllipticCurvePublicKey]
) -> Opened:
    """What is in the envelope, by two shares of its key; and whether all of it was made as it should be."""
    if len(shares) < 2:
        return Opened(None, flaw="auctions.unreadable")
    points = dict(list({seat: _hex(share) for seat, share in shares.items()}.items())[:2])
    key = value_at(points, 0)
    try:
        content = AESGCM(key).decrypt(_NONCE, _bytes(envelope["box"], _CONTENT + _TAG), str(context).encode())
        amount_fen, nonce, private = _content(content)
    except (InvalidTag, ValueError):
        return Opened(None, flaw="auctions.unreadable")
    if commitment(context, amount_fen, nonce) != envelope["commitment"]:
        return Opened(amount_fen, nonce, "auctions.commitment_wrong")
    if not _is_consistent(context, envelope, points, private, holders):
        return Opened(amount_fen, nonce, "auctions.envelope_inconsistent")
    return Opened(amount_fen, nonce)


def _content(content: bytes) -> tuple[int, str, int]:
    """Amount, nonce and the ephemeral private key. Raises ValueError for anything else."""
    found = json.loads(content)
    if not isinstance(found, dict) or type(found.get("amount")) is not int or not isinstance(found.get("nonce"), str):
        raise ValueError("not what an envelope holds")
    _hex(found["nonce"])
    if not isinstance(found.get("d"), str) or abs(found["amount"]) > LARGEST_FEN:
        raise ValueError("not what an envelope holds")
    return found["amount"], found["nonce"], int.from_bytes(base64.urlsafe_b64decode(found["d"] + "=="))


def _is_consistent(
    context: Context,
    envelope: Mapping[str, Any],
    points: Mapping[int, bytes],
    private: int,
    holders: Mapping[int, ec.EllipticCurvePublicKey],
) -> bool:
    """True when every holder was given the share that belongs to this envelope's key."""
    try:
        ephemeral = ec.derive_private_key(private, _CURVE)
    except ValueError:
        return False
    if public_text(ephemeral.public_key()) != envelope["e"]:
        return False
    return all(
        _wrapped(context, seat, value_at(points, seat), ephemeral, holders[seat]) == envelope["shares"][seat - 1]
        for seat in SEATS
    )


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _bytes(text: str, length: int) -> bytes:
    try:
        content = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError("not base64") from error
    if len(content) != length or _text(content) != text:
        raise ValueError(f"not {length} bytes")
    return content


def _hex(text: str) -> bytes:
    """32 bytes in hexadecimal, small letters."""
    content = bytes.fromhex(text)
    if len(content) != 32 or content.hex() != text:
        raise ValueError("not 32 bytes in hexadecimal")
    return content
