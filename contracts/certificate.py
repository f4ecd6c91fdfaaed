"""The registration certificate as a PDF with Chinese type and a QR code to its public verification."""

from __future__ import annotations

import segno
from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from contracts.models import Registration


class CertificateUnavailable(RuntimeError):
    """The libraries that set type are not installed on this machine; the message says which."""


def verification_url(registration: Registration) -> str:
    """The public address at which anybody can see that the certificate is real; the same in both languages."""
    with override("zh-hans"):
        path = reverse("contracts:verify_registration", args=[registration.number, registration.verification_key])
    return f"{settings.SITE_URL}{path}"


def certificate_pdf(registration: Registration) -> bytes:
    """The certificate, in Chinese as the registry issues it. Raises `CertificateUnavailable`."""
    try:
        from weasyprint import CSS, HTML
    except OSError as error:
        message = _("Setting the PDF needs Pango: install the packages libpango-1.0-0, libpangoft2-1.0-0 and fonts-noto-cjk.")
        raise CertificateUnavailable(message) from error
    url = verification_url(registration)
    code = segno.make(url, error="m").svg_data_uri(scale=4, border=2)
    with override("zh-hans"):
        html = render_to_string("contracts/certificate_pdf.html", {"registration": registration, "url": url, "code": code})
    style = finders.find("css/certificate.css")
    # What the same registration gives is the same file: its identifier is the number, its date the registration's.
    return HTML(string=html).write_pdf(stylesheets=[CSS(style)], pdf_identifier=registration.number.encode())
