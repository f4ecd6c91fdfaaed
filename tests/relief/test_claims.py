"""The ledger of relief: a year is shared whoever comes first, the register is followed, and nobody decides their own case."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import permutations

import pytest
from django.db import IntegrityError, transaction

from contracts.actions.registrations import cancel_registration, enter_change, revoke_registration
from contracts.models import Registration
from contracts.relief.actions import (
    drop_claim,
    enter_claim,
    file_claim,
    flag_recovery,
    follow_change,
    grant_claim,
    refuse_claim,
    remind,
    settle_recovery,
    take_back_claim,
)
from contracts.relief.models import Claim, RuleText
from contracts.relief.queries import claim_page, realised_relief
from contracts.relief.states import ClaimState
from contracts.relief.tasks import end_with_registration, follow_registration, remind_of_deadlines
from market.events.actions import advance, record
from market.events.models import Event
from market.events.registry import READERS
from market.letters.models import Letter
from market.values.actor import CLOCK
from market.values.dates import day_of
from market.values.money import ZERO, Money
from market.values.refusal import Forbidden, Refused
from tests.contracts.builders import a_change, a_registration
from tests.house.provoked import relief as provoked
from tests.house.rows import everything
from tests.people import Cast
from tests.relief.builders import a_claim, a_filed_claim, a_granted_claim, later, typed

pytestmark = pytest.mark.django_db

YUAN = 100


def a_registration_worth(cast: Cast, now: datetime, yuan: int) -> Registration:
    """Of this contract value, as the register has it after a change."""
    registration = a_registration(cast, now)
    Registration.objects.filter(pk=registration.pk).update(contract_value_fen=yuan * YUAN, technology_value_fen=yuan * YUAN)
    registration.refresh_from_db()
    return registration


def _entitled(cast: Cast, now: datetime, registrations: list[Registration]) -> dict[int, int]:
    for registration in registrations:
        a_claim(cast, now, registration=Registration.objects.select_related("contract").get(pk=registration.pk))
    return {
        claim.contract.registration.pk: claim.entitled_fen for claim in Claim.objects.select_related("contract__registration")
    }


def test_the_cap_of_a_year_is_one_whichever_contract_is_entered_first(cast: Cast, now: datetime) -> None:
    registrations = [a_registration_worth(cast, now, yuan) for yuan in (6_000_000, 4_000_000, 2_000_000)]
    results = []
    for order in permutations(registrations):
        with transaction.atomic():
            results.append(_entitled(cast, now, list(order)))
            transaction.set_rollback(True)
    assert all(result == results[0] for result in results)
    # 12 million: 3 million without relief, 7 million by half at 25 % with it.
    assert sum(results[0].values()) == (3_000_000 - 875_000) * YUAN


def test_another_year_has_a_cap_of_its_own(cast: Cast, now: datetime) -> None:
    first = a_claim(cast, now, registration=a_registration_worth(cast, now, 6_000_000))
    second = a_claim(cast, now, registration=a_registration_worth(cast, now, 6_000_000), day=date(2027, 1, 1))
    assert first.tax_year != second.tax_year
    assert first.entitled_fen == second.entitled_fen == (1_500_000 - 125_000) * YUAN


def test_what_is_filed_keeps_its_amount_and_the_rest_of_the_year_goes_to_the_others(cast: Cast, now: datetime) -> None:
    filed = a_claim(cast, now, registration=a_registration_worth(cast, now, 6_000_000))
    file_claim(filed, filed_on=day_of(now), receipt="1", actor=cast.university_finance.actor, now=now)
    other = a_claim(cast, now, registration=a_registration_worth(cast, now, 4_000_000))
    filed.refresh_from_db()
    assert filed.filed_fen == (1_500_000 - 125_000) * YUAN
    # 10 million: 2.5 million without relief, 625,000 with it.
    assert filed.filed_fen + other.entitled_fen == (2_500_000 - 625_000) * YUAN
    take_back_claim(filed, actor=cast.university_finance.actor, now=now)
    amounts = Claim.objects.order_by("-entitled_fen").values_list("entitled_fen", flat=True)
    assert list(amounts) == [1_125_000 * YUAN, 750_000 * YUAN]


def test_a_dropped_or_refused_claim_gives_its_part_of_the_year_back(cast: Cast, now: datetime) -> None:
    kept = a_claim(cast, now, registration=a_registration_worth(cast, now, 4_000_000))
    for end in (
        lambda claim: drop_claim(claim, reason="递延", actor=cast.university_owner.actor, now=now),
        lambda claim: refuse_claim(
            file_claim(claim, filed_on=day_of(now), receipt="1", actor=cast.university_finance.actor, now=now),
            reason="材料不全",
            actor=cast.supervisor.actor,
            now=now,
        ),
    ):
        other = a_claim(cast, now, registration=a_registration_worth(cast, now, 6_000_000))
        kept.refresh_from_db()
        assert kept.entitled_fen == 750_000 * YUAN
        end(other)
        kept.refresh_from_db()
        assert kept.entitled_fen == 1_000_000 * YUAN
    assert Event.objects.filter(name="relief.recounted", subject=kept.subject).count() == 4


def test_instalments_share_the_price_and_each_has_the_cap_of_its_year(cast: Cast, now: datetime) -> None:
    registration = a_registration_worth(cast, now, 10_000_000)
    first = a_claim(cast, now, registration=registration, part_of_price=Money(4_000_000 * YUAN))
    second = a_claim(cast, now, registration=registration, day=date(2027, 1, 10))
    assert first.entitled_fen == 1_000_000 * YUAN
    # The six million that are left: 1.5 million without relief, 125,000 with it.
    assert second.entitled_fen == (1_500_000 - 125_000) * YUAN
    before = everything()
    with pytest.raises(Refused, match=r"relief\.nothing_to_claim"):
        a_claim(cast, now, registration=registration, day=date(2028, 1, 10))
    assert everything() == before


def test_of_instalments_of_a_contract_that_shrank_the_latest_gives_way_first(cast: Cast, now: datetime) -> None:
    registration = a_registration_worth(cast, now, 10_000_000)
    first = a_claim(cast, now, registration=registration, part_of_price=Money(4_000_000 * YUAN))
    second = a_claim(cast, now, registration=registration, day=date(2027, 1, 10))
    _change(registration, 5_000_000, later(now, 1))
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.entitled_fen, second.entitled_fen) == (1_000_000 * YUAN, 250_000 * YUAN)


def test_goods_are_no_technology_in_the_proportion_of_the_register(cast: Cast, now: datetime) -> None:
    registration = a_registration_worth(cast, now, 8_000_000)
    Registration.objects.filter(pk=registration.pk).update(technology_value_fen=6_000_000 * YUAN)
    registration = Registration.objects.select_related("contract").get(pk=registration.pk)
    claim = a_claim(cast, now, registration=registration, part_of_price=Money(4_000_000 * YUAN))
    assert claim.facts["values"]["equipment"] == "1000000.00"
    assert claim.entitled_fen == 750_000 * YUAN


def test_the_register_is_believed_and_not_what_was_typed(cast: Cast, now: datetime) -> None:
    registration = a_registration_worth(cast, now, 3_000_000)
    typed_in = typed(now, price=Money(1), recognised=False, side="buyer", right="none")
    claim = enter_claim(registration.contract, "CIT-TT-OWN", typed_in, actor=cast.university_finance.actor, now=now)
    assert claim.entitled_fen == 750_000 * YUAN
    assert claim.facts["values"]["side"] == "seller"


def test_each_side_claims_what_is_its_own(cast: Cast, now: datetime) -> None:
    registration = a_registration(cast, now)
    with pytest.raises(Refused):
        enter_claim(registration.contract, "CIT-TT-OWN", typed(now), actor=cast.enterprise_agent.actor, now=now)
    facts = typed(now, taxpayer="enterprise", is_small=True)
    stamp = enter_claim(registration.contract, "STAMP", facts, actor=cast.enterprise_agent.actor, now=now)
    assert stamp.taxpayer == cast.enterprise
    assert a_claim(cast, now, "STAMP", registration=registration, is_small=True).taxpayer == cast.university


def test_the_agent_does_not_claim_nor_a_stranger_nor_an_official(cast: Cast, now: datetime) -> None:
    contract = a_registration(cast, now).contract
    before = everything()
    for member in (cast.university_agent, cast.outsider, cast.supervisor, cast.registrar):
        with pytest.raises(Forbidden):
            enter_claim(contract, "CIT-TT-OWN", typed(now), actor=member.actor, now=now)
    assert everything() == before


def test_only_a_supervisor_enters_what_the_tax_office_decided(cast: Cast, now: datetime) -> None:
    claim = a_filed_claim(cast, now)
    before = everything()
    for member in (cast.university_finance, cast.university_owner, cast.registrar, cast.administrator, cast.outsider):
        with pytest.raises(Forbidden):
            grant_claim(claim, amount=claim.entitled, granted_on=day_of(now), document="1", actor=member.actor, now=now)
    assert everything() == before


def test_revocation_lets_what_is_open_lapse_and_flags_what_was_granted(cast: Cast, now: datetime) -> None:
    granted = a_granted_claim(cast, now)
    registration = granted.contract.registration
    open_ = a_claim(cast, now, "VAT-TT", registration=registration)
    revoke_registration(registration, reason="虚假材料", actor=cast.registrar.actor, now=now)
    while advance(READERS["relief.register"], now=now):
        pass
    granted.refresh_from_db()
    open_.refresh_from_db()
    assert (open_.state, granted.state) == (ClaimState.LAPSED, ClaimState.RECOVERY)
    assert granted.recovery_fen == granted.granted_fen
    assert granted.reason == "虚假材料"


def test_a_cancelled_registration_flags_too(cast: Cast, now: datetime) -> None:
    granted = a_granted_claim(cast, now)
    cancel_registration(granted.contract.registration, reason="合同终止", actor=cast.registrar.actor, now=now)
    event = Event.objects.get(name="registration.cancelled")
    end_with_registration(event)
    end_with_registration(event)
    granted.refresh_from_db()
    assert granted.recovery_fen == granted.granted_fen
    assert Event.objects.filter(name="relief.recovery_flagged").count() == 1


def _change(registration: Registration, yuan: int, now: datetime) -> None:
    """The register says another amount, and the log says so."""
    Registration.objects.filter(pk=registration.pk).update(contract_value_fen=yuan * YUAN, technology_value_fen=yuan * YUAN)
    with transaction.atomic():
        event = record(
            "registration.changed",
            subject=registration.subject,
            actor=CLOCK,
            now=now,
            contract=registration.contract.key,
            reason="合同额变更",
        )
    follow_registration(event)


def test_a_change_counts_anew_what_is_open_and_flags_the_difference_of_what_was_granted(cast: Cast, now: datetime) -> None:
    registration = a_registration_worth(cast, now, 4_000_000)
    claim = a_granted_claim(cast, now, registration=registration)
    assert claim.granted_fen == 1_000_000 * YUAN
    _change(registration, 3_000_000, later(now, 1))
    claim.refresh_from_db()
    assert claim.state == ClaimState.RECOVERY
    assert claim.recovery_fen == 250_000 * YUAN
    settled = settle_recovery(
        claim, amount=claim.recovery, settled_on=day_of(now), document="税追1号", actor=cast.supervisor.actor, now=now
    )
    assert (settled.state, settled.recovered_fen, settled.recovery_fen) == (ClaimState.GRANTED, 250_000 * YUAN, 0)
    # What came back is not asked for again.
    _change(registration, 2_000_000, later(now, 2))
    settled.refresh_from_db()
    assert settled.recovery_fen == 250_000 * YUAN


def test_the_registrys_own_change_reaches_the_ledger(cast: Cast, now: datetime) -> None:
    claim = a_granted_claim(cast, now)
    change = a_change(cast, now, registration=claim.contract.registration, technology_value="1000000")
    enter_change(change, actor=cast.second_registrar.actor, now=now)
    while advance(READERS["relief.register"], now=now):
        pass
    claim.refresh_from_db()
    # A quarter million is no technology any more: its income, and the tax on it, are no longer free.
    assert (claim.state, claim.recovery_fen) == (ClaimState.RECOVERY, 62_500 * YUAN)
    assert claim.reason == "补充协议调整金额"


def test_a_change_that_adds_takes_nothing_back(cast: Cast, now: datetime) -> None:
    registration = a_registration_worth(cast, now, 3_000_000)
    claim = a_granted_claim(cast, now, registration=registration)
    _change(registration, 4_000_000, later(now, 1))
    claim.refresh_from_db()
    assert (claim.state, claim.recovery_fen) == (ClaimState.GRANTED, 0)


def test_what_was_filed_before_a_change_is_filed_anew(cast: Cast, now: datetime) -> None:
    registration = a_registration_worth(cast, now, 4_000_000)
    claim = a_filed_claim(cast, now, registration=registration)
    _change(registration, 3_000_000, later(now, 1))
    claim.refresh_from_db()
    assert (claim.state, claim.filed_fen, claim.filed_by) == (ClaimState.ENTITLED, None, None)
    assert claim.entitled_fen == 750_000 * YUAN
    assert Event.objects.filter(name="relief.reopened").count() == 1


def test_a_change_of_nothing_changes_nothing(cast: Cast, now: datetime) -> None:
    claim = a_filed_claim(cast, now)
    before = everything()
    follow_change(claim, reason="更正名称", now=now)
    assert everything() == before


def test_the_words_of_the_rule_are_kept_once_and_shown_with_the_claim(cast: Cast, now: datetime) -> None:
    first = a_claim(cast, now)
    second = a_claim(cast, now)
    assert RuleText.objects.count() == 1
    page = claim_page(first, actor=cast.supervisor.actor)
    assert page.rule.text == first.rule_text.text == second.rule_text.text
    assert page.is_rule_current
    RuleText.objects.update(text=page.rule.text + "\n# 曾用文本\n")
    first.refresh_from_db()
    assert not claim_page(Claim.objects.get(pk=first.pk), actor=cast.supervisor.actor).is_rule_current


def test_realised_is_what_was_granted_of_what_was_counted(cast: Cast, now: datetime) -> None:
    a_granted_claim(cast, now, registration=a_registration_worth(cast, now, 3_000_000))
    a_claim(cast, now, registration=a_registration_worth(cast, now, 1_000_000))
    dropped = a_claim(cast, now, "VAT-TT")
    drop_claim(dropped, reason="放弃免税", actor=cast.university_owner.actor, now=now)
    (row,) = realised_relief(Claim.objects.all())
    assert (row.rule_id, row.tax_year) == ("CIT-TT-OWN", 2026)
    assert (row.entitled.fen, row.granted.fen) == (1_000_000 * YUAN, 750_000 * YUAN)
    assert f"{row.share}" == "0.750"


def test_what_came_back_is_not_realised(cast: Cast, now: datetime) -> None:
    claim = a_granted_claim(cast, now, registration=a_registration_worth(cast, now, 3_000_000))
    flag_recovery(claim, still_due=ZERO, reason="登记撤销", now=now)
    claim.refresh_from_db()
    settle_recovery(claim, amount=claim.recovery, settled_on=day_of(now), document="1", actor=cast.supervisor.actor, now=now)
    (row,) = realised_relief(Claim.objects.all())
    assert row.granted == ZERO
    assert row.share == 0


def test_one_is_reminded_a_month_and_a_week_before_and_never_twice(cast: Cast, now: datetime) -> None:
    claim = a_claim(cast, now)
    last = datetime.combine(claim.due_on, now.timetz())
    reminders = Event.objects.filter(name="relief.deadline_near")
    for days, told in ((31, 0), (30, 1), (29, 1), (7, 2), (3, 2), (0, 2), (-1, 2)):
        remind_of_deadlines(last - timedelta(days=days))
        assert reminders.count() == told, days


def test_who_comes_late_is_reminded_once_and_who_has_filed_never(cast: Cast, now: datetime) -> None:
    claim = a_claim(cast, now)
    last = datetime.combine(claim.due_on, now.timetz())
    remind(claim, now=last - timedelta(days=2))
    assert Event.objects.filter(name="relief.deadline_near").count() == 1
    filed = a_filed_claim(cast, now)
    before = everything()
    remind(filed, now=last)
    assert everything() == before


def test_the_taxpayer_and_the_officials_get_letters(cast: Cast, now: datetime) -> None:
    claim = a_granted_claim(cast, now)
    flag_recovery(claim, still_due=ZERO, reason="登记撤销", now=now)
    while advance(READERS["letters"], now=now):
        pass
    letters = Letter.objects.filter(address=claim.get_absolute_url())
    by_person = {(letter.person_id, letter.subject) for letter in letters}
    assert (cast.university_finance.person.pk, f"税收优惠须补缴：{claim.contract.title}") in by_person
    assert (cast.supervisor.person.pk, f"待跟进的税收优惠追缴：{claim.contract.title}") in by_person
    assert not any(person == cast.outsider.person.pk for person, _ in by_person)


@pytest.mark.parametrize("code", sorted(provoked.ALSO))
def test_it_is_refused_by_another_way_too(code: str, cast: Cast, now: datetime) -> None:
    act = provoked.ALSO[code](cast, now)
    before = everything()
    with pytest.raises(Refused) as refused:
        act()
    assert code in {refusal.code for refusal in refused.value.refusals}
    assert everything() == before


@pytest.mark.parametrize(
    "wrong",
    [
        {"entitled_fen": -1},
        {"tax_before_fen": 0},
        {"filed_fen": 0},
        {"granted_fen": 10**12},
        {"recovery_fen": 10**12},
        {"state": "lost"},
    ],
)
def test_the_database_keeps_what_must_never_break(wrong: dict[str, object], cast: Cast, now: datetime) -> None:
    claim = a_granted_claim(cast, now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Claim.objects.filter(pk=claim.pk).update(**wrong)
