"""What machines look for at fixed addresses."""

from __future__ import annotations

from dataclasses import asdict

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from market.signatures import ALGORITHM, published_keys


@require_safe
def signing_keys(request: HttpRequest) -> JsonResponse:
    """The public keys with which the market's receipts, anchors and evidence are checked, the former ones too."""
    return JsonResponse({"algorithm": ALGORITHM, "keys": [asdict(key) for key in published_keys()]})
