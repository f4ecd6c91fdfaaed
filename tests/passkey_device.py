"""A device that keeps passkeys, without a browser: it answers what a page asks, and may be told to answer wrongly."""

from __future__ import annotations

import json
import os
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import sha256, websafe_decode, websafe_encode
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

# The host that the test client asks.
HOST = "testserver"
_PRESENT, _VERIFIED, _ATTESTED = 0x01, 0x04, 0x40


class Device:
    """One passkey. `make` and `use` give what a page would send as `credential`."""

    def __init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._id = os.urandom(16)

    def make(self, options: dict[str, Any], *, origin: str = f"https://{HOST}") -> str:
        """The answer to `creation_options`."""
        public = ES256.from_cryptography_key(self._key.public_key())
        attested = AttestedCredentialData.create(Aaguid.NONE, self._id, public)
        seen = AuthenticatorData.create(sha256(HOST.encode()), _PRESENT | _VERIFIED | _ATTESTED, 0, attested)
        said = self._said(CollectedClientData.TYPE.CREATE, options, origin)
        attestation = bytes(AttestationObject.create("none", seen, {}))
        return self._answer({"clientDataJSON": said, "attestationObject": attestation})

    def use(self, options: dict[str, Any], *, origin: str = f"https://{HOST}") -> str:
        """The answer to `request_options`."""
        seen = bytes(AuthenticatorData.create(sha256(HOST.encode()), _PRESENT | _VERIFIED, 0))
        said = self._said(CollectedClientData.TYPE.GET, options, origin)
        signature = self._key.sign(seen + sha256(said), ec.ECDSA(hashes.SHA256()))
        return self._answer({"clientDataJSON": said, "authenticatorData": seen, "signature": signature, "userHandle": b"1"})

    def _said(self, kind: str, options: dict[str, Any], origin: str) -> bytes:
        challenge = websafe_decode(options["publicKey"]["challenge"])
        return bytes(CollectedClientData.create(kind, challenge, origin))

    def _answer(self, response: dict[str, bytes]) -> str:
        name = websafe_encode(self._id)
        return json.dumps(
            {
                "type": "public-key",
                "id": name,
                "rawId": name,
                "response": {field: websafe_encode(value) for field, value in response.items()},
                "clientExtensionResults": {},
            }
        )
