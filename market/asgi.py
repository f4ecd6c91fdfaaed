"""The server's entry: pages over HTTP, live messages over WebSocket."""

import os

from channels.routing import ProtocolTypeRouter
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "market.settings.embedded")

application = ProtocolTypeRouter({"http": get_asgi_application()})
