from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "market.portal"
    label = "portal"
