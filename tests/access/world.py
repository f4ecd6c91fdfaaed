"""One world with an object of every kind in every state that a route asks for, built through the actions."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from django.test import override_settings

from brokers.actions.brokers import apply_as_broker
from brokers.actions.introductions import object_to_introduction
from brokers.board.states import LeadEvent
from brokers.credit.actions.appeals import ask_for_repair, file_appeal, grant_repair, uphold_appeal
from brokers.credit.actions.reviews import reply_to_review
from brokers.credit.models import Appeal, Record, Repair
from brokers.evaluation.actions import answer_comment, comment_on_result
from brokers.evaluation.models import Evaluation
from brokers.rooms.actions.parties import decline_invitation
from brokers.rooms.actions.rooms import close_room
from brokers.rooms.actions.talk import say
from contracts.actions.appeals import appeal_refusal
from contracts.actions.decisions import propose_decision, refuse_application, return_application
from contracts.actions.experts import ask_expert
from contracts.actions.registrations import enter_change, revoke_registration
from contracts.models import Application, Flag, TechnologyContract
from contracts.relief.actions import flag_recovery
from contracts.relief.rulebook import book
from contracts.settlement.actions.books import enter_cost, remove_cost
from contracts.settlement.actions.disputes import decide_dispute, open_dispute
from contracts.settlement.actions.plans import Plan
from contracts.settlement.actions.royalties import accept_report, object_to_report, report_royalty
from contracts.settlement.models.settlements import Settlement
from contracts.settlement.rules.escrow import Outcome
from contracts.settlement.rules.plans import RoyaltyTerms
from listings.actions.achievements import submit_achievement
from listings.actions.listings import change_price
from listings.actions.next_offers import decline_next_offer
from listings.actions.objections import dismiss_objection, raise_objection
from listings.auctions.actions.auctions import annul_auction, close_auction, pause_auction
from listings.auctions.actions.bids import place_bid
from listings.auctions.actions.falling import stop_clock
from listings.auctions.actions.keys import make_lot_key
from listings.auctions.actions.signals import find_signals
from listings.auctions.clock import database_now
from listings.auctions.models.auctions import Auction
from listings.auctions.models.signals import Signal
from listings.models.deals import NextOffer
from market.accounts.actions import submit_verification
from market.accounts.models import OrganisationKind
from market.accounts.states import OrganisationState
from market.documents.models import Document
from market.payments.actions.deposits import offer_guarantee, refund_deposit
from market.payments.actions.payouts import confirm_payout
from market.payments.actions.recoveries import approve_write_off, propose_write_off
from market.payments.actions.statements import confirm_line, confirm_sent_back, import_statement, send_line_back
from market.payments.actions.stripe.checkouts import begin_checkout
from market.payments.actions.stripe.facts import apply_facts
from market.payments.actions.stripe.refunds import retry_refund
from market.payments.models.ledger import Account
from market.payments.models.payouts import Payout
from market.payments.models.stripe import CardRefund, Checkout, Dispute
from market.payments.rules.stripe import DisputeFacts
from market.policy.actions import PolicyTerms, propose_policy_row, reject_policy_row
from market.values.actor import Role
from market.values.money import ZERO, Money
from search.actions import Wish, save_search
from tests.access.demands import demands_of
from tests.auctions.builders import (
    PUBLIC_KEY,
    START,
    STEP,
    a_falling_lot,
    a_listing_in_bidding,
    a_lot,
    a_sealed_lot,
    an_auction,
    at,
    sealed_terms,
)
from tests.board.builders import a_lead
from tests.brokers.builders import a_broker, a_disputed_engagement, an_engagement, an_entry, an_introduction
from tests.cards.builders import a_recovery, by_hand, said_of
from tests.contracts.builders import a_change, a_contract, a_registration, an_application, answer_flags, hear_expert
from tests.contracts.sheets import a_sheet, a_submitted_sheet
from tests.credit.builders import a_brokered_deal, a_record, a_review
from tests.documents_made import a_document
from tests.evaluation.builders import an_evaluation, own_result
from tests.listings.builders import ABSTRACT, a_deal, a_listing, a_next_offer, an_achievement, an_intent
from tests.payments.builders import a_deposit, a_statement, market_finance, pay_deposit
from tests.people import Cast, Member, a_member, an_organisation
from tests.relief.builders import a_claim, a_filed_claim, a_granted_claim
from tests.rooms.builders import a_counterparty, a_full_room, a_meeting, a_paper, a_room, a_task, circle_of
from tests.settlement.builders import (
    a_delivered_settlement,
    a_paid_settlement,
    a_proposed_plan,
    a_settlement,
    an_agreed_plan,
)

# The day on which the requests are made, and the one on which everything that takes its time began.
TODAY = datetime(2026, 6, 10, 2, 0, tzinfo=UTC)
BEGINNING = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)

type Values = dict[str, object]


class World:
    """The cast, and the objects by name: `values("draft_listing")` are the holes of an address filled with that object.

    `canary` stands in everything that only those concerned may see.
    """

    def __init__(self, name: str = "a", number: int = 0) -> None:
        self.name = name
        self.canary = f"canary-{name}-secret"
        self.cast = Cast(name, number)
        self._objects: dict[str, Values] = {}
        self._people(number)
        self._accounts(number)
        self._achievements()
        self._listings()
        for name, values in demands_of(self.cast, BEGINNING, canary=self.canary).items():
            self._keep(name, **values)
        self._deals()
        self._recognition()
        self._brokers()
        self._relief()
        self._auctions()
        self._payments()
        self._settlements()
        self._credit()
        self._evaluations()
        self._rooms()
        self._policy()
        self._cards()
        self._searches()
        # The empty address of the site's first page.
        self._keep("home", _0="")

    def values(self, name: str) -> Values:
        """What fills the holes of an address with this object."""
        return self._objects[name]

    @property
    def names(self) -> frozenset[str]:
        return frozenset(self._objects)

    def _keep(self, name: str, **values: object) -> None:
        self._objects[name] = values

    def _people(self, number: int) -> None:
        cast = self.cast
        self.newcomer = an_organisation(
            f"Newcomer {self.name}", "enterprise", number + 60000001, state=OrganisationState.UNVERIFIED
        )
        self.other_broker = a_member(f"other-broker@{self.name}.example", cast.institution, Role.AGENT)
        self.newcomer_owner = a_member(f"newcomer@{self.name}.example", self.newcomer, Role.OWNER, Role.AGENT)

    def _document(self, member: Member, subject: str) -> Document:
        return a_document(member.actor, f"{self.canary}-{subject}.pdf")

    def _accounts(self, number: int) -> None:
        cast = self.cast
        evidence = a_document(self.newcomer_owner.actor, f"{self.canary}-licence.pdf")
        submitted = an_organisation(f"Waiting {self.name}", "enterprise", number + 60000002, state=OrganisationState.UNVERIFIED)
        owner = a_member(f"waiting@{self.name}.example", submitted, Role.OWNER, Role.AGENT)
        submit_verification(submitted, [evidence], actor=owner.actor, now=TODAY - timedelta(days=1))
        suspended = an_organisation(f"Suspended {self.name}", "enterprise", number + 60000003, state=OrganisationState.SUSPENDED)
        self._keep("organisation", key=cast.university.key)
        self._keep("new_organisation", key=self.newcomer.key)
        self._keep("submitted_organisation", key=submitted.key)
        self._keep("suspended_organisation", key=suspended.key)
        finance = cast.university_finance.person.memberships.get()
        self._keep("membership", key=cast.university.key, pk=finance.pk)
        document = a_document(cast.university_agent.actor, f"{self.canary}-evidence.pdf")
        self.university_document = document
        self._keep("document", key=document.key)
        self._keep("evidence", key=evidence.key)

    def _achievements(self) -> None:
        cast, now = self.cast, BEGINNING
        document = self.university_document
        for name, changes in {
            "draft_achievement": {"title": f"{self.canary} draft", "documents": (document,)},
            "registered_achievement": {"documents": (document,)},
        }.items():
            achievement = an_achievement(cast, now, registered=name.startswith("registered"), **changes)
            self._keep(name, key=achievement.key)
        submitted = submit_achievement(
            an_achievement(cast, now, registered=False, title=f"{self.canary} submitted"),
            actor=cast.university_agent.actor,
            now=now,
        )
        self._keep("submitted_achievement", key=submitted.key)

    def _listings(self) -> None:
        cast, now = self.cast, TODAY - timedelta(days=3)
        draft = a_listing(cast, now, on_notice=False, terms=f"{self.canary} terms of the draft")
        self._keep("draft_listing", number=draft.number)
        listing = a_listing(cast, now)
        self.listing = listing
        self._keep("listing", number=listing.number)
        text = f"{self.canary} 拥有两台低热值煤机组，具备改造场地和专业队伍。"
        decided = an_intent(cast, a_listing(cast, now), now, qualified=True, capacity=text, finance=text)
        self._keep("qualified_intent", key=decided.key)
        undecided = an_intent(cast, a_listing(cast, now), now, capacity=text, finance=text)
        pay_deposit(cast, undecided.subject, now)
        self._keep("intent", key=undecided.key)
        changed = an_intent(cast, a_listing(cast, now), now, capacity=text, finance=text)
        lowered = Money.yuan("1150000")
        change_price(changed.listing, lowered, approval="", actor=cast.university_agent.actor, now=now + timedelta(days=2))
        self._keep("unconfirmed_intent", key=changed.key)
        disputed = a_listing(cast, now)
        objection = raise_objection(
            disputed,
            statement=f"{self.canary} 该成果的权属存在争议。",
            documents=[self._document(cast.rival_agent, "objection")],
            actor=cast.rival_agent.actor,
            now=TODAY - timedelta(days=2),
        )
        self._keep("suspended_listing", number=disputed.number)
        self._keep("objection", key=objection.key)
        answered = raise_objection(
            a_listing(cast, now),
            statement=f"{self.canary} 公告中的单位名称有误。",
            actor=cast.rival_agent.actor,
            now=TODAY - timedelta(days=2),
        )
        dismiss_objection(answered, answer=f"{self.canary} 名称已核对。", actor=cast.supervisor.actor, now=TODAY)
        self._keep("answered_objection", key=answered.key)

    def _deals(self) -> None:
        cast, now = self.cast, BEGINNING
        deal = a_deal(cast, now)
        self._keep("deal", key=deal.key)
        self._keep("concluded_listing", number=deal.listing.number)
        self._keep("won_intent", key=deal.intent.key)
        contract = a_contract(cast, TODAY, agreed=False, deal=a_deal(cast, now))
        TechnologyContract.objects.filter(pk=contract.pk).update(content=f"{self.canary} {ABSTRACT}")
        contract.refresh_from_db()
        self.draft_contract = contract
        self._keep("draft_contract", key=contract.key)
        agreed = a_contract(cast, TODAY, deal=a_deal(cast, now))
        self._keep("agreed_contract", key=agreed.key)
        self._keep("contracted_deal", key=agreed.deal.key)
        asked = a_next_offer(cast, now)
        NextOffer.objects.filter(pk=asked.pk).update(due_on=TODAY + timedelta(days=3650))
        self._keep("next_offer", key=asked.key)
        declined = decline_next_offer(a_next_offer(cast, now), actor=cast.rival_agent.actor, now=TODAY)
        self._keep("declined_offer", key=declined.key)

    def _recognition(self) -> None:
        cast, now = self.cast, BEGINNING
        open_ = an_application(cast, TODAY, contract=a_contract(cast, TODAY, deal=a_deal(cast, now)))
        self._keep("application", key=open_.key)
        self._keep("contract_under_application", key=open_.contract.key)
        returned = return_application(
            an_application(cast, TODAY, contract=a_contract(cast, TODAY, deal=a_deal(cast, now))),
            reason=f"{self.canary} reason of the return",
            actor=cast.registrar.actor,
            now=TODAY,
        )
        self._keep("returned_application", key=returned.key)
        self._keep("rule_set", rule_set="MIIT-2026")
        self._keep("company", code=cast.university.social_credit_code)
        asked = an_application(cast, TODAY, contract=a_contract(cast, TODAY, deal=a_deal(cast, now)))
        given = hear_expert(cast, asked, TODAY)
        self._keep("given_opinion", key=asked.key, opinion_key=given.key)
        question = {"expert": f"{self.canary} expert"[:60], "workplace": "省能源研究会", "question": f"{self.canary} question"}
        opinion = ask_expert(asked, **question, actor=cast.registrar.actor, now=TODAY)
        self._keep("opinion", key=asked.key, opinion_key=opinion.key)
        self._experts_own()
        self._decisions()
        self._sheets()

    def _experts_own(self) -> None:
        """Somebody of another enterprise is asked as an expert."""
        contract = a_contract(self.cast, TODAY, deal=a_deal(self.cast, BEGINNING))
        asked = an_application(self.cast, TODAY, contract=contract)
        question = {"expert": f"{self.canary} expert"[:60], "workplace": "省能源研究会", "question": f"{self.canary} question"}
        email, actor = self.cast.rival_agent.person.email, self.cast.registrar.actor
        opinion = ask_expert(asked, **question, email=email, actor=actor, now=TODAY)
        self._keep("own_opinion", key=opinion.key)

    def _sheets(self) -> None:
        """Forms of contracts made outside the market: whole, submitted, and returned by the registry."""
        sheet = a_sheet(self.cast, TODAY)
        self._keep("sheet", key=sheet.key)
        self._keep("sheet_step", key=sheet.key, step="subject")
        self.sheet = sheet
        submitted, returned = a_submitted_sheet(self.cast, TODAY), a_submitted_sheet(self.cast, TODAY)
        self._keep("submitted_sheet", key=submitted.key)
        self._keep("submitted_sheet_step", key=submitted.key, step="subject")
        application = Application.objects.get(contract=returned.contract)
        return_application(application, reason=f"{self.canary} reason", actor=self.cast.registrar.actor, now=TODAY)
        self._keep("returned_sheet", key=returned.key)

    def _decisions(self) -> None:
        """Applications further on: with a sign, before a second registrar, refused, appealed against."""
        cast = self.cast

        def another() -> Application:
            contract = a_contract(cast, TODAY, deal=a_deal(cast, BEGINNING))
            application = an_application(cast, TODAY, contract=contract)
            answer_flags(cast, application, TODAY)
            return application

        flagged = another()
        flag, _ = Flag.objects.get_or_create(application=flagged, code="related", defaults={"weight": 20})
        self._keep("flag", key=flagged.key, code=flag.code)
        examined = another()
        value = Money(examined.technology_value_fen)
        Flag.objects.create(application=examined, code="money_back", weight=1, data={"title": ""}, answered_at=TODAY)
        second = cast.second_registrar.actor
        propose_decision(examined, proposal="recognise", value=value, actor=second, now=TODAY)
        self._keep("examined_application", key=examined.key)
        self._keep("late_flag", key=examined.key, code="money_back")
        for name in ("refused_application", "appealed_application"):
            refused = another()
            reason = f"{self.canary} reason of the refusal"
            refuse_application(refused, code="other", reason=reason, actor=cast.registrar.actor, now=TODAY)
            self._keep(name, key=refused.key)
        appeal_refusal(refused, grounds=f"{self.canary} grounds", actor=cast.university_agent.actor, now=TODAY)

    def _searches(self) -> None:
        wish = Wish(address="q=煤矸石", label=f"{self.canary} search", rhythm="daily")
        saved = save_search(wish, actor=self.cast.enterprise_agent.actor, now=BEGINNING)
        self._keep("saved_search", key=saved.key)

    def _brokers(self) -> None:
        cast, now = self.cast, BEGINNING
        broker = a_broker(cast, now)
        self.broker = broker
        self._keep("broker", key=broker.key)
        self._keep("institution", key=cast.institution.key)
        evidence = a_document(self.other_broker.actor, f"{self.canary}-certificate.pdf")
        waiting = apply_as_broker(
            an_entry(cast, evidence=(evidence,), certificate_number=f"{self.canary}-1"[:40]),
            institution=cast.institution,
            actor=self.other_broker.actor,
            now=TODAY,
        )
        self._keep("waiting_broker", key=waiting.key)
        proposed = an_engagement(cast, self.listing, TODAY, signed=False, scope=f"{self.canary} scope")
        self._keep("proposed_engagement", key=proposed.key)
        active = an_engagement(cast, a_listing(cast, TODAY), TODAY, scope=f"{self.canary} scope", principal_share=Decimal("0.5"))
        self._keep("active_engagement", key=active.key)
        self._keep("lead", key=a_lead(cast, TODAY).key)
        self._keep("dropped_lead", key=a_lead(cast, TODAY, LeadEvent.DROP).key)
        introduction = an_introduction(cast, TODAY, active)
        self._keep("introduction", key=introduction.key)
        objected = an_introduction(cast, TODAY, an_engagement(cast, a_listing(cast, TODAY), TODAY, scope=f"{self.canary} scope"))
        object_to_introduction(objected, objection=f"{self.canary} objection", actor=cast.enterprise_agent.actor, now=TODAY)
        self._keep("objected_introduction", key=objected.key)
        disputed = a_disputed_engagement(cast, TODAY, a_listing(cast, TODAY))
        self._keep("disputed_engagement", key=disputed.key)
        registration = a_registration(cast, TODAY - timedelta(days=60))
        self.registration = registration
        self._keep("registration", number=registration.number)
        self._keep("recognised_application", key=registration.application.key)
        changed = a_registration(cast, TODAY - timedelta(days=60))
        change = a_change(cast, TODAY, registration=changed)
        self._keep("change", number=changed.number, key=change.key)
        entered = a_change(cast, TODAY, registration=a_registration(cast, TODAY - timedelta(days=60)))
        enter_change(entered, actor=cast.registrar.actor, now=TODAY)
        self._keep("entered_change", number=entered.registration.number, key=entered.key)
        revoked = a_registration(cast, TODAY - timedelta(days=60))
        revoke_registration(revoked, reason=f"{self.canary} reason", actor=cast.registrar.actor, now=TODAY)
        self._keep("revoked_registration", number=revoked.number)
        self._keep("verification", number=registration.number, verification_key=registration.verification_key)

    def _relief(self) -> None:
        cast = self.cast
        unclaimed = a_registration(cast, TODAY)
        self._keep("registered_contract", key=unclaimed.contract.key)
        self._keep("rule_text", digest=book().rules[0].digest)
        self._keep("claim", key=a_claim(cast, TODAY, registration=self.registration).key)
        self._keep("filed_claim", key=a_filed_claim(cast, TODAY).key)
        self._keep("granted_claim", key=a_granted_claim(cast, TODAY).key)
        flagged = a_granted_claim(cast, TODAY)
        flag_recovery(flagged, still_due=ZERO, reason=f"{self.canary} reason", now=TODAY)
        self._keep("flagged_claim", key=flagged.key)

    def _auctions(self) -> None:
        """Under way by the database's clock, which judges bids whatever day the test has."""
        cast, now = self.cast, database_now() - timedelta(days=60, minutes=5)
        supervisor = cast.supervisor.actor
        self._keep("bidding_listing", number=a_listing_in_bidding(cast, now).number)
        self._keep("auction", key=an_auction(cast, now).key)
        paused = pause_auction(an_auction(cast, now), reason="网络故障。", actor=supervisor)
        self._keep("paused_auction", key=paused.key)
        annulled = annul_auction(an_auction(cast, now), reason="公告有误。", actor=supervisor)
        self._keep("annulled_auction", key=annulled.key)
        for organisation in (cast.enterprise, cast.rival):
            organisation.legal_representative = f"{self.canary} representative"
            organisation.save(update_fields=["legal_representative"])
        bidden = an_auction(cast, now)
        place_bid(bidden.key, bidden.start, key="key-00000001", actor=cast.enterprise_agent.actor)
        self._keep("auction_with_a_bid", key=bidden.key, sequence=1)
        rehearsed = an_auction(cast, now, opened=False, rehearsal_at=now + timedelta(days=59, hours=1)).rehearsals.get()
        self._keep("rehearsal", key=rehearsed.key)
        find_signals(bidden, now=TODAY)
        self._keep("signal", signal=Signal.objects.get(auction=bidden).key)
        self._other_modes(now)

    def _settlements(self) -> None:
        cast, now = self.cast, BEGINNING
        settlement = a_settlement(cast, TODAY)
        self._keep("settlement", key=settlement.key)
        self._keep("due", key=settlement.dues.get().key)
        self._keep("planning_settlement", key=a_settlement(cast, TODAY, mode="instalments").key)
        self.proposed_settlement = a_proposed_plan(cast, TODAY)
        self._keep("proposed_settlement", key=self.proposed_settlement.key)
        closed = a_delivered_settlement(cast, TODAY, paid=True)
        self._keep("closed_settlement", key=closed.key)
        payout, paid = Payout.objects.get(matter=closed.subject), a_delivered_settlement(cast, TODAY, paid=True)
        self._keep("payout", key=payout.key)
        made = confirm_payout(
            Payout.objects.get(matter=paid.subject),
            bank_reference=f"{self.name}-transfer",
            actor=market_finance(cast).actor,
            now=TODAY,
        )
        self._keep("paid_payout", key=made.key)
        self._books(settlement)
        self._disputes()
        self._royalties(now)

    def _credit(self) -> None:
        """Records against the broker in each turn they may take, entered by the supervisor; and reviews of a finished deal."""
        cast, broker = self.cast, self.cast.broker
        administrator = cast.administrator.actor
        self._keep("rated_broker", kind="broker", key=self.broker.key)

        def record(rule: str = "duty_missed") -> Record:
            papers = (self._document(cast.supervisor, "credit"),)
            text = f"{self.canary} 未按期报告"
            return a_record(cast, TODAY, holder=self.broker, rule=rule, title=text, statement=text, evidence=papers)

        def appeal() -> Appeal:
            papers = [self._document(broker, "appeal")]
            return file_appeal(record(), grounds=f"{self.canary} 已报告", evidence=papers, actor=broker.actor, now=TODAY)

        def repair() -> Repair:
            text = f"{self.canary} 已改正"
            papers = [self._document(broker, "repair")]
            it = record("admonished")
            return ask_for_repair(it, statement=text, promises=True, evidence=papers, actor=broker.actor, now=TODAY)

        self._keep("credit_record", key=record().key)
        self._keep("repairable_record", key=record("admonished").key)
        self._keep("credit_appeal", key=appeal().key)
        text = f"{self.canary} 已核对"
        upheld = uphold_appeal(appeal(), decision=text, published="记录不实。", actor=administrator, now=TODAY)
        self._keep("decided_credit_appeal", key=upheld.key)
        self._keep("decided_credit_record", key=upheld.record.key)
        self._keep("credit_repair", key=repair().key)
        self._keep("decided_credit_repair", key=grant_repair(repair(), answer=text, actor=administrator, now=TODAY).key)
        deal = a_brokered_deal(cast, BEGINNING)
        self._keep("finished_deal", key=deal.key)
        self._keep("reviewable_broker", key=deal.key, kind="broker", holder=self.broker.key)
        reviews = [a_review(cast, BEGINNING, deal=a_brokered_deal(cast, BEGINNING), holder=self.broker) for _ in range(2)]
        self._keep("credit_review", key=reviews[0].key)
        self._keep("answered_review", key=reply_to_review(reviews[1], reply="感谢。", actor=broker.actor, now=TODAY).key)

    def _evaluations(self) -> None:
        """A year in each state; the two worlds have years of their own, for a year is evaluated once."""
        cast, first = self.cast, 2010 if self.name == "a" else 2020
        before = TODAY - timedelta(days=60)
        self._keep("draft_evaluation", year=an_evaluation(cast, TODAY, year=first).year)
        # The requests are made by the clock of the wall.
        opened = an_evaluation(cast, TODAY, year=first + 1, state="comments")
        Evaluation.objects.filter(pk=opened.pk).update(comment_until=TODAY + timedelta(days=3650))
        self._keep("open_evaluation", year=opened.year)
        result = own_result(cast, opened)
        self._keep("open_result", year=opened.year, key=result.key)
        for name in ("evaluation_comment", "answered_evaluation_comment"):
            papers = [self._document(cast.broker, name)]
            text = f"{self.canary} 少计"
            made = comment_on_result(result, text=text, evidence=papers, actor=cast.broker.actor, now=TODAY)
            if name.startswith("answered"):
                answer_comment(made, answer=text, actor=cast.supervisor.actor, now=TODAY)
            self._keep(name, key=made.key)
        self._keep("due_evaluation", year=an_evaluation(cast, before, year=first + 2, state="comments").year)
        published = an_evaluation(cast, before, year=first + 3, state="published")
        self._keep("published_evaluation", year=published.year)
        self._keep("published_result", year=published.year, key=own_result(cast, published).key)

    def _rooms(self) -> None:
        """One with everybody in it, and one that is closed; what stands in the first the university reads as the counterparty."""
        cast = self.cast
        full = a_full_room(cast, TODAY, secret=self.canary)
        self.full_room = full
        number = int(cast.institution.social_credit_code[8:16]) + 60
        self.adviser = an_organisation(f"Adviser {self.name}", OrganisationKind.SERVICE_PROVIDER, number)
        sides, mandate = circle_of(full.room, "sides"), circle_of(full.room, "mandate")
        say(mandate, f"{self.canary} 底价", actor=cast.broker.actor, now=TODAY)
        self._keep("room", key=full.room.key)
        self._keep("room_circle", key=mandate.key)
        self._keep("room_task", key=full.inner.key)
        self._keep("room_place", key=full.counterparty.key)
        paper = a_paper(sides, cast.broker, TODAY, title=f"{self.canary} 报价")
        self._keep("room_paper", key=paper.key)
        self._keep("room_file", key=paper.versions.get().key)
        self._keep("meeting", key=a_meeting(sides, cast.broker, TODAY, title=f"{self.canary} 会谈").key)
        cancelled = a_meeting(sides, cast.broker, TODAY, cancelled=True)
        self._keep("cancelled_meeting", key=cancelled.key)
        self._keep("done_room_task", key=a_task(cast, TODAY, room=full.room, state="done").key)
        asked = a_room(cast, TODAY)
        self._keep("room_invitation", key=a_counterparty(cast, TODAY, room=asked, joined=False).key)
        refused = a_counterparty(cast, TODAY, joined=False)
        self._keep("new_room", key=decline_invitation(refused, actor=cast.university_agent.actor, now=TODAY).room.key)
        self._keep("declined_invitation", key=refused.key)
        closing = a_counterparty(cast, TODAY).room
        read = a_paper(circle_of(closing, "sides"), cast.broker, TODAY)
        close_room(closing, actor=cast.broker.actor, now=TODAY)
        self._keep("closed_room", key=closing.key)
        self._keep("closed_circle", key=read.circle.key)
        self._keep("closed_paper", key=read.key)

    def _books(self, settlement: Settlement) -> None:
        seller = self.cast.university_agent
        costs = [
            enter_cost(
                settlement,
                what=f"{self.canary} 评估费",
                amount=Money.yuan("8000"),
                document=self._document(seller, "invoice"),
                actor=seller.actor,
                now=TODAY,
            )
            for _ in range(2)
        ]
        remove_cost(costs[1], actor=seller.actor, now=TODAY)
        self._keep("cost", key=settlement.key, pk=costs[0].pk)
        self._keep("removed_cost", key=settlement.key, pk=costs[1].pk)

    def _disputes(self) -> None:
        cast, buyer = self.cast, self.cast.enterprise_agent
        reason = f"{self.canary} 交付的工艺包缺少控制软件。"
        disputes = [
            open_dispute(
                a_paid_settlement(cast, TODAY),
                reason=reason,
                documents=[self._document(buyer, "dispute")],
                actor=buyer.actor,
                now=TODAY,
            )
            for _ in range(2)
        ]
        decide_dispute(disputes[1], Outcome.REFUND, grounds=reason, actor=cast.supervisor.actor, now=TODAY)
        self._keep("dispute", key=disputes[0].key)
        self._keep("decided_dispute", key=disputes[1].key)

    def _royalties(self, now: datetime) -> None:
        """Four months of a monthly royalty: over and not reported, reported, objected to, accepted."""
        cast = self.cast
        buyer, seller = cast.enterprise_agent.actor, cast.university_agent.actor
        terms = RoyaltyTerms("sales", Decimal("0.03"), 1, date(2026, 1, 15), date(2026, 12, 14))
        settlement = an_agreed_plan(cast, now, mode="royalty", plan=Plan((), terms))
        expected, reported, objected, accepted = settlement.reports.all()[:4]
        for report in (reported, objected, accepted):
            papers = [self._document(cast.enterprise_agent, "sales")]
            report_royalty(report, base=Money.yuan("100000"), documents=papers, actor=buyer, now=TODAY)
        object_to_report(objected, reason=f"{self.canary} 少报一条生产线。", actor=seller, now=TODAY)
        accept_report(accepted, actor=seller, now=TODAY)
        for name, report in (("expected", expected), ("reported", reported), ("objected", objected), ("accepted", accepted)):
            self._keep(f"{name}_report", key=report.key)

    def _payments(self) -> None:
        cast, now = self.cast, TODAY - timedelta(days=3)
        actor, finance = cast.enterprise_agent.actor, market_finance(cast).actor
        deposits = {
            f"{state}_deposit": a_deposit(cast, now, state=state, matter=f"intent:{self.name}-{state}")
            for state in ("requested", "held", "due_back")
        }
        self._keep("deposit", key=deposits["requested_deposit"].key)
        self._keep("held_deposit", key=deposits["held_deposit"].key)
        self._keep("due_back_deposit", key=deposits["due_back_deposit"].key)
        ended = refund_deposit(a_deposit(cast, now, state="due_back", matter=f"intent:{self.name}-ended"), actor=finance, now=now)
        self._keep("refunded_deposit", key=ended.key)
        letter = self._document(cast.enterprise_agent, "letter")
        asked = a_deposit(cast, now, matter=f"intent:{self.name}-letter")
        self._keep("letter_deposit", key=offer_guarantee(asked, letter, actor=actor, now=now).key)
        paid = [a_deposit(cast, now, matter=f"intent:{self.name}-line-{number}") for number in (1, 2)]
        rows = [
            ("2026-06-08", "120000", deposit.payer.name, deposit.payment.reference, f"{self.name}{number}")
            for number, deposit in enumerate(paid)
            if deposit.payment
        ]
        rows += [("2026-06-08", f"{number}00", "无名公司", "货款", f"{self.name}{number}") for number in (3, 4, 5)]
        statement = import_statement(f"{self.name}.csv", a_statement(*rows), actor=finance, now=now)
        clear, confirmed, odd, back, sent = statement.lines.order_by("pk")
        confirm_line(confirmed, actor=finance, now=now)
        for line in (back, sent):
            send_line_back(line, reason="非本市场款项", actor=finance, now=now)
        confirm_sent_back(sent, actor=finance, now=now)
        lines = {"clear_line": clear, "confirmed_line": confirmed, "odd_line": odd, "line_to_send_back": back, "sent_line": sent}
        for name, line in lines.items():
            self._keep(name, pk=line.pk)
        self._keep("account", pk=Account.objects.earliest("pk").pk)

    def _other_modes(self, now: datetime) -> None:
        """Each where one of its acts is due; the keys to sealed bids are in the hands of those that `a_lot` names."""
        cast = self.cast
        lot = a_lot(cast, now, sealed_terms(now + timedelta(days=60)), keys=False)
        self._keep("keyless_auction", key=lot.auction.key)
        lot = a_lot(cast, now, sealed_terms(now + timedelta(days=60)), keys=False)
        for holder in lot.holders.values():
            make_lot_key(lot.auction, PUBLIC_KEY, actor=holder.actor, now=TODAY)
        self._keep("unkept_auction", key=lot.auction.key)
        self._keep("falling_auction", key=a_falling_lot(cast, now).auction.key)
        lot = a_falling_lot(cast, now, sealed_for=timedelta(minutes=1), topping_for=timedelta(days=1))
        self._stop(lot.auction)
        lot.bid(cast.rival_agent, START + STEP, clock=lot.moment(seconds=2))
        close_auction(lot.auction, clock=lot.moment(minutes=2))
        lot.bring(1, 2, clock=lot.moment(minutes=2))
        self._keep("topping_auction", key=lot.auction.key)
        lot = a_falling_lot(cast, now, preemptor=cast.outsider)
        self._stop(lot.auction)
        self._keep("matching_auction", key=close_auction(lot.auction, clock=lot.moment(minutes=11)).key)
        lots = [a_sealed_lot(cast, now) for _ in range(2)]
        for lot in lots:
            for member in (cast.enterprise_agent, cast.rival_agent, cast.outsider):
                lot.bid(member, START, clock=lot.moment(minutes=1))
        self._keep("sealed_auction", key=lots[0].auction.key)
        unopened = lots[1].auction
        self._keep("unopened_auction", key=close_auction(unopened, clock=at(unopened.ends_at)).key)

    def _stop(self, auction: Auction) -> None:
        actor, clock = self.cast.enterprise_agent.actor, at(auction.opens_at)
        stop_clock(auction, START, key="key-stop-1", actor=actor, clock=clock)

    def _cards(self) -> None:
        payment = a_deposit(self.cast, TODAY, matter="intent:card").payment
        assert payment is not None
        self._keep("awaited_payment", key=payment.key)
        # Stripe is away: the page to pay on is still being opened.
        with override_settings(STRIPE_API_KEY="sk_test_none", STRIPE_API_BASE="http://127.0.0.1:1"):
            checkout = begin_checkout(payment, site="", actor=self.cast.enterprise_agent.actor, now=TODAY)
        self._keep("checkout", key=checkout.key)
        self._keep("failed_refund", key=self._failed_refund("one").key)
        seen_to = self._failed_refund("two")
        retry_refund(seen_to, actor=market_finance(self.cast).actor, now=TODAY)
        self._keep("settled_refund", key=seen_to.key)
        self._keep("open_dispute", key=self._dispute("three").key)
        self._keep("closed_dispute", key=self._dispute("four", is_closed=True).key)
        deposits = [a_deposit(self.cast, TODAY, matter=f"intent:back-{number}") for number in range(3)]
        owed, proposed, given_up = (a_recovery(self.cast, TODAY, deposit=deposit) for deposit in deposits)
        for each in (proposed, given_up):
            propose_write_off(each, reason=f"{self.canary} 追偿成本过高。", actor=market_finance(self.cast).actor, now=TODAY)
        approve_write_off(given_up, actor=self.cast.supervisor.actor, now=TODAY)
        for name, each in (("recovery", owed), ("proposed_recovery", proposed), ("ended_recovery", given_up)):
            self._keep(name, key=each.key)

    def _failed_refund(self, name: str) -> CardRefund:
        """Stripe says that the money came, and that it could not go back."""
        checkout = self._checkout(name)
        apply_facts(checkout, said_of(checkout, by_hand(checkout, checkout.amount, has_failed=True)), now=TODAY)
        return checkout.refunds.get()

    def _dispute(self, name: str, *, is_closed: bool = False) -> Dispute:
        """Stripe says that the money came, and that the payer's bank disputes it; or that its bank gave in."""
        checkout = self._checkout(name)
        facts = DisputeFacts(f"dp_{checkout.key}", checkout.amount, "fraudulent", TODAY, None, is_closed, False, ())
        apply_facts(checkout, replace(said_of(checkout), disputes=(facts,)), now=TODAY)
        return checkout.disputes.get()

    def _checkout(self, name: str) -> Checkout:
        payment = a_deposit(self.cast, TODAY, matter=f"intent:card-{name}").payment
        assert payment is not None
        with override_settings(STRIPE_API_KEY="sk_test_none", STRIPE_API_BASE="http://127.0.0.1:1"):
            return begin_checkout(payment, site="", actor=self.cast.enterprise_agent.actor, now=TODAY)

    def _policy(self) -> None:
        terms = PolicyTerms(
            kind="listing.announcement_period",
            scope="",
            value=Decimal(10),
            measure="working_days",
            valid_from=date(2026, 12, 1),
            source=f"{self.canary}",
            confidence="medium",
        )
        row = propose_policy_row(terms, actor=self.cast.supervisor.actor, now=TODAY)
        self._keep("policy_row", pk=row.pk)
        decided = propose_policy_row(replace(terms, scope="enterprise"), actor=self.cast.supervisor.actor, now=TODAY)
        reject_policy_row(decided, reason="不予采纳。", actor=self.cast.administrator.actor, now=TODAY)
        self._keep("decided_policy_row", pk=decided.pk)
        self._keep("policy_kind", code=terms.kind)
        self._keep("holiday_year", year=2026)
