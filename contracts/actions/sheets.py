"""Filling in a registration form step by step, and submitting it as a contract with its application."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from contracts.actions.contracts import ContractTerms, correct_contract, declare_contract, enter_contract
from contracts.actions.recognition import apply_for_recognition, resubmit_application
from contracts.form_kinds import PartySide
from contracts.models import Application, ContractParty, Sheet, TechnologyContract
from contracts.permissions import require_applicant, require_no_case
from contracts.queries.sheets import FormTerms, organisations_by_code, sheet_findings
from contracts.rule_sets import rule_set_for
from contracts.states import SHEET, ApplicationState, SheetEvent, SheetState
from market.accounts.models import Organisation
from market.accounts.permissions import person_of, require_role
from market.documents.models import Document
from market.events.actions import record
from market.values.actor import Actor, Role
from market.values.dates import day_of
from market.values.refusal import OutOfTurn, Refusal, Refused


@transaction.atomic
def begin_sheet(applicant: Organisation, *, contract: TechnologyContract | None = None, actor: Actor, now: datetime) -> Sheet:
    """A form to fill in stands open, for a contract made outside the market or for this one of the market's own.

    A contract has one form: the one begun before is given back, open again when the registry returned it.
    Out of turn while its application is under way, and once it is registered. Events: sheet.begun, sheet.reopened.
    """
    require_role(actor, applicant.pk, Role.OWNER, Role.AGENT)
    if contract is not None:
        require_applicant(actor, contract)
        is_returned = _is_returned(contract)
        if not is_returned:
            require_no_case(contract)
        before = Sheet.objects.filter(contract=contract).first()
        if before is not None:
            return reopen_sheet(before, actor=actor, now=now) if is_returned and before.state == SheetState.SUBMITTED else before
    sheet = Sheet.objects.create(
        applicant=applicant,
        contract=contract,
        title=contract.title if contract else "",
        created_at=now,
        changed_at=now,
        created_by_id=person_of(actor),
    )
    if contract is not None and (returned := contract.applications.filter(state=ApplicationState.RETURNED).first()):
        sheet.documents.set(returned.documents.all())
    record("sheet.begun", subject=sheet.subject, actor=actor, now=now)
    return sheet


@transaction.atomic
def save_step(
    sheet: Sheet,
    step: str,
    answers: Mapping[str, list[str]],
    *,
    documents: Sequence[Document] | None = None,
    version: int,
    actor: Actor,
    now: datetime,
) -> Sheet:
    """This step is kept as it was typed, right or not. Event: sheet.saved.

    Out of turn when somebody saved another version since the page was made.
    """
    locked, move = _moved(sheet, SheetEvent.SAVE, actor)
    if version != locked.version:
        raise OutOfTurn([Refusal("contracts.sheet_changed")])
    locked.answers = {**locked.answers, step: dict(answers)}
    locked.title = (answers.get("title") or [locked.title])[0][:120]
    locked.version += 1
    locked.changed_at = now
    if documents is not None:
        locked.documents.set(documents)
    _set_sheet_state(locked, move, "answers", "title", "version", "changed_at")
    record("sheet.saved", subject=locked.subject, actor=actor, now=now, step=step)
    return locked


@transaction.atomic
def submit_sheet(sheet: Sheet, form: FormTerms, terms: ContractTerms, *, actor: Actor, now: datetime) -> Application:
    """The registry has the application; a contract made outside the market is entered with it, all or nothing.

    After a return the same form is the correction. Events: sheet.submitted, contract.declared or contract.corrected, and those
    of the application. Refused while the pre-check finds something missing.
    """
    locked, move = _moved(sheet, SheetEvent.SUBMIT, actor)
    documents = list(locked.documents.all())
    found = sheet_findings(locked, form, rule_set_for(day_of(now)), has_text=bool(documents), today=day_of(now))
    missing = sum(finding.is_missing for finding in found)
    if missing:
        raise Refused([Refusal("contracts.sheet_incomplete", data={"count": missing})])
    contract = locked.contract
    if contract is None:
        entered = enter_contract(locked.applicant, terms, signed_on=form.signed_on, now=now)
        contract = locked.contract = declare_contract(entered, actor=actor, now=now)
    elif contract.deal_id is None:
        contract = correct_contract(contract, terms, signed_on=form.signed_on, actor=actor, now=now)
    _enter_parties(contract, form)
    contract.details = {**form.details, "instalments": [list(it) for it in form.instalments]}
    contract.save(update_fields=["details", "seller", "buyer"])
    returned = contract.applications.filter(state=ApplicationState.RETURNED).first()
    if returned is not None:
        application = resubmit_application(returned, documents=documents, actor=actor, now=now)
    else:
        application = apply_for_recognition(contract, documents=documents, actor=actor, now=now)
    _set_sheet_state(locked, move, "contract")
    record("sheet.submitted", subject=locked.subject, actor=actor, now=now, contract=contract.key)
    return application


def _enter_parties(contract: TechnologyContract, form: FormTerms) -> None:
    """The parties stand as the form has them; the first of each side that is on the market stands with the (unsaved) contract."""
    known = organisations_by_code([party.code for party in form.parties])
    contract.parties.all().delete()
    positions: dict[str, int] = {}
    for party in form.parties:
        positions[party.side] = positions.get(party.side, 0) + 1
        organisation = known.get(party.code)
        fields: dict[str, Any] = {name: getattr(party, name) for name in party.__slots__}
        ContractParty.objects.create(contract=contract, position=positions[party.side], organisation=organisation, **fields)
        if contract.deal_id is None and organisation is not None and positions[party.side] == 1:
            if party.side == PartySide.SELLER:
                contract.seller = organisation
            elif party.side == PartySide.BUYER:
                contract.buyer = organisation


@transaction.atomic
def reopen_sheet(sheet: Sheet, *, actor: Actor, now: datetime) -> Sheet:
    """The form is open again to correct what the registry returned. Event: sheet.reopened."""
    locked, move = _moved(sheet, SheetEvent.REOPEN, actor)
    if locked.contract is None or not _is_returned(locked.contract):
        raise OutOfTurn([Refusal("contracts.nothing_to_correct")])
    _set_sheet_state(locked, move)
    record("sheet.reopened", subject=locked.subject, actor=actor, now=now)
    return locked


@transaction.atomic
def discard_sheet(sheet: Sheet, *, actor: Actor, now: datetime) -> Sheet:
    """The form is thrown away, and its contract may have another. Event: sheet.discarded.

    Out of turn while the registry waits for it as a correction.
    """
    locked, move = _moved(sheet, SheetEvent.DISCARD, actor)
    if locked.contract is not None and _is_returned(locked.contract):
        raise OutOfTurn([Refusal("contracts.correction_awaited")])
    locked.contract = None
    _set_sheet_state(locked, move, "contract")
    record("sheet.discarded", subject=locked.subject, actor=actor, now=now)
    return locked


def _is_returned(contract: TechnologyContract) -> bool:
    return contract.applications.filter(state=ApplicationState.RETURNED).exists()


def _moved(sheet: Sheet, event: SheetEvent, actor: Actor) -> tuple[Sheet, str]:
    locked = Sheet.objects.select_for_update(of=("self",)).select_related("applicant", "contract__deal").get(pk=sheet.pk)
    move = SHEET.move(locked.state, event)
    require_role(actor, locked.applicant_id, Role.OWNER, Role.AGENT)
    return locked, move.to


def _set_sheet_state(sheet: Sheet, state: str, *fields: str) -> None:
    sheet.state = state
    sheet.save(update_fields=["state", *fields])
