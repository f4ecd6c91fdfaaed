"""What must not be readable in the database or its copies is sealed before it is stored, and opened only to be used."""

from __future__ import annotations

import base64
from functools import cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


def sealed(text: str) -> str:
    """The text, encrypted and authenticated with the first of the market's data keys."""
    return _keys(tuple(settings.DATA_KEYS)).encrypt(text.encode()).decode()


def opened(sealed_text: str) -> str:
    """What was sealed with any of the data keys. Raises ValueError for what was changed, or sealed with a key that is gone."""
    try:
        return _keys(tuple(settings.DATA_KEYS)).decrypt(sealed_text.encode()).decode()
    except InvalidToken as error:
        raise ValueError("sealed with no key of this market") from error


@cache
def _keys(secrets: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(base64.urlsafe_b64encode(_derived(secret))) for secret in secrets])


def _derived(secret: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"technology market, data at rest").derive(secret.encode())
