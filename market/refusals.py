"""The sentence for a refusal: gathered from the `refusals.py` of every app."""

from functools import cache
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from market.events.story import facts_in_words
from market.values.refusal import Refusal

SENTENCES: dict[str, str | Promise] = {
    "market.out_of_turn": _("This is no longer possible in the present state: somebody was quicker, or the page was old."),
    "market.form_expired": _("This form is no longer valid. Open the page again, and send it once more."),
}


@cache
def all_sentences() -> dict[str, str | Promise]:
    """Every code's sentence. Raises ValueError when two apps claim one code."""
    sentences: dict[str, str | Promise] = {}
    for config in apps.get_app_configs():
        if config.name != "market" and not find_spec(f"{config.name}.refusals"):
            continue
        for code, sentence in import_module(f"{config.name}.refusals").SENTENCES.items():
            if code in sentences:
                raise ValueError(f"two sentences for {code}")
            sentences[code] = sentence
    return sentences


def sentence(refusal: Refusal) -> str:
    """The refusal in words, in the language of the moment."""
    return str(all_sentences()[refusal.code]).format(**facts_in_words(refusal.data))
