"""Which figures may officials set? Every legal period, percentage and threshold that code reads, with its unit."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _


class Measure(enum.StrEnum):
    """What the value of a policy row counts."""

    DAYS = "days"
    WORKING_DAYS = "working_days"
    MONTHS = "months"
    RATE = "rate"
    FEN = "fen"
    COUNT = "count"
    SECONDS = "seconds"


# The State Council announces holidays in Chinese; officials enter them so. Two that fall together stand there joined.
_HOLIDAYS: Mapping[str, str | Promise] = {
    "元旦": _("New Year's Day"),
    "春节": _("Spring Festival"),
    "清明节": _("Qingming Festival"),
    "劳动节": _("Labour Day"),
    "端午节": _("Dragon Boat Festival"),
    "中秋节": _("Mid-Autumn Festival"),
    "国庆节": _("National Day"),
}


def holiday_name(name: str) -> str:
    """The holiday in the language of the moment; one that is not of the seven keeps the name it was announced by."""
    return gettext(", ").join(str(_HOLIDAYS.get(part, part)) for part in name.split("、"))


PERIODS = frozenset({Measure.DAYS, Measure.WORKING_DAYS, Measure.MONTHS})


MEASURE_LABELS: Mapping[str, str | Promise] = {
    Measure.DAYS: pgettext_lazy("unit of a policy row", "days"),
    Measure.WORKING_DAYS: pgettext_lazy("unit of a policy row", "working days"),
    Measure.MONTHS: pgettext_lazy("unit of a policy row", "months"),
    Measure.RATE: pgettext_lazy("unit of a policy row", "per cent"),
    Measure.FEN: pgettext_lazy("unit of a policy row", "yuan"),
    Measure.COUNT: pgettext_lazy("unit of a policy row", "times"),
    Measure.SECONDS: pgettext_lazy("unit of a policy row", "seconds"),
}

# The codes are those of `OrganisationKind` and `contracts.kinds.RuleSet`, which stand in higher apps; a test holds them together.
OWNERS: Mapping[str, str | Promise] = {
    "university": pgettext_lazy("organisation kind", "University"),
    "institute": pgettext_lazy("organisation kind", "Research institute"),
    "enterprise": pgettext_lazy("organisation kind", "Enterprise"),
    "broker_institution": pgettext_lazy("organisation kind", "Technology transfer institution"),
    "service_provider": pgettext_lazy("organisation kind", "Service provider"),
    "government": pgettext_lazy("organisation kind", "Government"),
}
RULE_SETS: Mapping[str, str | Promise] = {
    "MOST-2000": pgettext_lazy("rule set", "Measures of 2000"),
    "MIIT-2026": pgettext_lazy("rule set", "Measures of 2026"),
}
# Where local law sets another period: a row for the rule set in one province, by the first two digits of the registry's code.
PROVINCES: Mapping[str, str | Promise] = {
    "11": pgettext_lazy("province", "Beijing"),
    "14": pgettext_lazy("province", "Shanxi"),
    "33": pgettext_lazy("province", "Zhejiang"),
    "41": pgettext_lazy("province", "Henan"),
}
RULE_SETS_BY_PROVINCE: Mapping[str, str | Promise] = {
    **RULE_SETS,
    **{
        f"{rule_set}/{province}": format_lazy("{} · {}", label, name)
        for rule_set, label in RULE_SETS.items()
        for province, name in PROVINCES.items()
    },
}


@dataclass(frozen=True, slots=True)
class PolicyKind:
    """A figure's code, its name, the measures it may be stated in, and for what beside everything rows of their own may be made."""

    code: str
    label: str | Promise
    measures: frozenset[Measure]
    scopes: Mapping[str, str | Promise] = field(default_factory=dict)

    def scope_label(self, scope: str) -> str | Promise:
        return self.scopes.get(scope, scope) if scope else pgettext_lazy("scope of a policy row", "for all")


_PERIOD = frozenset({Measure.DAYS, Measure.WORKING_DAYS})
_RATE = frozenset({Measure.RATE})
_FEN = frozenset({Measure.FEN})

