"""The pages of the trade as their people use them: what is refused stands beside its field, and nothing typed is lost."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from listings.actions.deals import close_due_notice
from listings.actions.intents import register_intent
from listings.actions.objections import raise_objection, withdraw_objection
from listings.models.achievements import Achievement
from listings.models.deals import Deal
from listings.models.listings import Intent, Listing
from market.events.models import Event
from market.refusals import sentence
from market.values.actor import Role
from market.values.money import Money
from market.values.refusal import Refusal
from tests.demands.builders import a_demand
from tests.documents_made import an_upload
from tests.listings.builders import ABSTRACT, a_listing, an_achievement, an_intent, some_intent_terms
from tests.payments.builders import pay_deposit
from tests.people import Cast, Member, a_member

type SignIn = Callable[[Member], Client]

pytestmark = pytest.mark.django_db


@pytest.fixture
def now() -> datetime:
    """Pages look at the clock, so what they show must run now."""
    return timezone.now() - timedelta(days=2)


def typed_achievement(**changes: Any) -> dict[str, Any]:
    """The form as an agent fills it in, with two inventors and a patent."""
    return {
        "entry_key": "abcdefghjkmn2345",
        "title": "低热值煤稳燃技术",
        "kind": "applied",
        "industry": "power",
        "gbt4754": "441",
        "result_form": "technology",
        "abstract": ABSTRACT,
        "keywords": "稳燃，循环流化床",
        "maturity": "pilot_scale",
        "completed_on": "2025-06-30",
        "is_publicly_funded": "on",
        "funding_source": "province",
        "inventors-TOTAL_FORMS": "3",
        "inventors-INITIAL_FORMS": "0",
        "inventors-0-name": "发明人甲",
        "inventors-0-share": "60",
        "inventors-1-name": "发明人乙",
        "inventors-1-share": "40%",
        "patents-TOTAL_FORMS": "2",
        "patents-INITIAL_FORMS": "0",
        "patents-0-number": "ZL201910123456.X",
        "patents-0-kind": "invention",
        "patents-0-title": "循环流化床锅炉布风装置",
        "patents-0-ipc": "f23c 10/00",
        "patents-0-granted_on": "2023-05-09",
        "patents-0-legal_state": "in_force",
        "patents-1-kind": "invention",
        "patents-1-legal_state": "in_force",
    } | changes


def typed_listing(**changes: Any) -> dict[str, Any]:
    return {
        "route": "listed",
        "transaction": "transfer",
        "price": "120万",
        "reserve_price": "1,357,913.57",
        "deposit": "12万",
        "payment_mode": "lump_sum",
        "terms": "合同生效后三十日内一次付清。",
        "notice_period": "20",
        "if_no_intent": "extend",
    } | changes


def test_an_agent_enters_an_achievement_with_inventors_patent_and_document(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.university_agent)
    answer = client.post(reverse("listings:draft_achievement"), typed_achievement(documents=an_upload("报告.pdf")))
    achievement = Achievement.objects.get()
    assert answer.status_code == 302
    assert answer["Location"] == achievement.get_absolute_url()
    assert [inventor.share_percent for inventor in achievement.inventors.all()] == [60, 40]
    assert achievement.patents.get().ipc == "F23C 10/00"
    assert achievement.documents.get().name == "报告.pdf"
    page = client.get(achievement.get_absolute_url()).content.decode()
    for words in ("循环流化床锅炉布风装置", "441", "报告.pdf", reverse("listings:submit_achievement", args=[achievement.key])):
        assert words in page


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"completed_on": "2099-01-01"}, "completed_on"),
        ({"gbt4754": "999"}, "gbt4754"),
        ({"keywords": "一，二，三，四"}, "keywords"),
        ({"title": ""}, "title"),
        ({"level": "domestic_leading"}, "level"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(
    cast: Cast, sign_in: SignIn, changes: dict[str, Any], where: str
) -> None:
    client = sign_in(cast.university_agent)
    data = typed_achievement(**changes, documents=an_upload("报告.pdf"))
    page = client.post(reverse("listings:draft_achievement"), data)
    assert page.status_code == 422
    assert page.context["form"].errors[where]
    html = page.content.decode()
    for words in ("发明人甲", "发明人乙", "ZL201910123456.X", "循环流化床锅炉布风装置", "报告.pdf", "abcdefghjkmn2345"):
        assert words in html
    assert not Achievement.objects.exists()


def test_shares_that_do_not_make_the_whole_are_said_above_their_rows(cast: Cast, sign_in: SignIn) -> None:
    page = sign_in(cast.university_agent).post(
        reverse("listings:draft_achievement"), typed_achievement(**{"inventors-1-share": "30"})
    )
    assert page.status_code == 422
    assert "90" in str(page.context["inventors"].non_form_errors())
    assert 'value="30"' in page.content.decode()
    assert not Achievement.objects.exists()


def test_a_row_that_is_half_filled_in_is_marked_and_the_page_is_not_taken_for_accepted(cast: Cast, sign_in: SignIn) -> None:
    page = sign_in(cast.university_agent).post(
        reverse("listings:draft_achievement"), typed_achievement(**{"patents-1-number": "ZL2019"})
    )
    assert page.status_code == 422
    assert page.context["patents"].forms[1].errors["title"]


def test_a_wrong_patent_is_said_at_its_own_row(cast: Cast, sign_in: SignIn) -> None:
    second = {"patents-1-number": "ZL201910123456.1", "patents-1-title": "另一装置", "patents-1-granted_on": "2023-05-09"}
    page = sign_in(cast.university_agent).post(reverse("listings:draft_achievement"), typed_achievement(**second))
    assert page.status_code == 422
    assert page.context["patents"].forms[1].non_field_errors()
    assert not page.context["patents"].forms[0].non_field_errors()


def test_an_uploaded_file_is_kept_while_the_form_is_mended(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.university_agent)
    data = typed_achievement(gbt4754="999", documents=an_upload("报告.pdf"))
    page = client.post(reverse("listings:draft_achievement"), data)
    [kept] = page.context["form"].fields["documents"].stored
    client.post(reverse("listings:draft_achievement"), typed_achievement(**{"documents-attached": kept.key}))
    assert Achievement.objects.get().documents.get().name == "报告.pdf"


def test_the_same_form_sent_twice_enters_one_achievement(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.university_agent)
    client.post(reverse("listings:draft_achievement"), typed_achievement())
    again = client.post(reverse("listings:draft_achievement"), typed_achievement())
    assert again.status_code == 409
    assert "低热值煤稳燃技术" in again.content.decode()
    assert Achievement.objects.count() == 1


def test_what_is_missing_is_said_before_it_can_be_submitted(cast: Cast, now: datetime, sign_in: SignIn) -> None:
    achievement = an_achievement(cast, now, registered=False, abstract="太短")
    page = sign_in(cast.university_agent).get(achievement.get_absolute_url())
    assert len(page.context["missing"]) == 1
    assert reverse("listings:submit_achievement", args=[achievement.key]) not in page.content.decode()


@pytest.mark.parametrize("twice", ["submit", "publish", "qualify"])
def test_a_double_click_is_answered_with_the_present_state_and_changes_nothing(
    cast: Cast, now: datetime, sign_in: SignIn, twice: str
) -> None:
    if twice == "submit":
        address = reverse("listings:submit_achievement", args=[an_achievement(cast, now, registered=False).key])
    elif twice == "publish":
        address = reverse("listings:publish_listing", args=[a_listing(cast, now, on_notice=False).number])
    else:
        intent = an_intent(cast, a_listing(cast, now), now)
        pay_deposit(cast, intent.subject, now)
        address = reverse("listings:qualify_intent", args=[intent.key])
    client = sign_in(cast.university_agent)
    assert client.post(address).status_code == 302
    before = Event.objects.count()
    assert client.post(address).status_code == 409
    assert Event.objects.count() == before


def test_a_stale_form_comes_back_with_409_and_what_was_typed(cast: Cast, now: datetime, sign_in: SignIn) -> None:
    listing = a_listing(cast, now)
    page = sign_in(cast.university_agent).post(
        reverse("listings:change_listing", args=[listing.number]), typed_listing(terms="另行约定的条款")
    )
    assert page.status_code == 409
    assert "另行约定的条款" in page.content.decode()


def test_a_registrar_registers_and_the_page_shows_the_number(cast: Cast, now: datetime, sign_in: SignIn) -> None:
    achievement = an_achievement(cast, now, registered=False)
    sign_in(cast.university_agent).post(reverse("listings:submit_achievement", args=[achievement.key]))
    client = sign_in(cast.registrar)
    assert achievement.title in client.get(reverse("listings:examine_achievements")).content.decode()
    client.post(reverse("listings:register_achievement", args=[achievement.key]))
    achievement.refresh_from_db()
    assert achievement.certificate_number
    assert achievement.certificate_number in Client().get(achievement.get_absolute_url()).content.decode()


def test_a_return_needs_its_reason_and_the_organisation_sees_ground_and_reason(
    cast: Cast, now: datetime, sign_in: SignIn
) -> None:
    achievement = an_achievement(cast, now, registered=False)
    agent, registrar = sign_in(cast.university_agent), sign_in(cast.registrar)
    agent.post(reverse("listings:submit_achievement", args=[achievement.key]))
    address = reverse("listings:return_achievement", args=[achievement.key])
    assert registrar.post(address, {"reason": " ", "ground": "disputed"}).status_code == 422
    assert registrar.post(address, {"reason": "共有权人提出异议", "ground": "disputed"}).status_code == 302
    page = agent.get(achievement.get_absolute_url()).content.decode()
    assert "共有权人提出异议" in page
    achievement.refresh_from_db()
    assert achievement.return_ground == "disputed"


def test_an_agent_cannot_examine_their_own_and_others_do_not_see_what_is_submitted(
    cast: Cast, now: datetime, sign_in: SignIn
) -> None:
    achievement = an_achievement(cast, now, registered=False)
    agent = sign_in(cast.university_agent)
    agent.post(reverse("listings:submit_achievement", args=[achievement.key]))
    for name in ("register_achievement", "return_achievement"):
        address = reverse(f"listings:{name}", args=[achievement.key])
        assert agent.post(address, {"reason": "自行登记"}).status_code == 403
        assert sign_in(cast.enterprise_agent).post(address, {"reason": "自行登记"}).status_code in {403, 404}
    achievement.refresh_from_db()
    assert achievement.state == "submitted"


def test_what_was_typed_for_a_thing_that_is_not_there_is_given_back(cast: Cast, now: datetime, sign_in: SignIn) -> None:
    listing = a_listing(cast, now, on_notice=False)
    address = reverse("listings:raise_objection", args=[listing.number])
    page = sign_in(cast.rival_agent).post(address, {"statement": "我方的陈述很长"})
    assert page.status_code == 404
    assert "我方的陈述很长" in page.content.decode()


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"price": "0"}, "price"),
        ({"price": "免费"}, "price"),
        ({"deposit": "36.0001万"}, "deposit"),
        ({"reserve_price": "1"}, "reserve_price"),
        ({"notice_period": "19"}, "notice_period"),
        ({"transaction": "sole_licence"}, "licence_months"),
        ({"route": "negotiated"}, "named_buyer"),
    ],
)
def test_terms_out_of_bounds_are_said_beside_their_field(
    cast: Cast, now: datetime, sign_in: SignIn, changes: dict[str, Any], where: str
) -> None:
    achievement = an_achievement(cast, now)
    page = sign_in(cast.university_agent).post(
        reverse("listings:draft_listing", args=[achievement.key]), typed_listing(**changes)
    )
    assert page.status_code == 422
    assert page.context["form"].errors[where]
    assert "合同生效后三十日内一次付清。" in page.content.decode()
    assert not Listing.objects.exists()


def test_a_listing_is_prepared_published_and_shown_to_everybody(cast: Cast, now: datetime, sign_in: SignIn) -> None:
    achievement = an_achievement(cast, now)
    client = sign_in(cast.university_agent)
    client.post(reverse("listings:draft_listing", args=[achievement.key]), typed_listing())
    listing = Listing.objects.get()
    assert Client().get(listing.get_absolute_url()).status_code == 404
    client.post(reverse("listings:publish_listing", args=[listing.number]))
    page = Client().get(listing.get_absolute_url())
    assert page.status_code == 200
    assert "1,200,000.00" in page.content.decode()


def test_a_negotiated_price_is_public_with_its_buyer_basis_and_relation(cast: Cast, now: datetime) -> None:
    listing = a_listing(cast, now, route="negotiated", named_buyer_id=cast.enterprise.pk, reserve_price=None, notice_period=15)
    page = Client().get(listing.get_absolute_url()).content.decode()
    for words in (cast.enterprise.name, "1,200,000.00", "样例评字第12号"):
        assert words in page


CANARY = Money.yuan("1357913.57")
SHAPES = ("135791357", "1357913", "1,357,913")


def test_the_reserve_price_leaks_nowhere(cast: Cast, now: datetime, sign_in: SignIn) -> None:
    listing = a_listing(cast, now, reserve_price=CANARY)
    intent = an_intent(cast, listing, now, qualified=True)
    objection = raise_objection(listing, statement="权属不清", actor=cast.rival_agent.actor, now=timezone.now())
    call_command("worker", once=True)
    said = [
        json.dumps(list(Event.objects.values("name", "payload", "personal")), ensure_ascii=False, default=str),
        *(f"{letter.subject} {letter.body}" for letter in mail.outbox),
    ]
    addresses = [listing.get_absolute_url(), listing.achievement.get_absolute_url(), "/sitemap.xml", "/catalogue/"]
    inside = [intent.get_absolute_url(), objection.get_absolute_url(), reverse("listings:my_intents")]
    people = (cast.enterprise_agent, cast.rival_agent, cast.supervisor, cast.registrar, cast.administrator, cast.broker)
    for client in (Client(), *(sign_in(person) for person in people)):
        for address in (*addresses, *inside):
            said += [
                client.get(address).content.decode(),
                client.get(address, headers={"accept": "application/json"}).content.decode(),
            ]
    said += _rows_outside(Listing)
    assert not [text[:80] for text in said if any(shape in text for shape in SHAPES)]
    owner = sign_in(cast.university_agent).get(listing.get_absolute_url()).content.decode()
    assert "1,357,913.57" in owner


def _rows_outside(*models: type) -> list[str]:
    """Every text column of every other table: indexes, caches, queued letters, sessions."""
    own = {model._meta.db_table for model in models}  # type: ignore[attr-defined]
    texts = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table in own or table.startswith("sqlite_"):
                continue
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            texts += [str(row) for row in cursor.fetchall()]
    return texts


def test_a_reserve_price_that_the_seller_discloses_is_shown(cast: Cast, now: datetime) -> None:
    listing = a_listing(cast, now, reserve_price=CANARY, is_reserve_disclosed=True)
    assert "1,357,913.57" in Client().get(listing.get_absolute_url()).content.decode()


def test_the_seller_sees_what_the_end_of_the_notice_will_bring_and_others_do_not(
    cast: Cast, now: datetime, sign_in: SignIn
) -> None:
    listing = a_listing(cast, now)
    seller = sign_in(cast.university_agent)

    def outlook() -> Any:
        return seller.get(listing.get_absolute_url()).context["page"].outlook

    assert (outlook().outcome, outlook().next_extension, outlook().limit) == ("extend", 1, 6)
    assert outlook().extended_to.day > listing.notices.get().ends_on
    an_intent(cast, listing, now - timedelta(days=1))
    assert (outlook().outcome, outlook().undecided) == ("extend", 1)
    an_intent(cast, listing, now - timedelta(days=1), buyer=cast.rival_agent, qualified=True)
    assert outlook().outcome == "conclude"
    an_intent(cast, listing, now - timedelta(days=1), buyer=cast.outsider, qualified=True)
    assert (outlook().outcome, outlook().qualified) == ("open_bidding", 2)
    for person in (cast.enterprise_agent, cast.registrar):
        assert sign_in(person).get(listing.get_absolute_url()).context["page"].outlook is None


def test_a_buyer_registers_an_intent_and_the_seller_decides(cast: Cast, now: datetime, sign_in: SignIn) -> None:
    listing = a_listing(cast, now)
    buyer = sign_in(cast.enterprise_agent)
    address = reverse("listings:register_intent", args=[listing.number])
    data = {"capacity": "两条生产线", "finance": "资金已落实", "offered_price": "125万", "accepts_terms": "on"}
    below = buyer.post(address, data | {"offered_price": "119万", "documents": an_upload("执照.pdf")})
    assert below.status_code == 422
    assert below.context["form"].errors["offered_price"]
    assert "执照.pdf" in below.content.decode()
    assert buyer.post(address, data).status_code == 302
    assert buyer.post(address, data).status_code == 409
    intent = Intent.objects.get()
    seller = sign_in(cast.university_agent)
    assert seller.post(reverse("listings:reject_intent", args=[intent.key]), {"reason": ""}).status_code == 422
    assert buyer.post(reverse("listings:qualify_intent", args=[intent.key])).status_code == 403
    assert sign_in(cast.rival_agent).get(intent.get_absolute_url()).status_code == 404
    assert seller.post(reverse("listings:qualify_intent", args=[intent.key])).status_code == 422
    pay_deposit(cast, intent.subject, now)
    assert seller.post(reverse("listings:qualify_intent", args=[intent.key])).status_code == 302
    assert buyer.post(reverse("listings:withdraw_intent", args=[intent.key])).status_code == 302


def test_a_buyer_confirms_the_intent_for_the_changed_listing(cast: Cast, now: datetime, sign_in: SignIn) -> None:
    intent = an_intent(cast, a_listing(cast, now), now, qualified=True)
    seller, buyer = sign_in(cast.university_agent), sign_in(cast.enterprise_agent)
    lowered = seller.post(reverse("listings:change_price", args=[intent.listing.number]), {"price": "115万", "approval": ""})
    assert lowered.status_code == 302
    address = reverse("listings:confirm_intent", args=[intent.key])
    assert address in buyer.get(intent.get_absolute_url()).content.decode()
    assert address not in seller.get(intent.get_absolute_url()).content.decode()
    assert "1,150,000" in buyer.get(address).content.decode()
    unread = buyer.post(address, {"offered_price": "116万"})
    assert unread.status_code == 422
    assert 'value="116万"' in unread.content.decode()
    assert buyer.post(address, {"offered_price": "114万", "accepts_terms": "on"}).status_code == 422
    assert seller.post(address, {"offered_price": "116万", "accepts_terms": "on"}).status_code == 403
    assert buyer.post(address, {"offered_price": "116万", "accepts_terms": "on"}).status_code == 302
    intent.refresh_from_db()
    assert (intent.state, intent.offered_price) == ("qualified", Money.yuan("1160000"))
    assert buyer.post(address, {"offered_price": "116万", "accepts_terms": "on"}).status_code == 409


def test_an_objection_is_raised_commented_and_answered_each_by_its_own_person(cast: Cast, now: datetime, sign_in: SignIn) -> None:
    listing = a_listing(cast, now)
    objector, seller, supervisor = (sign_in(who) for who in (cast.rival_agent, cast.university_agent, cast.supervisor))
    raised = objector.post(reverse("listings:raise_objection", args=[listing.number]), {"statement": "权属不清"})
    key = raised["Location"].rstrip("/").rsplit("/", 1)[-1]
    answer = reverse("listings:answer_objection", args=[key])
    assert seller.post(reverse("listings:comment_objection", args=[key]), {"seller_statement": "权属清楚"}).status_code == 302
    assert seller.post(answer, {"answer": "不成立", "outcome": "dismiss"}).status_code == 403
    assert supervisor.post(answer, {"answer": "不成立"}).status_code == 422
    assert supervisor.post(answer, {"answer": "不成立", "outcome": "dismiss"}).status_code == 302
    assert supervisor.post(answer, {"answer": "又答", "outcome": "uphold"}).status_code == 409
    listing.refresh_from_db()
    assert listing.state == "on_notice"


def test_the_objector_is_named_to_officials_and_to_themselves_only(cast: Cast, now: datetime, sign_in: SignIn) -> None:
    """On the pages of the objection, the listing and the deal, whose timelines tell of the notice's stop."""
    listing = a_listing(cast, now)
    an_intent(cast, listing, now, qualified=True)
    objector = a_member("objector@a.example", cast.outside, Role.AGENT, name="异议人甲")
    objection = raise_objection(listing, statement="权属不清", actor=objector.actor, now=now + timedelta(days=3))
    withdraw_objection(objection, actor=objector.actor, now=now + timedelta(days=4))
    notice = listing.notices.get()
    assert notice.ends_at is not None
    close_due_notice(notice, now=notice.ends_at)
    deal = Deal.objects.get(listing=listing)

    def names_on(address: str, reader: Client) -> set[str]:
        text = reader.get(address).content.decode().split("<main", 1)[1]
        return {name for name in ("异议人甲", cast.outside.name) if name in text}

    seller, buyer, supervisor, self = (
        sign_in(who) for who in (cast.university_agent, cast.enterprise_agent, cast.supervisor, objector)
    )
    public = listing.get_absolute_url()
    for reader in (Client(), buyer, seller):
        assert names_on(public, reader) == set()
    assert names_on(public, supervisor) == names_on(public, self) == {cast.outside.name}
    for party in (buyer, seller):
        assert "异议" in party.get(deal.get_absolute_url()).content.decode()
        assert names_on(deal.get_absolute_url(), party) == set()
    assert names_on(deal.get_absolute_url(), supervisor) == {"异议人甲", cast.outside.name}
    assert names_on(objection.get_absolute_url(), seller) == set()
    assert names_on(objection.get_absolute_url(), supervisor) == names_on(objection.get_absolute_url(), self) != set()


