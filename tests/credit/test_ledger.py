"""From the log to the ledger to the grade: what is entered, what never changes, and that everything can be counted again."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from brokers.credit.actions.ledger import count_due, enter_evidence
from brokers.credit.models import Entry, Record, Standing
from brokers.credit.queries.evidence import EVIDENCE
from brokers.credit.queries.ledger import rating_of, standing_of
from brokers.credit.queries.related import are_related, party_of
from brokers.credit.rules.rating import NEW
from contracts.actions.registrations import revoke_registration
from contracts.models import Registration
from contracts.settlement.actions.disputes import decide_dispute
from contracts.settlement.rules.escrow import Outcome
from listings.actions.deals import fail_deal
from listings.actions.listings import withdraw_listing
from listings.actions.objections import raise_objection, uphold_objection
from market.events.models import Event, Position
from market.values.actor import Role
from market.values.dates import day_of
from tests.brokers.builders import a_broker
from tests.contracts.builders import a_registration
from tests.credit.builders import a_brokered_deal, a_record, a_review, an_appeal, read_log, some_marks
from tests.listings.builders import a_deal, a_listing, an_intent
from tests.people import Cast, a_member
from tests.settlement.builders import a_dispute

pytestmark = pytest.mark.django_db


def rules_of(holder: object) -> list[str]:
    standing = standing_of(holder)  # type: ignore[arg-type]
    return sorted(standing.records.values_list("rule", flat=True)) if standing else []


def test_a_settled_deal_speaks_for_both_sides_and_for_the_broker_with_each(cast: Cast, now: datetime) -> None:
    a_brokered_deal(cast, now)
    read_log(now)
    both = ["deal_settled", "signed_in_time"]
    assert rules_of(cast.university) == both
    assert rules_of(cast.enterprise) == [*both[:1], "paid_in_time", *both[1:]]
    broker = a_broker(cast, now)
    assert rules_of(broker) == ["certified", "deal_settled", "deal_settled", "signed_in_time", "signed_in_time"]
    counterparts = Record.objects.filter(standing__broker=broker, rule="deal_settled").values_list("counterpart", flat=True)
    assert set(counterparts) == {cast.university.pk, cast.enterprise.pk}


def test_reading_the_log_again_enters_nothing_twice_and_counts_the_same(cast: Cast, now: datetime) -> None:
    a_review(cast, now)
    read_log(now)
    before = list(Record.objects.order_by("pk").values()), list(Standing.objects.order_by("pk").values())
    assert len(before[0]) > 8
    Position.objects.filter(reader="credit.ledger").update(transaction=0, event=0)
    assert read_log(now) > 0
    assert (list(Record.objects.order_by("pk").values()), list(Standing.objects.order_by("pk").values())) == before


def test_the_whole_ledger_can_be_rebuilt_from_the_log(cast: Cast, now: datetime) -> None:
    """Planted: the records are really gone. The log makes the same ones again, worth the same."""
    a_review(cast, now)
    read_log(now)
    told = ("rule", "source", "points", "starts", "ends", "party", "standing__broker", "standing__organisation")
    before = list(Record.objects.order_by("source", "standing", "rule").values_list(*told))
    with without_guard("credit_record"):
        Record.objects.all().delete()
    Position.objects.filter(reader="credit.ledger").delete()
    read_log(now)
    assert list(Record.objects.order_by("source", "standing", "rule").values_list(*told)) == before


def without_guard(table: str) -> transaction.Atomic:
    """Only a test that plants a loss takes the guard away, inside its own transaction."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # A table whose foreign keys are still to be looked at is not altered.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        else:
            cursor.execute(f"DROP TRIGGER {table}_delete")
    return transaction.atomic()


@pytest.mark.parametrize("act", ["update", "delete"])
def test_the_database_refuses_to_change_or_remove_what_was_entered(act: str, cast: Cast, now: datetime) -> None:
    an_appeal(cast, now)
    for rows, change in ((Record.objects.all(), {"points": 0}), (Entry.objects.all(), {"reason": ""})):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            rows.update(**change) if act == "update" else rows._raw_delete(rows.db)


def test_a_revoked_registration_takes_its_value_out_and_counts_as_a_false_statement(cast: Cast, now: datetime) -> None:
    registration = a_registration(cast, now)
    read_log(now)
    assert "value_recognised" in rules_of(cast.university)
    later = now + timedelta(days=90)
    revoke_registration(registration, reason="虚假材料", actor=cast.registrar.actor, now=later)
    read_log(later)
    value = Record.objects.get(standing__organisation=cast.university, rule="value_recognised")
    assert [entry.act for entry in value.entries.all()] == ["void"]
    standing = standing_of(cast.university)
    assert standing is not None
    assert (standing.grade, "false_statement" in rules_of(cast.university)) == ("D+", True)
    assert rating_of(standing, day_of(later - timedelta(days=1))).grade == NEW, "on the day before nobody knew"


