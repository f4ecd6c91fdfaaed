"""A buyer who does not sign is in default after a warning, unless somebody says what stands in the way; the next bidder may take it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from listings.actions.deals import declare_default, fail_deal, note_overdue_deal, sign_deal, state_obstacle
from listings.actions.next_offers import (
    accept_next_offer,
    conclude_next_offer,
    decline_next_offer,
    lapse_next_offer,
    make_next_offer,
)
from listings.models.deals import Deal, NextOffer
from listings.rules.deals import is_in_default, lapses, may_answer_offer
from listings.tasks import watch_deals
from market.accounts.models import Organisation
from market.events.actions import advance, skip_history
from market.events.models import Event
from market.events.registry import READERS
from market.letters.models import Letter
from market.payments.models.deposits import Deposit
from market.payments.queries.ledger import balance, ledger_flaws
from market.payments.rules.ledger import AccountKey
from market.values.actor import CLOCK
from market.values.machine import IllegalMove
from market.values.money import ZERO, Money
from market.values.refusal import Forbidden, OutOfTurn, Refused
from tests.listings.builders import a_deal, a_next_offer
from tests.payments.builders import AMOUNT, pay_deposit, refund_deposit_of
from tests.people import Cast, Member

type SignIn = Callable[[Member], Client]


def noon(deal: Deal, **later: float) -> datetime:
    """So long after noon of the day by which the contract is due."""
    return datetime.combine(deal.contract_due_on, time(4), UTC) + timedelta(**later)


def of(offer: NextOffer, **later: float) -> datetime:
    """So long after noon of the day by which the offer is to be answered."""
    return datetime.combine(offer.due_on, time(4), UTC) + timedelta(**later)


def an_overdue_deal(cast: Cast, now: datetime) -> Deal:
    deal = a_deal(cast, now)
    note_overdue_deal(deal, now=noon(deal, days=1))
    deal.refresh_from_db()
    return deal


def deposits_of(organisation: Organisation) -> list[str]:
    return list(Deposit.objects.filter(payer=organisation).order_by("pk").values_list("state", flat=True))


def events() -> list[str]:
    return list(Event.objects.order_by("pk").values_list("name", flat=True))


# --- The rules


def test_nobody_is_in_default_before_the_warning_is_over_or_with_an_obstacle() -> None:
    day = datetime(2026, 5, 8, tzinfo=UTC).date()
    assert is_in_default(today=day + timedelta(days=1), default_after=day, has_obstacle=False)
    assert not is_in_default(today=day, default_after=day, has_obstacle=False)
    assert not is_in_default(today=day + timedelta(days=1), default_after=day, has_obstacle=True)
    assert not is_in_default(today=day, default_after=None, has_obstacle=False)


def test_an_offer_is_answered_until_its_day_and_waits_for_the_deposit_of_before() -> None:
    day = datetime(2026, 5, 8, tzinfo=UTC).date()
    after = day + timedelta(days=1)
    assert may_answer_offer(today=day, due_on=day, is_deposit_due_back=False) == []
    codes = [refusal.code for refusal in may_answer_offer(today=after, due_on=day, is_deposit_due_back=False)]
    assert codes == ["listings.next_offer_is_over"]
    codes = [refusal.code for refusal in may_answer_offer(today=day, due_on=day, is_deposit_due_back=True)]
    assert codes == ["listings.deposit_on_its_way_back"]
    assert lapses(today=after, due_on=day, is_deposit_due_back=False)
    assert not lapses(today=day, due_on=day, is_deposit_due_back=False)
    assert not lapses(today=after, due_on=day, is_deposit_due_back=True)


# --- The warning, and the default


def test_the_worker_warns_when_the_day_has_passed_and_only_once(cast: Cast, now: datetime) -> None:
    deal = a_deal(cast, now)
    watch_deals(noon(deal))
    assert "deal.overdue" not in events()
    for days in (1, 2):
        watch_deals(noon(deal, days=days))
    deal.refresh_from_db()
    assert deal.default_after == deal.contract_due_on + timedelta(days=8)
    assert (deal.state, events().count("deal.overdue")) == ("concluded", 1)


def test_nobody_is_warned_by_a_provisional_day(cast: Cast, now: datetime) -> None:
    deal = a_deal(cast, now)
    Deal.objects.filter(pk=deal.pk).update(is_due_provisional=True)
    watch_deals(noon(deal, days=30))
    note_overdue_deal(deal, now=noon(deal, days=30))
    assert "deal.overdue" not in events()


def test_who_neither_signs_nor_says_why_is_in_default_and_forfeits(cast: Cast, now: datetime) -> None:
    deal = an_overdue_deal(cast, now)
    watch_deals(noon(deal, days=8))
    deal.refresh_from_db()
    assert (deal.state, deposits_of(cast.enterprise)) == ("concluded", ["held"])
    for days in (9, 10):
        watch_deals(noon(deal, days=days))
    deal.refresh_from_db()
    deal.intent.refresh_from_db()
    assert (deal.state, deal.intent.state, deposits_of(cast.enterprise)) == ("failed", "failed", ["forfeited"])
    assert deal.contract_due_on.isoformat() in deal.reason
    failed = Event.objects.get(name="deal.failed")
    assert (failed.channel, failed.payload["is_buyers_default"]) == (CLOCK.channel.value, True)
    assert balance(AccountKey("payable_to_seller", cast.university.pk)) == Money.yuan("60000")
    assert ledger_flaws() == []


def test_a_contract_signed_after_the_warning_counts(cast: Cast, now: datetime) -> None:
    deal = an_overdue_deal(cast, now)
    sign_deal(deal, actor=cast.university_agent.actor, now=noon(deal, days=3))
    declare_default(deal, now=noon(deal, days=30))
    deal.refresh_from_db()
    assert (deal.state, deposits_of(cast.enterprise)) == ("contracted", ["carried"])


@pytest.mark.parametrize("who", ["university_agent", "enterprise_agent"])
def test_an_obstacle_leaves_it_to_a_supervisor(cast: Cast, now: datetime, who: str) -> None:
    deal = an_overdue_deal(cast, now)
    party = getattr(cast, who)
    stated = state_obstacle(deal, obstacle=" 专利年费未缴。 ", actor=party.actor, now=noon(deal, days=2))
    assert (stated.obstacle, stated.obstacle_by) == ("专利年费未缴。", party.organisation)
    watch_deals(noon(deal, days=100))
    declare_default(deal, now=noon(deal, days=100))
    deal.refresh_from_db()
    assert (deal.state, deposits_of(cast.enterprise)) == ("concluded", ["held"])
    fail_deal(deal, reason="转让方未缴年费", actor=cast.supervisor.actor, now=noon(deal, days=100))
    assert deposits_of(cast.enterprise) == ["due_back"]


def test_only_a_party_states_an_obstacle_with_words_while_the_contract_is_open(cast: Cast, now: datetime) -> None:
    deal, when = an_overdue_deal(cast, now), now + timedelta(days=90)
    before = events()
    with pytest.raises(Forbidden):
        state_obstacle(deal, obstacle="有争议", actor=cast.rival_agent.actor, now=when)
    with pytest.raises(Refused) as refused:
        state_obstacle(deal, obstacle=" ", actor=cast.enterprise_agent.actor, now=when)
    assert refused.value.refusals[0].code == "listings.reason_missing"
    assert events() == before
    sign_deal(deal, actor=cast.university_agent.actor, now=when)
    with pytest.raises(IllegalMove):
        state_obstacle(deal, obstacle="有争议", actor=cast.enterprise_agent.actor, now=when)


# --- The offer to the next bidder


def test_without_a_deposit_the_deal_is_concluded_when_the_next_bidder_accepts(cast: Cast, now: datetime) -> None:
    offer = a_next_offer(cast, now, deposit=ZERO)
    accept_next_offer(offer, actor=cast.rival_agent.actor, now=of(offer))
    deal = Deal.objects.get(intent=offer.intent)
    assert (deal.state, deal.buyer, deal.price, deal.listing) == ("concluded", cast.rival, offer.price, offer.deal.listing)
    assert deal.contract_due_on > offer.due_on
    offer.intent.refresh_from_db()
    assert offer.intent.state == "won"


def test_with_a_deposit_it_is_concluded_when_the_deposit_is_there_anew(cast: Cast, now: datetime) -> None:
    skip_history(READERS["listings.next_offers"])
    offer = a_next_offer(cast, now, state="accepted")
    assert deposits_of(cast.rival) == ["refunded", "requested"]
    conclude_next_offer(offer, now=of(offer))
    assert Deal.objects.count() == 1
    pay_deposit(cast, offer.intent.subject, of(offer))
    while advance(READERS["listings.next_offers"], now=of(offer)):
        pass
    offer.refresh_from_db()
    assert (offer.state, deposits_of(cast.rival)) == ("taken", ["refunded", "held"])
    assert Deal.objects.get(intent=offer.intent).price == Money.yuan("1390000")
    sign_deal(Deal.objects.get(intent=offer.intent), actor=cast.rival_agent.actor, now=of(offer))
    assert balance(AccountKey("escrow", cast.rival.pk)) == AMOUNT
    assert ledger_flaws() == []


def test_accepting_gives_time_of_its_own_for_the_deposit(cast: Cast, now: datetime) -> None:
    offer = a_next_offer(cast, now)
    answered_by = offer.due_on
    accept_next_offer(offer, actor=cast.rival_agent.actor, now=of(offer))
    offer.refresh_from_db()
    assert offer.due_on == answered_by + timedelta(days=7)


def test_an_offer_that_nobody_takes_lapses_and_the_deposit_is_no_longer_asked_for(cast: Cast, now: datetime) -> None:
    offer = a_next_offer(cast, now, state="accepted")
    watch_deals(of(offer))
    assert NextOffer.objects.get().state == "accepted"
    for days in (1, 2):
        watch_deals(of(offer, days=days))
    offer.intent.refresh_from_db()
    assert (NextOffer.objects.get().state, offer.intent.state) == ("lapsed", "lost")
    assert deposits_of(cast.rival) == ["refunded", "cancelled"]
    assert events().count("next_offer.lapsed") == 1


def test_a_deposit_that_came_at_the_last_moment_counts(cast: Cast, now: datetime) -> None:
    offer = a_next_offer(cast, now, state="accepted")
    pay_deposit(cast, offer.intent.subject, of(offer))
    lapse_next_offer(offer, now=of(offer, days=1))
    assert (NextOffer.objects.get().state, Deal.objects.count()) == ("taken", 2)


def test_too_late_is_too_late(cast: Cast, now: datetime) -> None:
    offer = a_next_offer(cast, now)
    before = events()
    with pytest.raises(OutOfTurn) as refused:
        accept_next_offer(offer, actor=cast.rival_agent.actor, now=of(offer, days=1))
    assert refused.value.refusals[0].code == "listings.next_offer_is_over"
    assert (NextOffer.objects.get().state, events()) == ("made", before)


def test_while_the_deposit_of_before_is_on_its_way_back_the_offer_stays_open(cast: Cast, now: datetime) -> None:
    offer = a_next_offer(cast, now, refunded=False)
    before = events()
    with pytest.raises(OutOfTurn) as refused:
        accept_next_offer(offer, actor=cast.rival_agent.actor, now=of(offer))
    assert refused.value.refusals[0].code == "listings.deposit_on_its_way_back"
    lapse_next_offer(offer, now=of(offer, days=30))
    assert (NextOffer.objects.get().state, events()) == ("made", before)
    refund_deposit_of(cast, offer.intent.subject, of(offer))
    assert accept_next_offer(offer, actor=cast.rival_agent.actor, now=of(offer)).state == "accepted"


@pytest.mark.parametrize("answer", [accept_next_offer, decline_next_offer])
def test_only_the_bidder_answers_and_nobody_who_is_barred(cast: Cast, now: datetime, answer: Callable[..., NextOffer]) -> None:
    offer = a_next_offer(cast, now)
    for member in (cast.university_agent, cast.enterprise_agent, cast.supervisor):
        with pytest.raises(Forbidden):
            answer(offer, actor=member.actor, now=of(offer))
    assert NextOffer.objects.get().state == "made"
    Organisation.objects.filter(pk=cast.rival.pk).update(state="suspended")
    with pytest.raises(Forbidden):
        accept_next_offer(offer, actor=cast.rival_agent.actor, now=of(offer))
    assert decline_next_offer(offer, actor=cast.rival_agent.actor, now=of(offer)).state == "declined"
    with pytest.raises(IllegalMove):
        answer(offer, actor=cast.rival_agent.actor, now=of(offer))


def test_a_failed_deal_has_one_open_offer(cast: Cast, now: datetime) -> None:
    offer = a_next_offer(cast, now)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_next_offer(offer.deal, offer.deal.intent, offer.price, now=now)


# --- Letters and pages


def test_both_parties_and_the_next_bidder_are_told(cast: Cast, now: datetime) -> None:
    skip_history(READERS["letters"])
    deal = an_overdue_deal(cast, now)
    state_obstacle(deal, obstacle="年费未缴", actor=cast.enterprise_agent.actor, now=noon(deal, days=2))
    offer = decline_next_offer(a_next_offer(cast, now), actor=cast.rival_agent.actor, now=now)
    while advance(READERS["letters"], now=of(offer)):
        pass
    names = dict(Event.objects.values_list("pk", "name"))
    told = {(names[letter.event], letter.person.email) for letter in Letter.objects.select_related("person")}
    for member in (cast.university_agent, cast.enterprise_agent, cast.supervisor):
        assert ("deal.overdue", member.person.email) in told
    for member in (cast.university_agent, cast.supervisor):
        assert ("deal.obstacle_stated", member.person.email) in told
    assert ("next_offer.made", cast.rival_agent.person.email) in told
    assert ("next_offer.made", cast.university_agent.person.email) in told
    assert ("next_offer.declined", cast.university_agent.person.email) in told


def test_the_deals_page_warns_and_takes_the_obstacle(cast: Cast, now: datetime, sign_in: SignIn) -> None:
    deal = an_overdue_deal(cast, now)
    client, address = sign_in(cast.enterprise_agent), deal.get_absolute_url()
    assert "技术合同逾期未签" in client.get(address).content.decode()
    assert client.get(f"{address}obstacle/").status_code == 200
    assert client.post(f"{address}obstacle/", {"obstacle": "年费未缴"}).status_code == 302
    assert "年费未缴" in sign_in(cast.university_agent).get(address).content.decode()
    bench = sign_in(cast.supervisor).get("/organisations/").content.decode()
    assert "1 项成交有签约障碍待处理" in bench


def test_the_next_bidder_finds_the_offer_and_takes_it(cast: Cast, now: datetime, sign_in: SignIn) -> None:
    offer = a_next_offer(cast, now)
    NextOffer.objects.update(due_on=datetime.now(UTC).date() + timedelta(days=3))
    client, address = sign_in(cast.rival_agent), offer.get_absolute_url()
    assert "1 项递补征询待答复" in client.get("/organisations/").content.decode()
    assert address in client.get(offer.intent.get_absolute_url()).content.decode()
    page = client.get(address).content.decode()
    assert f"{address}accept/" in page
    assert "1,390,000" in page
    assert client.post(f"{address}accept/").status_code == 302
    assert "待交保证金" in client.get(address).content.decode()
    assert f"{address}accept/" not in sign_in(cast.university_agent).get(address).content.decode()
    assert address in sign_in(cast.university_agent).get(offer.deal.get_absolute_url()).content.decode()
    assert sign_in(cast.enterprise_agent).get(address).status_code == 404
