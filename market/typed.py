"""What was typed into a form that cannot be shown again, under the words that stood beside each field."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms.utils import pretty_name
from django.http import HttpRequest
from django.utils.translation import gettext

_ROW = re.compile(r"(?P<rows>\w+)-(?P<n>\d+)-(?P<name>\w+)")
_OUR_APPS = ("market", "listings", "contracts", "brokers", "search")
# Files come back otherwise. Passwords and codes are typed into the forms of the sign-in library, which are none of ours.
_SHOWN = (forms.CharField, forms.ChoiceField, forms.DateField, forms.BooleanField, forms.DecimalField, forms.IntegerField)


def what_was_typed(request: HttpRequest) -> list[dict[str, str]]:
    """The fields that a person filled in, by their labels and with the words of what was chosen, so that the page can give them
    back. Which form was sent is told by its names: the one of ours that has the most of them."""
    typed: dict[str, dict[str, tuple[str, list[str]]]] = defaultdict(dict)
    for name, values in request.POST.lists():
        row = _ROW.fullmatch(name)
        typed[row["rows"] if row else ""][name] = (row["name"] if row else name, [value for value in values if value])
    return [entry for fields in typed.values() for entry in _entries(fields)]


def _entries(typed: dict[str, tuple[str, list[str]]]) -> Iterator[dict[str, str]]:
    fields = _likeliest_form({name for name, _values in typed.values()})
    for name, values in typed.values():
        field = fields.get(name)
        if (
            field is None
            or field.widget.is_hidden
            or isinstance(field.widget, forms.PasswordInput)
            or not isinstance(field, _SHOWN)
        ):
            continue
        for value in values:
            yield {"label": str(field.label or pretty_name(name)), "value": _in_words(field, value)}


def _likeliest_form(names: set[str]) -> dict[str, forms.Field]:
    kinds = [_typed_fields(form) for form in _forms_of(forms.BaseForm)]
    # The most of the names, and the fewest others.
    return max(kinds, key=lambda fields: (len(names & set(fields)), -len(fields)), default={})


def _typed_fields(form: Any) -> dict[str, forms.Field]:
    return {name: field for name, field in form.base_fields.items() if not field.widget.needs_multipart_form}


def _forms_of(parent: type[forms.BaseForm]) -> Iterator[Any]:
    for form in parent.__subclasses__():
        if form.__module__.split(".")[0] in _OUR_APPS and hasattr(form, "base_fields"):
            yield form
        yield from _forms_of(form)


def _in_words(field: forms.Field, value: str) -> str:
    if isinstance(field, forms.BooleanField):
        return gettext("Yes")
    if isinstance(field, forms.ModelChoiceField):
        return value
    for code, words in getattr(field, "choices", ()):
        inner = words if isinstance(words, list | tuple) else [(code, words)]
        for inner_code, inner_words in inner:
            if str(inner_code) == value:
                return str(inner_words)
    return value
