"""In which language somebody wants to be written to."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _


class LanguageForm(forms.Form):
    language = forms.ChoiceField(label=_("Language of letters to you"), choices=settings.LANGUAGES)
