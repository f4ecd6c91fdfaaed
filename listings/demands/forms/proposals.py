"""What a team types of how it would meet a demand, and what both sides ask and answer."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from listings.demands.models.demands import Demand
from listings.demands.models.proposals import Proposal
from listings.demands.queries.proposals import achievements_to_refer_to
from listings.demands.rules.proposals import LONGEST_MONTHS, SHORTEST_APPROACH, Promise, ProposalEntry, TeamMember
from listings.models.achievements import Achievement
from market.accounts.models import Organisation
from market.documents.fields import DocumentsField, UploadForm
from market.fields import MoneyField
from market.values.actor import Actor
from market.values.money import ZERO


class TeamField(forms.CharField):
    """People, one a line: the name, and after a comma what they do."""

    widget = forms.Textarea

    def clean(self, value: Any) -> tuple[TeamMember, ...]:
        lines = [line.replace("，", ",").strip() for line in super().clean(value).splitlines()]
        parts = [line.partition(",") for line in lines if line]
        return tuple(TeamMember(name.strip()[:60], part.strip()[:120]) for name, _comma, part in parts if name.strip())

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, list):
            return "\n".join(f"{it['name']}，{it['part']}" if it["part"] else it["name"] for it in value)
        return value


class ProposalForm(UploadForm):
    """A proposal, with a figure for each indicator of the demand."""

    approach = forms.CharField(
        label=_("Approach"),
        widget=forms.Textarea(attrs={"rows": 8}),
        max_length=10000,
        required=False,
        help_text=_("How you would solve it, what has been shown so far, and what is uncertain. At least %(n)s characters.")
        % {"n": SHORTEST_APPROACH},
    )
    price = MoneyField(label=_("Price"), required=False)
    months = forms.IntegerField(label=_("Duration in months"), min_value=1, max_value=LONGEST_MONTHS, required=False)
    team = TeamField(
        label=_("Team"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=3000,
        required=False,
        help_text=_("One person a line: the name, a comma, and what they do."),
    )
    achievements = forms.ModelMultipleChoiceField(
        label=_("Achievements referred to"),
        queryset=Achievement.objects.none(),
        required=False,
        to_field_name="key",
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Registered ones of your own organisation."),
    )
    documents = DocumentsField(label=_("Documents"), required=False)

    def __init__(self, *args: Any, demand: Demand, organisation: Organisation, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, **kwargs)
        self.fields["achievements"].queryset = achievements_to_refer_to(organisation.pk)  # type: ignore[attr-defined]
        self.indicators = demand.figures
        for number, indicator in enumerate(self.indicators):
            asked = f"{indicator.name} {indicator.as_row()['value']} {indicator.unit}"
            self.fields[f"value_{number}"] = forms.DecimalField(
                label=_("Promised: %(asked)s") % {"asked": asked}, max_digits=18, decimal_places=6, required=False
            )
            self.fields[f"remark_{number}"] = forms.CharField(
                label=_("Remark on “%(name)s”") % {"name": indicator.name}, max_length=200, required=False
            )
        self.order_fields(["approach", *(name for name in self.fields if name.startswith(("value_", "remark_")))])

    def to_entry(self) -> ProposalEntry:
        """The proposal as typed; indicators without a figure are not promised."""
        data = self.cleaned_data
        promises = (
            Promise(indicator.name, data[f"value_{number}"], indicator.unit, data[f"remark_{number}"])
            for number, indicator in enumerate(self.indicators)
            if data[f"value_{number}"] is not None
        )
        return ProposalEntry(
            approach=data["approach"],
            price=data["price"] or ZERO,
            months=data["months"] or 0,
            promises=tuple(promises),
            team=data["team"],
            achievements=tuple(achievement.pk for achievement in data["achievements"]),
            documents=tuple(document.pk for document in data["documents"]),
        )


def proposal_initial(proposal: Proposal) -> dict[str, Any]:
    """The form's initial values for a proposal that is to be changed; promises are found again by their indicator's name."""
    promised = {promise.name: promise for promise in proposal.promised}
    rows: dict[str, Any] = {}
    for number, indicator in enumerate(proposal.demand.figures):
        if promise := promised.get(indicator.name):
            rows |= {f"value_{number}": promise.value, f"remark_{number}": promise.remark}
    return rows | {
        "approach": proposal.approach,
        "price": proposal.price or None,
        "months": proposal.months or None,
        "team": proposal.team,
        "achievements": list(proposal.achievements.values_list("key", flat=True)),
        "documents": list(proposal.documents.all()),
    }


class QuestionForm(forms.Form):
    text = forms.CharField(label=_("Question"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000)


class AnswerQuestionForm(forms.Form):
    text = forms.CharField(
        label=_("Answer"),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=5000,
        help_text=_("It is recorded and cannot be changed; both sides can be held to it."),
    )
