"""Entering, filing, granting and recovering relief; each change of a year counts the year's open claims anew."""

from __future__ import annotations

from datetime import date, datetime
from fractions import Fraction

from django.db import IntegrityError, transaction

from contracts.models import TechnologyContract
from contracts.relief.models import Claim, RuleText
from contracts.relief.permissions import require_claim_mover, require_claimant
from contracts.relief.queries import SHARED, claims_of_year, facts_in_year, finding_of, known_facts, live_claims, rule_of
from contracts.relief.rulebook import book
from contracts.relief.rules.book import Rule
from contracts.relief.rules.calculator import Finding, apply_rule
from contracts.relief.rules.cit import open_parts
from contracts.relief.rules.claims import difference, may_enter, may_file, may_grant, may_settle, reminders_due
from contracts.relief.rules.facts import Facts, read_facts, written
from contracts.relief.rules.figures import Step
from contracts.relief.states import CLAIM, ClaimEvent, ClaimState
from contracts.states import RegistrationState
from market.accounts.models import Organisation
from market.accounts.permissions import person_of
from market.events.actions import record
from market.policy.queries import working_calendar
from market.values.actor import CLOCK, Actor
from market.values.dates import day_of
from market.values.money import Money
from market.values.refusal import OutOfTurn, Refusal, Refused, require, text_given

_NO_REASON = Refusal("relief.reason_missing", field="reason")

_SETTLED = (ClaimState.FILED, ClaimState.GRANTED, ClaimState.RECOVERY)


@transaction.atomic
def enter_claim(contract: TechnologyContract, rule_id: str, facts: Facts, *, actor: Actor, now: datetime) -> Claim:
    """The relief stands in the taxpayer's ledger with its facts, its sum and the words of its rule. Event: relief.entitled.

    What the register says of the contract replaces what was typed. Refused without a registration in force, where the rule
    does not apply or saves nothing; out of turn while a relief of the same kind stands for this contract and year.
    """
    taxpayer = _locked_taxpayer(contract, actor)
    registration = getattr(contract, "registration", None)
    if registration is None or registration.state != RegistrationState.IN_FORCE:
        raise Refused([Refusal("relief.not_registered")])
    finding, in_year = _counted(contract, rule_id, facts, taxpayer.pk)
    require(may_enter(finding))
    rule = finding.rule
    day = in_year.day(rule.day_fact)
    assert day is not None
    assert finding.due_on is not None
    claim = Claim(
        contract=contract,
        taxpayer=taxpayer,
        rule_id=rule.id,
        group=rule.group or rule.id,
        rule_text=_rule_text(rule, now),
        tax_year=day.year,
        due_on=finding.due_on,
        entered_at=now,
        entered_by_id=person_of(actor),
    )
    _write_sum(claim, finding, in_year, finding.relief)
    try:
        with transaction.atomic():
            claim.save(force_insert=True)
    except IntegrityError as error:
        raise OutOfTurn([Refusal("relief.claimed_already")]) from error
    facts_of_event = {"rule": rule.id, "tax_year": day.year, "amount": str(claim.entitled), "due_on": claim.due_on.isoformat()}
    record("relief.entitled", subject=claim.subject, actor=actor, now=now, contract=contract.key, **facts_of_event)
    _recount_year(claim, actor=actor, now=now)
    claim.refresh_from_db()
    return claim


def _locked_taxpayer(contract: TechnologyContract, actor: Actor) -> Organisation:
    """The side the actor claims for. Its row is the one place where claims of its years wait for each other."""
    side = actor.organisation if actor.organisation in (contract.seller_id, contract.buyer_id) else None
    require_claimant(actor, side)
    return Organisation.objects.select_for_update().get(pk=side or 0)


def _counted(contract: TechnologyContract, rule_id: str, typed: Facts, taxpayer_id: int) -> tuple[Finding, Facts]:
    """The rule's finding on these facts beside the year's other transfers, and the facts with them."""
    first = book().versions(rule_id)[0] if rule_id in book().ids() else None
    known = known_facts(contract, taxpayer_id, typed, first, live_claims(contract)) if first else typed
    day = known.day(first.day_fact) if first else None
    if first is None or day is None:
        raise Refused([Refusal("relief.does_not_apply", data={"rule": rule_id})])
    in_year = facts_in_year(known, contract, first, claims_of_year(taxpayer_id, day.year, first.group))
    return finding_of(rule_id, in_year), in_year


