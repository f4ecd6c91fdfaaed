"""A client that sends forms as a browser does."""

from __future__ import annotations

from typing import Any

from django.test import Client
from django.test.client import MULTIPART_CONTENT

from market.keys import random_key
from market.once.views import CLIENT_KEY


class Browser(Client):
    """Each form that it sends carries a key of its own, as the page gave it, unless the test says which."""

    def post(self, path: str, data: Any = None, content_type: str = MULTIPART_CONTENT, **extra: Any) -> Any:  # type: ignore[override]
        if content_type == MULTIPART_CONTENT and (data is None or isinstance(data, dict)):
            data = {CLIENT_KEY: random_key(24), **(data or {})}
        return super().post(path, data, content_type, **extra)
