"""What officials type: a new policy row, the holidays of a year, one more day."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from market.fields import DayField, MoneyField, PercentField
from market.policy.actions import PolicyTerms
from market.policy.announcements import parse_announcement
from market.policy.kinds import MEASURE_LABELS, Measure, PolicyKind
from market.policy.models import Confidence
from market.policy.rules import AnnouncedDay

_LARGEST_FILE = 200 * 1024


class ProposeRowForm(forms.Form):
    """A new row of one kind. The value is asked in the unit people use: per cent, yuan, or a whole number."""

    scope = forms.ChoiceField(label=_("For"), required=False)
    value = forms.IntegerField(label=_("Value"), min_value=0, max_value=10**9)
    measure = forms.ChoiceField(label=_("Unit"))
    valid_from = DayField(
        label=_("Valid from"), help_text=_("Today or later. What has begun before keeps the row it began under.")
    )
    source = forms.CharField(
        label=_("Source"), max_length=300, help_text=_("The law, notice or decision, with number and article.")
    )
    confidence = forms.ChoiceField(label=_("Confidence"), choices=Confidence.choices)
    reason = forms.CharField(
        label=_("Reason"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
        help_text=_("For the second official who decides, and for the record."),
    )

    def __init__(self, *args: Any, kind: PolicyKind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        measures = sorted(kind.measures)
        self.fields["measure"].choices = [(m.value, MEASURE_LABELS[m]) for m in measures]  # type: ignore[attr-defined]
        if len(measures) == 1:
            self.fields["measure"].widget = forms.HiddenInput()
            self.fields["measure"].initial = measures[0].value
        if kind.scopes:
            for_all = (("", pgettext_lazy("scope of a policy row", "for all")),)
            self.fields["scope"].choices = [*for_all, *kind.scopes.items()]  # type: ignore[attr-defined]
        else:
            del self.fields["scope"]
        if Measure.RATE in kind.measures:
            self.fields["value"] = PercentField(label=_("Value"), help_text=_("In per cent, such as 30 or 33.5."))
        elif Measure.FEN in kind.measures:
            self.fields["value"] = MoneyField(label=_("Value"))

    def to_terms(self) -> PolicyTerms:
        data = self.cleaned_data
        value = data["value"].fen if Measure.FEN in self.kind.measures else data["value"]
        return PolicyTerms(
            kind=self.kind.code,
            scope=data.get("scope", ""),
            value=Decimal(value),
            measure=data["measure"],
            valid_from=data["valid_from"],
            source=data["source"],
            confidence=data["confidence"],
            reason=data["reason"],
        )


class ReasonForm(forms.Form):
    """Why a proposal is rejected."""

    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 5}), max_length=2000)


class HolidayYearForm(forms.Form):
    """A year's announcement: its days pasted or in a file; what is in the file comes back in the box, so that it can be mended."""

    year = forms.IntegerField(label=_("Year"))
    source = forms.CharField(
        label=_("Source"), max_length=300, help_text=_("Address or number of the State Council's notice, which alone is binding.")
    )
    days = forms.CharField(
        label=_("Days"),
        widget=forms.Textarea(attrs={"rows": 14, "spellcheck": "false"}),
        max_length=20_000,
        required=False,
        help_text=_(
            "One line for a day or a stretch: 2027-02-06至2027-02-12，春节，休. A weekend day on which work is made up: 2027-01-31，春节，班."
        ),
    )
    file = forms.FileField(
        label=_("Or a file"),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.txt,.json"}),
        help_text=_("Text or CSV with the same lines, in UTF-8."),
    )

    def __init__(self, data: Mapping[str, Any] | None = None, files: Any = None, **kwargs: Any) -> None:
        super().__init__(self._with_file(data, files), files, **kwargs)

    @staticmethod
    def _with_file(data: Mapping[str, Any] | None, files: Any) -> Mapping[str, Any] | None:
        """The typed data, with the file's text in the box of days when that was left empty."""
        upload = files.get("file") if files else None
        if data is None or upload is None or data.get("days", "").strip() or upload.size > _LARGEST_FILE:
            return data
        try:
            text = upload.read().decode("utf-8-sig")
        except UnicodeDecodeError:
            return data
        filled = data.copy()  # type: ignore[attr-defined]
        filled["days"] = text
        return filled

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        text = data.get("days", "")
        if not text.strip() and "days" not in self.errors:
            if data.get("file"):
                self.add_error("file", _("This is not a text file in UTF-8 of at most 200 kB."))
            else:
                self.add_error("days", _("Paste the days or choose a file."))
            return data
        data["announced"], bad = parse_announcement(text)
        if bad:
            known = {"lines": ", ".join(f"{line.number} “{line.text}”" for line in bad[:10])}
            message = ngettext_lazy("This line cannot be read: %(lines)s", "These lines cannot be read: %(lines)s", len(bad))
            self.add_error("days", ValidationError(message, params=known))
        return data

    def announced(self) -> list[AnnouncedDay]:
        return list(self.cleaned_data["announced"])


class CalendarDayForm(forms.Form):
    """One more day of an announced year."""

    on = DayField(label=_("Day"), help_text=_("A day ahead; what is over stays as it was."))
    name = forms.CharField(label=_("Holiday"), max_length=40)
    is_working = forms.TypedChoiceField(
        label=_("On this day"),
        choices=[("off", _("Nobody works")), ("work", _("Work is made up (at a weekend)"))],
        coerce=lambda value: value == "work",
    )
    source = forms.CharField(label=_("Source"), max_length=300, help_text=_("Address or number of the notice."))

    def to_day(self) -> AnnouncedDay:
        data = self.cleaned_data
        return AnnouncedDay(data["on"], data["name"], data["is_working"])
