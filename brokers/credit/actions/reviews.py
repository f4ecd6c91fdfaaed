"""Reviewing those one dealt with, and answering a review."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from brokers.credit.actions.ledger import standing_for
from brokers.credit.models import Review
from brokers.credit.permissions import require_holder, require_reviewer
from brokers.credit.queries.related import are_related
from brokers.credit.queries.reviews import is_finished, took_part
from brokers.credit.rules.records import may_review, mean_mark
from brokers.models import Broker
from listings.models.deals import Deal
from market.accounts.models import Organisation
from market.accounts.permissions import person_of
from market.events.actions import record
from market.policy.queries import policy_on
from market.values.actor import Actor
from market.values.dates import day_of
from market.values.refusal import Forbidden, OutOfTurn, Refusal, require, text_given


@dataclass(frozen=True, slots=True)
class ReviewTerms:
    """Marks from 1 to 5, and the words for them."""

    expertise: int
    timeliness: int
    integrity: int
    text: str

    @property
    def marks(self) -> tuple[int, int, int]:
        return self.expertise, self.timeliness, self.integrity


@transaction.atomic
def give_review(
    deal: Deal, holder: Broker | Organisation, terms: ReviewTerms, *, reviewer: Organisation, actor: Actor, now: datetime
) -> Review:
    """This side's review of the other, or of a broker in the deal, counts from now on, once. Event: review.given."""
    _require_may_review(deal, holder, terms, reviewer=reviewer, actor=actor)
    days = policy_on("credit.review_period", day_of(now)).count
    review = Review(
        deal=deal,
        reviewer=reviewer,
        standing=standing_for(holder),
        expertise=terms.expertise,
        timeliness=terms.timeliness,
        integrity=terms.integrity,
        text=terms.text.strip(),
        given_at=now,
        given_by_id=person_of(actor),
        editable_until=day_of(now) + timedelta(days=days),
    )
    try:
        with transaction.atomic():
            review.save()
    except IntegrityError as error:
        raise OutOfTurn([Refusal("credit.reviewed_already")]) from error
    _tell("review.given", review, actor=actor, now=now)
    return review


@transaction.atomic
def change_review(review: Review, terms: ReviewTerms, *, actor: Actor, now: datetime) -> Review:
    """Other marks and words, as long as the time for it runs; what the old marks counted is taken out. Event: review.changed."""
    locked = Review.objects.select_for_update(of=("self",)).select_related("deal", "reviewer", "standing").get(pk=review.pk)
    _require_may_review(locked.deal, locked.standing.holder, terms, reviewer=locked.reviewer, actor=actor)
    if day_of(now) > locked.editable_until:
        raise OutOfTurn([Refusal("credit.review_fixed")])
    locked.expertise, locked.timeliness, locked.integrity = terms.marks
    locked.text = terms.text.strip()
    locked.save(update_fields=["expertise", "timeliness", "integrity", "text"])
    _tell("review.changed", locked, actor=actor, now=now)
    return locked


@transaction.atomic
def reply_to_review(review: Review, *, reply: str, actor: Actor, now: datetime) -> Review:
    """The reviewed side has answered, once. Event: review.replied."""
    locked = Review.objects.select_for_update(of=("self",)).select_related("standing").get(pk=review.pk)
    require_holder(actor, locked.standing)
    if locked.replied_at is not None:
        raise OutOfTurn([Refusal("credit.replied_already")])
    locked.reply, locked.replied_at = text_given(reply, Refusal("credit.text_missing", field="reply")), now
    locked.save(update_fields=["reply", "replied_at"])
    record("review.replied", subject=locked.subject, actor=actor, now=now)
    return locked


def _require_may_review(
    deal: Deal, holder: Broker | Organisation, terms: ReviewTerms, *, reviewer: Organisation, actor: Actor
) -> None:
    require_reviewer(actor, deal, reviewer)
    own = holder.institution if isinstance(holder, Broker) else holder
    is_related = are_related(own, reviewer)
    if not is_related and not took_part(deal, holder):
        raise Forbidden([Refusal("credit.no_party")])
    require(may_review(is_finished=is_finished(deal), is_related=is_related, marks=terms.marks, text=terms.text))


def _tell(name: str, review: Review, *, actor: Actor, now: datetime) -> None:
    facts = {"deal": review.deal.key, "marks": list(review.marks), "mean": f"{mean_mark(review.marks):.1f}"}
    record(name, subject=review.subject, actor=actor, now=now, **facts)
