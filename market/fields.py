"""Form fields of the trade: amounts in yuan or 万元, percentages, short lists of words."""

from __future__ import annotations

import unicodedata
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from market.values.money import Money


class MoneyField(forms.CharField):
    """An amount as people write it: 1,200,000 or 120万 or 120万元. Gives `Money`, or None when empty and not required."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("help_text", _("In yuan, or with 万: 1,200,000 or 120万."))
        super().__init__(max_length=30, **options)
        self.widget.attrs.update({"inputmode": "decimal", "autocomplete": "off"})

    def clean(self, value: Any) -> Money | None:
        text = super().clean(value)
        if not text:
            return None
        # Full-width digits, commas and currency signs are what a Chinese keyboard gives.
        plain = unicodedata.normalize("NFKC", text).replace("¥", "").replace("元", "").replace(" ", "")
        try:
            amount = Money.wan(plain.removesuffix("万")) if plain.endswith("万") else Money.yuan(plain)
        except ValueError as error:
            raise ValidationError(_("Enter an amount such as 1,200,000.00 or 120万, exact to the fen.")) from error
        if abs(amount.fen) > 10**15:
            raise ValidationError(_("This amount is larger than any price on the market."))
        return amount

    def prepare_value(self, value: Any) -> Any:
        return str(value) if isinstance(value, Money) else value


class PercentField(forms.CharField):
    """A percentage as typed (60 or 33.333); gives a `Decimal` rate between 0 and 1."""

    def clean(self, value: Any) -> Decimal | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            percent = Decimal(unicodedata.normalize("NFKC", text).replace("%", "").strip())
        except InvalidOperation as error:
            raise ValidationError(_("Enter a percentage such as 60 or 33.5.")) from error
        if not percent.is_finite() or not 0 < percent <= 100 or percent != round(percent, 3):
            raise ValidationError(_("Enter a percentage above 0 and up to 100, with at most three decimals."))
        return percent / 100

    def prepare_value(self, value: Any) -> Any:
        return f"{(value * 100).normalize():f}" if isinstance(value, Decimal) else value


class WordsField(forms.CharField):
    """Words separated by commas or spaces of any width; gives a tuple without repetitions."""

    def clean(self, value: Any) -> tuple[str, ...]:
        text = super().clean(value)
        for mark in "，、；;　\t\n":
            text = text.replace(mark, ",")
        words = [word.strip() for word in text.replace(" ", ",").split(",")]
        return tuple(dict.fromkeys(word for word in words if word))

    def prepare_value(self, value: Any) -> Any:
        return value if isinstance(value, str) or value is None else "，".join(value)


class InstantField(forms.DateTimeField):
    """A minute of the Shanghai clock, typed or chosen in the browser's own calendar."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"))
        super().__init__(**options)


class DayField(forms.DateField):
    """A day, typed or chosen in the browser's own calendar."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
        super().__init__(**options)
