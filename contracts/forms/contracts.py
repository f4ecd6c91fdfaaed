"""What parties and registrars type about contracts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from contracts.actions.contracts import ContractTerms
from contracts.actions.registrations import ChangeTerms
from contracts.actions.shareholders import Holder
from contracts.form_kinds import HOME_COUNTRY, ChangeKind, PartyNature, Proposal, Verdict
from contracts.kinds import SUB_KINDS, ContractKind, IpKind, Objective, RefusalReason, TechnologyField
from contracts.models import ContractParty
from listings.forms.achievements import IndustryCodeInput
from listings.kinds import FundingSource, PaymentMode
from market.accounts.models import Person
from market.documents.fields import DocumentsField, UploadForm
from market.fields import DayField, MoneyField
from market.values.money import ZERO, Money


def long_text(label: Any, rows: int = 4, *, required: bool = True, help_text: Any = "") -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, widget=widget, max_length=10000, required=required, help_text=help_text)


def _sub_kinds() -> list[tuple[Any, list[tuple[str, Any]]]]:
    """The sub-kinds in groups, one for each kind."""
    return [(kind.label, [(sub.value, sub.label) for sub in SUB_KINDS[kind]]) for kind in ContractKind]


class ContractForm(forms.Form):
    """All terms of a contract, in the order of the registration form."""

    kind = forms.ChoiceField(
        label=_("Kind"), choices=ContractKind.choices, help_text=_("By the main obligation of the contract.")
    )
    sub_kind = forms.ChoiceField(label=_("Sub-kind"), choices=_sub_kinds)
    title = forms.CharField(label=_("Title"), max_length=120)
    content = long_text(_("Technical content, scope and requirements"), 8)
    delivery = long_text(_("Delivery and acceptance"), required=False)
    ownership = long_text(_("Ownership of results and improvements"), required=False)
    liability = long_text(_("Confidentiality and liability"), required=False)
    price = MoneyField(label=_("Price"))
    equipment = MoneyField(label=_("Of it for equipment"), required=False)
    materials = MoneyField(label=_("Of it for materials"), required=False)
    other = MoneyField(
        label=_("Of it for other non-technical items"),
        required=False,
        help_text=_("What remains is the technology transaction value, on which relief rests."),
    )
    carriers = MoneyField(
        label=_("Of it for carriers of the technology"),
        required=False,
        help_text=_("Samples, copies and test pieces in a reasonable number: they count as technology."),
    )
    royalties = MoneyField(
        label=_("Of it royalties expected"), required=False, help_text=_("They are added to the registration as they come in.")
    )
    payment_mode = forms.ChoiceField(label=_("Payment"), choices=PaymentMode.choices)
    valid_from = DayField(label=_("Valid from"))
    valid_until = DayField(label=_("Valid until"))
    ip_kind = forms.ChoiceField(label=_("Intellectual property"), choices=IpKind.choices)
    funding_source = forms.ChoiceField(label=_("Origin of funding"), choices=FundingSource.choices)
    technology_field = forms.ChoiceField(label=_("Field of technology"), choices=TechnologyField.choices)
    objective = forms.ChoiceField(label=_("Social-economic goal"), choices=Objective.choices)
    industry_served = forms.CharField(
        label=_("Industry served (GB/T 4754)"), max_length=4, required=False, widget=IndustryCodeInput
    )
    is_cross_border = forms.BooleanField(label=_("Cross-border"), required=False)
    is_related_party = forms.BooleanField(label=_("Between related parties"), required=False)

    def to_terms(self) -> ContractTerms:
        data = dict(self.cleaned_data)
        for name in ("equipment", "materials", "other", "carriers", "royalties"):
            data[name] = data[name] or ZERO
        return ContractTerms(**data)


def initial_of(terms: ContractTerms) -> dict[str, Any]:
    """The form's initial values."""
    return {name: getattr(terms, name) for name in ContractForm.base_fields}


class AgreeForm(forms.Form):
    """The agreement to the terms that were on the page."""

    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)


