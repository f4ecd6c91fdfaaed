from django.apps import AppConfig


class OnceConfig(AppConfig):
    """A form that is sent twice acts once."""

    name = "market.once"
    label = "once"
