"""A certificate signed by a device that never gives its key away: SoftHSM stands for it, by the same PKCS#11 calls."""

from __future__ import annotations

import os
import shutil
import subprocess
from datetime import datetime
from pathlib import Path

import pkcs11
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, pkcs12
from django.conf import LazySettings
from django.utils import timezone
from pkcs11.constants import Attribute, ObjectClass
from pkcs11.util.rsa import decode_rsa_private_key
from pkcs11.util.x509 import decode_x509_certificate

from contracts.certificate import signed_certificate
from contracts.signing import ensure_certificate_key
from market.paper import PaperUnavailable
from tests.contracts.builders import a_registration
from tests.contracts.test_certificate import signature_of
from tests.people import Cast

pytestmark = pytest.mark.django_db

_PLACES = ("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so")
PIN = "1234"


def _library() -> str:
    """Where SoftHSM lies; `python -m tests.services` installs it."""
    named = os.environ.get("SOFTHSM2_LIBRARY", "")
    found = [place for place in (named, *_PLACES) if place and Path(place).exists()]
    if not found or shutil.which("softhsm2-util") is None:
        pytest.skip("SoftHSM (softhsm2) is not installed: no device is tried here; python -m tests.services installs it")
    return found[0]


@pytest.fixture
def device(tmp_path: Path, settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> str:
    """A token with the development key and its certificate in it; the market's settings name it."""
    library = _library()
    tokens = tmp_path / "tokens"
    tokens.mkdir()
    configuration = tmp_path / "softhsm2.conf"
    configuration.write_text(f"directories.tokendir = {tokens}\nobjectstore.backend = file\nlog.level = ERROR\n")
    monkeypatch.setenv("SOFTHSM2_CONF", str(configuration))
    made = ["softhsm2-util", "--init-token", "--free", "--label", "registry", "--pin", PIN, "--so-pin", PIN, "--module", library]
    subprocess.run(made, check=True, capture_output=True)
    settings.CERTIFICATE_PKCS12 = str(tmp_path / "development.p12")
    ensure_certificate_key(now=timezone.now())
    _put_in(library, Path(settings.CERTIFICATE_PKCS12).read_bytes(), settings.CERTIFICATE_PKCS12_PASSWORD)
    Path(settings.CERTIFICATE_PKCS12).unlink()
    settings.CERTIFICATE_PKCS11_LIBRARY = library
    settings.CERTIFICATE_PKCS11_TOKEN, settings.CERTIFICATE_PKCS11_PIN = "registry", PIN
    return library


def _put_in(library: str, content: bytes, password: str) -> None:
    key, certificate, _others = pkcs12.load_key_and_certificates(content, password.encode() or None)
    assert key is not None
    assert certificate is not None
    token = pkcs11.lib(library).get_token(token_label="registry")
    with token.open(rw=True, user_pin=PIN) as session:
        private = key.private_bytes(Encoding.DER, PrivateFormat.TraditionalOpenSSL, NoEncryption())
        session.create_object({**decode_rsa_private_key(private), Attribute.LABEL: "registry", Attribute.TOKEN: True})
        public = decode_x509_certificate(certificate.public_bytes(Encoding.DER))
        session.create_object({**public, Attribute.LABEL: "registry", Attribute.TOKEN: True})
        assert list(session.get_objects({Attribute.CLASS: ObjectClass.PRIVATE_KEY}))


@pytest.mark.usefixtures("device")
def test_the_device_signs_and_the_signature_holds(cast: Cast, now: datetime, settings: LazySettings) -> None:
    content = signed_certificate(a_registration(cast, now), now=timezone.now())
    assert signature_of(content).bottom_line
    assert not Path(settings.CERTIFICATE_PKCS12).exists(), "with a device no file is made"
    settings.CERTIFICATE_PKCS11_PIN = "wrong"
    with pytest.raises(PaperUnavailable):
        signed_certificate(a_registration(cast, now), now=timezone.now())


def test_a_device_that_is_not_there_gives_no_certificate(cast: Cast, now: datetime, settings: LazySettings) -> None:
    settings.CERTIFICATE_PKCS11_LIBRARY = "/nowhere/libpkcs11.so"
    with pytest.raises(PaperUnavailable):
        signed_certificate(a_registration(cast, now), now=timezone.now())
