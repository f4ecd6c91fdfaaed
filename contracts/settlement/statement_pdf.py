"""The statement of a settlement on paper, with Chinese type, in the reader's language and with the reader's part."""

from __future__ import annotations

from datetime import datetime

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from contracts.certificate import CertificateUnavailable
from contracts.settlement.queries.statement import Statement


def statement_pdf(statement: Statement, *, now: datetime) -> bytes:
    """The statement as it stands now. Raises `CertificateUnavailable` where the libraries that set type are missing."""
    try:
        from weasyprint import CSS, HTML
    except OSError as error:
        message = _("Setting the PDF needs Pango: install the packages libpango-1.0-0, libpangoft2-1.0-0 and fonts-noto-cjk.")
        raise CertificateUnavailable(message) from error
    html = render_to_string("settlement/statement_pdf.html", {"statement": statement, "now": now})
    style = finders.find("css/certificate.css")
    key = statement.settlement.key.encode()
    return HTML(string=html).write_pdf(stylesheets=[CSS(style)], pdf_identifier=key)