class RecogniseForm(forms.Form):
    """The value recognised; another than applied for needs its reason."""

    technology_value = MoneyField(
        label=_("Technology transaction value"), help_text=_("Correct it if items were entered wrongly, and say why.")
    )
    reason = long_text(_("Reason of the correction"), 2, required=False)

    def value(self) -> Money:
        value: Money = self.cleaned_data["technology_value"]
        return value


class RefuseForm(forms.Form):
    code = forms.ChoiceField(label=_("Ground"), choices=RefusalReason.choices)
    reason = long_text(_("Reason"), help_text=_("Shown to the applicant. The templates of the rule set stand below."))


class ProposeForm(RecogniseForm):
    """What the first registrar proposes to the second."""

    proposal = forms.ChoiceField(label=_("Proposal"), choices=Proposal.choices)
    technology_value = MoneyField(
        label=_("Technology transaction value"), help_text=_("Correct it if items were entered wrongly, and say why.")
    )
    code = forms.ChoiceField(label=_("Ground of a refusal"), choices=[("", "—"), *RefusalReason.choices], required=False)
    reason = long_text(_("Reason of a correction or refusal"), 3, required=False)
    field_order = ("proposal", "technology_value", "code", "reason")


class AnswerForm(forms.Form):
    """What there is to a sign of the radar."""

    answer = long_text(_("What there is to it"), 2)


