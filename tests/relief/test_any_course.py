"""Whatever taxpayers, officials and the register do in whatever order: the year has one cap, and nothing comes back twice."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from contracts.actions.registrations import revoke_registration
from contracts.models import Registration
from contracts.relief.actions import (
    drop_claim,
    file_claim,
    grant_claim,
    refuse_claim,
    remind,
    settle_recovery,
    take_back_claim,
)
from contracts.relief.models import Claim
from contracts.relief.states import CLAIM
from contracts.relief.tasks import end_with_registration, follow_registration
from market.events.actions import record
from market.events.models import Event
from market.values.actor import CLOCK
from market.values.dates import day_of
from market.values.money import Money
from market.values.refusal import Refused
from tests.contracts.builders import a_registration
from tests.people import Cast
from tests.relief.builders import a_claim

NOW = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)
WHICH = st.integers(0, 2)
FEN_OF_A_MILLION = 100_000_000
# Any two but the largest stay within the cap of five million; all three cross it.
MILLIONS = (2, 3, 4)
AMOUNT = st.integers(1, 12)


class AnyCourse(RuleBasedStateMachine):
    """Three contracts of one university, made once; each course begins with them and leaves nothing behind."""

    cast: Cast
    registrations: list[Registration]

    @initialize()
    def begin(self) -> None:
        self.scope = transaction.atomic()
        self.scope.__enter__()
        self.now = NOW

    def _try(self, act: Callable[[], object]) -> None:
        """Refused acts leave nothing behind, which the invariants see."""
        self.now += timedelta(hours=1)
        with contextlib.suppress(Refused), transaction.atomic():
            act()

    def _claims(self, which: int) -> list[Claim]:
        return list(Claim.objects.filter(contract=self.registrations[which].contract).order_by("pk"))

    def _for_each(self, which: int, act: Callable[[Claim], object]) -> None:
        for claim in self._claims(which):
            self._try(lambda claim=claim: act(claim))  # type: ignore[misc]

    @rule(which=WHICH, tax=st.sampled_from(("CIT-TT-OWN", "VAT-TT")))
    def relief_is_entered(self, which: int, tax: str) -> None:
        registration = Registration.objects.select_related("contract").get(pk=self.registrations[which].pk)
        self._try(lambda: a_claim(self.cast, self.now, tax, registration=registration))

    @rule(which=WHICH)
    def it_is_filed(self, which: int) -> None:
        actor = self.cast.university_finance.actor
        self._for_each(which, lambda it: file_claim(it, filed_on=day_of(self.now), receipt="税受1号", actor=actor, now=self.now))

    @rule(which=WHICH)
    def the_filing_is_taken_back(self, which: int) -> None:
        self._for_each(which, lambda it: take_back_claim(it, actor=self.cast.university_owner.actor, now=self.now))

    @rule(which=WHICH)
    def it_is_dropped(self, which: int) -> None:
        self._for_each(which, lambda it: drop_claim(it, reason="放弃", actor=self.cast.university_owner.actor, now=self.now))

    @rule(which=WHICH, twelfths=AMOUNT)
    def it_is_granted(self, which: int, twelfths: int) -> None:
        actor, day = self.cast.supervisor.actor, day_of(self.now)

        def grant(it: Claim) -> object:
            amount = Money((it.filed_fen or 0) * twelfths // 12)
            return grant_claim(it, amount=amount, granted_on=day, document="税通1号", actor=actor, now=self.now)

        self._for_each(which, grant)

    @rule(which=WHICH)
    def it_is_refused(self, which: int) -> None:
        self._for_each(which, lambda it: refuse_claim(it, reason="材料不全", actor=self.cast.supervisor.actor, now=self.now))

    @rule(which=WHICH, millions=st.integers(1, 9), is_heard_twice=st.booleans())
    def the_register_is_changed(self, which: int, millions: int, is_heard_twice: bool) -> None:
        registration = Registration.objects.get(pk=self.registrations[which].pk)
        if registration.state != "in_force":
            return
        self.now += timedelta(hours=1)
        _set_value(registration, millions)
        facts = {"contract": registration.contract.key, "reason": "合同额变更"}
        event = record("registration.changed", subject=registration.subject, actor=CLOCK, now=self.now, **facts)
        for _ in range(1 + is_heard_twice):
            follow_registration(event)

    @rule(which=WHICH)
    def the_registration_is_revoked(self, which: int) -> None:
        registration, actor = Registration.objects.get(pk=self.registrations[which].pk), self.cast.registrar.actor
        self._try(lambda: revoke_registration(registration, reason="虚假材料", actor=actor, now=self.now))
        for event in Event.objects.filter(name="registration.revoked", subject=registration.subject):
            end_with_registration(event)

    @rule(which=WHICH, twelfths=st.integers(0, 12))
    def the_recovery_is_settled(self, which: int, twelfths: int) -> None:
        actor, day = self.cast.supervisor.actor, day_of(self.now)

        def settle(it: Claim) -> object:
            amount = Money(it.recovery_fen * twelfths // 12)
            return settle_recovery(it, amount=amount, settled_on=day, document="税追1号", actor=actor, now=self.now)

        self._for_each(which, settle)

    @rule(days=st.integers(1, 40))
    def the_worker_reminds(self, days: int) -> None:
        for claim in Claim.objects.all():
            self._try(lambda claim=claim: remind(claim, now=self.now + timedelta(days=days)))  # type: ignore[misc]

    @invariant()
    def no_amount_exceeds_the_one_it_rests_on(self) -> None:
        """Straight from the rows, with nothing of the product in between."""
        if hasattr(self, "scope"):
            assert _raw("SELECT COUNT(*) FROM relief_claim WHERE entitled_fen < 0 OR entitled_fen > tax_before_fen") == 0
            assert _raw("SELECT COUNT(*) FROM relief_claim WHERE granted_fen > filed_fen OR granted_fen <= 0") == 0
            wrong = "recovery_fen < 0 OR recovered_fen < 0 OR recovery_fen + recovered_fen > COALESCE(granted_fen, 0)"
            assert _raw(f"SELECT COUNT(*) FROM relief_claim WHERE {wrong}") == 0

    @invariant()
    def a_state_and_its_facts_agree(self) -> None:
        if not hasattr(self, "scope"):
            return
        for claim in Claim.objects.all():
            assert (claim.filed_fen is not None) is (claim.filed_on is not None)
            assert (claim.state == "recovery") is (claim.recovery_fen > 0)
            if claim.state in {"granted", "recovery"}:
                assert claim.granted_fen is not None
                assert claim.decided_by_id not in (claim.entered_by_id, claim.filed_by_id)
            elif claim.state in {"entitled", "dropped"}:
                assert claim.filed_fen is None
            assert claim.state in CLAIM.states

    @invariant()
    def the_year_has_one_cap(self) -> None:
        """While nothing was filed, the open claims of the year come to what the year saves: no more, and no less."""
        if not hasattr(self, "scope"):
            return
        of_year = Claim.objects.filter(group="cit-transfer", tax_year=NOW.year)
        if not of_year.filter(state__in=["filed", "granted", "recovery"]).exists():
            open_ = of_year.filter(state="entitled").select_related("contract__registration")
            income = sum(claim.contract.registration.contract_value_fen for claim in open_)
            assert sum(claim.entitled_fen for claim in open_) == _saved(income)

    @invariant()
    def of_one_kind_one_is_alive(self) -> None:
        if hasattr(self, "scope"):
            alive = "state IN ('entitled', 'filed', 'granted', 'recovery')"
            together = 'contract_id, taxpayer_id, "group", tax_year'
            twice = f"SELECT 1 FROM relief_claim WHERE {alive} GROUP BY {together} HAVING COUNT(*) > 1"
            assert _raw(f"SELECT COUNT(*) FROM ({twice}) AS twice") == 0

    @invariant()
    def what_is_revoked_leaves_nothing_open_nor_kept(self) -> None:
        if not hasattr(self, "scope"):
            return
        for claim in Claim.objects.filter(contract__registration__state="revoked"):
            assert claim.state not in {"entitled", "filed"}
            if claim.state == "recovery":
                assert claim.recovery_fen + claim.recovered_fen == claim.granted_fen

    def teardown(self) -> None:
        if hasattr(self, "scope"):
            transaction.set_rollback(True)
            self.scope.__exit__(None, None, None)


def _set_value(registration: Registration, millions: int) -> None:
    """The register has this contract value, all of it technology."""
    fen = millions * FEN_OF_A_MILLION
    Registration.objects.filter(pk=registration.pk).update(contract_value_fen=fen, technology_value_fen=fen)


def _saved(income: int) -> int:
    """The relief on this income of a year in fen: a quarter of it, less an eighth of what exceeds five million."""
    return income // 4 - max(income - 500_000_000, 0) // 8


def _raw(sql: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return int(cursor.fetchone()[0] or 0)


@pytest.mark.django_db
def test_any_course_of_events_keeps_the_ledger_of_relief() -> None:
    AnyCourse.cast = Cast()
    AnyCourse.registrations = [a_registration(AnyCourse.cast, NOW) for _ in MILLIONS]
    for registration, millions in zip(AnyCourse.registrations, MILLIONS, strict=True):
        _set_value(registration, millions)
    few = settings(
        max_examples=12, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True
    )
    run_state_machine_as_test(AnyCourse, settings=few)