def _rule_text(rule: Rule, now: datetime) -> RuleText:
    words = {
        "rule_id": rule.id,
        "zh": rule.zh[:200],
        "en": rule.en[:200],
        "valid_from": rule.valid_from,
        "valid_until": rule.valid_until,
        "text": rule.text,
        "first_used_at": now,
    }
    return RuleText.objects.get_or_create(digest=rule.digest, defaults=words)[0]


def _write_sum(claim: Claim, finding: Finding, facts: Facts, entitled: Money) -> None:
    """The sum stands in the (unsaved) claim: its facts, conditions, steps and result."""
    claim.facts = written(facts)
    steps = list(finding.outcome.steps)
    if entitled != finding.relief:
        steps.append(Step("year_rest", Fraction(entitled.fen, 100)))
    claim.steps = [[step.code, str(step.value), step.unit, step.source] for step in steps]
    claim.asked = [
        {
            "zh": answer.condition.zh,
            "en": answer.condition.en,
            "source": answer.condition.source,
            "holds": answer.holds,
            "confidence": answer.confidence,
        }
        for answer in finding.asked
    ]
    claim.confidence = finding.confidence
    claim.entitled_fen = entitled.fen
    claim.tax_before_fen = finding.outcome.before.fen


def _recount_year(changed: Claim, *, actor: Actor, now: datetime) -> None:
    """Every open claim that shares the year's cap with this one is counted beside the others. Event: relief.recounted."""
    claims = list(claims_of_year(changed.taxpayer_id, changed.tax_year, changed.group).select_for_update(of=("self",)))
    shared = [claim for claim in claims if rule_of(claim).formula == SHARED]
    if rule_of(changed).formula != SHARED or not shared:
        return
    counted = {claim.contract.key: _count_again(claim, claim.taxpayer_id) for claim in shared}
    parts = {key: finding.relief for key, (finding, _facts) in counted.items()}
    settled = {claim.contract.key: Money(claim.filed_fen or 0) for claim in shared if claim.state in _SETTLED}
    waiting = open_parts(parts, settled)
    for claim in shared:
        finding, facts = counted[claim.contract.key]
        if claim.state == ClaimState.ENTITLED:
            _enter_count(claim, finding, facts, waiting[claim.contract.key], actor=actor, now=now)


def _count_again(claim: Claim, taxpayer_id: int) -> tuple[Finding, Facts]:
    """What the rule, in the words of the claim, says of its facts beside the year's others as they are now."""
    rule, contract = rule_of(claim), claim.contract
    known = known_facts(contract, taxpayer_id, read_facts(claim.facts), rule, live_claims(contract))
    facts = facts_in_year(known, contract, rule, claims_of_year(taxpayer_id, claim.tax_year, claim.group))
    day = facts.day(rule.day_fact)
    assert day is not None
    return apply_rule(rule, facts, book(), working_calendar(), day), facts


def _enter_count(claim: Claim, finding: Finding, facts: Facts, entitled: Money, *, actor: Actor, now: datetime) -> None:
    before = claim.entitled
    _write_sum(claim, finding, facts, min(entitled, finding.outcome.before))
    claim.save(update_fields=["facts", "steps", "asked", "confidence", "entitled_fen", "tax_before_fen"])
    if claim.entitled != before:
        amounts = {"amount": str(claim.entitled), "before": str(before)}
        record("relief.recounted", subject=claim.subject, actor=actor, now=now, **amounts)


@transaction.atomic
def file_claim(claim: Claim, *, filed_on: date, receipt: str, actor: Actor, now: datetime) -> Claim:
    """The relief is filed with the tax office as it was counted. Event: relief.filed."""
    locked = _locked(claim)
    move = CLAIM.move(locked.state, ClaimEvent.FILE)
    require_claim_mover(actor, locked, move.by)
    arose_on = read_facts(locked.facts).day(rule_of(locked).day_fact) or filed_on
    require(may_file(filed_on=filed_on, arose_on=arose_on, today=day_of(now), receipt=receipt, amount=locked.entitled))
    locked.filed_on, locked.filed_fen, locked.filed_by_id = filed_on, locked.entitled_fen, person_of(actor)
    locked.receipt = receipt.strip()
    _set_state(locked, move.to, "filed_on", "filed_fen", "filed_by", "receipt")
    filed = {"filed_on": filed_on.isoformat(), "amount": str(locked.entitled)}
    record("relief.filed", subject=locked.subject, actor=actor, now=now, receipt=locked.receipt, **filed)
    return locked


