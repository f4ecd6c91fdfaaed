from django.apps import AppConfig


class LettersConfig(AppConfig):
    """What people are told by email of things that concern them."""

    name = "market.letters"
    label = "letters"
