from django.apps import AppConfig


class OversightConfig(AppConfig):
    name = "market.oversight"
    label = "oversight"
