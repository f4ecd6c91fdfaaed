"""Reviews by the parties alone, appeals that somebody else decides, and repair of what was made good."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from brokers.credit.actions.appeals import (
    ask_for_repair,
    decline_repair,
    dismiss_appeal,
    file_appeal,
    grant_repair,
    note_overdue_appeal,
    uphold_appeal,
    withdraw_appeal,
)
from brokers.credit.actions.ledger import enter_by_hand
from brokers.credit.actions.reviews import change_review, give_review, reply_to_review
from brokers.credit.models import Record, Standing
from brokers.credit.queries.ledger import rating_of, standing_of
from brokers.credit.queries.records import open_appeals, overdue_appeals, published_decisions
from brokers.credit.queries.reviews import reviews_of, reviews_to_give
from brokers.credit.tasks import tell_overdue
from market.events.models import Event
from market.letters.registry import LETTERS
from market.values.actor import Role
from market.values.dates import day_of
from market.values.refusal import Forbidden
from tests.brokers.builders import a_broker
from tests.credit.builders import (
    a_brokered_deal,
    a_record,
    a_repair,
    a_review,
    an_appeal,
    an_entry,
    read_log,
    some_marks,
)
from tests.people import Cast, a_member
from tests.refused import refused_with

pytestmark = pytest.mark.django_db

PUBLISHED = "经查，申诉人已按约定履行报告义务，原记录不实，予以撤销。"


def score_of(cast: Cast, now: datetime) -> int:
    standing = standing_of(a_broker(cast, now))
    assert standing is not None
    return rating_of(standing, day_of(now)).score


def test_both_sides_review_and_the_rating_moves_and_explains_itself(cast: Cast, now: datetime) -> None:
    deal, broker = a_brokered_deal(cast, now), a_broker(cast, now)
    later = now + timedelta(days=60)
    read_log(later)
    before = score_of(cast, later)
    assert deal in reviews_to_give(cast.university_agent.actor)
    for holder in (broker, cast.enterprise):
        give_review(deal, holder, some_marks(), reviewer=cast.university, actor=cast.university_agent.actor, now=later)
    a_review(cast, now, deal=deal)
    assert deal not in reviews_to_give(cast.university_agent.actor)
    read_log(later)
    assert score_of(cast, later) > before
    standing = standing_of(broker)
    assert standing is not None
    lines = [line for line in rating_of(standing, day_of(later)).lines if line.fact.rule == "well_reviewed"]
    assert len(lines) == 2
    assert reviews_of(standing).count() == 2
    assert "well_reviewed" in set(Record.objects.filter(standing__organisation=cast.enterprise).values_list("rule", flat=True))


def test_the_reviewed_side_replies_once(cast: Cast, now: datetime) -> None:
    review = a_review(cast, now)
    with pytest.raises(Forbidden):
        reply_to_review(review, reply="谢谢", actor=cast.university_agent.actor, now=now)
    replied = reply_to_review(review, reply="感谢信任。", actor=cast.broker.actor, now=now)
    assert replied.reply == "感谢信任。"
    assert Event.objects.filter(name="review.replied", subject=review.subject).count() == 1


def test_an_outsider_cannot_review(cast: Cast, now: datetime) -> None:
    deal = a_brokered_deal(cast, now)
    with refused_with("credit.no_party", Forbidden):
        give_review(deal, cast.university, some_marks(), reviewer=cast.rival, actor=cast.rival_agent.actor, now=now)


def test_under_appeal_the_record_is_out_and_comes_back_when_dismissed(cast: Cast, now: datetime) -> None:
    record = a_record(cast, now)
    worse = score_of(cast, now)
    appeal = an_appeal(cast, now, record=record)
    assert score_of(cast, now) > worse
    assert appeal in open_appeals()
    at = now + timedelta(days=3)
    dismiss_appeal(
        appeal, decision="证据不足。", published="申诉理由不成立，维持原记录。", actor=cast.administrator.actor, now=at
    )
    assert score_of(cast, at) == worse
    assert score_of(cast, at - timedelta(days=1)) > worse, "on the day before it was still out"


def test_an_upheld_appeal_takes_the_record_out_for_good_and_is_published_without_names(cast: Cast, now: datetime) -> None:
    appeal = an_appeal(cast, now)
    uphold_appeal(appeal, decision="已核对每月报告。", published=PUBLISHED, actor=cast.administrator.actor, now=now)
    assert Standing.objects.get(broker__isnull=False).score == score_of(cast, now + timedelta(days=1))
    (published,) = published_decisions()
    assert published.published == PUBLISHED
    told = Event.objects.filter(subject=appeal.subject).values_list("name", flat=True)
    assert list(told) == ["credit_appeal.filed", "credit_appeal.upheld"]
    assert {"credit_appeal.filed", "credit_appeal.upheld"} <= set(LETTERS)


def test_a_published_decision_that_names_somebody_is_refused(cast: Cast, now: datetime) -> None:
    appeal = an_appeal(cast, now)
    for name in (cast.institution.name, appeal.record.title, str(appeal.record.standing.broker)):
        with refused_with("credit.names_somebody"):
            uphold_appeal(appeal, decision="成立", published=f"{name}的申诉成立。", actor=cast.administrator.actor, now=now)


def test_who_made_the_record_does_not_decide_on_the_appeal(cast: Cast, now: datetime) -> None:
    appeal = an_appeal(cast, now)
    with refused_with("credit.own_case", Forbidden):
        uphold_appeal(appeal, decision="成立", published=PUBLISHED, actor=cast.supervisor.actor, now=now)
    # Nor does an official who is a member of the institution.
    a_member(cast.administrator.person.email, cast.institution, Role.AGENT)
    with pytest.raises(Forbidden):
        uphold_appeal(appeal, decision="成立", published=PUBLISHED, actor=cast.administrator.actor, now=now)


def test_a_withdrawn_appeal_may_be_filed_again_a_dismissed_one_not(cast: Cast, now: datetime) -> None:
    appeal = withdraw_appeal(an_appeal(cast, now), actor=cast.broker.actor, now=now)
    again = an_appeal(cast, now, record=appeal.record)
    dismiss_appeal(again, decision="证据不足。", published="维持原记录。", actor=cast.administrator.actor, now=now)
    with refused_with("credit.appealed_already"):
        file_appeal(appeal.record, grounds="有误", evidence=[], actor=cast.broker.actor, now=now)


def test_a_late_decision_is_told_once(cast: Cast, now: datetime) -> None:
    appeal = an_appeal(cast, now)
    # Fifteen working days from a Tuesday, over a weekend each week and the Qingming holiday.
    assert appeal.due_on > day_of(now + timedelta(days=20))
    tell_overdue(now + timedelta(days=10))
    assert not Event.objects.filter(name="credit_appeal.overdue").exists()
    late = now + timedelta(days=40)
    assert appeal in overdue_appeals(day_of(late))
    tell_overdue(late)
    tell_overdue(late)
    note_overdue_appeal(appeal, now=late)
    assert Event.objects.filter(name="credit_appeal.overdue").count() == 1


def test_repair_ends_a_record_from_its_day(cast: Cast, now: datetime) -> None:
    repair = a_repair(cast, now)
    worse = score_of(cast, now)
    declined = decline_repair(repair, answer="未附证明", actor=cast.administrator.actor, now=now)
    assert score_of(cast, now) == worse
    again = a_repair(cast, now, record=declined.record)
    at = now + timedelta(days=2)
    grant_repair(again, answer="已核实", actor=cast.administrator.actor, now=at)
    assert score_of(cast, at) > worse
    assert score_of(cast, at - timedelta(days=1)) == worse


def test_a_general_record_is_repaired_after_three_months_at_the_earliest(cast: Cast, now: datetime) -> None:
    record, actor = a_record(cast, now), cast.broker.actor
    early = now + timedelta(days=89)
    with refused_with("credit.repair_too_early"):
        ask_for_repair(record, statement="已改正", promises=True, evidence=[], actor=actor, now=early)
    ask_for_repair(record, statement="已改正", promises=True, evidence=[], actor=actor, now=early + timedelta(days=1))


def test_a_record_ends_by_itself_and_cannot_be_contested_any_more(cast: Cast, now: datetime) -> None:
    record = a_record(cast, now)
    over = now + timedelta(days=366)
    assert score_of(cast, over) == score_of(cast, over + timedelta(days=1))
    with refused_with("credit.not_in_force"):
        file_appeal(record, grounds="有误", evidence=[], actor=cast.broker.actor, now=over)


def test_an_official_enters_only_what_is_for_officials(cast: Cast, now: datetime) -> None:
    broker, entry = a_broker(cast, now), an_entry(cast, now)
    for rule in ("deal_settled", "well_reviewed", "nonsense"):
        with refused_with("credit.not_by_hand"):
            enter_by_hand(broker, replace(entry, rule=rule), actor=cast.supervisor.actor, now=now)
    assert not a_record(cast, now, rule="commended").is_bad


def test_a_review_can_be_changed_for_two_weeks(cast: Cast, now: datetime) -> None:
    review = a_review(cast, now)
    given = now + timedelta(days=60)
    assert review.editable_until == day_of(given + timedelta(days=14))
    change_review(review, some_marks(expertise=3), actor=cast.enterprise_agent.actor, now=given + timedelta(days=14))
    with refused_with("credit.review_fixed"):
        change_review(review, some_marks(), actor=cast.enterprise_agent.actor, now=given + timedelta(days=15))
