"""The registration certificate as a PDF with Chinese type and a QR code to its public verification."""

from __future__ import annotations

from datetime import datetime

import segno
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from contracts.models import Registration
from contracts.signing import SigningUnavailable, signed_pdf
from market.paper import PaperUnavailable, set_paper
from market.values.money import Money


def verification_url(registration: Registration) -> str:
    """The public address at which anybody can see that the certificate is real; the same in both languages."""
    with override("zh-hans"):
        path = reverse("contracts:verify_registration", args=[registration.number, registration.verification_key])
    return f"{settings.SITE_URL}{path}"


def certificate_pdf(registration: Registration) -> bytes:
    """The certificate, in Chinese as the registry issues it. Raises `PaperUnavailable`."""
    url = verification_url(registration)
    code = segno.make(url, error="m").svg_data_uri(scale=4, border=2)
    context = {"registration": registration, "url": url, "code": code}
    # What the same registration gives is the same file: its identifier is the number, its date the registration's.
    with override("zh-hans"):
        return set_paper("contracts/certificate_pdf.html", context, style="css/certificate.css", identifier=registration.number)


def signed_certificate(registration: Registration, *, now: datetime) -> bytes:
    """The certificate with the registry's signature in it. Raises `PaperUnavailable`."""
    content = certificate_pdf(registration)
    with override("zh-hans"):
        reason = _("Registration certificate of a technology contract")
    try:
        return signed_pdf(content, reason=f"{reason} {registration.number}", now=now)
    except SigningUnavailable as error:
        message = _("The registry's key cannot be used: please tell the administrators.")
        raise PaperUnavailable(message) from error


# What the public page shows instead of the amount, in yuan.
_BANDS = (100_000, 1_000_000, 10_000_000, 100_000_000)


def amount_band(value: Money) -> str:
    """Between which round amounts a contract's value lies, in words."""
    lower = [edge for edge in _BANDS if value >= Money(edge * 100)]
    upper = [edge for edge in _BANDS if value < Money(edge * 100)]
    if not lower:
        return _("below %(upper)s yuan") % {"upper": f"{upper[0]:,}"}
    if not upper:
        return _("%(lower)s yuan and more") % {"lower": f"{lower[-1]:,}"}
    return _("%(lower)s to below %(upper)s yuan") % {"lower": f"{lower[-1]:,}", "upper": f"{upper[0]:,}"}
