"""A contract made outside the market, from the registration form to relief paid back, each step by its own person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pytest
from django.utils import timezone
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from contracts.actions.experts import ask_expert, enter_opinion
from contracts.form_kinds import Verdict
from contracts.models import Application, Registration, Sheet
from contracts.relief.models import Claim
from contracts.relief.states import ClaimState
from contracts.states import ApplicationState
from market.values.dates import day_of
from tests.e2e.browser import Person, a_file
from tests.e2e.conftest import LiveMarket
from tests.people import Cast
from tests.second_factor import set_up_second_factor

pytestmark = pytest.mark.e2e

TITLE = "低热值煤循环流化床稳燃专利权转让合同"
CONTENT = (
    "转让循环流化床锅炉布风装置发明专利权及全部配套技术资料，包括布风板结构、风帽型式和低负荷稳燃的运行方法，"
    "培训受让方运行和检修人员，直至机组在百分之三十负荷下稳定燃烧七十二小时，技术指标和验收方法见附件二。"
)


def test_a_contract_is_recognised_and_its_relief_granted_and_recovered(
    live_market: LiveMarket, sit_down: Callable[..., Person]
) -> None:
    cast = live_market.cast
    # On an amount like this the seller signs in with a second factor.
    live_market.ask(lambda: set_up_second_factor(cast.university_agent.person))
    agent, first, second = sit_down("agent"), sit_down("first"), sit_down("second", width=360)
    agent.sign_in(cast.university_agent, with_code=True)
    first.sign_in(cast.registrar, with_code=True)
    second.sign_in(cast.second_registrar, with_code=True)

    form = fill_in_the_form(live_market, agent)
    application = live_market.ask(lambda: Application.objects.get().get_absolute_url())
    return_and_correct(agent, first, form, application)
    approve_by_two(live_market, first, second, application)
    the_certificate_is_signed(live_market, agent, application)

    books, tax = sit_down("books"), sit_down("tax")
    books.sign_in(cast.university_finance)
    tax.sign_in(cast.supervisor, with_code=True)
    claim = claim_and_file(live_market, books)
    grant(tax, claim)
    change_the_registration(agent, first, application)
    live_market.work(until=lambda: Claim.objects.filter(state=ClaimState.RECOVERY).exists())
    # Six million without a million of equipment: 1,250,000.00 of relief instead of 1,375,000.00.
    for person in (books, tax):
        person.open(claim)
        person.reads(ClaimState.RECOVERY.label, "125,000.00", "补充协议将设备价款单列。")
    tax.picture("recovery")
    assert [trouble for person in live_market.people for trouble in person.troubles] == []


def fill_in_the_form(market: LiveMarket, agent: Person) -> str:
    """Saved step by step, left, and taken up again where it was; gives the form's address."""
    agent.open("/contracts/")
    agent.press("/forms/begin/")
    agent.fill(kind="transfer", sub_kind="patent_transfer", title=TITLE, content=CONTENT, ip_kind="invention")
    agent.submit()
    form: str = market.ask(lambda: Sheet.objects.get().get_absolute_url())
    agent.open("/contracts/")
    agent.follow(form)
    agent.reads(TITLE)
    agent.follow("/parties/")
    agent.fill(parties__1__name="大同某煤电公司", parties__1__nature="150", parties__1__region="140200")
    agent.submit()
    agent.fill(price="600万", technology="600万", payment_mode="lump_sum")
    agent.submit()
    today = day_of(timezone.now())
    until = today + timedelta(days=700)
    agent.fill(signed_on=today.isoformat(), valid_from=today.isoformat(), valid_until=until.isoformat())
    agent.fill(funding_source="none", technology_field="energy", objective="industry")
    agent.fill(contact="技术转移办公室", contact_phone="0349-1234567")
    agent.submit()
    agent.fill(documents=[a_file("专利权转让合同.pdf")], is_undertaken=True)
    agent.submit()
    agent.picture("form")
    agent.press("/submit/")
    agent.reads(ApplicationState.SUBMITTED.label, TITLE)
    return form


def return_and_correct(agent: Person, first: Person, form: str, application: str) -> None:
    first.open("/contracts/desk/")
    first.follow(application)
    first.reads("专利权转让合同.pdf")
    first.follow("/return/")
    first.fill(reason="请补充交付和验收条款。")
    first.submit()
    agent.open(application)
    agent.reads(ApplicationState.RETURNED.label, "请补充交付和验收条款。")
    agent.open(form)
    agent.press("/reopen/")
    agent.follow("/subject/")
    agent.fill(delivery="合同生效后三十日内交付全部资料，双方按附件二验收。")
    agent.submit()
    agent.open(form)
    agent.press("/submit/")
    agent.reads(ApplicationState.SUBMITTED.label)


