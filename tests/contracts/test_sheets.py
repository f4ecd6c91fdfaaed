"""A contract made outside the market: entered step by step, checked, submitted, returned, corrected and registered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

import pytest
from django.test import Client
from django.utils import timezone

from contracts.actions.contracts import declare_contract
from contracts.actions.decisions import return_application
from contracts.actions.sheets import begin_sheet, discard_sheet, reopen_sheet, save_step, submit_sheet
from contracts.forms.sheets import parse_sheet
from contracts.models import Application, Sheet, TechnologyContract
from contracts.queries.contracts import digest_of
from contracts.rule_sets import rule_sets
from contracts.rules.amounts import Price
from contracts.rules.precheck import PartyFacts, SheetFacts, findings
from contracts.rules.radar import Entry
from contracts.templatetags.contracts import _FINDINGS
from market.events.models import Event
from market.values.money import ZERO, Money
from market.values.refusal import OutOfTurn, Refused
from tests.contracts.builders import a_contract, an_application
from tests.contracts.sheets import PARTIES, STEPS, a_sheet, a_submitted_sheet
from tests.documents_made import an_upload
from tests.people import Cast, Member
from tests.refused import refused_with

pytestmark = pytest.mark.django_db

type SignIn = Callable[[Member], Client]
type Act = Callable[[], object]


def _fill(client: Client, address: str, **changes: dict[str, str]) -> None:
    for step in STEPS:
        version = Sheet.objects.get().version
        typed = {**STEPS[step], **changes.get(step, {}), "version": version}
        if step == "papers":
            typed["documents"] = an_upload()
        assert client.post(f"{address}{step}/", typed).status_code == 302, step


def test_it_is_entered_returned_corrected_and_submitted_anew_with_the_same_form(
    cast: Cast, now: datetime, sign_in: SignIn
) -> None:
    client = sign_in(cast.university_agent)
    assert client.post("/contracts/forms/begin/").status_code == 302
    sheet = Sheet.objects.get()
    _fill(client, sheet.get_absolute_url(), parties=PARTIES(cast))
    assert client.post(f"{sheet.get_absolute_url()}submit/").status_code == 302
    application = Application.objects.get()
    contract = application.contract
    assert (contract.deal, contract.applicant, contract.seller, contract.buyer) == (None, cast.university, cast.university, None)
    assert [party.name for party in contract.buyers] == ["大同某煤机公司", "朔州某电厂"]
    assert application.technology_value_fen == 80000000
    return_application(application, reason="价格有误", actor=cast.registrar.actor, now=timezone.now())
    assert client.post(f"{sheet.get_absolute_url()}reopen/").status_code == 302
    sheet.refresh_from_db()
    changed = {**STEPS["price"], "price": "900000", "technology": "700000", "version": sheet.version}
    assert client.post(f"{sheet.get_absolute_url()}price/", changed).status_code == 302
    assert client.post(f"{sheet.get_absolute_url()}submit/").status_code == 302
    application.refresh_from_db()
    assert (application.state, application.technology_value_fen) == ("submitted", 70000000)
    assert TechnologyContract.objects.count() == 1
    page = sign_in(cast.registrar).get(application.get_absolute_url()).content.decode()
    assert "大同某煤机公司" in page
    assert sign_in(cast.outsider).get(sheet.get_absolute_url()).status_code == 404


def test_a_step_that_is_wrong_is_kept_as_it_was_typed(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.university_agent)
    client.post("/contracts/forms/begin/")
    sheet = Sheet.objects.get()
    typed = {**STEPS["price"], "price": "不多", "version": sheet.version}
    wrong = client.post(f"{sheet.get_absolute_url()}price/", typed)
    assert wrong.status_code == 422
    assert wrong.context["form"]["version"].value() == str(sheet.version + 1), "it can be sent again from this page"
    again = client.get(f"{sheet.get_absolute_url()}price/")
    assert again.status_code == 200
    assert "不多" in again.content.decode()
    assert client.post(f"{sheet.get_absolute_url()}submit/").status_code == 422
    assert not TechnologyContract.objects.exists()


def test_of_two_pages_of_one_step_the_older_does_not_overwrite(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.university_agent)
    client.post("/contracts/forms/begin/")
    address = f"{Sheet.objects.get().get_absolute_url()}subject/"
    version = Sheet.objects.get().version
    assert client.post(address, {**STEPS["subject"], "version": version}).status_code == 302
    late = client.post(address, {**STEPS["subject"], "liability": "另一个窗口里写的", "version": version})
    assert late.status_code == 409
    assert "另一个窗口里写的" in late.content.decode()
    assert "另一个窗口里写的" not in str(Sheet.objects.get().answers)
    assert client.post(address, {**STEPS["subject"], "version": "²"}).status_code == 409


def test_the_terms_of_a_deals_contract_are_shown_and_not_typed_again(cast: Cast, now: datetime) -> None:
    contract = a_contract(cast, now)
    digest = digest_of(contract)
    sheet = begin_sheet(cast.university, contract=contract, actor=cast.university_agent.actor, now=now)
    assert begin_sheet(cast.university, contract=contract, actor=cast.university_agent.actor, now=now) == sheet
    for step in ("subject", "price", "details", "papers"):
        answers = {name: [value] for name, value in STEPS[step].items()}
        sheet = save_step(sheet, step, answers, version=sheet.version, actor=cast.university_agent.actor, now=now)
    parsed = parse_sheet(sheet, actor=cast.university_agent.actor)
    assert parsed.is_right("price")
    assert parsed.steps["price"].cleaned_data["price"] == contract.price
    assert digest_of(contract) == digest


# --- the pre-check

FACTS = SheetFacts(
    kind="transfer",
    licence_kind="",
    entry=Entry("", "", "技术转让合同", "技" * 60),
    ownership="归买方",
    has_ip=True,
    price=Price(Money(1000), equipment=Money(200)),
    stated_technology=Money(800),
    instalments=(),
    pays_instalments=False,
    pays_royalties=False,
    parties=(PartyFacts("seller", "大学", "A"), PartyFacts("buyer", "企业", "B")),
    applicant_code="A",
    applicants=frozenset({"seller"}),
    is_cross_border=False,
    signed_on=date(2026, 4, 1),
    valid_until=date(2028, 4, 1),
    has_text=True,
    is_explained=False,
)
ABROAD = (PartyFacts("seller", "Lab", "", is_abroad=True), PartyFacts("buyer", "企业", "A"))
BROKERED = (
    *ABROAD[:0],
    PartyFacts("seller", "大学", "C"),
    PartyFacts("buyer", "企业", "B"),
    PartyFacts("intermediary", "我", "A"),
)
BROADER = frozenset({"seller", "intermediary", "importing_buyer"})


def _entry(content: str) -> Entry:
    return replace(FACTS.entry, content=content)


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        (replace(FACTS, entry=_entry("太短")), "no_technical_content"),
        (replace(FACTS, kind="development", entry=_entry("已经掌握的技术" * 10)), "already_mastered"),
        (replace(FACTS, has_ip=False), "no_right_named"),
        (replace(FACTS, ownership=" "), "ownership_not_said"),
        (replace(FACTS, kind="licence"), "licence_kind_not_said"),
        (replace(FACTS, kind="consulting"), "no_report"),
        (replace(FACTS, kind="service", entry=_entry("设备采购与施工" * 10)), "goods_or_works"),
        (replace(FACTS, stated_technology=Money(900)), "items_do_not_add_up"),
        (replace(FACTS, pays_instalments=True, instalments=(Money(1),)), "instalments_do_not_add_up"),
        (replace(FACTS, pays_royalties=True), "royalties_not_estimated"),
        (replace(FACTS, parties=FACTS.parties[:1]), "no_buyer"),
        (replace(FACTS, applicant_code="B"), "applicant_is_no_seller"),
        (replace(FACTS, is_cross_border=True), "border_does_not_fit"),
        (replace(FACTS, signed_on=date(2026, 5, 2)), "not_signed_yet"),
        (replace(FACTS, valid_until=date(2026, 4, 30)), "term_is_over"),
        (replace(FACTS, has_text=False), "no_text"),
        (replace(FACTS, differences=("price",)), "differences_unexplained"),
        (replace(FACTS, parties=ABROAD, is_cross_border=True), "applicant_is_no_seller"),
        (replace(FACTS, parties=ABROAD, is_cross_border=True, applicants=BROADER), None),
        (replace(FACTS, parties=BROKERED), "applicant_is_no_seller"),
        (replace(FACTS, parties=BROKERED, applicants=BROADER), None),
        (
            replace(
                FACTS, pays_royalties=True, price=Price(Money(1000), Money(200), royalties=Money(800)), stated_technology=ZERO
            ),
            None,
        ),
        (FACTS, None),
    ],
)
def test_the_pre_check_names_what_is_missing_or_doubtful_and_the_rule(facts: SheetFacts, code: str | None) -> None:
    found = findings(facts, [], today=date(2026, 5, 1))
    assert [finding.code for finding in found] == ([code] if code else [])
    for finding in found:
        assert finding.code in _FINDINGS
        assert all(rule_set.rule(finding.rule) for name, rule_set in rule_sets().items() if name == "MIIT-2026")


def test_the_same_contract_registered_elsewhere_is_found_whatever_its_title(cast: Cast, now: datetime) -> None:
    text = "低热值煤循环流化床稳燃技术，含点火、给煤和返料系统的控制方法。" * 3
    other = Entry("k", "2026140600000001", "另一个名称", text.replace("点火", "起燃"))
    found = findings(replace(FACTS, entry=_entry(text)), [other], today=date(2026, 5, 1))
    assert [(finding.code, finding.data["place"]) for finding in found] == [("registered_elsewhere", "2026140600000001")]
    assert findings(replace(FACTS, entry=_entry(text)), [replace(other, content="风电叶片" * 40)], today=date(2026, 5, 1)) == []


# --- out of turn


def test_a_second_form_for_the_same_paper_contract_is_found_by_the_pre_check(cast: Cast, now: datetime, sign_in: SignIn) -> None:
    a_submitted_sheet(cast, now)
    sheet = a_sheet(cast, now)
    page = sign_in(cast.university_agent).get(f"/en{sheet.get_absolute_url()}").content.decode()
    assert "a contract is registered once" in page


def test_what_is_thrown_away_is_gone_from_the_list_and_told_in_the_log(cast: Cast, now: datetime, sign_in: SignIn) -> None:
    sheet = a_sheet(cast, now)
    client = sign_in(cast.university_agent)
    assert sheet.get_absolute_url() in client.get("/contracts/").content.decode()
    discard_sheet(sheet, actor=cast.university_agent.actor, now=now)
    assert sheet.get_absolute_url() not in client.get("/contracts/").content.decode()
    assert Event.objects.filter(name="sheet.discarded").exists()


def test_a_contract_of_the_market_is_applied_for_once_whichever_way(cast: Cast, now: datetime) -> None:
    application = an_application(cast, now)
    with refused_with("contracts.application_open", OutOfTurn):
        begin_sheet(cast.university, contract=application.contract, actor=cast.university_agent.actor, now=now)
    assert Application.objects.count() == 1


def _stale(cast: Cast, now: datetime) -> Act:
    sheet = a_sheet(cast, now)
    return lambda: save_step(sheet, "subject", {}, version=1, actor=cast.university_agent.actor, now=now)


def _incomplete(cast: Cast, now: datetime) -> Act:
    sheet, actor = a_sheet(cast, now), cast.university_agent.actor
    sheet.documents.clear()
    parsed = parse_sheet(sheet, actor=actor)
    assert parsed.terms is not None
    terms = parsed.terms
    return lambda: submit_sheet(sheet, *terms, actor=actor, now=now)


def _not_returned(cast: Cast, now: datetime) -> Act:
    sheet = a_submitted_sheet(cast, now)
    return lambda: reopen_sheet(sheet, actor=cast.university_agent.actor, now=now)


def _awaited(cast: Cast, now: datetime) -> Act:
    sheet, actor = a_submitted_sheet(cast, now), cast.university_agent.actor
    return_application(Application.objects.get(), reason="价格有误", actor=cast.registrar.actor, now=now)
    sheet = reopen_sheet(sheet, actor=actor, now=now)
    return lambda: discard_sheet(sheet, actor=actor, now=now)


def _market_contract(cast: Cast, now: datetime) -> Act:
    contract = a_contract(cast, now, agreed=False)
    return lambda: declare_contract(contract, actor=cast.university_agent.actor, now=now)


SETTINGS: dict[str, tuple[type[Refused], Callable[[Cast, datetime], Act]]] = {
    "contracts.sheet_changed": (OutOfTurn, _stale),
    "contracts.sheet_incomplete": (Refused, _incomplete),
    "contracts.nothing_to_correct": (OutOfTurn, _not_returned),
    "contracts.correction_awaited": (OutOfTurn, _awaited),
    "contracts.both_sides_agree": (OutOfTurn, _market_contract),
}


@pytest.mark.parametrize("code", SETTINGS)
def test_what_is_refused_leaves_nothing_behind(code: str, cast: Cast, now: datetime) -> None:
    kind, setting = SETTINGS[code]
    act = setting(cast, now)
    with refused_with(code, kind):
        act()
