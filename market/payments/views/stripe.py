"""Where Stripe delivers its events."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from market.payments.actions.stripe.inbox import store_delivery
from market.payments.providers.stripe_api import is_set_up
from market.values.refusal import Refused


# No form of ours: the signature says who sends it.
@csrf_exempt
@require_POST
def take_delivery(request: HttpRequest) -> HttpResponse:
    if not is_set_up():
        raise Http404
    try:
        store_delivery(request.body, request.headers.get("Stripe-Signature", ""), now=timezone.now())
    except Refused:
        return HttpResponseBadRequest()
    return HttpResponse(status=204)