class AssignForm(forms.Form):
    """Who examines the application."""

    person = forms.ModelChoiceField(label=_("Registrar"), queryset=Person.objects.none())

    def __init__(self, *args: Any, registrars: QuerySet[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = registrars  # type: ignore[attr-defined]


class ExpertForm(forms.Form):
    """Whom to ask, and what."""

    expert = forms.CharField(label=_("Expert"), max_length=60)
    workplace = forms.CharField(
        label=_("Workplace"), max_length=120, help_text=_("Nobody of a side, and nobody who works for one.")
    )
    email = forms.EmailField(
        label=_("E-mail address of the expert's account"),
        required=False,
        help_text=_(
            "With an account on the market the expert reads the contract there and writes the opinion. Without one, you enter it."
        ),
    )
    question = long_text(_("Question"), 4)


class OpinionForm(UploadForm):
    """What the expert says."""

    verdict = forms.ChoiceField(label=_("Verdict"), choices=Verdict.choices)
    text = long_text(_("Opinion"), 6)
    documents = DocumentsField(label=_("Signed opinion"), required=False)


class OwnOpinionForm(OpinionForm):
    """What the expert writes, with the declaration that goes with it."""

    is_free = forms.BooleanField(
        label=_("I have no interest in this contract or its parties, and keep secret what I read"),
        required=False,
        help_text=_("Whoever has an interest says so by the verdict, and gives no opinion."),
    )


class ShareholdersForm(forms.Form):
    """Who holds shares of a company, by the public register of companies."""

    holders = long_text(
        _("Shareholders"),
        6,
        help_text=_("One a line: name and share in percent, such as 某投资公司 51.5. The share may be missing."),
        required=False,
    )
    source = forms.CharField(
        label=_("Source"), max_length=200, help_text=_("Such as 国家企业信用信息公示系统, with the number of the extract.")
    )
    as_of = DayField(label=_("As of"))

    def clean_holders(self) -> list[Holder]:
        return [_holder(line) for line in self.cleaned_data["holders"].splitlines() if line.strip()]


def _holder(line: str) -> Holder:
    name, _blank, share = unicodedata.normalize("NFKC", line).strip().rpartition(" ")
    try:
        percent = Decimal(share.rstrip("%"))
    except InvalidOperation:
        return Holder(line.strip()[:120], None)
    if not name or not percent.is_finite() or not 0 < percent <= 100 or percent != round(percent, 2):
        raise ValidationError(_("“%(line)s” is no name and share in percent."), params={"line": line.strip()[:60]})
    return Holder(name.strip()[:120], int(percent * 100))


class AppealForm(forms.Form):
    grounds = long_text(_("Why the refusal is wrong"), 6)


class AppealAnswerForm(forms.Form):
    answer = long_text(_("Answer to the appeal"), 4, help_text=_("Shown to the applicant."))


class ChangeForm(UploadForm):
    """What is to be changed in the register, with what proves it."""

    kind = forms.ChoiceField(label=_("What changes"), choices=ChangeKind.choices)
    contract_value = MoneyField(label=_("Contract value after the change"), required=False)
    technology_value = MoneyField(label=_("Technology transaction value after the change"), required=False)
    received = MoneyField(label=_("Royalties received since the last entry"), required=False)
    valid_until = DayField(label=_("New last day of the term"), required=False)
    party = forms.ChoiceField(label=_("Party that changes"), choices=[("", "—")], required=False)
    new_name = forms.CharField(label=_("Name of the new party"), max_length=120, required=False)
    new_code = forms.CharField(label=_("Unified social credit code of the new party"), max_length=18, required=False)
    new_nature = forms.ChoiceField(label=_("Kind of the new party"), choices=[("", "—"), *PartyNature.choices], required=False)
    new_country = forms.RegexField(label=_("Country (customs code)"), regex=r"^\d{3}$", initial=HOME_COUNTRY, required=False)
    new_region = forms.RegexField(label=_("Region (GB/T 2260)"), regex=r"^\d{6}$", required=False)
    reason = long_text(_("Reason"))
    documents = DocumentsField(
        label=_("Proof"), help_text=_("The supplementary agreement, or the accounts and payments of the royalties.")
    )

    def __init__(self, *args: Any, parties: Sequence[ContractParty], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = [(f"{it.side}-{it.position}", f"{it.get_side_display()}{_(': ')}{it.name}") for it in parties]
        self.fields["party"].choices = [("", "—"), *places]  # type: ignore[attr-defined]

    def to_terms(self) -> ChangeTerms:
        data = self.cleaned_data
        names = ("kind", "contract_value", "technology_value", "received", "valid_until", "reason")
        party = {name: data[f"new_{name}"] for name in ("name", "code", "nature", "country", "region")}
        party |= {"code": party["code"].strip().upper(), "country": party["country"] or HOME_COUNTRY}
        terms = {name: data[name] for name in names}
        if data["kind"] == ChangeKind.PARTY:
            terms |= {"party_place": data["party"], "party": party}
        return ChangeTerms(**terms)


class ReasonForm(forms.Form):
    reason = long_text(_("Reason"), help_text=_("Shown to the parties."))


class ChangeAnswerForm(forms.Form):
    answer = long_text(_("Remark"), 2, required=False, help_text=_("Shown to the parties."))


class EndForm(forms.Form):
    """Why a registration ends."""

    reason = long_text(_("Reason"), help_text=_("Shown to the parties, and to everybody who verifies the certificate."))


class RegisterFilterForm(forms.Form):
    """Which part of the register."""

    kind = forms.ChoiceField(label=_("Kind"), choices=[("", "—"), *ContractKind.choices], required=False)
    year = forms.IntegerField(label=_("Year"), min_value=2000, max_value=9998, required=False)
    number = forms.RegexField(label=_("Beginning of the number"), regex=r"^\d{1,16}$", required=False)


class StatisticsForm(forms.Form):
    """Of which year, or month of it."""

    year = forms.IntegerField(label=_("Year"), min_value=2000, max_value=9998)
    month = forms.TypedChoiceField(
        label=_("Month"), choices=[("", _("the whole year")), *((it, str(it)) for it in range(1, 13))], coerce=int, required=False
    )


class VerifyForm(forms.Form):
    """What stands on a certificate, with whatever spaces it was read or copied with."""

    number = forms.CharField(label=_("Registration number"), max_length=40)
    verification_key = forms.CharField(label=_("Verification key"), max_length=40)

    def clean_number(self) -> str:
        return _as_printed(
            self.cleaned_data["number"], r"\d{16}|\d{14}", _("The registration number has 16 digits, or 14 before 2019.")
        )

    def clean_verification_key(self) -> str:
        return _as_printed(
            self.cleaned_data["verification_key"].lower(), "[a-z0-9]{16}", _("The verification key has 16 letters and digits.")
        )


def _as_printed(typed: str, pattern: str, sentence: Any) -> str:
    text = "".join(unicodedata.normalize("NFKC", typed).split())
    if not re.fullmatch(pattern, text, re.ASCII):
        raise ValidationError(sentence)
    return text