def test_a_seller_is_not_offered_an_objection_against_its_own_notice(cast: Cast, now: datetime, sign_in: SignIn) -> None:
    listing = a_listing(cast, now)
    address = reverse("listings:raise_objection", args=[listing.number])
    seller = sign_in(cast.university_agent)
    assert address not in seller.get(listing.get_absolute_url()).content.decode()
    assert address in sign_in(cast.rival_agent).get(listing.get_absolute_url()).content.decode()
    asked, sent = seller.get(address), seller.post(address, {"statement": "价格太低"})
    assert asked.status_code == sent.status_code == 403
    assert sentence(Refusal("listings.objection_to_own_listing")) in sent.content.decode()
    listing.refresh_from_db()
    assert listing.state == "on_notice"
    assert not listing.notices.get().objections.exists()


def test_a_large_step_down_asks_for_the_approval_and_shows_it_afterwards(cast: Cast, now: datetime, sign_in: SignIn) -> None:
    listing = a_listing(cast, now)
    client = sign_in(cast.university_agent)
    address = reverse("listings:change_price", args=[listing.number])
    refused = client.post(address, {"price": "100万"})
    assert refused.status_code == 422
    assert refused.context["form"].errors["approval"]
    assert 'value="100万"' in refused.content.decode()
    assert client.post(address, {"price": "100万", "approval": "校务会议纪要第3号"}).status_code == 302
    assert "校务会议纪要第3号" in Client().get(listing.get_absolute_url()).content.decode()


