"""What every answer passes through: the content policy of its part of the site, and the page for a refusal."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Iterator

from asgiref.sync import sync_to_async
from django.conf import settings
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, StreamingHttpResponse
from django.middleware.csp import ContentSecurityPolicyMiddleware

from market.answers import refusal_page
from market.values.refusal import Refused

type GetResponse = Callable[[HttpRequest], HttpResponse]


class AsyncStreams:
    """A file sent by the asynchronous server is read piece by piece in a thread, and not whole into memory before it is sent."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if isinstance(response, StreamingHttpResponse) and isinstance(request, ASGIRequest) and not response.is_async:
            response.streaming_content = _in_a_thread(response.streaming_content)  # type: ignore[assignment,arg-type]
        return response


async def _in_a_thread(content: Iterable[bytes]) -> AsyncIterator[bytes]:
    pieces = iter(content)
    while (piece := await sync_to_async(_next)(pieces)) is not None:
        yield piece


def _next(pieces: Iterator[bytes]) -> bytes | None:
    return next(pieces, None)


class ContentPolicy(ContentSecurityPolicyMiddleware):
    """The strict policy everywhere, the looser one for the editors' interface under /cms/ only."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if request.path.startswith("/cms/") and not hasattr(response, "_csp_config"):
            response._csp_config = settings.SECURE_CSP_EDITORS  # type: ignore[attr-defined]
        return super().process_response(request, response)


class PlainMethods:
    """Pages are read and forms are sent; every other verb is refused, so that no view needs to think of it."""

    ALLOWED = ("GET", "HEAD", "POST")

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in self.ALLOWED:
            return HttpResponseNotAllowed(self.ALLOWED)
        return self.get_response(request)


class RefusalMiddleware:
    """A refusal that no view answered becomes a page with its status."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return refusal_page(request, exception) if isinstance(exception, Refused) else None
