"""What brokers and their principals type."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from brokers.actions.brokers import BrokerEntry, ServiceEntry
from brokers.actions.engagements import EngagementTerms
from brokers.kinds import DueWhen, Level, Service, WorkingLanguage
from brokers.models import Broker, Engagement, ServiceProfile
from brokers.queries import ORDERS, DirectoryWish
from brokers.rules import DEFAULT_TAIL, LONGEST_TAIL, Bracket, CommissionTerms
from listings.kinds import Industry
from market.accounts.models import Organisation
from market.accounts.queries import verified_organisation
from market.documents.fields import DocumentsField, UploadForm
from market.fields import DayField, MoneyField, PercentField
from market.values.social_code import normal_social_code


class BrokerForm(UploadForm):
    level = forms.ChoiceField(label=_("Level"), choices=Level.choices)
    certificate_number = forms.CharField(label=_("Certificate number"), max_length=40)
    valid_until = DayField(label=_("Certificate valid until"))
    fields_of_work = forms.MultipleChoiceField(
        label=_("Fields of work"), choices=Industry.choices, widget=forms.CheckboxSelectMultiple, required=False
    )
    languages = forms.MultipleChoiceField(
        label=_("Working languages"), choices=WorkingLanguage.choices, widget=forms.CheckboxSelectMultiple, required=False
    )
    introduction = forms.CharField(
        label=_("Introduction"), widget=forms.Textarea(attrs={"rows": 5}), max_length=2000, required=False
    )
    evidence = DocumentsField(label=_("Certificate"), help_text=_("A scan of the certificate."))

    def to_entry(self) -> BrokerEntry:
        data = self.cleaned_data
        return BrokerEntry(
            level=data["level"],
            certificate_number=data["certificate_number"],
            valid_until=data["valid_until"],
            fields=tuple(data["fields_of_work"]),
            introduction=data["introduction"],
            evidence=tuple(data["evidence"]),
            languages=tuple(data["languages"]),
        )


class ServiceProfileForm(forms.Form):
    services = forms.MultipleChoiceField(label=_("Services"), choices=Service.choices, widget=forms.CheckboxSelectMultiple)
    fields_of_work = forms.MultipleChoiceField(
        label=_("Fields of work"), choices=Industry.choices, widget=forms.CheckboxSelectMultiple, required=False
    )
    languages = forms.MultipleChoiceField(
        label=_("Working languages"), choices=WorkingLanguage.choices, widget=forms.CheckboxSelectMultiple, required=False
    )
    introduction = forms.CharField(label=_("Introduction"), widget=forms.Textarea(attrs={"rows": 6}), max_length=2000)
    contact = forms.CharField(
        label=_("Contact"), max_length=120, required=False, help_text=_("Telephone or address of an office. Shown to everybody.")
    )

    def to_entry(self) -> ServiceEntry:
        data = self.cleaned_data
        return ServiceEntry(
            services=tuple(data["services"]),
            fields=tuple(data["fields_of_work"]),
            languages=tuple(data["languages"]),
            introduction=data["introduction"],
            contact=data["contact"],
        )


def written_profile(organisation: Organisation) -> dict[str, Any]:
    """The form's initial values: the entry as it stands."""
    profile = ServiceProfile.objects.filter(organisation=organisation).first()
    if profile is None:
        return {}
    return {
        "services": profile.services,
        "fields_of_work": profile.fields,
        "languages": profile.languages,
        "introduction": profile.introduction,
        "contact": profile.contact,
    }


def _any(choices: Any) -> list[tuple[str, Any]]:
    return [("", "—"), *choices]


def _orders() -> list[tuple[str, Any]]:
    return [(code, order.label) for code, order in ORDERS.items()]


class DirectoryForm(forms.Form):
    """Which brokers are looked for."""

    words = forms.CharField(label=_("Name or words"), max_length=60, required=False)
    level = forms.ChoiceField(label=_("Level"), choices=_any(Level.choices), required=False)
    field = forms.ChoiceField(label=_("Field of work"), choices=_any(Industry.choices), required=False)
    language = forms.ChoiceField(label=_("Working language"), choices=_any(WorkingLanguage.choices), required=False)
    order = forms.ChoiceField(label=_("Sort by"), choices=_orders, required=False)

    def to_wish(self) -> DirectoryWish:
        """What was asked for; what is no choice is not asked for."""
        return (
            DirectoryWish(**{name: value for name, value in self.cleaned_data.items() if value})
            if self.is_valid()
            else DirectoryWish()
        )