KINDS: dict[str, PolicyKind] = {
    kind.code: kind
    for kind in [
        PolicyKind("listing.announcement_period", _("Listing announcement period, shortest"), _PERIOD, OWNERS),
        PolicyKind(
            "listing.extension_period", _("Extension of a listing announcement without a qualified intent"), _PERIOD, OWNERS
        ),
        PolicyKind(
            "listing.extension_limit", _("Most extensions of one listing announcement"), frozenset({Measure.COUNT}), OWNERS
        ),
        PolicyKind("listing.public_notice_period", _("Public notice of a negotiated price, shortest"), _PERIOD, OWNERS),
        PolicyKind("listing.deposit_limit", _("Deposit, largest share of the price"), _RATE, OWNERS),
        PolicyKind(
            "listing.price_reduction_approval", _("Price reduction above which the owner's approval is recorded"), _RATE, OWNERS
        ),
        PolicyKind("listing.second_factor_from", _("Price from which a seller needs two-step verification"), _FEN, OWNERS),
        PolicyKind(
            "duty.listing_after_grant",
            _("Duty to list intellectual property not put to use after grant"),
            frozenset({Measure.MONTHS}),
        ),
        PolicyKind("contract.signing_period", _("Time to sign the contract after the deal"), _PERIOD),
        PolicyKind(
            "deal.default_after",
            _("Time to state an obstacle to an overdue contract, before the buyer is in default"),
            frozenset({Measure.DAYS}),
        ),
        PolicyKind(
            "deal.next_offer_period", _("Time for the next bidder to answer after a winner's default"), frozenset({Measure.DAYS})
        ),
        PolicyKind(
            "deal.next_offers", _("Most bidders asked one after another after a winner's default"), frozenset({Measure.COUNT})
        ),
        PolicyKind("contract.decision_period", _("Time for the registry's decision"), _PERIOD, RULE_SETS_BY_PROVINCE),
        PolicyKind(
            "contract.expert_decision_period", _("Time for the registry's decision with expert review"), _PERIOD, RULE_SETS
        ),
        PolicyKind("contract.expert_review_from", _("Technology transaction value from which experts review"), _FEN, RULE_SETS),
        PolicyKind("contract.expert_opinion_period", _("Time for an expert's opinion on a contract"), _PERIOD),
        PolicyKind("contract.correction_period", _("Time to correct a returned application"), _PERIOD),
        PolicyKind("contract.appeal_period", _("Time to appeal against a refused recognition"), _PERIOD),
        PolicyKind("contract.four_eyes_from", _("Technology transaction value from which two registrars decide"), _FEN),
        PolicyKind("deposit.forfeit_sellers_share", _("Seller's share of a forfeited deposit"), _RATE),
        PolicyKind("deposit.refund_period", _("Refund of deposits to those who lost"), _PERIOD),
        PolicyKind("auction.loss_share", _("Share of bidders without a connection above which an auction pauses itself"), _RATE),
        PolicyKind(
            "auction.loss_time", _("Time without a connection after which a bidder counts as lost"), frozenset({Measure.SECONDS})
        ),
        PolicyKind("brokers.commission_limit", _("Commission, largest share of the contract value"), _RATE),
        PolicyKind("credit.appeal_period", _("Time to decide on an appeal against a credit record"), _PERIOD),
        PolicyKind("evaluation.comment_period", _("Time to comment on the draft of a yearly evaluation"), _PERIOD),
        PolicyKind("credit.review_period", _("Time to change a review after a deal"), frozenset({Measure.DAYS})),
        PolicyKind("settlement.payment_period", _("Time to pay a sum that is asked for"), _PERIOD),
        PolicyKind("settlement.platform_fee", _("Platform fee, share of what is released to the seller"), _RATE),
        PolicyKind("settlement.report_period", _("Time to report on a royalty after the end of the period"), _PERIOD),
        PolicyKind("settlement.objection_period", _("Time to object to a report on a royalty"), _PERIOD),
        PolicyKind("income.inventors_share", _("Inventors' share of net income, smallest"), _RATE),
    ]
}
