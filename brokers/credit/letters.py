"""What holders, parties and officials are told of credit."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from brokers.credit.models import Record, Review, Standing
from brokers.credit.permissions import OFFICIALS
from market.events.models import Event
from market.letters.registry import Concerned, LetterKind, declare_letters, key_of


def _record(event: Event) -> Record:
    key = event.payload.get("record") or key_of(event)
    return Record.objects.select_related("standing__broker__person", "standing__organisation").get(key=key)


def _of(standing: Standing) -> dict[str, Any]:
    """The broker in person, or those who act for the organisation."""
    if standing.broker is not None:
        return {"people": [standing.broker.person_id]}
    return {"organisations": [standing.organisation_id]}


def _holder(event: Event) -> Concerned:
    record = _record(event)
    return Concerned(record.get_absolute_url, {"title": record.title}, **_of(record.standing))


def _holder_of_bad(event: Event) -> Concerned | None:
    """Word of every good record would drown the others."""
    return _holder(event) if event.payload["is_bad"] else None


def _officials(event: Event) -> Concerned:
    record = _record(event)
    return Concerned(record.get_absolute_url, {"holder": str(record.standing)}, roles=OFFICIALS)


def _graded(event: Event) -> Concerned:
    standing = Standing.objects.select_related("broker__person", "organisation").get(key=key_of(event))
    return Concerned(standing.get_absolute_url, {"holder": str(standing)}, **_of(standing))


def _reviewed(event: Event) -> Concerned:
    review = Review.objects.select_related("standing__broker", "standing__organisation", "reviewer", "deal").get(
        key=key_of(event)
    )
    facts = {"reviewer": review.reviewer.name, "number": review.deal.number}
    return Concerned(review.standing.get_absolute_url, facts, **_of(review.standing))


def _reviewer(event: Event) -> Concerned:
    review = Review.objects.select_related("standing__broker__person", "standing__organisation", "deal").get(key=key_of(event))
    facts = {"holder": str(review.standing), "number": review.deal.number}
    return Concerned(review.get_absolute_url, facts, organisations=[review.reviewer_id])


declare_letters(
    LetterKind(
        "credit_record.entered",
        _("A bad credit record was entered"),
        _("A record against you was entered in the credit ledger about “{title}”. It stands until {ends}."),
        _holder_of_bad,
        next_step=_("If it is wrong, appeal against it with your evidence: it does not count until the decision."),
    ),
    LetterKind(
        "credit_appeal.filed",
        _("Appeal against a credit record: {holder}"),
        _("{holder} appeals against a credit record. The decision is due by {due_on}."),
        _officials,
        next_step=_("Somebody who did not make the record decides: please look at the evidence."),
    ),
    LetterKind(
        "credit_appeal.overdue",
        _("Decision on an appeal is late: {holder}"),
        _("The decision on the appeal of {holder} was due by {due_on}."),
        _officials,
        next_step=_("Please decide at once."),
    ),
    LetterKind(
        "credit_appeal.upheld",
        _("Your appeal was upheld"),
        _("The record about “{title}” no longer counts."),
        _holder,
    ),
    LetterKind(
        "credit_appeal.dismissed",
        _("Your appeal was dismissed"),
        _("The record about “{title}” counts again. The grounds stand on its page."),
        _holder,
    ),
    LetterKind(
        "credit_repair.asked",
        _("Repair of a credit record: {holder}"),
        _("{holder} states that what a record was for has been made good, and asks for its end."),
        _officials,
        next_step=_("Please examine the evidence and answer."),
    ),
    LetterKind(
        "credit_repair.granted",
        _("A credit record was repaired"),
        _("The record about “{title}” no longer counts."),
        _holder,
    ),
    LetterKind(
        "credit_repair.declined",
        _("The repair of a credit record was declined"),
        _("The record about “{title}” counts on: {answer}"),
        _holder,
    ),
    LetterKind(
        "credit.grade_changed",
        _("The credit grade of {holder} has changed"),
        _("The credit grade of {holder} has changed from {before} to {after}. Its page says why."),
        _graded,
    ),
    LetterKind(
        "review.given",
        _("You were reviewed: deal {number}"),
        _("{reviewer} has reviewed you after deal {number}."),
        _reviewed,
        next_step=_("You can reply once; everybody reads the reply below the review."),
    ),
    LetterKind(
        "review.replied",
        _("Your review was answered: deal {number}"),
        _("{holder} has replied to your review after deal {number}."),
        _reviewer,
    ),
)
