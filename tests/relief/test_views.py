"""The pages of relief: a visitor works a case out and keeps what was typed; a taxpayer claims, files, and is granted."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from contracts.relief.models import Claim, RuleText
from contracts.relief.rulebook import book
from contracts.relief.states import ClaimState
from market.accounts.desks import desks_of
from market.events.models import Event
from market.refusals import sentence
from market.values.actor import Role
from market.values.refusal import Refusal
from tests.access.payloads import RELIEF
from tests.contracts.builders import a_contract, a_registration
from tests.people import Cast, Member, a_member
from tests.relief.builders import a_claim, a_filed_claim

pytestmark = pytest.mark.django_db

type SignIn = Callable[[Member], Client]


def test_a_visitor_works_out_a_case_without_signing_in_or_a_script() -> None:
    client, before = Client(), Event.objects.count()
    assert client.get("/relief/").status_code == 200
    response = client.post("/relief/", {**RELIEF, "price": "600万", "net_value": "900,000", "taxes_fees": "100000"})
    assert response.status_code == 200
    html = response.content.decode()
    # 5,000,000 of income: nothing is owed of 1,250,000.
    assert "1,250,000.00 元" in html
    assert 'value="600万"' in html
    assert 'value="900,000"' in html
    assert Claim.objects.count() == 0
    assert Event.objects.count() == before


def test_a_visitor_in_english_reads_the_failed_condition() -> None:
    response = Client().post("/en/relief/", {**RELIEF, "holding_direct": "60", "holding_indirect": "40"})
    html = response.content.decode()
    assert "Neither side holds, directly and indirectly together, 100 % of the other." in html
    assert "财税〔2010〕111号 四" in html


def test_what_is_not_sure_is_marked() -> None:
    unsure = Client().post("/relief/", {**RELIEF, "right": "layout"}).content.decode()
    assert 'class="tag tone-warn">待确认' in unsure
    assert 'class="tag tone-warn">待确认' in Client().get("/relief/rules/").content.decode()


@pytest.mark.parametrize(
    ("field", "wrong"),
    [("price", "much"), ("price", "-5"), ("day", ""), ("holding_direct", "120"), ("grant", "lease"), ("equipment", "9999999")],
)
def test_what_is_wrong_stands_beside_its_field_and_all_that_was_typed_stays(field: str, wrong: str) -> None:
    response = Client().post("/relief/", {**RELIEF, "net_value": "12,345.67", field: wrong})
    assert response.status_code == 422
    assert response.context["form"].errors
    assert 'value="12,345.67"' in response.content.decode()


def test_parts_that_exceed_the_price_are_refused() -> None:
    response = Client().post("/relief/", {**RELIEF, "equipment": "1,000,000", "related_service": "250,000.01"})
    assert response.context["form"].errors["related_service"] == [sentence(Refusal("relief.parts_exceed_price"))]
    assert Client().post("/relief/", {**RELIEF, "equipment": "1,000,000", "related_service": "250,000"}).status_code == 200


def test_nothing_held_is_nothing() -> None:
    assert Client().post("/relief/", {**RELIEF, "holding_direct": "0"}).status_code == 200


@pytest.mark.parametrize("language", ["", "/en"])
def test_every_rule_shows_its_words(language: str) -> None:
    client = Client()
    for rule in book().rules:
        html = client.get(f"{language}/relief/rules/{rule.digest}/").content.decode()
        assert rule.digest in html
        assert (rule.en if language else rule.zh) in html
    assert client.get(f"{language}/relief/rules/{'0' * 64}/").status_code == 404


def test_the_words_by_which_a_claim_was_counted_are_shown_when_the_book_has_others(cast: Cast, now: datetime) -> None:
    claim = a_claim(cast, now)
    RuleText.objects.filter(pk=claim.rule_text_id).update(digest="f" * 64)
    html = Client().get(f"/relief/rules/{'f' * 64}/").content.decode()
    assert "此文本已不再使用" in html


def test_relief_is_claimed_filed_and_granted_in_the_browser(cast: Cast, now: datetime, sign_in: SignIn) -> None:
    contract = a_registration(cast, now).contract
    page = reverse("relief:contract_relief", args=[contract.key])
    finance, supervisor = sign_in(cast.university_finance), sign_in(cast.supervisor)
    counted = finance.post(page, {**RELIEF, "day": "2026-03-10"})
    assert counted.status_code == 200
    assert 'name="enter"' in counted.content.decode()
    assert finance.post(page, {**RELIEF, "day": "2026-03-10", "enter": "CIT-TT-OWN"}).status_code == 302
    claim = Claim.objects.get()
    address = claim.get_absolute_url()
    filed = finance.post(f"{address}file/", {"filed_on": "2026-03-10", "receipt": "税受1号"})
    assert filed.status_code == 302
    wrong = supervisor.post(f"{address}grant/", {"amount": "9999999", "granted_on": "2026-03-10", "document": "税通8号"})
    assert wrong.status_code == 422
    assert "税通8号" in wrong.content.decode()
    granted = supervisor.post(f"{address}grant/", {"amount": "312500", "granted_on": "2026-03-10", "document": "税通8号"})
    assert granted.status_code == 302
    claim.refresh_from_db()
    assert (claim.state, claim.granted_fen) == (ClaimState.GRANTED, 31_250_000)
    html = finance.get(address).content.decode()
    assert "税通8号" in html
    assert book().on("CIT-TT-OWN", claim.contract.signed_on).digest in html  # type: ignore[union-attr]


def test_a_second_entry_is_out_of_turn_and_keeps_what_was_typed(cast: Cast, now: datetime, sign_in: SignIn) -> None:
    claim = a_claim(cast, now)
    page = reverse("relief:contract_relief", args=[claim.contract.key])
    response = sign_in(cast.university_owner).post(page, {**RELIEF, "taxes_fees": "7,777", "enter": "CIT-TT-OWN"})
    assert response.status_code == 409
    assert 'value="7,777"' in response.content.decode()
    assert Claim.objects.count() == 1


def test_a_contract_that_is_not_registered_can_be_worked_out_but_not_claimed(cast: Cast, now: datetime, sign_in: SignIn) -> None:
    page = reverse("relief:contract_relief", args=[a_contract(cast, now).key])
    client = sign_in(cast.university_owner)
    html = client.get(page).content.decode()
    assert "未登记" in html
    assert 'name="enter"' not in client.post(page, RELIEF).content.decode()
    assert client.post(page, {**RELIEF, "enter": "CIT-TT-OWN"}).status_code == 422


def test_a_form_left_open_over_a_decision_is_told_so(cast: Cast, now: datetime, sign_in: SignIn) -> None:
    claim = a_filed_claim(cast, now)
    supervisor = sign_in(cast.supervisor)
    assert supervisor.post(f"{claim.get_absolute_url()}refuse/", {"reason": "材料不全"}).status_code == 302
    late = supervisor.post(
        f"{claim.get_absolute_url()}grant/", {"amount": "1", "granted_on": "2026-03-10", "document": "税通8号"}
    )
    assert late.status_code == 409
    claim.refresh_from_db()
    assert claim.state == ClaimState.REFUSED


def test_relief_waits_on_the_desk_of_the_taxpayer_and_of_the_supervisor_and_of_nobody_else(cast: Cast, now: datetime) -> None:
    a_filed_claim(cast, now)
    a_registration(cast, now)
    clerk = a_member("clerk@a.example", cast.bureau, Role.FINANCE)

    def waiting(member: Member) -> list[int]:
        return [desk.waiting for desk in desks_of(member.actor) if desk.url == reverse("relief:claims")]

    assert waiting(cast.university_finance) == waiting(cast.university_owner) == [1]
    assert waiting(cast.supervisor) == [1]
    # The market's own finance keeps no taxpayer's books.
    assert [waiting(it) for it in (clerk, cast.university_agent, cast.registrar, cast.administrator)] == [[], [], [], []]


def test_the_ledger_is_filtered_by_state(cast: Cast, now: datetime, sign_in: SignIn) -> None:
    claim, filed = a_claim(cast, now), a_filed_claim(cast, now)
    html = sign_in(cast.supervisor).get("/relief/claims/?state=filed").content.decode()
    assert filed.key in html
    assert claim.key not in html
    assert sign_in(cast.supervisor).get("/relief/claims/?state=nonsense").status_code == 200


def test_the_package_is_one_pdf_with_certificate_calculation_and_contract(cast: Cast, now: datetime, sign_in: SignIn) -> None:
    claim = a_claim(cast, now)
    response = sign_in(cast.university_finance).get(f"{claim.get_absolute_url()}package.pdf")
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(response.content)).pages)
    assert claim.contract.registration.number in text
    assert "税收优惠计算表" in text
    assert "312,500.00" in text
    assert "合同摘要" in text
    assert response["Cache-Control"] == "private, no-store"


def test_the_package_is_a_zip_of_the_same_and_the_rule(cast: Cast, now: datetime, sign_in: SignIn) -> None:
    claim = a_claim(cast, now)
    client = sign_in(cast.university_finance)
    archive = zipfile.ZipFile(io.BytesIO(client.get(f"{claim.get_absolute_url()}package.zip").content))
    assert archive.testzip() is None
    names = archive.namelist()
    assert [name[:1] for name in names] == ["1", "2", "3", "4"]
    assert all(archive.read(name).startswith(b"%PDF") for name in names[:3])
    assert archive.read(names[3]).decode() == claim.rule_text.text


def test_without_the_libraries_of_type_the_page_says_so(
    cast: Cast, now: datetime, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    import builtins

    real = builtins.__import__

    def no_weasyprint(name: str, *arguments: object, **options: object) -> object:
        if name == "weasyprint":
            raise OSError("libpango")
        return real(name, *arguments, **options)  # type: ignore[arg-type]

    claim = a_claim(cast, now)
    client = sign_in(cast.university_finance)
    monkeypatch.setattr(builtins, "__import__", no_weasyprint)
    assert client.get(f"{claim.get_absolute_url()}package.pdf").status_code == 503
