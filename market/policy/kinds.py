"""Which figures may officials set? Every legal period, percentage and threshold that code reads, with its unit."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Measure(enum.StrEnum):
    """What the value of a policy row counts."""

    DAYS = "days"
    WORKING_DAYS = "working_days"
    MONTHS = "months"
    RATE = "rate"
    FEN = "fen"
    COUNT = "count"


PERIODS = frozenset({Measure.DAYS, Measure.WORKING_DAYS, Measure.MONTHS})


@dataclass(frozen=True, slots=True)
class PolicyKind:
    """A figure's code, its name, and the measures it may be stated in."""

    code: str
    label: str | Promise
    measures: frozenset[Measure]


_PERIOD = frozenset({Measure.DAYS, Measure.WORKING_DAYS})
_RATE = frozenset({Measure.RATE})
_FEN = frozenset({Measure.FEN})

KINDS: dict[str, PolicyKind] = {
    kind.code: kind
    for kind in [
        PolicyKind("listing.announcement_period", _("Listing announcement period, shortest"), _PERIOD),
        PolicyKind("listing.extension_period", _("Extension of a listing announcement without a qualified intent"), _PERIOD),
        PolicyKind("listing.extension_limit", _("Most extensions of one listing announcement"), frozenset({Measure.COUNT})),
        PolicyKind("listing.public_notice_period", _("Public notice of a negotiated price, shortest"), _PERIOD),
        PolicyKind("listing.deposit_limit", _("Deposit, largest share of the price"), _RATE),
        PolicyKind("listing.price_reduction_approval", _("Price reduction above which the owner's approval is recorded"), _RATE),
        PolicyKind(
            "duty.listing_after_grant",
            _("Duty to list intellectual property not put to use after grant"),
            frozenset({Measure.MONTHS}),
        ),
        PolicyKind("contract.signing_period", _("Time to sign the contract after the deal"), _PERIOD),
        PolicyKind("contract.decision_period", _("Time for the registry's decision"), _PERIOD),
        PolicyKind("contract.expert_decision_period", _("Time for the registry's decision with expert review"), _PERIOD),
        PolicyKind("contract.expert_review_from", _("Technology transaction value from which experts review"), _FEN),
        PolicyKind("contract.correction_period", _("Time to correct a returned application"), _PERIOD),
        PolicyKind("deposit.refund_period", _("Refund of deposits to those who lost"), _PERIOD),
        PolicyKind("brokers.commission_limit", _("Commission, largest share of the contract value"), _RATE),
        PolicyKind("income.inventors_share", _("Inventors' share of net income, smallest"), _RATE),
    ]
}
