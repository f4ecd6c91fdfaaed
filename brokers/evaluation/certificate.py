"""The certificate of a published result, signed by the registry's key, with a QR code to its public page."""

from __future__ import annotations

from datetime import datetime

import segno
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from brokers.evaluation.models import Result
from brokers.evaluation.queries import groups_of
from contracts.signing import SigningUnavailable, signed_pdf
from market.paper import PaperUnavailable, set_paper


def result_certificate(result: Result, *, now: datetime) -> bytes:
    """The certificate, in Chinese as it is issued. Raises `PaperUnavailable`."""
    with override("zh-hans"):
        url = f"{settings.SITE_URL}{reverse('evaluation:result_page', args=[result.evaluation.year, result.key])}"
        code = segno.make(url, error="m").svg_data_uri(scale=4, border=2)
        context = {"result": result, "groups": groups_of(result), "url": url, "code": code}
        content = set_paper("evaluation/certificate_pdf.html", context, style="css/certificate.css", identifier=result.key)
        reason = f"{_('Certificate of the yearly evaluation')} {result.evaluation.year}"
    try:
        return signed_pdf(content, reason=reason, now=now)
    except SigningUnavailable as error:
        message = _("The registry's key cannot be used: please tell the administrators.")
        raise PaperUnavailable(message) from error
