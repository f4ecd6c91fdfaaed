"""Did this market say so? Statements are signed with its key; whoever has the published key can check them without the site.

A statement is a JSON object without floats. What is signed is its one canonical form, so that neither spaces nor the order of
keys matter; Ed25519 gives the same signature for the same statement every time.
"""

from __future__ import annotations

import base64
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from market.events.chain import canonical

ALGORITHM = "Ed25519"


@dataclass(frozen=True, slots=True)
class PublishedKey:
    """A public half: its 32 bytes in base64, the name it goes by, and whether the market still signs with it."""

    id: str
    public_key: str
    is_current: bool


def signed(statement: Mapping[str, Any]) -> dict[str, Any]:
    """The statement with the market's signature beside it."""
    key = _signing_key()
    value = base64.b64encode(key.sign(canonical(statement))).decode()
    return {"document": dict(statement), "signature": {"algorithm": ALGORITHM, "key": key_id(key.public_key()), "value": value}}


def is_signed(sealed: Mapping[str, Any], keys: Mapping[str, bytes]) -> bool:
    """True when the signature beside this document was made with one of these keys, given by name."""
    signature = sealed.get("signature")
    document = sealed.get("document")
    if not isinstance(signature, Mapping) or not isinstance(document, Mapping) or signature.get("algorithm") != ALGORITHM:
        return False
    public = keys.get(str(signature.get("key")))
    if public is None:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(base64.b64decode(str(signature["value"])), canonical(document))
    except (InvalidSignature, KeyError, ValueError):
        return False
    return True


def published_keys() -> list[PublishedKey]:
    """The key the market signs with and those it signed with before, whose public halves lie beside it as *.pub."""
    current = _signing_key().public_key()
    former = [_former(path) for path in sorted(_file().parent.glob("*.pub"))]
    listed = {key_id(key): key for key in (current, *former)}
    return [PublishedKey(name, base64.b64encode(_raw(key)).decode(), key == current) for name, key in listed.items()]


def known_keys() -> dict[str, bytes]:
    """The published keys as `is_signed` takes them."""
    return {key.id: base64.b64decode(key.public_key) for key in published_keys()}


def ensure_signing_key() -> None:
    """There is a key to sign with."""
    if not _file().exists():
        _make(_file())


def replace_signing_key() -> str:
    """A new key signs from now on, and the public half of the one before stays published; gives the new key's name."""
    path = _file()
    if path.exists():
        former = _signing_key().public_key()
        pem = former.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        (path.parent / f"{key_id(former)}.pub").write_bytes(pem)
        path.unlink()
    _make(path)
    _signing_key.cache_clear()
    return key_id(_signing_key().public_key())


def key_id(key: Ed25519PublicKey) -> str:
    """The first 16 digits of the SHA-256 of the public key's bytes."""
    return sha256(_raw(key)).hexdigest()[:16]


def _raw(key: Ed25519PublicKey) -> bytes:
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw)


def _file() -> Path:
    return Path(settings.SIGNING_KEY_FILE)


@cache
def _signing_key() -> Ed25519PrivateKey:
    path = _file()
    if not path.exists():
        # In production a key that appears by itself would be one that nobody keeps.
        if not settings.DEMONSTRATION:
            raise ImproperlyConfigured(f"There is no signing key at {path}: manage.py prepare makes one.")
        _make(path)
    key = load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise ImproperlyConfigured(f"The signing key at {path} is no Ed25519 key.")
    return key


def _former(path: Path) -> Ed25519PublicKey:
    key = load_pem_public_key(path.read_bytes())
    if not isinstance(key, Ed25519PublicKey):
        raise ImproperlyConfigured(f"The former signing key at {path} is no Ed25519 key.")
    return key


def _make(path: Path) -> None:
    """Writes a new key, readable by the market alone; when two processes try at once, the first one's stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    # Whole or not at all: a second process must never read half a key.
    handle, name = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(pem)
    try:
        os.link(name, path)
    except FileExistsError:
        pass
    finally:
        os.unlink(name)
