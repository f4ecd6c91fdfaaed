"""The certificate on paper, and the public page that says whether it holds."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from io import BytesIO

import pytest
import segno
from django.conf import LazySettings
from django.template.loader import render_to_string
from django.test import Client
from django.utils import timezone
from django.utils.translation import override
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext
from pypdf import PdfReader

from contracts.actions.registrations import revoke_registration
from contracts.certificate import amount_band, certificate_pdf, signed_certificate, verification_url
from contracts.models import Registration
from market.paper import PaperUnavailable
from market.values.money import Money
from tests.contracts.builders import a_registration
from tests.people import Cast, Member

pytestmark = pytest.mark.django_db

type SignIn = Callable[[Member], Client]


def _text(pdf: bytes) -> str:
    return "".join("".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).split())


def _path(registration: Registration) -> str:
    return "/" + verification_url(registration).split("/", 3)[3]


def test_it_names_what_is_registered_in_chinese_type_on_one_page(cast: Cast, now: datetime) -> None:
    registration = a_registration(cast, now)
    pdf = certificate_pdf(registration)
    reader = PdfReader(BytesIO(pdf))
    assert len(reader.pages) == 1
    text = _text(pdf)
    contract = registration.contract
    for part in (registration.number, contract.title, contract.seller.social_credit_code, contract.buyer.social_credit_code):
        assert part in text
    assert text.count("1,250,000.00") == 2
    fonts = [str(font.get_object()["/BaseFont"]) for font in reader.pages[0]["/Resources"]["/Font"].values()]  # type: ignore[index]
    assert any("CJK" in font for font in fonts)


def test_the_same_registration_gives_the_same_bytes(cast: Cast, now: datetime) -> None:
    registration = a_registration(cast, now)
    assert certificate_pdf(registration) == certificate_pdf(registration)


def test_its_code_leads_to_the_address_that_is_printed(cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    registration = a_registration(cast, now)
    seen: dict[str, object] = {}
    monkeypatch.setattr(
        "market.paper.render_to_string", lambda name, context: seen.update(context) or render_to_string(name, context)
    )
    pdf = certificate_pdf(registration)
    url = verification_url(registration)
    assert seen["code"] == segno.make(url, error="m").svg_data_uri(scale=4, border=2)
    assert url in _text(pdf)


def test_anybody_verifies_and_nobody_reads_the_contract(cast: Cast, now: datetime, client: Client) -> None:
    registration = a_registration(cast, now)
    html = client.get(_path(registration)).content.decode()
    assert registration.number in html
    assert cast.university.name in html
    assert "<dt>验证时间</dt>" in html
    assert cast.enterprise.name in html
    assert "1,000,000 至 10,000,000" in " ".join(html.split())
    for secret in ("1,250,000", registration.contract.content[:20], registration.contract.delivery[:10]):
        assert secret not in html


def test_an_ended_registration_says_when_and_why_wherever_it_is_verified(cast: Cast, now: datetime, client: Client) -> None:
    registration = a_registration(cast, now)
    revoke_registration(registration, reason="合同系虚假材料骗取登记", actor=cast.registrar.actor, now=now)
    html = client.get(_path(registration)).content.decode()
    assert "合同系虚假材料骗取登记" in html
    assert "2026年3月10日" in "".join(re.sub(r"<[^>]+>", "", html).split())
    registration.refresh_from_db()
    assert str(registration.get_state_display()) in _text(certificate_pdf(registration))


@pytest.mark.parametrize("key", ["a" * 16, "x"])
def test_a_wrong_key_finds_nothing(key: str, cast: Cast, now: datetime, client: Client) -> None:
    registration = a_registration(cast, now)
    response = client.get(f"/contracts/verify/{registration.number}/{key}/")
    assert response.status_code == 404
    assert registration.contract.title not in response.content.decode()


def test_what_is_typed_from_paper_may_have_spaces_and_wide_digits(cast: Cast, now: datetime, client: Client) -> None:
    registration = a_registration(cast, now)
    number = " ".join(registration.number[at : at + 4] for at in range(0, 16, 4)).replace("2", "２")
    typed = {"number": number, "verification_key": registration.verification_key.upper()}
    assert client.get("/contracts/verify/", typed).headers["Location"] == _path(registration)


@pytest.mark.parametrize("number", ["2026/1406", "不是编号", "123", "x" * 41])
def test_what_is_no_number_is_said_beside_the_field(number: str, db: None, client: Client) -> None:
    response = client.get("/contracts/verify/", {"number": number, "verification_key": "a" * 16})
    assert response.status_code == 200
    assert "number" in response.context["form"].errors
    assert number in response.content.decode()


def test_strangers_download_no_certificate(cast: Cast, now: datetime, sign_in) -> None:  # type: ignore[no-untyped-def]
    address = f"/contracts/registrations/{a_registration(cast, now).number}/certificate.pdf"
    assert sign_in(cast.outsider).get(address).status_code == 404
    response = sign_in(cast.enterprise_agent).get(address)
    assert response["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF")


def test_its_signature_is_the_registrys_and_covers_every_byte(cast: Cast, now: datetime, sign_in: SignIn) -> None:
    registration = a_registration(cast, now)
    response = sign_in(cast.enterprise_agent).get(f"/contracts/registrations/{registration.number}/certificate.pdf")
    status = signature_of(response.content)
    assert status.bottom_line
    assert status.intact
    assert status.valid
    assert status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    assert registration.number in PdfReader(BytesIO(response.content)).get_fields()["Registry"].value["/Reason"]  # type: ignore[index]


def test_a_certificate_changed_afterwards_is_found_out(cast: Cast, now: datetime) -> None:
    content = bytearray(signed_certificate(a_registration(cast, now), now=timezone.now()))
    content[len(content) // 3] ^= 1
    try:
        status = signature_of(bytes(content))
    except Exception:
        return
    assert not status.bottom_line


def test_without_the_registrys_key_there_is_no_certificate(cast: Cast, now: datetime, settings: LazySettings) -> None:
    registration = a_registration(cast, now)
    settings.CERTIFICATE_PKCS12 = "/nowhere/certificate.p12"
    settings.DEMONSTRATION = False
    with pytest.raises(PaperUnavailable):
        signed_certificate(registration, now=timezone.now())


@pytest.mark.parametrize(
    ("yuan", "band"),
    [("99999.99", "低于 100,000 元"), ("100000", "100,000 至 1,000,000 元（不含）"), ("100000000", "100,000,000 元及以上")],
)
def test_the_public_sees_between_which_amounts_the_value_lies(yuan: str, band: str) -> None:
    with override("zh-hans"):
        assert amount_band(Money.yuan(yuan)) == band


def signature_of(content: bytes) -> PdfSignatureStatus:
    """What pyHanko's own validator says, trusting the registry's certificate."""
    reader = PdfFileReader(BytesIO(content))
    (signature,) = reader.embedded_signatures
    context = ValidationContext(trust_roots=[signature.signer_cert], allow_fetching=False)
    return validate_pdf_signature(signature, context)