def test_a_deal_with_a_related_organisation_is_written_down_and_counts_nothing(cast: Cast, now: datetime) -> None:
    a_member(cast.university_agent.person.email, cast.enterprise, Role.FINANCE)
    assert are_related(cast.university, cast.enterprise)
    a_brokered_deal(cast, now)
    read_log(now)
    records = Record.objects.exclude(rule="certified")
    assert records.exists()
    assert set(records.values_list("points", flat=True)) == {0}


def test_a_broker_gains_nothing_by_deals_of_the_own_institution(cast: Cast, now: datetime) -> None:
    a_member(cast.broker.person.email, cast.enterprise, Role.AGENT)
    a_brokered_deal(cast, now)
    read_log(now)
    own = Record.objects.filter(standing__broker__isnull=False).exclude(rule="certified")
    assert set(own.values_list("points", flat=True)) == {0}


def test_organisations_with_one_representative_or_person_are_one_party(cast: Cast, now: datetime) -> None:
    for organisation in (cast.rival, cast.outside):
        organisation.legal_representative = "法定代表人甲"
        organisation.save(update_fields=["legal_representative"])
    assert party_of(cast.outside) == party_of(cast.rival) == min(cast.rival.pk, cast.outside.pk)
    assert not are_related(cast.university, cast.enterprise)
    # An official's membership of the bureau relates nobody.
    a_member(cast.supervisor.person.email, cast.rival, Role.AGENT)
    assert party_of(cast.rival) == min(cast.rival.pk, cast.outside.pk)


def test_what_counts_against_organisations(cast: Cast, now: datetime) -> None:
    failed = a_deal(cast, now)
    fail_deal(failed, reason="逾期未签约", is_buyers_default=True, actor=cast.supervisor.actor, now=now + timedelta(days=60))
    withdrawn = a_listing(cast, now)
    an_intent(cast, withdrawn, now)
    withdraw_listing(withdrawn, reason="不再转让", actor=cast.university_agent.actor, now=now + timedelta(days=2))
    objection = raise_objection(a_listing(cast, now), statement="权属不清", actor=cast.rival_agent.actor, now=now)
    uphold_objection(objection, answer="成立", actor=cast.supervisor.actor, now=now)
    dispute = a_dispute(cast, now)
    decide_dispute(dispute, Outcome.REFUND, grounds="未交付", actor=cast.supervisor.actor, now=now)
    read_log(now)
    against = {"listing_withdrawn", "objection_upheld", "not_delivered"}
    assert against <= set(rules_of(cast.university))
    assert "not_signed" in rules_of(cast.enterprise)
    made_by = Record.objects.get(rule="objection_upheld").made_by_id
    assert made_by == cast.supervisor.person.pk, "whoever upheld the objection does not decide on the appeal"


def test_a_listing_withdrawn_before_anybody_came_is_nothing_bad(cast: Cast, now: datetime) -> None:
    withdraw_listing(a_listing(cast, now), reason="不再转让", actor=cast.university_agent.actor, now=now)
    read_log(now)
    assert rules_of(cast.university) == []


def test_a_changed_review_replaces_its_own_marks(cast: Cast, now: datetime) -> None:
    from brokers.credit.actions.reviews import change_review

    review = a_review(cast, now, expertise=1, timeliness=1, integrity=1)
    read_log(now)
    broker = a_broker(cast, now)
    assert "badly_reviewed" in rules_of(broker)
    at = now + timedelta(days=61)
    change_review(review, some_marks(), actor=cast.enterprise_agent.actor, now=at)
    read_log(at)
    bad = Record.objects.get(rule="badly_reviewed")
    assert [entry.act for entry in bad.entries.all()] == ["void"]
    standing = standing_of(broker)
    assert standing is not None
    assert rating_of(standing, day_of(at)).against == 0
    assert rating_of(standing, day_of(at)).score > rating_of(standing, day_of(at - timedelta(days=1))).score


def test_the_grade_that_is_kept_is_the_one_counted_anew_and_the_night_finds_no_difference(cast: Cast, now: datetime) -> None:
    """Incremental equals full: P-10. Records came one by one; then every holder is counted from nothing."""
    a_review(cast, now)
    a_record(cast, now + timedelta(days=60))
    read_log(now)
    day = now + timedelta(days=60)
    Standing.objects.update(counted_on=None)
    count_due(day)
    kept = list(Standing.objects.order_by("pk").values_list("pk", "grade", "score"))
    assert len(kept) == 3
    for standing in Standing.objects.all():
        rating = rating_of(standing, day_of(day))
        assert (standing.grade, standing.score) == (rating.grade, rating.score)
    assert count_due(day) == 0, "nobody is counted twice a day"
    assert count_due(day + timedelta(days=1), batch=2) == 3


def test_what_is_not_ours_to_judge_enters_nothing(cast: Cast, now: datetime) -> None:
    registration = a_registration(cast, now)
    event = Event.objects.get(name="contract.recognised")
    event.payload = {**event.payload, "deal": ""}
    assert enter_evidence(event) == []
    assert Registration.objects.get() == registration


def test_every_event_that_is_read_is_of_a_kind_that_the_log_knows() -> None:
    from market.events.registry import KINDS

    assert set(EVIDENCE) <= set(KINDS)
