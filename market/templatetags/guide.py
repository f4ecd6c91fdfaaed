"""What does each component look like? Made-up contents for the style guide, which asks nothing of the database."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from django import forms, template
from django.utils.translation import gettext as _

from market.values.dates import Deadline, Period, Skipped, Unit, end_of
from market.values.money import Money

register = template.Library()


class GuideForm(forms.Form):
    """A field of every kind."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["title"] = forms.CharField(label=_("Title"), max_length=120)
        self.fields["price"] = forms.CharField(label=_("Price"), help_text=_("In yuan, or with 万: 1,200,000 or 120万."))
        self.fields["abstract"] = forms.CharField(label=_("Abstract"), widget=forms.Textarea(attrs={"rows": 4}))
        self.fields["maturity"] = forms.ChoiceField(label=_("Maturity"), choices=[("", "—"), ("pilot", _("Pilot stage"))])
        self.fields["route"] = forms.ChoiceField(
            label=_("Pricing route"),
            choices=[("listed", _("Listed trading")), ("negotiated", _("Negotiated price"))],
            widget=forms.RadioSelect,
        )
        self.fields["completed_on"] = forms.DateField(label=_("Completed on"), widget=forms.DateInput(attrs={"type": "date"}))
        self.fields["documents"] = forms.FileField(label=_("Documents"), required=False)
        self.fields["accepts"] = forms.BooleanField(label=_("We accept the terms of the listing"))


@register.simple_tag
def guide_samples() -> dict[str, Any]:
    """Everything `components/guide.html` shows."""
    refused = GuideForm({"title": _("Dry separation of fine coal"), "price": "0", "route": "listed"})
    refused.add_error("price", _("The price must be above zero."))
    return {
        "form": GuideForm(initial={"route": "listed"}),
        "refused_form": refused,
        "price": Money.yuan("1200000"),
        "odd_price": Money.yuan("1234567.89"),
        "notice_ends_on": date(2026, 10, 27),
        "deadline": _deadline(date(2026, 9, 16), 20, provisional=False),
        "what_if": _deadline(date(2026, 9, 21), 20, provisional=False),
        "provisional": _deadline(date(2026, 12, 21), 10, provisional=True),
        "timeline": _timeline(),
        "steps": _steps(),
        "facts": [
            {"term": _("Listing number"), "text": "GP2026000017"},
            {"term": _("Seller"), "text": _("Sample University A"), "url": "#"},
            {"term": _("Terms"), "text": _("Half on signing, half on acceptance; training for three of the buyer's people.")},
            {"term": _("Remark"), "text": ""},
        ],
        "rows": [_row("GP2026000017", "1200000"), _row("GP2026000018", "860000.50")],
        "trail": [{"label": _("Home"), "url": "/"}, {"label": _("All listings"), "url": "#"}, {"label": "GP2026000017"}],
        "facets": [
            {
                "label": _("Industry"),
                "entries": [
                    {"label": _("Coal"), "count": 12, "url": "#", "is_current": True},
                    {"label": _("New materials"), "count": 7, "url": "#", "is_current": False},
                ],
            }
        ],
        "typed": [{"label": _("Statement"), "value": _("The patent is jointly owned;\nwe have not agreed to its sale.")}],
        "acting": _acting(),
    }


def _steps() -> list[dict[str, Any]]:
    return [
        {"label": _("Registered"), "state": "done", "note": ""},
        {"label": _("On notice"), "state": "current", "note": _("4 working days left")},
        {"label": _("Deal"), "state": "todo", "note": ""},
        {"label": _("Recognised"), "state": "todo", "note": ""},
    ]


def _acting() -> dict[str, Any]:
    return {
        "organisation_name": _("Sample University A"),
        "role_labels": [_("Agent")],
        "choices": [
            {"key": "a", "name": _("Sample University A"), "is_current": True},
            {"key": "b", "name": _("Sample Institute B"), "is_current": False},
        ],
    }


def _deadline(start: date, working_days: int, *, provisional: bool) -> Deadline:
    """Counted over weekends and one holiday, for show only; `market.policy.rules.deadline` is the one that counts."""
    holiday = {date(2026, 10, day): "国庆节" for day in range(1, 8)}
    skipped, on, left = [], start, working_days
    while left:
        on += timedelta(days=1)
        if on in holiday or on.weekday() > 4:
            skipped.append(Skipped(on, holiday.get(on, "weekend")))
        else:
            left -= 1
    return Deadline(on, end_of(on), provisional, start, Period(working_days, Unit.WORKING_DAYS), tuple(skipped))


def _timeline() -> list[dict[str, Any]]:
    at = datetime(2026, 9, 16, 1, 30, tzinfo=UTC)
    university, person = _("Sample University A"), _("an agent")
    return [
        {"at": at, "sentence": _("Listing announced for 20 working days."), "actor": person, "organisation": university},
        {"at": at + timedelta(days=5), "sentence": _("An objection stopped the notice."), "actor": None, "organisation": None},
        {
            "at": at + timedelta(days=9),
            "sentence": _("The objection was answered; the notice runs again."),
            "actor": _("a supervisor"),
            "organisation": _("Sample Bureau"),
        },
    ]


def _row(number: str, yuan: str) -> list[dict[str, Any]]:
    return [
        {"label": _("Listing number"), "text": number, "url": "#"},
        {"label": _("Title"), "text": _("Dry separation of fine coal")},
        {"label": _("Price"), "text": str(Money.yuan(yuan)), "is_number": True},
        {"label": _("State"), "text": _("On notice")},
    ]