@transaction.atomic
def take_back_claim(claim: Claim, *, actor: Actor, now: datetime) -> Claim:
    """Nothing is filed any more; the relief can be filed anew. Event: relief.taken_back."""
    locked = _locked(claim)
    move = CLAIM.move(locked.state, ClaimEvent.TAKE_BACK)
    require_claim_mover(actor, locked, move.by)
    _unfile(locked, move.to)
    record("relief.taken_back", subject=locked.subject, actor=actor, now=now)
    _recount_year(locked, actor=actor, now=now)
    return locked


def _unfile(claim: Claim, state: str) -> None:
    claim.filed_on = claim.filed_fen = claim.filed_by = None
    claim.receipt = ""
    _set_state(claim, state, "filed_on", "filed_fen", "filed_by", "receipt")


@transaction.atomic
def drop_claim(claim: Claim, *, reason: str, actor: Actor, now: datetime) -> Claim:
    """The relief is not claimed, and takes no part of the year's cap. Event: relief.dropped."""
    locked = _locked(claim)
    move = CLAIM.move(locked.state, ClaimEvent.DROP)
    require_claim_mover(actor, locked, move.by)
    locked.reason = text_given(reason, _NO_REASON)
    _set_state(locked, move.to, "reason")
    record("relief.dropped", subject=locked.subject, actor=actor, now=now, reason=locked.reason)
    _recount_year(locked, actor=actor, now=now)
    return locked


@transaction.atomic
def grant_claim(claim: Claim, *, amount: Money, granted_on: date, document: str, actor: Actor, now: datetime) -> Claim:
    """The tax office has granted this amount. Event: relief.granted."""
    locked = _locked(claim)
    move = CLAIM.move(locked.state, ClaimEvent.GRANT)
    require_claim_mover(actor, locked, move.by)
    assert locked.filed is not None
    assert locked.filed_on is not None
    filed, today = locked.filed, day_of(now)
    require(
        may_grant(amount=amount, filed=filed, granted_on=granted_on, filed_on=locked.filed_on, today=today, document=document)
    )
    locked.granted_fen, locked.granted_on, locked.document = amount.fen, granted_on, document.strip()
    _decide(locked, move.to, "granted_fen", "granted_on", "document", actor=actor, now=now)
    granted = {"amount": str(amount), "granted_on": granted_on.isoformat(), "document": locked.document}
    record("relief.granted", subject=locked.subject, actor=actor, now=now, contract=locked.contract.key, **granted)
    return locked


@transaction.atomic
def refuse_claim(claim: Claim, *, reason: str, actor: Actor, now: datetime) -> Claim:
    """The tax office has refused the relief, for this reason; its part of the year is free again. Event: relief.refused."""
    locked = _locked(claim)
    move = CLAIM.move(locked.state, ClaimEvent.REFUSE)
    require_claim_mover(actor, locked, move.by)
    locked.reason = text_given(reason, _NO_REASON)
    _decide(locked, move.to, "reason", actor=actor, now=now)
    record("relief.refused", subject=locked.subject, actor=actor, now=now, reason=locked.reason)
    _recount_year(locked, actor=actor, now=now)
    return locked


def _decide(claim: Claim, state: str, *fields: str, actor: Actor, now: datetime) -> None:
    claim.decided_at, claim.decided_by_id = now, person_of(actor)
    _set_state(claim, state, "decided_at", "decided_by", *fields)


@transaction.atomic
def settle_recovery(claim: Claim, *, amount: Money, settled_on: date, document: str, actor: Actor, now: datetime) -> Claim:
    """What was to be paid back is settled with this amount. Event: relief.recovery_settled."""
    locked = _locked(claim)
    move = CLAIM.move(locked.state, ClaimEvent.SETTLE)
    require_claim_mover(actor, locked, move.by)
    granted_on, today = locked.granted_on or settled_on, day_of(now)
    require(
        may_settle(
            amount=amount, due=locked.recovery, settled_on=settled_on, today=today, granted_on=granted_on, document=document
        )
    )
    locked.recovery_fen, locked.recovered_fen = 0, locked.recovered_fen + amount.fen
    locked.recovery_document = document.strip()
    _set_state(locked, move.to, "recovery_fen", "recovered_fen", "recovery_document")
    settled = {"amount": str(amount), "settled_on": settled_on.isoformat(), "document": locked.recovery_document}
    record("relief.recovery_settled", subject=locked.subject, actor=actor, now=now, **settled)
    return locked


