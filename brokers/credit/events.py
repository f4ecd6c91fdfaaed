"""What the log says of credit: records, reviews, appeals, repairs and grades."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from brokers.credit.rules.rating import NEW
from market.events.registry import EventKind, declare


def _reason_in_words(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    reasons = {
        "review.changed": pgettext("why a record was taken out", "the review was changed"),
        "registration.revoked": pgettext("why a record was taken out", "the registration was revoked"),
    }
    return {**facts, "reason": reasons.get(facts["reason"], facts["reason"])}


def _grades_in_words(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    new = gettext("New (too little evidence)")
    return {name: new if name in {"before", "after"} and value == NEW else value for name, value in facts.items()}


declare(
    EventKind("credit_record.entered", _("Entered in the credit ledger, from {starts} to {ends}.")),
    EventKind("credit_record.taken_out", _("Taken out of the rating: {reason}"), words=_reason_in_words),
    EventKind(
        "credit_appeal.filed", _("Appeal filed; the decision is due by {due_on}. The record is out of the rating until then.")
    ),
    EventKind("credit_appeal.upheld", _("Appeal upheld: the record no longer counts.")),
    EventKind("credit_appeal.dismissed", _("Appeal dismissed: the record counts again.")),
    EventKind("credit_appeal.withdrawn", _("Appeal withdrawn: the record counts again.")),
    EventKind("credit_appeal.overdue", _("The decision on the appeal is late: it was due by {due_on}.")),
    EventKind("credit_repair.asked", _("Repair applied for.")),
    EventKind("credit_repair.granted", _("Repaired: the record no longer counts.")),
    EventKind("credit_repair.declined", _("Repair declined: {answer}")),
    EventKind("credit.grade_changed", _("Credit grade changed from {before} to {after}."), words=_grades_in_words),
    EventKind("review.given", _("Review given: {mean} of 5.")),
    EventKind("review.changed", _("Review changed: {mean} of 5.")),
    EventKind("review.replied", _("The reviewed side replied.")),
)