class ServicesForm(DirectoryForm):
    """Which institutions and service providers are looked for."""

    level = None  # type: ignore[assignment]
    order = None  # type: ignore[assignment]
    service = forms.ChoiceField(label=_("Service"), choices=_any(Service.choices), required=False)


class StatementForm(forms.Form):
    """Over which time the commissions are stated."""

    year = forms.IntegerField(label=_("Year"), min_value=2000, max_value=2100)
    month = forms.TypedChoiceField(
        label=_("Month"), choices=_any([(n, n) for n in range(1, 13)]), coerce=int, empty_value=None, required=False
    )


BRACKETS = range(1, 5)
PARTNERS = range(1, 4)


def _organisation(form: forms.Form, code: str, field: str) -> Organisation | None:
    found = verified_organisation(normal_social_code(code))
    if found is None:
        form.add_error(field, _("No verified organisation has this unified social credit code."))
    return found


class IntroductionForm(forms.Form):
    code = forms.CharField(label=_("Unified social credit code of whom you introduced"), max_length=40)
    introduced_on = DayField(label=_("Introduced on"))
    account = forms.CharField(
        label=_("How"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
        help_text=_("By a meeting, a letter, a call: both read it and confirm it."),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("code"):
            data["introduced"] = _organisation(self, data["code"], "code")
        return data


class _DecisionForm(forms.Form):
    grounds = forms.CharField(
        label=_("Grounds"), widget=forms.Textarea(attrs={"rows": 5}), max_length=2000, help_text=_("Shown to both sides.")
    )


def _yes_or_no(yes: Any, no: Any) -> forms.TypedChoiceField:
    """A decision between two; gives True for the first."""
    choices = [("yes", yes), ("no", no)]
    return forms.TypedChoiceField(
        label=_("Decision"), choices=choices, widget=forms.RadioSelect, coerce=lambda chosen: chosen == "yes"
    )


class IntroductionDecisionForm(_DecisionForm):
    counts = _yes_or_no(_("The introduction counts"), _("The introduction does not count"))
    field_order = ("counts", "grounds")


class DisputeDecisionForm(_DecisionForm):
    stands = _yes_or_no(_("The mandate stands"), _("The mandate ends today"))
    field_order = ("stands", "grounds")


class EngagementForm(forms.Form):
    """The terms of a mandate, to be proposed for a listing or a demand, or in the place of those of `engagement`.

    Who proposes one anew is either a party, which chooses a broker among `brokers`, or a broker, `own`, who names the party, which is
    the `owner` of the matter unless another is named.
    """

    broker = forms.ModelChoiceField(label=_("Broker"), queryset=Broker.objects.none(), to_field_name="key")
    principal_code = forms.CharField(
        label=_("Unified social credit code of the principal"),
        max_length=40,
        required=False,
        help_text=_("Empty for whoever published it; otherwise the code of the organisation that wants to deal with them."),
    )
    scope = forms.CharField(
        label=_("Scope"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
        help_text=_("What the broker is to do: find buyers, examine, negotiate, accompany the contract."),
    )
    is_exclusive = forms.BooleanField(label=_("Exclusive"), required=False)
    valid_until = DayField(label=_("Valid until"))
    rate = PercentField(
        label=_("Commission in % of the contract value"),
        required=False,
        help_text=_("A rate, brackets, or a fixed sum: one of the three."),
    )
    fixed = MoneyField(label=_("Fixed commission"), required=False)
    cap = MoneyField(label=_("Cap"), required=False, help_text=_("The most a rate or brackets may come to."))
    others_share = PercentField(
        label=_("Of it the other party pays, per cent"),
        required=False,
        help_text=_("Empty when the principal pays all. The other party owes its part once it has agreed to that."),
    )
    due_when = forms.ChoiceField(label=_("Due"), choices=DueWhen.choices, initial=DueWhen.RECOGNITION)
    tail_months = forms.IntegerField(
        label=_("Protection after the end, months"),
        initial=DEFAULT_TAIL,
        min_value=0,
        max_value=LONGEST_TAIL,
        help_text=_("A deal within this time with somebody whom the broker introduced still earns the commission."),
    )
    both_consent = forms.BooleanField(
        label=_("The broker may also act for the other side"),
        required=False,
        help_text=_("Needed, from both sides, when the broker acts for both."),
    )
    note = forms.CharField(
        label=_("Note to the other side"), widget=forms.Textarea(attrs={"rows": 2}), max_length=1000, required=False
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(
        self,
        *args: Any,
        brokers: Any = None,
        own: Broker | None = None,
        acting: Organisation | None = None,
        owner: Organisation | None = None,
        engagement: Engagement | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._own, self._acting, self._owner, self._engagement = own, acting, owner, engagement
        self._add_rows()
        if engagement is not None or own is not None:
            del self.fields["broker"]
        elif brokers is not None:
            self.fields["broker"].queryset = brokers  # type: ignore[attr-defined]
        if engagement is not None or own is None:
            del self.fields["principal_code"]
        if engagement is None:
            del self.fields["version"]

    def _add_rows(self) -> None:
        for n in BRACKETS:
            self.fields[f"top_{n}"] = MoneyField(label=_("Part of the contract value up to"), required=False, help_text="")
            self.fields[f"rate_{n}"] = PercentField(label=_("Rate, per cent"), required=False)
        for n in PARTNERS:
            self.fields[f"partner_{n}"] = forms.CharField(
                label=_("Partner, by its unified social credit code"), max_length=40, required=False
            )
            self.fields[f"share_{n}"] = PercentField(label=_("Share of the commission, per cent"), required=False)

    @property
    def bracket_fields(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[f"top_{n}"], self[f"rate_{n}"]) for n in BRACKETS]

    @property
    def partner_fields(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[f"partner_{n}"], self[f"share_{n}"]) for n in PARTNERS]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        code = data.get("principal_code")
        data["principal"] = _organisation(self, code, "principal_code") if code else self._owner if self._own else self._acting
        data["brackets"] = self._brackets(data)
        data["shares"] = self._shares(data)
        return data

    def _brackets(self, data: dict[str, Any]) -> tuple[Bracket, ...]:
        rows = [(data.get(f"top_{n}"), data.get(f"rate_{n}"), n) for n in BRACKETS]
        for top, rate, n in rows:
            if top is not None and rate is None and f"rate_{n}" not in self.errors:
                self.add_error(f"rate_{n}", _("Enter the rate of this bracket."))
        return tuple(Bracket(top, rate) for top, rate, _n in rows if rate is not None)

    def _shares(self, data: dict[str, Any]) -> dict[int, Decimal]:
        shares: dict[int, Decimal] = {}
        broker = self._engagement.broker if self._engagement else self._own or data.get("broker")
        data["broker"] = broker
        for n in PARTNERS:
            code, share = data.get(f"partner_{n}"), data.get(f"share_{n}")
            if bool(code) != (share is not None):
                self.add_error(f"share_{n}" if code else f"partner_{n}", _("A partner needs a code and a share."))
            elif code and share is not None and (partner := _organisation(self, code, f"partner_{n}")) is not None:
                if partner.pk in shares or (broker is not None and partner.pk == broker.institution_id):
                    self.add_error(f"partner_{n}", _("Each partner is named once; the broker's own institution has the rest."))
                shares[partner.pk] = share
        if broker is not None:
            shares = {broker.institution_id: 1 - sum(shares.values(), Decimal(0))} | shares
        return shares

    def to_terms(self, side: str) -> EngagementTerms:
        data = self.cleaned_data
        return EngagementTerms(
            side=side,
            scope=data["scope"],
            is_exclusive=data["is_exclusive"],
            valid_until=data["valid_until"],
            commission=CommissionTerms(rate=data["rate"], fixed=data["fixed"], cap=data["cap"], brackets=data["brackets"]),
            both_consent=data["both_consent"],
            shares=data["shares"],
            due_when=data["due_when"],
            tail_months=data["tail_months"],
            principal_share=1 - (data["others_share"] or Decimal(0)),
            note=data["note"],
        )


def typed_terms(engagement: Engagement) -> dict[str, Any]:
    """The form's initial values: the terms as they are proposed."""
    terms = engagement.terms
    typed: dict[str, Any] = {
        "scope": engagement.scope,
        "is_exclusive": engagement.is_exclusive,
        "valid_until": engagement.valid_until,
        "rate": terms.rate,
        "fixed": terms.fixed,
        "cap": terms.cap,
        "others_share": engagement.others_share or None,
        "due_when": engagement.due_when,
        "tail_months": engagement.tail_months,
        "both_consent": engagement.both_consent,
        "version": engagement.versions.count(),
    }
    for n, bracket in enumerate(terms.brackets, 1):
        typed |= {f"top_{n}": bracket.up_to, f"rate_{n}": bracket.rate}
    partners = [
        it for it in engagement.shares.select_related("organisation") if it.organisation_id != engagement.broker.institution_id
    ]
    for n, partner in enumerate(partners, 1):
        typed |= {f"partner_{n}": partner.organisation.social_credit_code, f"share_{n}": partner.share}
    return typed


class VersionForm(forms.Form):
    """Which terms were on the page."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 4}), max_length=2000)