def test_long_lists_come_in_pages_and_ask_the_database_no_more_often(cast: Cast, now: datetime, sign_in: SignIn) -> None:
    client = sign_in(cast.university_agent)
    addresses = [
        reverse(f"listings:{name}") for name in ("my_achievements", "my_listings", "my_intents", "objections", "my_deals")
    ]

    def queries() -> list[int]:
        counts = []
        for address in addresses:
            with CaptureQueriesContext(connection) as captured:
                assert client.get(address).status_code == 200
            counts.append(len(captured))
        return counts

    listing = a_listing(cast, now)
    an_intent(cast, listing, now - timedelta(days=1))
    raise_objection(listing, statement="其一", actor=cast.rival_agent.actor, now=timezone.now())
    # The first visit also writes what is written once for each session.
    queries()
    few = queries()
    for person in (cast.rival_agent, cast.outsider):
        other = a_listing(cast, now)
        register_intent(other, some_intent_terms(), buyer=person.organisation, actor=person.actor, now=timezone.now())
        raise_objection(other, statement="其二", actor=cast.enterprise_agent.actor, now=timezone.now())
    assert queries() == few
    for number in range(60):
        an_achievement(cast, now, registered=False, title=f"成果{number}", patents=())
    page = client.get(reverse("listings:my_achievements"), {"state": "draft"})
    assert len(page.context["achievements"]) == 50
    assert len(client.get(reverse("listings:my_achievements"), {"state": "draft", "p": "2"}).context["achievements"]) == 10


def test_ones_own_pages_ask_to_sign_in_first(cast: Cast, now: datetime) -> None:
    demand = a_demand(cast, now)
    for name in ("my_achievements", "my_listings", "my_intents", "objections", "my_deals", "import_achievements"):
        assert Client().get(reverse(f"listings:{name}")).status_code == 302
    assert Client().get(reverse("demands:my_demands")).status_code == 302
    assert Client().get(demand.get_absolute_url()).status_code == 200
