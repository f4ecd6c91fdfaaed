"""Pages set on paper: a template and a style sheet become a PDF with Chinese type."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _


class PaperUnavailable(RuntimeError):
    """The libraries that set type are not installed on this machine; the message says which."""


def set_paper(template: str, context: Mapping[str, Any], *, style: str, identifier: str) -> bytes:
    """The PDF in the language in force. The same identifier and context give the same file. Raises `PaperUnavailable`."""
    try:
        from weasyprint import CSS, HTML
        from weasyprint.urls import URLFetcher
    except OSError as error:
        message = _("Setting the PDF needs Pango: install the packages libpango-1.0-0, libpangoft2-1.0-0 and fonts-noto-cjk.")
        raise PaperUnavailable(message) from error
    html = render_to_string(template, dict(context))
    # Nothing is fetched from elsewhere, and no certificates are loaded for it: that would take longer than setting a short page.
    fetcher = URLFetcher(allowed_protocols={"file", "data"}, ssl_context=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))
    sheet = CSS(finders.find(style), url_fetcher=fetcher)
    return HTML(string=html, url_fetcher=fetcher).write_pdf(stylesheets=[sheet], pdf_identifier=identifier.encode())


def download(
    request: HttpRequest, make: Callable[[], bytes], *, name: str, content_type: str = "application/pdf"
) -> HttpResponse:
    """What `make` gives as a file of this name that no cache keeps; a page that says why not where paper is unavailable."""
    try:
        content = make()
    except PaperUnavailable as error:
        return render(request, "paper_unavailable.html", {"message": str(error)}, status=HTTPStatus.SERVICE_UNAVAILABLE)
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response
