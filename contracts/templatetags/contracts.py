"""How contracts' figures, the signs of the radar and the rules are worded on pages."""

from django import template
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from contracts.form_kinds import FlagCode
from contracts.kinds import RefusalReason
from contracts.models import Application, Flag
from contracts.queries.statistics import Figure
from contracts.rule_sets import RuleSet, RuleText, rule_sets
from contracts.rules.precheck import Finding
from contracts.wording import cut_name, cut_value

register = template.Library()

_STEPS = {
    "contract_value": pgettext_lazy("step of a value", "Contract value"),
    "equipment": pgettext_lazy("step of a value", "less equipment"),
    "materials": pgettext_lazy("step of a value", "less materials"),
    "other": pgettext_lazy("step of a value", "less other non-technical items"),
    "royalties": pgettext_lazy("step of a value", "less royalties still to come"),
    "carriers": pgettext_lazy("step of a value", "of it carriers of the technology, which stay in"),
    "technology_value": pgettext_lazy("step of a value", "Technology transaction value"),
}


@register.filter
def value_step(name: str) -> str:
    """A step from contract value to technology transaction value, in words."""
    return str(_STEPS[name])


_SIGNS = {
    FlagCode.NEAR_DUPLICATE: _("{percent}% the same as “{title}” {place}: is it the same contract, registered elsewhere?"),
    FlagCode.INVENTOR_AT_BUYER: _("{names} made the technology and acts for the buyer."),
    FlagCode.SHAREHOLDER_AT_BUYER: _("{names} made the technology and holds a share of the buyer, by the register of companies."),
    FlagCode.FAR_FROM_VALUATION: _("Valued at {valued} yuan, contracted at {contracted} yuan."),
    FlagCode.MONEY_GIVEN_BACK: _("{amount} yuan of the price went back to the buyer."),
    FlagCode.FAR_FROM_LISTING: _("Listed at {listed} yuan, contracted at {contracted} yuan."),
    FlagCode.ODD_SHARE: _("Technology makes {percent}% of the price; please compare with what the contract delivers."),
    FlagCode.MONEY_BACK: _("By another contract, “{title}”, money goes back the other way."),
    FlagCode.RELATED: _("The parties say they are related: is the price that of strangers?"),
}


@register.filter
def sign_sentence(flag: Flag) -> str:
    """What the radar found, in words."""
    return str(_SIGNS[FlagCode(flag.code)]).format_map(flag.data)


@register.filter
def rule_words(text: RuleText | RuleSet) -> str:
    """A rule, or a rule set's name, in the language of the page."""
    return text.zh if (get_language() or "").startswith("zh") else text.en


@register.simple_tag
def reason_templates(application: Application) -> list[tuple[str, str]]:
    """The grounds of refusal of the application's rule set, each with the beginning of a reason."""
    texts = rule_sets()[application.rule_set].refusals
    return [(str(RefusalReason(text.id).label), rule_words(text)) for text in texts]


@register.filter
def rule_name(code: str) -> str:
    """The name of the rule set with this code."""
    return rule_words(rule_sets()[code])


_FINDINGS = {
    "no_technical_content": _("The technical content, scope and requirements are not described."),
    "already_mastered": _("The text says the technology is mastered already: then it is no development."),
    "no_right_named": _("No intellectual property is named, though this kind rests on one."),
    "ownership_not_said": _("The contract does not say who owns results and improvements."),
    "licence_kind_not_said": _("Say whether the licence is exclusive, sole or simple; it counts as simple otherwise."),
    "no_report": _("The text names no report, which is what consulting delivers."),
    "goods_or_works": _("The text speaks of {words}: goods, works or routine are no technology service."),
    "items_do_not_add_up": _("The items of the price do not add up to the price."),
    "instalments_do_not_add_up": _("The instalments do not add up to {total} yuan."),
    "royalties_not_estimated": _("Royalties are agreed, but no expected amount is entered."),
    "no_seller": _("There is no seller."),
    "no_buyer": _("There is no buyer."),
    "applicant_is_no_seller": _("Your organisation is not on the side that applies."),
    "border_does_not_fit": _("Cross-border and the countries of the parties do not fit."),
    "not_signed_yet": _("The day of signing has not come yet."),
    "term_is_over": _("The contract's term is over."),
    "registered_elsewhere": _("{percent}% the same as “{title}” {place}: a contract is registered once."),
    "no_text": _("The contract's text is not attached."),
    "differences_unexplained": _("Say why it differs from what was announced."),
}
_ANNOUNCED = {
    "listed_price": _("price listed"),
    "agreed_price": _("price of the deal"),
    "title": _("title"),
    "content": _("technical content"),
    "kind": _("kind"),
    "payment": _("payment"),
}


@register.filter
def finding_sentence(finding: Finding) -> str:
    """What the pre-check found, in words."""
    return str(_FINDINGS[finding.code]).format_map(finding.data)


@register.filter
def announced_field(name: str) -> str:
    """A field that was announced otherwise."""
    return str(_ANNOUNCED[name])


@register.filter
def cut_title(name: str) -> str:
    """By what the statistics are cut, in words."""
    return cut_name(name)


@register.filter
def figure_title(figure: Figure, name: str) -> str:
    """One line of the statistics, in words."""
    return cut_value(name, figure.value)