def approve_by_two(market: LiveMarket, first: Person, second: Person, application: str) -> None:
    market.ask(lambda: an_expert_is_heard(market.cast))
    first.open(application)
    first.reads("双方按附件二验收。")
    for code in market.ask(lambda: list(Application.objects.get().flags.values_list("code", flat=True))):
        first.follow(f"/signs/{code}/")
        first.fill(answer="已核对原件。")
        first.submit()
    first.follow("/propose/")
    first.submit()
    first.reads(ApplicationState.EXAMINED.label)
    # Who has proposed it does not confirm it.
    assert first.page.locator('main a[href*="/recognise/"]').count() == 0
    first.picture("proposed")
    second.open(application)
    second.follow("/recognise/")
    second.submit()
    second.reads(ApplicationState.RECOGNISED.label)
    second.picture("recognised")


def an_expert_is_heard(cast: Cast) -> None:
    """As the rules ask for before an amount like this is decided."""
    now, actor = timezone.now(), cast.registrar.actor
    opinion = ask_expert(
        Application.objects.get(), expert="专家甲", workplace="某设计院", question="技术性如何？", actor=actor, now=now
    )
    enter_opinion(opinion, verdict=Verdict.SUPPORTS, text="技术内容真实。", documents=[], actor=actor, now=now)


def the_certificate_is_signed(market: LiveMarket, agent: Person, application: str) -> None:
    """Over every byte of the file, as the library's own validator finds, trusting the registry's certificate."""
    agent.open(application)
    file = agent.download("certificate.pdf")
    (signature,) = PdfFileReader(BytesIO(file)).embedded_signatures
    trusted = ValidationContext(trust_roots=[signature.signer_cert], allow_fetching=False)
    status = market.ask(lambda: validate_pdf_signature(signature, trusted))
    assert status.bottom_line
    assert status.coverage is SignatureCoverageLevel.ENTIRE_FILE


def claim_and_file(market: LiveMarket, books: Person) -> str:
    """The taxpayer's books work it out, enter it and file it; gives the claim's address."""
    contract = market.ask(lambda: Registration.objects.select_related("contract").get().contract)
    books.open("/relief/claims/")
    books.follow(f"/relief/contracts/{contract.key}/")
    books.submit()
    books.reads("1,375,000.00")
    books.picture("worked-out")
    books.leave_by('button[name="enter"][value="CIT-TT-OWN"]')
    books.reads(ClaimState.ENTITLED.label, "1,375,000.00")
    books.follow("/file/")
    books.fill(receipt="税受〔2026〕0125号")
    books.submit()
    books.reads(ClaimState.FILED.label)
    assert books.download("package.zip").startswith(b"PK")
    return market.ask(lambda: Claim.objects.get().get_absolute_url())


def grant(tax: Person, claim: str) -> None:
    tax.open("/relief/claims/")
    tax.follow(claim)
    tax.follow("/grant/")
    tax.fill(document="税通〔2026〕0088号")
    tax.submit()
    tax.reads(ClaimState.GRANTED.label, "税通〔2026〕0088号")
    tax.picture("granted")


def change_the_registration(agent: Person, first: Person, application: str) -> None:
    agent.open(application)
    agent.follow("/change/")
    agent.fill(kind="amount", technology_value="500万", reason="补充协议将设备价款单列。")
    agent.fill(documents=[a_file("补充协议.pdf")])
    agent.submit()
    first.open(application)
    first.follow("/enter/")
    first.submit()


def test_a_visitor_works_out_what_a_licence_would_save(live_market: LiveMarket, sit_down: Callable[..., Person]) -> None:
    visitor = sit_down("visitor", width=360)
    visitor.open("/relief/")
    visitor.fill(price="10000000", net_value="-1")
    visitor.submit(refused=True)
    assert visitor.page.locator('main [name="price"]').input_value() == "10000000"
    visitor.fill(net_value="0")
    visitor.submit()
    # Five million free, five by half at 25 %: 625,000 is left of 2,500,000.
    visitor.reads("1,875,000.00", "CIT-TT-OWN")
    visitor.picture("worked-out")
    visitor.follow("/relief/rules/")
    visitor.reads("VAT-TT")
    assert live_market.ask(Claim.objects.count) == 0
    assert visitor.troubles == []
