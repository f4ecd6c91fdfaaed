from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "market.events"
    label = "events"