@transaction.atomic
def lapse_claim(claim: Claim, *, reason: str, now: datetime) -> None:
    """What is open lapses with the registration it rests on; nothing happens to other claims. Event: relief.lapsed."""
    locked = _locked(claim)
    if not CLAIM.may(locked.state, ClaimEvent.LAPSE):
        return
    locked.reason = reason
    _set_state(locked, CLAIM.move(locked.state, ClaimEvent.LAPSE).to, "reason")
    record("relief.lapsed", subject=locked.subject, actor=CLOCK, now=now, reason=reason)
    _recount_year(locked, actor=CLOCK, now=now)


@transaction.atomic
def flag_recovery(claim: Claim, *, still_due: Money, reason: str, now: datetime) -> None:
    """What of a granted relief is no longer due is to be paid back; nothing happens to other claims, nor when all of it still
    is. Event: relief.recovery_flagged."""
    _flag(_locked(claim), still_due, reason=reason, now=now)


@transaction.atomic
def follow_change(claim: Claim, *, reason: str, now: datetime) -> None:
    """The registration it rests on says something else: the relief is counted anew by the same words of the rule.

    What is open has the new amount, what was filed is to be filed anew when it is another, what was granted and is no longer
    due is flagged with the difference. Events: relief.recounted, relief.reopened, relief.recovery_flagged.
    """
    locked = _locked(claim)
    if locked.state not in (ClaimState.ENTITLED, *_SETTLED):
        return
    finding, facts = _count_again(locked, locked.taxpayer_id)
    if locked.state == ClaimState.FILED and finding.relief != Money(locked.filed_fen or 0):
        _unfile(locked, CLAIM.move(locked.state, ClaimEvent.REOPEN).to)
        record("relief.reopened", subject=locked.subject, actor=CLOCK, now=now, reason=reason)
    if locked.state == ClaimState.ENTITLED:
        _enter_count(locked, finding, facts, finding.relief, actor=CLOCK, now=now)
    else:
        _flag(locked, finding.relief, reason=reason, now=now)
    _recount_year(locked, actor=CLOCK, now=now)


@transaction.atomic
def tell_former_party(claim: Claim, *, party: str, now: datetime) -> None:
    """The taxpayer learns who took its place, and that this relief stays its own; nothing for one who is still a party.

    Source: 企业所得税法 art. 27(4): relief is of whoever had the income (high). Event: relief.party_left.
    """
    locked = _locked(claim)
    if locked.is_of_former_party:
        record("relief.party_left", subject=locked.subject, actor=CLOCK, now=now, party=party)


def _flag(claim: Claim, still_due: Money, *, reason: str, now: datetime) -> None:
    if not CLAIM.may(claim.state, ClaimEvent.FLAG):
        return
    due = difference(granted=Money(claim.granted_fen or 0), recovered=claim.recovered, still_due=still_due)
    if due.fen <= claim.recovery_fen:
        return
    claim.recovery_fen, claim.reason = due.fen, reason
    _set_state(claim, CLAIM.move(claim.state, ClaimEvent.FLAG).to, "recovery_fen", "reason")
    flagged = {"amount": str(due), "reason": reason, "contract": claim.contract.key}
    record("relief.recovery_flagged", subject=claim.subject, actor=CLOCK, now=now, **flagged)


@transaction.atomic
def remind(claim: Claim, *, now: datetime) -> None:
    """Those who must file are reminded once at each of the days before the last. Event: relief.deadline_near."""
    locked = _locked(claim)
    due = reminders_due(due_on=locked.due_on, today=day_of(now))
    if locked.state != ClaimState.ENTITLED or due <= locked.reminders:
        return
    locked.reminders = due
    locked.save(update_fields=["reminders"])
    record("relief.deadline_near", subject=locked.subject, actor=CLOCK, now=now, due_on=locked.due_on.isoformat())


def _locked(claim: Claim) -> Claim:
    """The claim, locked after its taxpayer, so that two changes of one year wait for each other."""
    Organisation.objects.select_for_update().get(pk=claim.taxpayer_id)
    held = Claim.objects.select_for_update(of=("self",)).select_related("contract__registration", "taxpayer", "rule_text")
    return held.get(pk=claim.pk)


def _set_state(claim: Claim, state: str, *fields: str) -> None:
    claim.state = state
    claim.save(update_fields=["state", *fields])
