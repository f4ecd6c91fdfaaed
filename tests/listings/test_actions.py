"""One deal from achievement to conclusion, and every turn it may take."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from listings.actions.achievements import (
    change_achievement,
    register_achievement,
    return_achievement,
    revoke_achievement,
    submit_achievement,
)
from listings.actions.deals import close_due_notice, conclude_bidding, fail_deal, sign_deal
from listings.actions.intents import confirm_intent, qualify_intent, reject_intent, withdraw_intent
from listings.actions.listings import change_price, publish_listing, withdraw_listing
from listings.actions.objections import comment_objection, dismiss_objection, raise_objection, uphold_objection
from listings.models.deals import Deal
from listings.models.listings import Listing
from listings.rules.achievements import InventorFacts
from listings.tasks import close_due_notices
from market.events.models import Event
from market.events.queries import broken_links, timeline
from market.values.machine import IllegalMove
from market.values.money import Money
from market.values.refusal import Forbidden, OutOfTurn, Refused
from tests.demands.builders import a_demand
from tests.listings.builders import a_deal, a_listing, an_achievement, an_entry, an_intent
from tests.people import Cast

pytestmark = pytest.mark.django_db


def test_registration_gives_a_certificate_number_of_the_region_and_year(cast: Cast, now: datetime) -> None:
    achievement = an_achievement(cast, now)
    assert achievement.certificate_number == "1462026Y0001"
    assert [event.name for event in timeline([achievement.subject])] == [
        "achievement.drafted",
        "achievement.submitted",
        "achievement.registered",
    ]


def test_returned_achievement_is_corrected_and_submitted_again(cast: Cast, now: datetime) -> None:
    agent = cast.university_agent.actor
    achievement = submit_achievement(an_achievement(cast, now, registered=False), actor=agent, now=now)
    return_achievement(achievement, reason="缺少查新报告", actor=cast.registrar.actor, now=now)
    change_achievement(achievement, an_entry(title="改正后的名称"), actor=agent, now=now)
    achievement = submit_achievement(achievement, actor=agent, now=now)
    assert achievement.title == "改正后的名称"
    assert achievement.state == "submitted"


def test_shares_that_do_not_make_the_whole_are_refused_and_nothing_is_written(cast: Cast, now: datetime) -> None:
    before = Event.objects.count()
    with pytest.raises(Refused) as refused:
        an_achievement(cast, now, inventors=(InventorFacts("发明人甲", Decimal("0.6")),))
    assert [refusal.code for refusal in refused.value.refusals] == ["listings.shares_not_whole"]
    assert Event.objects.count() == before


def test_nobody_registers_their_own_organisations_achievement(cast: Cast, now: datetime) -> None:
    achievement = submit_achievement(an_achievement(cast, now, registered=False), actor=cast.university_agent.actor, now=now)
    with pytest.raises(Forbidden):
        register_achievement(achievement, actor=cast.university_agent.actor, now=now)
    achievement.refresh_from_db()
    assert achievement.state == "submitted"


def test_unregistered_achievement_cannot_be_listed(cast: Cast, now: datetime) -> None:
    with pytest.raises(Refused) as refused:
        a_listing(cast, now, achievement=an_achievement(cast, now, registered=False))
    assert "listings.not_registered" in {refusal.code for refusal in refused.value.refusals}
    assert not Listing.objects.exists()


def test_revoked_achievement_cannot_be_published(cast: Cast, now: datetime) -> None:
    listing = a_listing(cast, now, on_notice=False)
    revoke_achievement(listing.achievement, reason="权属争议成立", actor=cast.registrar.actor, now=now)
    with pytest.raises(Refused):
        publish_listing(listing, actor=cast.university_agent.actor, now=now)


def test_an_achievement_is_listed_once_at_a_time(cast: Cast, now: datetime) -> None:
    first = a_listing(cast, now)
    second = a_listing(cast, now, on_notice=False, achievement=first.achievement)
    with pytest.raises(Refused) as refused:
        publish_listing(second, actor=cast.university_agent.actor, now=now)
    assert [refusal.code for refusal in refused.value.refusals] == ["listings.already_listed"]


def test_announcement_runs_twenty_working_days_over_the_may_calendar(cast: Cast, now: datetime) -> None:
    # Published on Tuesday 10 March 2026; 6 April is the Qingming holiday.
    notice = a_listing(cast, now).notices.get()
    assert notice.ends_on == date(2026, 4, 8)
    assert notice.policy_row.kind == "listing.announcement_period"


def test_negotiated_price_is_public_for_fifteen_days(cast: Cast, now: datetime) -> None:
    listing = a_listing(cast, now, route="negotiated", named_buyer_id=cast.enterprise.pk, notice_period=15, reserve_price=None)
    notice = listing.notices.get()
    assert notice.kind == "public_notice"
    assert notice.ends_on == date(2026, 3, 25)


def test_objection_stops_the_clock_and_its_answer_releases_it(cast: Cast, now: datetime) -> None:
    listing = a_listing(cast, now)
    objection = raise_objection(listing, statement="权属不清", actor=cast.rival_agent.actor, now=now + timedelta(days=3))
    listing.refresh_from_db()
    notice = listing.notices.get()
    assert listing.state == "suspended"
    assert notice.ends_at is None
    comment_objection(objection, statement="权属清楚，附证明。", actor=cast.university_agent.actor, now=now + timedelta(days=4))
    dismiss_objection(objection, answer="经核查，权属清楚。", actor=cast.supervisor.actor, now=now + timedelta(days=5))
    listing.refresh_from_db()
    notice.refresh_from_db()
    assert listing.state == "on_notice"
    # Stopped on 13 March (a Friday), released on Sunday the 15th: one working day was lost.
    assert notice.ends_on == date(2026, 4, 9)


def test_notice_goes_on_only_when_the_last_objection_is_answered(cast: Cast, now: datetime) -> None:
    listing = a_listing(cast, now)
    first = raise_objection(listing, statement="其一", actor=cast.rival_agent.actor, now=now)
    second = raise_objection(listing, statement="其二", actor=cast.outsider.actor, now=now)
    dismiss_objection(first, answer="不成立", actor=cast.supervisor.actor, now=now)
    listing.refresh_from_db()
    assert listing.state == "suspended"
    dismiss_objection(second, answer="不成立", actor=cast.supervisor.actor, now=now)
    listing.refresh_from_db()
    assert listing.state == "on_notice"


def test_upheld_objection_terminates_the_listing_and_ends_its_intents(cast: Cast, now: datetime) -> None:
    listing = a_listing(cast, now)
    intent = an_intent(cast, listing, now)
    objection = raise_objection(listing, statement="重复授权", actor=cast.rival_agent.actor, now=now + timedelta(days=2))
    uphold_objection(objection, answer="属实", actor=cast.supervisor.actor, now=now + timedelta(days=3))
    listing.refresh_from_db()
    intent.refresh_from_db()
    assert (listing.state, intent.state) == ("terminated", "lost")


def test_seller_cannot_answer_the_objection_against_itself(cast: Cast, now: datetime) -> None:
    objection = raise_objection(a_listing(cast, now), statement="权属不清", actor=cast.rival_agent.actor, now=now)
    with pytest.raises(Forbidden):
        dismiss_objection(objection, answer="不成立", actor=cast.university_agent.actor, now=now)
    objection.refresh_from_db()
    assert objection.state == "raised"


def test_one_qualified_intent_concludes_the_deal_at_the_price_offered(cast: Cast, now: datetime) -> None:
    deal = a_deal(cast, now)
    assert deal.price == Money.yuan("1250000")
    assert (deal.seller, deal.buyer) == (cast.university, cast.enterprise)
    assert deal.contract_due_on == date(2026, 4, 23)
    assert broken_links() == []


def test_two_qualified_intents_open_competitive_bidding(cast: Cast, now: datetime) -> None:
    listing = a_listing(cast, now)
    an_intent(cast, listing, now, qualified=True)
    other = an_intent(cast, listing, now, buyer=cast.rival_agent, qualified=True)
    close_due_notice(listing.notices.get(), now=now + timedelta(days=60))
    listing.refresh_from_db()
    assert listing.state == "bidding"
    deal = conclude_bidding(listing, winner=other, price=Money.yuan("1400000"), now=now + timedelta(days=61))
    assert deal is not None
    assert deal.buyer == cast.rival
    assert set(listing.intents.values_list("state", flat=True)) == {"won", "lost"}


def test_bidding_without_a_winner_lapses(cast: Cast, now: datetime) -> None:
    listing = a_listing(cast, now)
    an_intent(cast, listing, now, qualified=True)
    an_intent(cast, listing, now, buyer=cast.rival_agent, qualified=True)
    close_due_notice(listing.notices.get(), now=now + timedelta(days=60))
    assert conclude_bidding(listing, winner=None, price=None, now=now + timedelta(days=61)) is None
    listing.refresh_from_db()
    assert listing.state == "lapsed"


def test_notice_without_a_qualified_intent_is_extended_by_five_working_days(cast: Cast, now: datetime) -> None:
    listing = a_listing(cast, now)
    close_due_notice(listing.notices.get(), now=datetime(2026, 4, 8, 17, tzinfo=UTC))
    notice = listing.notices.get()
    assert notice.extensions.count() == 1
    assert notice.ends_on == date(2026, 4, 15)


def test_notice_lapses_when_the_seller_chose_so(cast: Cast, now: datetime) -> None:
    listing = a_listing(cast, now, if_no_intent="end")
    close_due_notice(listing.notices.get(), now=now + timedelta(days=60))
    listing.refresh_from_db()
    assert listing.state == "lapsed"


def test_a_sweep_that_was_away_closes_each_notice_once(cast: Cast, now: datetime) -> None:
    listing = a_listing(cast, now)
    an_intent(cast, listing, now, qualified=True)
    later = now + timedelta(days=200)
    close_due_notices(later)
    close_due_notices(later)
    assert Deal.objects.filter(listing=listing).count() == 1
    assert Event.objects.filter(name="listing.concluded").count() == 1


def test_nothing_happens_before_the_notice_is_over(cast: Cast, now: datetime) -> None:
    listing = a_listing(cast, now)
    an_intent(cast, listing, now, qualified=True)
    close_due_notices(now + timedelta(days=20))
    listing.refresh_from_db()
    assert listing.state == "on_notice"


def test_intent_after_the_end_is_refused_even_before_the_worker_closed_the_notice(cast: Cast, now: datetime) -> None:
    listing = a_listing(cast, now)
    with pytest.raises(Refused) as refused:
        an_intent(cast, listing, now + timedelta(days=60))
    assert [refusal.code for refusal in refused.value.refusals] == ["listings.notice_is_over"]


def test_second_intent_of_the_same_buyer_is_out_of_turn(cast: Cast, now: datetime) -> None:
    listing = a_listing(cast, now)
    intent = an_intent(cast, listing, now)
    with pytest.raises(OutOfTurn):
        an_intent(cast, listing, now)
    withdraw_intent(intent, actor=cast.enterprise_agent.actor, now=now + timedelta(days=1))
    assert an_intent(cast, listing, now).state == "registered"


def test_rejected_intent_says_why(cast: Cast, now: datetime) -> None:
    intent = an_intent(cast, a_listing(cast, now), now)
    with pytest.raises(Refused):
        reject_intent(intent, reason=" ", actor=cast.university_agent.actor, now=now)
    rejected = reject_intent(intent, reason="不具备实施条件", actor=cast.university_agent.actor, now=now)
    assert rejected.reason == "不具备实施条件"


def test_lower_price_begins_a_new_notice(cast: Cast, now: datetime) -> None:
    listing = a_listing(cast, now)
    later = now + timedelta(days=7)
    listing = change_price(listing, Money.yuan("1100000"), approval="", actor=cast.university_agent.actor, now=later)
    assert listing.notices.count() == 2
    assert listing.notices.get(closed_at__isnull=True).opened_on == date(2026, 3, 17)


def test_price_more_than_a_tenth_lower_needs_approval_counted_from_the_first_price(cast: Cast, now: datetime) -> None:
    listing = a_listing(cast, now)
    agent = cast.university_agent.actor
    change_price(listing, Money.yuan("1100000"), approval="", actor=agent, now=now)
    with pytest.raises(Refused) as refused:
        change_price(listing, Money.yuan("1079999.99"), approval="", actor=agent, now=now)
    assert [refusal.code for refusal in refused.value.refusals] == ["listings.approval_missing"]
    assert (
        change_price(listing, Money.yuan("1079999.99"), approval="校务会议纪要第3号，2026-03-09", actor=agent, now=now).price_fen
        == 107999999
    )


def test_a_changed_listing_voids_intents_until_each_buyer_confirms_again(cast: Cast, now: datetime) -> None:
    listing = a_listing(cast, now)
    qualified = an_intent(cast, listing, now, qualified=True)
    registered = an_intent(cast, listing, now, buyer=cast.rival_agent)
    silent = an_intent(cast, listing, now, buyer=cast.outsider, qualified=True)
    later, lower = now + timedelta(days=3), Money.yuan("1150000")
    listing = change_price(listing, lower, approval="", actor=cast.university_agent.actor, now=later)
    assert set(listing.intents.values_list("state", flat=True)) == {"unconfirmed"}
    assert Event.objects.filter(name="intent.voided").count() == 3
    with pytest.raises(OutOfTurn):
        qualify_intent(registered, actor=cast.university_agent.actor, now=later)
    with pytest.raises(Refused) as refused:
        confirm_intent(qualified, lower - Money.yuan("1"), actor=cast.enterprise_agent.actor, now=later)
    assert refused.value.refusals[0].code == "listings.offer_below_price"
    with pytest.raises(Forbidden):
        confirm_intent(qualified, lower, actor=cast.university_agent.actor, now=later)
    assert confirm_intent(qualified, lower, actor=cast.enterprise_agent.actor, now=later).state == "qualified"
    assert confirm_intent(registered, lower, actor=cast.rival_agent.actor, now=later).state == "registered"
    # Whoever does not confirm takes no part: with one qualified intent left, its buyer has the deal.
    notice = listing.notices.get(closed_at__isnull=True)
    assert notice.ends_at is not None
    assert close_due_notice(notice, now=notice.ends_at) == "concluded"
    silent.refresh_from_db()
    assert silent.state == "lost"
    assert Deal.objects.get().price == lower
    with pytest.raises(OutOfTurn):
        confirm_intent(silent, lower, actor=cast.outsider.actor, now=notice.ends_at)


def test_unconfirmed_intents_do_not_bid(cast: Cast, now: datetime) -> None:
    listing = a_listing(cast, now)
    buyers = (cast.enterprise_agent, cast.rival_agent, cast.outsider)
    intents = [an_intent(cast, listing, now, buyer=buyer, qualified=True) for buyer in buyers]
    later, lower = now + timedelta(days=3), Money.yuan("1150000")
    listing = change_price(listing, lower, approval="", actor=cast.university_agent.actor, now=later)
    for intent, buyer in list(zip(intents, buyers, strict=True))[:2]:
        confirm_intent(intent, lower, actor=buyer.actor, now=later)
    notice = listing.notices.get(closed_at__isnull=True)
    assert notice.ends_at is not None
    assert close_due_notice(notice, now=notice.ends_at) == "bidding"
    # The unconfirmed one is not among the bidders, whom `announce_auction` takes from the qualified.
    assert list(listing.intents.values_list("state", flat=True)) == ["qualified", "qualified", "lost"]


def test_withdrawn_listing_is_final(cast: Cast, now: datetime) -> None:
    listing = a_listing(cast, now)
    agent = cast.university_agent.actor
    withdraw_listing(listing, reason="自行实施", actor=agent, now=now)
    with pytest.raises(IllegalMove):
        withdraw_listing(listing, reason="自行实施", actor=agent, now=now)


def test_deal_is_signed_once(cast: Cast, now: datetime) -> None:
    deal = a_deal(cast, now)
    sign_deal(deal, actor=cast.enterprise_agent.actor, now=now)
    with pytest.raises(IllegalMove):
        sign_deal(deal, actor=cast.university_agent.actor, now=now)


def test_deal_fails_by_a_supervisor_only(cast: Cast, now: datetime) -> None:
    deal = a_deal(cast, now)
    with pytest.raises(Forbidden):
        fail_deal(deal, reason="未签约", actor=cast.enterprise_agent.actor, now=now)
    assert fail_deal(deal, reason="未签约", actor=cast.supervisor.actor, now=now).state == "failed"


def test_demand_is_public_under_a_number(cast: Cast, now: datetime) -> None:
    assert a_demand(cast, now).number == "N2026-00001"
