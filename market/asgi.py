"""The server's entry: pages over HTTP, live messages over WebSocket."""

import os

from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "market.settings.embedded")

http = get_asgi_application()

from market.sockets import urlpatterns  # noqa: E402  (needs the apps, which the line above loads)

application = ProtocolTypeRouter({"http": http, "websocket": AllowedHostsOriginValidator(URLRouter(urlpatterns))})
