"""Experts are asked, the clock waits or runs by the rule set, and what they said stands with the case; the radar knows more."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from contracts.actions.decisions import propose_decision, recognise_contract, refuse_application, return_application
from contracts.actions.experts import ask_expert, enter_opinion, give_opinion
from contracts.actions.shareholders import Holder, enter_shareholders
from contracts.forms.contracts import ShareholdersForm
from contracts.models import Application, Opinion, Shareholder
from contracts.queries.radar import radar_facts
from market.accounts.models import Membership
from market.events.models import Event
from market.letters.registry import LETTERS
from market.values.actor import Role
from market.values.money import Money
from market.values.refusal import Forbidden, OutOfTurn, Refused
from tests.contracts.builders import a_contract, a_large_application, an_application, answer_flags, hear_expert
from tests.people import Cast, Member
from tests.refused import refused_with

pytestmark = pytest.mark.django_db

type Act = Callable[[], object]
type Setting = Callable[[Cast, datetime], Act]
type SignIn = Callable[[Member], Client]

CODE = "91140600MA0GT5XY7U"


def _ask(cast: Cast, application: Application, now: datetime, **changes: str) -> Opinion:
    asked = {"expert": "煤燃烧专家乙", "workplace": "省煤炭学会", "question": "是否属于技术转让？", **changes}
    return ask_expert(application, **asked, actor=cast.registrar.actor, now=now)


def _enter(cast: Cast, opinion: Opinion, now: datetime, text: str = "属于。") -> Opinion:
    return enter_opinion(opinion, verdict="supports", text=text, documents=[], actor=cast.registrar.actor, now=now)


# --- the clock


def test_under_the_rules_of_2000_the_clock_stands_still_until_the_opinion_comes(cast: Cast) -> None:
    begun = datetime(2026, 1, 5, 2, tzinfo=UTC)
    application = an_application(cast, begun)
    assert application.due_on == date(2026, 2, 4)
    opinion = _ask(cast, application, begun + timedelta(days=2))
    application.refresh_from_db()
    assert application.due_on > date(2026, 2, 4), "as long as the expert may take"
    _enter(cast, opinion, begun + timedelta(days=7))
    application.refresh_from_db()
    assert application.due_on == date(2026, 2, 9), "five days with the expert do not count"


def test_under_the_rules_of_2026_a_case_with_experts_has_their_longer_time(cast: Cast, now: datetime) -> None:
    application = an_application(cast, now)
    assert (application.needs_experts, application.due_on) == (False, date(2026, 3, 31))
    opinion = _ask(cast, application, now)
    application.refresh_from_db()
    assert (application.needs_experts, application.due_on) == (True, date(2026, 4, 22))
    _enter(cast, opinion, now + timedelta(days=3))
    application.refresh_from_db()
    assert application.due_on == date(2026, 4, 22)
    assert Event.objects.get(name="application.expert_asked").payload["decision_by"] == "2026-04-22"


def test_an_expert_who_does_not_answer_in_time_holds_nothing_up_but_was_not_heard(cast: Cast, now: datetime) -> None:
    application = an_application(cast, now)
    answer_flags(cast, application, now)
    opinion, value = _ask(cast, application, now), Money(application.technology_value_fen)
    late = now + timedelta(days=40)
    with refused_with("contracts.experts_not_heard"):
        recognise_contract(application, technology_value=value, actor=cast.registrar.actor, now=late)
    _enter(cast, opinion, late)
    assert recognise_contract(application, technology_value=value, actor=cast.registrar.actor, now=late)


# --- who


def test_nobody_of_a_side_is_an_expert_however_the_name_is_typed(cast: Cast, now: datetime) -> None:
    application = an_application(cast, now)
    deal = application.contract.dealt
    inventor = deal.listing.achievement.inventors.first()
    assert inventor is not None
    _of_companies(cast, cast.enterprise.social_credit_code, "股东丙", now)
    for changes in (
        {"expert": inventor.name},
        {"expert": " ".join(inventor.name)},
        {"expert": cast.enterprise_agent.person.name},
        {"expert": "股东丙"},
        {"workplace": cast.university.name},
    ):
        with refused_with("contracts.expert_concerned"):
            _ask(cast, application, now, **changes)
    assert _ask(cast, application, now)


def test_officials_read_the_opinion_and_the_parties_only_that_one_was_asked(cast: Cast, now: datetime, sign_in: SignIn) -> None:
    application = an_application(cast, now)
    client, address = sign_in(cast.registrar), f"/en{application.get_absolute_url()}"
    typed = {"expert": "煤燃烧专家乙", "workplace": "省煤炭学会", "question": "是否属于技术转让？"}
    assert client.post(f"{address}experts/ask/", typed).status_code == 302
    opinion = Opinion.objects.get()
    empty = client.post(f"{address}experts/{opinion.key}/", {"verdict": "supports", "text": ""})
    assert empty.status_code == 422
    assert client.post(f"{address}experts/{opinion.key}/", {"verdict": "doubts", "text": "部分属于技术服务。"}).status_code == 302
    assert "部分属于技术服务。" in client.get(f"{address}experts/").content.decode()
    assert sign_in(cast.university_agent).get(f"{address}experts/").status_code == 403
    page = sign_in(cast.university_agent).get(address).content.decode()
    assert "煤燃烧专家乙" not in page
    assert "部分属于技术服务。" not in page
    assert "An expert was asked" in page


# --- the expert's own account


def _asked(cast: Cast, now: datetime, **changes: str) -> Opinion:
    return _ask(cast, an_application(cast, now), now, email=cast.rival_agent.person.email, **changes)


def _give(cast: Cast, opinion: Opinion, now: datetime, **changes: Any) -> Opinion:
    said = {"verdict": "supports", "text": "属于技术转让。", "documents": [], "is_free": True, **changes}
    return give_opinion(opinion, **said, actor=cast.rival_agent.actor, now=now)


def test_an_expert_with_an_account_reads_the_contract_declares_no_interest_and_writes_the_opinion(
    cast: Cast, now: datetime, sign_in: SignIn
) -> None:
    opinion = _asked(cast, now)
    application, other = opinion.application, an_application(cast, now)
    client, address = sign_in(cast.rival_agent), f"/en{opinion.get_absolute_url()}"
    desk = f"/en{application.get_absolute_url()}experts/"
    page = client.get(address).content.decode()
    document = application.documents.get()
    assert application.contract.content[:20] in page
    assert client.get(document.get_absolute_url()).status_code == 200
    assert client.get(other.documents.get().get_absolute_url()).status_code == 404, "only what was asked about"
    assert client.get(application.get_absolute_url()).status_code == client.get(other.get_absolute_url()).status_code == 404
    assert sign_in(cast.outsider).get(address).status_code == 404
    typed = {"verdict": "doubts", "text": "部分属于技术服务。"}
    assert client.post(address, typed).status_code == 422, "without the declaration"
    assert client.post(address, {**typed, "is_free": "on"}).status_code == 302
    opinion.refresh_from_db()
    assert (opinion.is_own, opinion.verdict, opinion.entered_by) == (True, "doubts", cast.rival_agent.person)
    assert application.contract.content[:20] not in client.get(address).content.decode(), "read while it is asked for"
    assert client.get(document.get_absolute_url()).status_code == 404
    assert client.post(address, {**typed, "is_free": "on"}).status_code == 409, "once"
    shown = sign_in(cast.registrar).get(desk).content.decode()
    assert "部分属于技术服务。" in shown
    assert "who declares to have no interest in it" in shown


def test_expert_and_registrar_are_written_to(cast: Cast, now: datetime) -> None:
    opinion = _asked(cast, now)
    _give(cast, opinion, now)
    asked, heard = (Event.objects.get(name=f"application.expert_{name}") for name in ("asked", "heard"))
    told = {name: [kind.concerned(event) for kind in LETTERS[name]] for name, event in ((it.name, it) for it in (asked, heard))}
    assert [cast.rival_agent.person.pk] in [list(it.people) for it in told[asked.name] if it]
    assert [list(it.people) for it in told[heard.name] if it] == [[cast.registrar.person.pk]]


def test_an_expert_with_an_interest_says_so_and_was_not_heard(cast: Cast, now: datetime) -> None:
    application = a_large_application(cast, now)
    application.opinions.all().delete()
    opinion = _ask(cast, application, now, email=cast.rival_agent.person.email)
    _give(cast, opinion, now, verdict="declined", text="我与受让方有合作。", is_free=False)
    with refused_with("contracts.experts_not_heard"):
        refuse_application(application, code="other", reason="不符", actor=cast.registrar.actor, now=now)


# --- shareholders


def _of_companies(cast: Cast, code: str, name: str, now: datetime) -> None:
    holders = [Holder(name, 5150), Holder("另一股东", None)]
    enter_shareholders(code, holders, source="公示系统", as_of=now.date(), actor=cast.registrar.actor, now=now)


def test_an_inventor_who_holds_a_share_of_the_buyer_is_found_as_soon_as_it_is_entered(cast: Cast, now: datetime) -> None:
    application = an_application(cast, now)
    inventor = application.contract.dealt.listing.achievement.inventors.all()[0]
    assert not application.flags.filter(code="shareholder_at_buyer").exists()
    before = application.weight
    _of_companies(cast, cast.enterprise.social_credit_code, inventor.name, now)
    flag = application.flags.get(code="shareholder_at_buyer")
    application.refresh_from_db()
    assert (flag.data["names"], application.weight) == (inventor.name, before + flag.weight)
    with refused_with("contracts.flags_open"):
        value = Money(application.technology_value_fen)
        recognise_contract(application, technology_value=value, actor=cast.registrar.actor, now=now)


def test_the_company_enters_its_own_and_nobody_elses(cast: Cast, now: datetime, sign_in: SignIn) -> None:
    owner = Member(cast.outsider.person, cast.enterprise)
    Membership.objects.create(person=owner.person, organisation=cast.enterprise, role=Role.OWNER.value)
    code = cast.enterprise.social_credit_code
    typed = {"holders": "某投资公司 51.5\n张某 48.5%\n无比例股东", "source": "公示系统", "as_of": "2026-03-01"}
    client = sign_in(owner)
    assert client.post(f"/contracts/shareholders/{code}/", typed).status_code == 302
    assert [(it.name, it.percent) for it in Shareholder.objects.order_by("pk")] == [
        ("某投资公司", "51.5"),
        ("张某", "48.5"),
        ("无比例股东", ""),
    ]
    wrong = client.post(f"/contracts/shareholders/{code}/", {**typed, "holders": "甲 70\n乙 40"})
    assert wrong.status_code == 422
    assert "乙 40" in wrong.content.decode()
    assert Shareholder.objects.count() == 3
    other = cast.university.social_credit_code
    assert client.get(f"/contracts/shareholders/{other}/").status_code == 403


@pytest.mark.parametrize("line", ["某公司 0", "某公司 101", "某公司 33.333", "51.5"])
def test_a_share_that_is_none_is_said_beside_the_field(line: str) -> None:
    assert "holders" in ShareholdersForm({"holders": line, "source": "公示系统", "as_of": "2026-03-01"}).errors


# --- the radar's other facts


def test_the_radar_knows_the_buyers_representative_and_the_valuation(cast: Cast, now: datetime) -> None:
    contract = a_contract(cast, now)
    inventor = contract.dealt.listing.achievement.inventors.all()[0]
    cast.enterprise.legal_representative = inventor.name
    cast.enterprise.save()
    contract.details = {"valuation": "2000000"}
    contract.save()
    application = an_application(cast, now, contract=contract)
    codes = set(application.flags.values_list("code", flat=True))
    assert {"inventor_at_buyer", "far_from_valuation"} <= codes
    assert radar_facts(application).valuation == Money.yuan("2000000")


# --- each refusal by its real action


def _awaited(cast: Cast, now: datetime) -> Act:
    application = an_application(cast, now)
    answer_flags(cast, application, now)
    _ask(cast, application, now)
    value = Money(application.technology_value_fen)
    return lambda: propose_decision(application, proposal="recognise", value=value, actor=cast.registrar.actor, now=now)


def _not_heard(cast: Cast, now: datetime) -> Act:
    application = a_large_application(cast, now)
    application.opinions.all().delete()
    return lambda: refuse_application(application, code="other", reason="不符", actor=cast.registrar.actor, now=now)


def _concerned(cast: Cast, now: datetime) -> Act:
    application = an_application(cast, now)
    return lambda: _ask(cast, application, now, workplace=cast.enterprise.name)


def _asked_before(cast: Cast, now: datetime) -> Act:
    application = an_application(cast, now)
    _ask(cast, application, now)
    return lambda: _ask(cast, application, now)


def _given_before(cast: Cast, now: datetime) -> Act:
    application = an_application(cast, now)
    opinion = hear_expert(cast, application, now)
    return lambda: _enter(cast, opinion, now, "改口。")


def _nothing_said(cast: Cast, now: datetime) -> Act:
    opinion = _ask(cast, an_application(cast, now), now)
    return lambda: _enter(cast, opinion, now, " ")


def _no_account(cast: Cast, now: datetime) -> Act:
    application = an_application(cast, now)
    return lambda: _ask(cast, application, now, email="nobody@example.com")


def _official_asked(cast: Cast, now: datetime) -> Act:
    application = an_application(cast, now)
    return lambda: _ask(cast, application, now, email=cast.second_registrar.person.email)


def _buyer_asked(cast: Cast, now: datetime) -> Act:
    application = an_application(cast, now)
    return lambda: _ask(cast, application, now, email=cast.enterprise_agent.person.email)


def _entered_for_the_expert(cast: Cast, now: datetime) -> Act:
    opinion = _asked(cast, now)
    return lambda: _enter(cast, opinion, now)


def _undeclared(cast: Cast, now: datetime) -> Act:
    opinion = _asked(cast, now)
    return lambda: _give(cast, opinion, now, is_free=False)


def _given_by_another(cast: Cast, now: datetime) -> Act:
    opinion = _asked(cast, now)
    said = {"verdict": "supports", "text": "属于。", "documents": [], "is_free": True}
    return lambda: give_opinion(opinion, **said, actor=cast.outsider.actor, now=now)


def _joined_a_side(cast: Cast, now: datetime) -> Act:
    """Asked, and since then an employee of the buyer."""
    opinion = _asked(cast, now)
    Membership.objects.create(person=cast.rival_agent.person, organisation=cast.enterprise, role=Role.AGENT.value)
    return lambda: _give(cast, opinion, now)


def _asked_too_late(cast: Cast, now: datetime) -> Act:
    application = an_application(cast, now)
    return_application(application, reason="缺少签章页", actor=cast.registrar.actor, now=now)
    return lambda: _ask(cast, application, now)


def _asked_by_seller(cast: Cast, now: datetime) -> Act:
    application = an_application(cast, now)
    asked = {"expert": "甲", "workplace": "乙", "question": "丙"}
    return lambda: ask_expert(application, **asked, actor=cast.university_agent.actor, now=now)


def _holders(holders: list[Holder], **changes: Any) -> Setting:
    def setting(cast: Cast, now: datetime) -> Act:
        terms = {"source": "公示系统", "as_of": now.date(), "actor": cast.registrar.actor, "now": now, **changes}
        return lambda: enter_shareholders(CODE, holders, **terms)

    return setting


SETTINGS: list[tuple[str, type[Refused], Setting]] = [
    ("contracts.opinion_awaited", Refused, _awaited),
    ("contracts.experts_not_heard", Refused, _not_heard),
    ("contracts.expert_concerned", Refused, _concerned),
    ("contracts.expert_asked_before", OutOfTurn, _asked_before),
    ("contracts.opinion_given_before", OutOfTurn, _given_before),
    ("contracts.opinion_missing", Refused, _nothing_said),
    ("contracts.expert_unknown", Refused, _no_account),
    ("contracts.expert_concerned", Refused, _official_asked),
    ("contracts.expert_concerned", Refused, _buyer_asked),
    ("contracts.expert_concerned", Forbidden, _joined_a_side),
    ("contracts.expert_writes", Forbidden, _entered_for_the_expert),
    ("contracts.interest_not_declared", Refused, _undeclared),
    ("accounts.role_missing", Forbidden, _given_by_another),
    ("contracts.not_under_examination", OutOfTurn, _asked_too_late),
    ("accounts.officials_only", Forbidden, _asked_by_seller),
    ("contracts.extract_of_the_future", Refused, _holders([], as_of=date(2026, 12, 1))),
    ("contracts.shareholder_twice", Refused, _holders([Holder("甲", 1), Holder("甲", 2)])),
    ("contracts.shares_exceed_whole", Refused, _holders([Holder("甲", 6000), Holder("乙", 6000)])),
]


@pytest.mark.parametrize(("code", "kind", "setting"), SETTINGS)
def test_what_is_refused_leaves_nothing_behind(
    code: str, kind: type[Refused], setting: Setting, cast: Cast, now: datetime
) -> None:
    act = setting(cast, now)
    with refused_with(code, kind):
        act()
