"""Does the demonstration live: something in every state of every machine, made by the actions, in an unbroken log?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import call_command
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from brokers.board.models import Lead
from brokers.board.states import LEAD
from brokers.credit.models import Appeal, Repair
from brokers.credit.states import APPEAL, REPAIR
from brokers.evaluation.models import Evaluation
from brokers.evaluation.states import EVALUATION
from brokers.models import Broker, Commission, Engagement, Introduction
from brokers.states import BROKER, COMMISSION, ENGAGEMENT, INTRODUCTION
from contracts.models import Application, Change, Registration, Sheet, TechnologyContract
from contracts.permissions import visible_applications, visible_registrations
from contracts.relief.models import Claim
from contracts.relief.states import CLAIM
from contracts.settlement.models.settlements import Due
from contracts.settlement.states import DUE
from contracts.states import APPLICATION, CHANGE, CONTRACT, REGISTRATION, SHEET
from listings.auctions.models.auctions import Auction
from listings.auctions.queries.auctions import flaw_of
from listings.demands.models.demands import Demand
from listings.demands.models.proposals import Proposal
from listings.demands.states import DEMAND, PROPOSAL
from listings.models.achievements import Achievement
from listings.models.deals import Deal
from listings.models.listings import Intent, Listing, Objection
from listings.states.achievements import ACHIEVEMENT
from listings.states.deals import DEAL
from listings.states.listings import INTENT, LISTING, OBJECTION
from market.accounts.desks import desks_of
from market.accounts.models import Organisation, Person
from market.accounts.permissions import actor_of
from market.accounts.queries import needs_mfa, standing_of
from market.accounts.states import ORGANISATION
from market.demonstration.build import build_market, is_built
from market.demonstration.people import ACCOUNTS
from market.events.models import Event
from market.events.queries import broken_links
from market.payments.models.deposits import Deposit, Payment
from market.payments.models.payouts import Payout
from market.payments.models.statements import StatementLine
from market.payments.providers.bank_statement import read_statement
from market.payments.queries.deposits import letters_to_check, refunds_due
from market.payments.queries.ledger import ledger_flaws
from market.payments.queries.reconciliation import all_differences
from market.payments.queries.statements import awaited_facts
from market.payments.rules.statements import match
from market.payments.states import DEPOSIT, LINE, PAYMENT, PAYOUT
from market.policy.models import PolicyRow
from market.policy.states import POLICY_ROW
from market.values.dates import day_of
from tests.database import TestDatabase
from tests.transactions import wait_for_older_transactions

MACHINES = {
    "organisation": (ORGANISATION, Organisation),
    "achievement": (ACHIEVEMENT, Achievement),
    "listing": (LISTING, Listing),
    "objection": (OBJECTION, Objection),
    "intent": (INTENT, Intent),
    "deal": (DEAL, Deal),
    "demand": (DEMAND, Demand),
    "proposal": (PROPOSAL, Proposal),
    "contract": (CONTRACT, TechnologyContract),
    "application": (APPLICATION, Application),
    "registration": (REGISTRATION, Registration),
    "broker": (BROKER, Broker),
    "engagement": (ENGAGEMENT, Engagement),
    "introduction": (INTRODUCTION, Introduction),
    "commission": (COMMISSION, Commission),
    "policy row": (POLICY_ROW, PolicyRow),
    "change": (CHANGE, Change),
    "sheet": (SHEET, Sheet),
    "relief claim": (CLAIM, Claim),
    "payment": (PAYMENT, Payment),
    "deposit": (DEPOSIT, Deposit),
    "statement line": (LINE, StatementLine),
    "settlement due": (DUE, Due),
    "payout": (PAYOUT, Payout),
    "credit appeal": (APPEAL, Appeal),
    "credit repair": (REPAIR, Repair),
    "lead": (LEAD, Lead),
    "evaluation": (EVALUATION, Evaluation),
}


@pytest.fixture(scope="module")
def market(django_db_setup: None, test_database: TestDatabase, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """Built once for all tests of this module, with the worker having read what happened."""
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        build_market(now=timezone.now(), progress=lambda rows, _what: rows)
        wait_for_older_transactions()
        call_command("worker", once=True)
        yield
        test_database.restore()


@pytest.mark.parametrize("name", MACHINES)
def test_every_state_is_there_to_be_seen(market: None, name: str) -> None:
    machine, model = MACHINES[name]
    # Only what came by card is ever taken back by a payer's bank, and the demonstration takes no cards.
    assert machine.states - set(model.objects.values_list("state", flat=True)) - {"charged_back"} == set()


def test_each_mode_of_bidding_has_an_auction_to_be_seen(market: None) -> None:
    assert set(Auction.objects.filter(rehearsal_of=None).values_list("mode", "state")) == {
        ("ascending", "open"),
        ("falling", "open"),
        ("sealed", "closed"),
    }
    for auction in Auction.objects.all():
        assert flaw_of(auction) is None
        assert auction.passes.filter(organisation__memberships__person__email="enterprise@demo.example").exists()
    sealed = Auction.objects.get(mode="sealed")
    assert sealed.bids.filter(kind="opened", is_accepted=True).count() == 3
    assert Deal.objects.filter(listing=sealed.listing).exists()


def test_the_demonstrations_keys_are_written_as_their_holders_kept_them(market: None, tmp_path: Path) -> None:
    call_command("demonstration_keys", tmp_path, verbosity=0, stdout=StringIO())
    files = sorted(tmp_path.iterdir())
    assert [path.name for path in files] == ["lot-key-registrar.json", "lot-key-seller.json", "lot-key-supervisor.json"]
    assert {json.loads(path.read_text())["seat"] for path in files} == {1, 2, 3}


def test_the_demonstrations_bank_says_that_all_came_in_but_one_sum(market: None, tmp_path: Path) -> None:
    file = tmp_path / "statement.csv"
    call_command("demonstration_statement", file, verbosity=0, stdout=StringIO())
    read, awaited = read_statement(file.read_bytes()), awaited_facts()
    found = [match(line, awaited) for line in read.came_in]
    assert read.wrong == []
    assert {it.payment for it in found} == {it.payment for it in awaited} | {None}
    assert [it.doubt for it in found if it.doubt] == ["wrong_sum", "unknown_payer"]


def test_finance_finds_deposits_in_every_state_and_something_to_do(market: None) -> None:
    finance = Person.objects.get(email="finance@demo.example")
    membership = finance.memberships.select_related("organisation").get()
    desks = {desk.url: desk for desk in desks_of(actor_of(finance, membership.organisation))}
    assert desks[reverse("payments:till")].waiting >= 4
    assert needs_mfa(finance, standing_of(finance))
    assert Authenticator.objects.filter(user=finance, type=Authenticator.Type.TOTP).exists()
    assert letters_to_check().exists()
    assert refunds_due().exists()


def test_the_log_is_unbroken_and_nothing_lies_in_the_future(market: None) -> None:
    assert broken_links() == []
    assert not Event.objects.filter(at__gt=timezone.now()).exists()


def test_the_ledger_holds_and_the_bank_agrees_but_for_what_waits_for_finance(market: None) -> None:
    assert ledger_flaws() == []
    today = day_of(timezone.now())
    assert {difference.finding for difference in all_differences(today)} == {"not_booked"}
    assert len(all_differences(today)) == StatementLine.objects.filter(state__in=["new", "set_aside"]).count()
    assert Deposit.objects.filter(overdue_since__isnull=False).count() == 1


def test_everything_is_marked_as_a_sample(market: None) -> None:
    for model in (Organisation, Achievement, Listing, Demand):
        assert not model.objects.filter(is_sample=False).exists(), model


def test_the_market_has_much_on_offer_and_sought(market: None) -> None:
    assert Listing.objects.filter(state="on_notice").count() >= 20
    assert Demand.objects.filter(state="open").count() >= 50


def test_each_person_one_can_sign_in_as_finds_something_to_do(market: None) -> None:
    university, enterprise = (
        Person.objects.get(email=f"{who}@demo.example").memberships.earliest("pk").organisation
        for who in ("university", "enterprise")
    )
    assert Intent.objects.filter(listing__seller=university, state="registered").exists()
    assert Application.objects.filter(contract__seller=university, state="returned").exists()
    assert TechnologyContract.objects.filter(seller=university, state="half_agreed").exists()
    assert TechnologyContract.objects.filter(buyer=enterprise, state="draft").exists()
    assert Engagement.objects.filter(broker__person__email="broker@demo.example", state="proposed").exists()
    assert Commission.objects.filter(engagement__broker__person__email="broker@demo.example", state="credited").exists()


@pytest.mark.parametrize("who", ["registrar", "registrar2"])
def test_a_registrar_sees_every_application_and_registration_of_the_city(who: str, market: None) -> None:
    person = Person.objects.get(email=f"{who}@demo.example")
    registrar = actor_of(person, person.memberships.get().organisation)
    assert set(visible_applications(registrar)) == set(Application.objects.all())
    assert set(visible_registrations(registrar)) == set(Registration.objects.all())


def test_only_the_accounts_named_can_sign_in(market: None) -> None:
    usable = {person.email for person in Person.objects.all() if person.has_usable_password()}
    assert usable == {account.email for account in ACCOUNTS}


def test_a_second_start_is_quick_and_changes_nothing(market: None) -> None:
    assert is_built()
    before = Event.objects.count(), Achievement.objects.count(), Person.objects.count()
    call_command("prepare", verbosity=0)
    after = Event.objects.count(), Achievement.objects.count(), Person.objects.count()
    assert after[1:] == before[1:]
    assert connection.vendor in {"sqlite", "postgresql"}
