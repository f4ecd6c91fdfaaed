"""The sentences of refusals about letters."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {"letters.language_unknown": _("The market is not written in this language.")}
