"""Did the registry issue this certificate, and has nobody changed it since? A signature in the PDF, by the registry's own key.

The key lies in a PKCS#12 file (`CERTIFICATE_PKCS12`), or in a device that never gives it away (`CERTIFICATE_PKCS11_LIBRARY`).
On set-up the embedded market makes a file for development, signed by nobody but itself; in production file or device come from
the authority that vouches for the registry.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, NoEncryption, pkcs12
from cryptography.x509.oid import NameOID
from django.conf import settings
from pkcs11 import Session
from pkcs11.exceptions import PKCS11Error
from pyhanko.config.pkcs11 import TokenCriteria
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.general import SigningError
from pyhanko.sign.pkcs11 import PKCS11Signer, open_pkcs11_session

FIELD = "Registry"
_DEVELOPMENT_NAME = "Development certificate without legal force"
_YEARS = timedelta(days=3650)


class SigningUnavailable(RuntimeError):
    """There is no key to sign with, or its file cannot be opened."""


def signed_pdf(content: bytes, *, reason: str, now: datetime) -> bytes:
    """The same document with the registry's signature (PAdES) over every byte of it. Raises `SigningUnavailable`."""
    metadata = signers.PdfSignatureMetadata(
        field_name=FIELD, md_algorithm="sha256", subfilter=fields.SigSeedSubFilter.PADES, reason=reason
    )
    out = BytesIO()
    with _signer(now) as signer:
        signers.sign_pdf(IncrementalPdfFileWriter(BytesIO(content)), metadata, signer=signer, output=out)
    return out.getvalue()


def ensure_certificate_key(*, now: datetime) -> None:
    """There is a development certificate to sign with; one that is there stays. Under production settings none is made."""
    path = _file()
    if path.exists() or not settings.DEMONSTRATION or settings.CERTIFICATE_PKCS11_LIBRARY:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    # Written aside and moved, so that a second process never reads half a file.
    aside = path.with_suffix(f".{secrets.token_hex(4)}")
    aside.write_bytes(_development_key(now))
    aside.chmod(0o600)
    aside.replace(path)


@contextmanager
def _signer(now: datetime) -> Iterator[signers.Signer]:
    """What signs: the device where one is named, else the file."""
    if not settings.CERTIFICATE_PKCS11_LIBRARY:
        yield _signer_of_file(now)
        return
    try:
        with _session() as session:
            yield PKCS11Signer(session, cert_label=settings.CERTIFICATE_PKCS11_LABEL)
    except (PKCS11Error, SigningError, OSError, RuntimeError) as error:
        raise SigningUnavailable(f"The device behind {settings.CERTIFICATE_PKCS11_LIBRARY} does not sign.") from error


def _session() -> Session:
    """A session on the device's token, closed at the end of its block."""
    token, pin = settings.CERTIFICATE_PKCS11_TOKEN, settings.CERTIFICATE_PKCS11_PIN
    criteria = TokenCriteria(label=token)
    return open_pkcs11_session(settings.CERTIFICATE_PKCS11_LIBRARY, token_criteria=criteria, user_pin=pin)


def _signer_of_file(now: datetime) -> signers.SimpleSigner:
    ensure_certificate_key(now=now)
    path = _file()
    if not path.exists():
        raise SigningUnavailable(f"There is no certificate at {path}.")
    signer = signers.SimpleSigner.load_pkcs12(str(path), passphrase=_password())
    if signer is None:
        raise SigningUnavailable(f"The certificate at {path} cannot be opened with this password.")
    return signer


def _password() -> bytes | None:
    return settings.CERTIFICATE_PKCS12_PASSWORD.encode() or None


def _file() -> Path:
    return Path(settings.CERTIFICATE_PKCS12)


def _development_key(now: datetime) -> bytes:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"), x509.NameAttribute(NameOID.COMMON_NAME, _DEVELOPMENT_NAME)])
    usage = dict.fromkeys(_USAGES, False) | {"digital_signature": True, "content_commitment": True}
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + _YEARS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(**usage), critical=True)
        .sign(key, hashes.SHA256())
    )
    password = _password()
    encryption = BestAvailableEncryption(password) if password else NoEncryption()
    return pkcs12.serialize_key_and_certificates(b"registry", key, certificate, None, encryption)


_USAGES = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
    "encipher_only",
    "decipher_only",
)
