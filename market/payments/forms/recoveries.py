"""What is typed about money that is given up."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


def _text(label: Any, help_text: Any) -> forms.CharField:
    return forms.CharField(label=label, widget=forms.Textarea(attrs={"rows": 4}), max_length=2000, help_text=help_text)


class WriteOffForm(forms.Form):
    """Why the money should be given up."""

    reason = _text(_("Reason"), _("A supervisor reads it and decides."))


class InsistForm(forms.Form):
    """Why it should not."""

    reason = _text(_("Grounds"), _("The market's finance reads it."))
