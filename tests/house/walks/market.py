"""Organisations, policy rows, documents, payments, deposits and lines of a bank's statement."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from unittest.mock import patch

from django.test import override_settings

from market.accounts.actions import (
    OrganisationEntry,
    register_organisation,
    reinstate_organisation,
    return_organisation,
    submit_verification,
    suspend_organisation,
    verify_organisation,
)
from market.accounts.models import Organisation
from market.accounts.permissions import actor_of
from market.accounts.states import ORGANISATION
from market.documents.actions import scan_document
from market.documents.models import Document
from market.documents.states import DOCUMENT
from market.payments.actions.deposits import (
    accept_guarantee,
    cancel_deposit,
    carry_deposit,
    charge_back_deposit,
    confirm_payment,
    forfeit_deposit,
    lapse_deposit,
    offer_guarantee,
    refund_deposit,
    refuse_guarantee,
    release_deposits,
)
from market.payments.actions.payments import cancel_payment, charge_back_payment, lapse_payment, refund_payment
from market.payments.actions.statements import confirm_line, confirm_sent_back, import_statement, send_line_back, set_line_aside
from market.payments.models.deposits import Deposit, Payment
from market.payments.models.statements import StatementLine
from market.payments.states import DEPOSIT, LINE, PAYMENT
from market.policy.actions import PolicyTerms, approve_policy_row, propose_policy_row, reject_policy_row
from market.policy.models import PolicyRow
from market.policy.states import POLICY_ROW
from tests.documents_made import a_document
from tests.house.walks import Walk
from tests.payments.builders import a_deposit, a_statement, market_finance
from tests.people import Cast, social_code

# --- Organisations


def _unverified(cast: Cast, now: datetime) -> Organisation:
    entry = OrganisationEntry("新企业", "", "140602", "", "", "")
    actor = cast.outsider.actor
    return register_organisation(entry, kind="enterprise", social_credit_code=social_code(70000001), actor=actor, now=now)


def _submit(cast: Cast, organisation: Organisation, now: datetime) -> object:
    actor = actor_of(cast.outsider.person, organisation)
    return submit_verification(organisation, [a_document(actor)], actor=actor, now=now)


def _submitted(cast: Cast, now: datetime) -> Organisation:
    organisation = _unverified(cast, now)
    _submit(cast, organisation, now)
    return organisation


def _returned(cast: Cast, now: datetime) -> Organisation:
    return return_organisation(_submitted(cast, now), reason="执照已过期", actor=cast.administrator.actor, now=now)


def _verified(cast: Cast, now: datetime) -> Organisation:
    return verify_organisation(_submitted(cast, now), actor=cast.administrator.actor, now=now)


def _suspended(cast: Cast, now: datetime) -> Organisation:
    return suspend_organisation(_verified(cast, now), reason="失信", actor=cast.administrator.actor, now=now)


# --- Policy rows


def _proposed(cast: Cast, now: datetime) -> PolicyRow:
    terms = PolicyTerms(
        kind="listing.announcement_period",
        scope="",
        value=Decimal(10),
        measure="working_days",
        valid_from=date(2026, 12, 1),
        source="测试",
        confidence="medium",
    )
    return propose_policy_row(terms, actor=cast.supervisor.actor, now=now)


def _approved(cast: Cast, now: datetime) -> PolicyRow:
    return approve_policy_row(_proposed(cast, now), actor=cast.administrator.actor, now=now)


def _rejected(cast: Cast, now: datetime) -> PolicyRow:
    return reject_policy_row(_proposed(cast, now), reason="依据不足", actor=cast.administrator.actor, now=now)


# --- Documents


def _pending(cast: Cast, now: datetime) -> Document:
    with override_settings(CLAMD_ADDRESS="127.0.0.1:1"):
        return a_document(cast.university_agent.actor)


def _scanned(document: Document, now: datetime, *, is_clean: bool) -> Document:
    with patch("market.documents.actions.scan", return_value=is_clean):
        scan_document(document, now=now)
    return document


# --- Money


def _payment(deposit: Deposit) -> Payment:
    assert deposit.payment is not None
    return deposit.payment


def _awaited(cast: Cast, now: datetime) -> Payment:
    return _payment(a_deposit(cast, now))


def _received(cast: Cast, now: datetime) -> Payment:
    return _payment(a_deposit(cast, now, state="held"))


def _cancelled(cast: Cast, now: datetime) -> Deposit:
    return cancel_deposit(a_deposit(cast, now), actor=cast.enterprise_agent.actor, now=now)


def _refunded(cast: Cast, now: datetime) -> Deposit:
    return refund_deposit(a_deposit(cast, now, state="due_back"), actor=market_finance(cast).actor, now=now)


def _forfeit(cast: Cast, deposit: Deposit, now: datetime) -> Deposit:
    return forfeit_deposit(deposit, seller=cast.university, reason="未按期签约", actor=cast.supervisor.actor, now=now)


def _hold(cast: Cast, deposit: Deposit, now: datetime) -> object:
    finance = market_finance(cast).actor
    if deposit.payment is None:
        return accept_guarantee(deposit, actor=finance, now=now)
    return confirm_payment(deposit.payment, actor=finance, now=now)


def _letter(cast: Cast, now: datetime) -> Deposit:
    actor = cast.enterprise_agent.actor
    return offer_guarantee(a_deposit(cast, now), a_document(actor, "保函.pdf"), actor=actor, now=now)


def _refuse_letter(cast: Cast, deposit: Deposit, now: datetime) -> Deposit:
    """Gives the deposit that was refused; a new one is asked for beside it."""
    refuse_guarantee(deposit, reason="保函金额不足", actor=market_finance(cast).actor, now=now)
    deposit.refresh_from_db()
    return deposit


def _refused_letter(cast: Cast, now: datetime) -> Deposit:
    return _refuse_letter(cast, _letter(cast, now), now)


def _to_send_back(cast: Cast, now: datetime) -> StatementLine:
    return send_line_back(_line(cast, now), reason="付款方不明", actor=market_finance(cast).actor, now=now)


def _line(cast: Cast, now: datetime) -> StatementLine:
    deposit = a_deposit(cast, now)
    row = ("2026-03-10", '"120,000.00"', cast.enterprise.name, f"保证金 {_payment(deposit).reference}", "B1")
    import_statement("三月.csv", a_statement(row), actor=market_finance(cast).actor, now=now)
    return StatementLine.objects.get()


WALKS = (
    Walk(
        ORGANISATION,
        states={
            "unverified": _unverified,
            "submitted": _submitted,
            "returned": _returned,
            "verified": _verified,
            "suspended": _suspended,
        },
        events={
            "submit": _submit,
            "verify": lambda cast, it, now: verify_organisation(it, actor=cast.administrator.actor, now=now),
            "return": lambda cast, it, now: return_organisation(it, reason="x", actor=cast.administrator.actor, now=now),
            "suspend": lambda cast, it, now: suspend_organisation(it, reason="x", actor=cast.administrator.actor, now=now),
            "reinstate": lambda cast, it, now: reinstate_organisation(it, actor=cast.administrator.actor, now=now),
        },
    ),
    Walk(
        POLICY_ROW,
        states={"proposed": _proposed, "approved": _approved, "rejected": _rejected},
        events={
            "approve": lambda cast, it, now: approve_policy_row(it, actor=cast.administrator.actor, now=now),
            "reject": lambda cast, it, now: reject_policy_row(it, reason="x", actor=cast.administrator.actor, now=now),
        },
    ),
    Walk(
        DOCUMENT,
        states={
            "pending": _pending,
            "released": lambda cast, now: _scanned(_pending(cast, now), now, is_clean=True),
            "quarantined": lambda cast, now: _scanned(_pending(cast, now), now, is_clean=False),
        },
        events={
            "pass": lambda cast, it, now: _scanned(it, now, is_clean=True),
            "fail": lambda cast, it, now: _scanned(it, now, is_clean=False),
        },
        quiet=frozenset({"pass", "fail"}),
    ),
    Walk(
        PAYMENT,
        states={
            "awaited": _awaited,
            "received": _received,
            "cancelled": lambda cast, now: _payment(_cancelled(cast, now)),
            "refunded": lambda cast, now: _payment(_refunded(cast, now)),
            "charged_back": lambda cast, now: charge_back_payment(_received(cast, now), now=now),
        },
        events={
            "receive": lambda cast, it, now: confirm_payment(it, actor=market_finance(cast).actor, now=now),
            "cancel": lambda cast, it, now: cancel_payment(it, actor=cast.enterprise_agent.actor, now=now),
            "lapse": lambda cast, it, now: lapse_payment(it, now=now),
            "refund": lambda cast, it, now: refund_payment(it, actor=market_finance(cast).actor, now=now),
            "charge_back": lambda cast, it, now: charge_back_payment(it, now=now),
        },
    ),
    Walk(
        DEPOSIT,
        states={
            "requested": a_deposit,
            "held": lambda cast, now: a_deposit(cast, now, state="held"),
            "due_back": lambda cast, now: a_deposit(cast, now, state="due_back"),
            "refunded": _refunded,
            "cancelled": _cancelled,
            "refused": _refused_letter,
            "carried": lambda cast, now: carry_deposit(a_deposit(cast, now, state="held"), now=now),
            "forfeited": lambda cast, now: _forfeit(cast, a_deposit(cast, now, state="held"), now),
            "charged_back": lambda cast, now: charge_back_deposit(a_deposit(cast, now, state="held"), now=now),
        },
        events={
            "hold": _hold,
            "cancel": lambda cast, it, now: cancel_deposit(it, actor=cast.enterprise_agent.actor, now=now),
            "lapse": lambda cast, it, now: lapse_deposit(it, now=now),
            "refuse": _refuse_letter,
            "release": lambda cast, it, now: release_deposits([it], now=now)[0],
            "refund": lambda cast, it, now: refund_deposit(it, actor=market_finance(cast).actor, now=now),
            "carry": lambda cast, it, now: carry_deposit(it, now=now),
            "forfeit": _forfeit,
            "charge_back": lambda cast, it, now: charge_back_deposit(it, now=now),
        },
        prepared={("requested", "refuse"): _letter},
    ),
    Walk(
        LINE,
        states={
            "new": _line,
            "set_aside": lambda cast, now: set_line_aside(
                _line(cast, now), reason="x", actor=market_finance(cast).actor, now=now
            ),
            "confirmed": lambda cast, now: confirm_line(_line(cast, now), actor=market_finance(cast).actor, now=now),
            "to_send_back": _to_send_back,
            "sent_back": lambda cast, now: confirm_sent_back(_to_send_back(cast, now), actor=market_finance(cast).actor, now=now),
        },
        events={
            "confirm": lambda cast, it, now: confirm_line(it, actor=market_finance(cast).actor, now=now),
            "set_aside": lambda cast, it, now: set_line_aside(it, reason="x", actor=market_finance(cast).actor, now=now),
            "send_back": lambda cast, it, now: send_line_back(it, reason="x", actor=market_finance(cast).actor, now=now),
            "confirm_sent": lambda cast, it, now: confirm_sent_back(it, actor=market_finance(cast).actor, now=now),
        },
    ),
)
