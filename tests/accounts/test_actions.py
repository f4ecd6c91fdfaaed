"""Registering organisations, having them verified, and manning them: what is true afterwards, and what is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

import pytest

from market.accounts.actions import (
    OrganisationEntry,
    add_member,
    change_organisation,
    name_person,
    register_organisation,
    reinstate_organisation,
    remove_member,
    return_organisation,
    submit_verification,
    suspend_organisation,
    verify_organisation,
)
from market.accounts.models import Membership, Organisation, Verification
from market.accounts.permissions import actor_of
from market.accounts.states import ORGANISATION, OrganisationEvent, OrganisationState
from market.events.models import Event
from market.values.actor import ANONYMOUS, Actor, Role
from market.values.refusal import Forbidden, OutOfTurn, Refused
from tests.documents_made import a_document
from tests.people import Cast, Member, a_member, an_organisation, social_code

ENTRY = OrganisationEntry(
    "朔州新材料有限公司", "Shuozhou New Materials", "140602", "开发路 1 号", "0349-0000000", "研发高岭土材料。"
)


@contextmanager
def nothing_written() -> Iterator[None]:
    """Neither rows nor events may change inside."""

    def state() -> object:
        return (
            list(Organisation.objects.order_by("pk").values()),
            list(Membership.objects.order_by("pk").values()),
            list(Verification.objects.order_by("pk").values()),
            Event.objects.count(),
        )

    before = state()
    yield
    assert state() == before


@contextmanager
def refused(kind: type[Refused], code: str) -> Iterator[None]:
    """Inside, this refusal comes up and nothing is written."""
    with nothing_written(), pytest.raises(kind) as caught:
        yield
    assert [refusal.code for refusal in caught.value.refusals] == [code]


def events_of(organisation: Organisation) -> list[str]:
    return list(Event.objects.filter(subject=organisation.subject).order_by("sequence").values_list("name", flat=True))


@pytest.fixture
def owner(cast: Cast) -> Member:
    """The owner of an organisation that is not verified yet."""
    organisation = an_organisation("Newcomer", "enterprise", 70000001, state=OrganisationState.UNVERIFIED)
    return a_member("newcomer@a.example", organisation, Role.OWNER, Role.AGENT)


def submitted(owner: Member, now: datetime) -> Organisation:
    submit_verification(owner.organisation, [a_document(owner.actor)], actor=owner.actor, now=now)
    return owner.organisation


def register(actor: Actor, now: datetime, code: str = "") -> Organisation:
    code = code or social_code(70000002)
    return register_organisation(ENTRY, kind="enterprise", social_credit_code=code, actor=actor, now=now)


def test_whoever_registers_an_organisation_owns_it_and_acts_for_it(cast: Cast, now: datetime) -> None:
    organisation = register(cast.outsider.actor, now, f" {social_code(70000002).lower()} ")
    assert organisation.state == OrganisationState.UNVERIFIED
    assert organisation.social_credit_code == social_code(70000002)
    assert actor_of(cast.outsider.person, organisation).roles == {Role.OWNER, Role.AGENT}
    assert events_of(organisation) == ["organisation.registered"]


def test_nobody_in_particular_registers_nothing(db: None, now: datetime) -> None:
    with refused(Forbidden, "accounts.role_missing"):
        register(ANONYMOUS, now)


def test_a_wrong_code_is_refused(cast: Cast, now: datetime) -> None:
    with refused(Refused, "accounts.social_code_wrong"):
        register(cast.outsider.actor, now, "91140600MA0GTEST00")


def test_a_code_is_registered_once(cast: Cast, now: datetime) -> None:
    with refused(Refused, "accounts.social_code_taken"):
        register(cast.outsider.actor, now, cast.enterprise.social_credit_code)


def test_the_particulars_are_as_typed(owner: Member, now: datetime) -> None:
    change_organisation(owner.organisation, ENTRY, actor=owner.actor, now=now)
    owner.organisation.refresh_from_db()
    assert (owner.organisation.name, owner.organisation.address) == (ENTRY.name, ENTRY.address)
    assert events_of(owner.organisation) == ["organisation.changed"]


def test_a_verified_name_stays(cast: Cast, now: datetime) -> None:
    with refused(Refused, "accounts.name_is_verified"):
        change_organisation(cast.university, ENTRY, actor=cast.university_owner.actor, now=now)


def test_what_waits_for_an_official_cannot_be_changed(owner: Member, now: datetime) -> None:
    organisation = submitted(owner, now)
    with refused(OutOfTurn, "accounts.waits_for_official"):
        change_organisation(organisation, ENTRY, actor=owner.actor, now=now)


def test_only_its_owner_changes_an_organisation(cast: Cast, now: datetime) -> None:
    for member in (cast.university_agent, cast.enterprise_agent, cast.administrator):
        with refused(Forbidden, "accounts.role_missing"):
            change_organisation(cast.university, ENTRY, actor=member.actor, now=now)


def test_an_application_carries_its_evidence(owner: Member, now: datetime) -> None:
    document = a_document(owner.actor)
    verification = submit_verification(owner.organisation, [document], actor=owner.actor, now=now)
    owner.organisation.refresh_from_db()
    assert owner.organisation.state == OrganisationState.SUBMITTED
    assert list(verification.evidence.all()) == [document]
    assert events_of(owner.organisation) == ["organisation.submitted"]


def test_an_application_without_evidence_is_refused(owner: Member, now: datetime) -> None:
    with refused(Refused, "accounts.evidence_missing"):
        submit_verification(owner.organisation, [], actor=owner.actor, now=now)


def test_an_administrator_verifies_it(cast: Cast, owner: Member, now: datetime) -> None:
    organisation = verify_organisation(submitted(owner, now), actor=cast.administrator.actor, now=now)
    assert organisation.is_verified
    assert organisation.verifications.get().decided_by == cast.administrator.person
    assert events_of(organisation) == ["organisation.submitted", "organisation.verified"]


def test_an_administrator_returns_it_and_the_owner_applies_again(cast: Cast, owner: Member, now: datetime) -> None:
    organisation = return_organisation(submitted(owner, now), reason=" 请补充授权书 ", actor=cast.administrator.actor, now=now)
    assert organisation.state == OrganisationState.RETURNED
    assert organisation.verifications.get().reason == "请补充授权书"
    assert submitted(owner, now).verifications.count() == 2
    assert events_of(organisation) == ["organisation.submitted", "organisation.returned", "organisation.submitted"]


def test_a_suspended_organisation_is_reinstated(cast: Cast, now: datetime) -> None:
    suspend_organisation(cast.enterprise, reason="材料不实", actor=cast.administrator.actor, now=now)
    cast.enterprise.refresh_from_db()
    assert not cast.enterprise.is_verified
    assert reinstate_organisation(cast.enterprise, actor=cast.administrator.actor, now=now).is_verified
    assert events_of(cast.enterprise) == ["organisation.suspended", "organisation.reinstated"]


@pytest.mark.parametrize("action", [return_organisation, suspend_organisation])
def test_a_decision_against_somebody_has_its_reason(
    cast: Cast, owner: Member, now: datetime, action: Callable[..., object]
) -> None:
    organisation = submitted(owner, now) if action is return_organisation else cast.enterprise
    with refused(Refused, "accounts.reason_missing"):
        action(organisation, reason="  ", actor=cast.administrator.actor, now=now)


def test_nobody_but_administrators_decides(cast: Cast, owner: Member, now: datetime) -> None:
    organisation = submitted(owner, now)
    for actor in (owner.actor, cast.registrar.actor, cast.supervisor.actor, cast.enterprise_agent.actor, ANONYMOUS):
        with refused(Forbidden, "accounts.officials_only"):
            verify_organisation(organisation, actor=actor, now=now)


def test_an_administrator_does_not_decide_on_their_own_organisation(cast: Cast, now: datetime) -> None:
    with refused(Forbidden, "accounts.own_verification"):
        suspend_organisation(cast.bureau, reason="x", actor=cast.administrator.actor, now=now)


def _act(event: OrganisationEvent, organisation: Organisation, cast: Cast, owner: Member, now: datetime) -> object:
    actor = cast.administrator.actor
    match event:
        case OrganisationEvent.SUBMIT:
            return submit_verification(organisation, [a_document(owner.actor)], actor=owner.actor, now=now)
        case OrganisationEvent.VERIFY:
            return verify_organisation(organisation, actor=actor, now=now)
        case OrganisationEvent.RETURN:
            return return_organisation(organisation, reason="x", actor=actor, now=now)
        case OrganisationEvent.SUSPEND:
            return suspend_organisation(organisation, reason="x", actor=actor, now=now)
        case OrganisationEvent.REINSTATE:
            return reinstate_organisation(organisation, actor=actor, now=now)


@pytest.mark.parametrize("state", list(OrganisationState))
@pytest.mark.parametrize("event", list(OrganisationEvent))
def test_what_the_table_does_not_know_the_actions_refuse(
    cast: Cast, owner: Member, now: datetime, state: OrganisationState, event: OrganisationEvent
) -> None:
    Organisation.objects.filter(pk=owner.organisation.pk).update(state=state)
    if ORGANISATION.may(state, event):
        _act(event, owner.organisation, cast, owner, now)
        owner.organisation.refresh_from_db()
        assert owner.organisation.state == ORGANISATION.move(state, event).to
        return
    before = Event.objects.filter(subject=owner.organisation.subject).count()
    with pytest.raises(OutOfTurn):
        _act(event, owner.organisation, cast, owner, now)
    owner.organisation.refresh_from_db()
    assert owner.organisation.state == state
    assert Event.objects.filter(subject=owner.organisation.subject).count() == before


def test_a_member_added_may_act_at_once(cast: Cast, now: datetime) -> None:
    email = cast.outsider.person.email.upper()
    add_member(cast.university, email=f" {email} ", role=Role.AGENT, actor=cast.university_owner.actor, now=now)
    assert actor_of(cast.outsider.person, cast.university).has(Role.AGENT)
    assert events_of(cast.university) == ["member.added"]


@pytest.mark.parametrize(
    ("email", "role", "code"),
    [
        ("nobody@a.example", Role.AGENT, "accounts.person_unknown"),
        ("university-agent@a.example", Role.AGENT, "accounts.already_member"),
        ("outsider@a.example", Role.REGISTRAR, "accounts.official_role_outside_government"),
    ],
)
def test_a_member_is_refused(cast: Cast, now: datetime, email: str, role: Role, code: str) -> None:
    with refused(Refused, code):
        add_member(cast.university, email=email, role=role, actor=cast.university_owner.actor, now=now)


def test_a_person_switched_off_is_not_added(cast: Cast, now: datetime) -> None:
    cast.outsider.person.is_active = False
    cast.outsider.person.save()
    with refused(Refused, "accounts.person_unknown"):
        add_member(cast.university, email=cast.outsider.person.email, role=Role.AGENT, actor=cast.university_owner.actor, now=now)


def test_only_keepers_man_an_organisation(cast: Cast, now: datetime) -> None:
    for member in (cast.university_agent, cast.enterprise_agent, cast.registrar):
        with refused(Forbidden, "accounts.role_missing"):
            add_member(cast.university, email="outsider@a.example", role=Role.AGENT, actor=member.actor, now=now)
    add_member(cast.bureau, email="outsider@a.example", role=Role.REGISTRAR, actor=cast.administrator.actor, now=now)
    assert actor_of(cast.outsider.person, cast.bureau).is_official


def test_a_member_removed_may_no_longer_act(cast: Cast, now: datetime) -> None:
    membership = cast.university_agent.person.memberships.get()
    remove_member(membership, actor=cast.university_owner.actor, now=now)
    assert cast.university_agent.actor.roles == frozenset()
    assert events_of(cast.university) == ["member.removed"]
    with refused(OutOfTurn, "accounts.member_gone"):
        remove_member(membership, actor=cast.university_owner.actor, now=now)


def test_the_last_owner_is_not_removed(cast: Cast, now: datetime) -> None:
    with refused(Refused, "accounts.last_owner"):
        remove_member(cast.university_owner.person.memberships.get(), actor=cast.university_owner.actor, now=now)


def test_others_remove_nobody(cast: Cast, now: datetime) -> None:
    membership = cast.university_finance.person.memberships.get()
    for member in (cast.university_agent, cast.enterprise_agent):
        with refused(Forbidden, "accounts.role_missing"):
            remove_member(membership, actor=member.actor, now=now)


def test_an_official_role_counts_in_government_only(cast: Cast) -> None:
    Membership.objects.create(person=cast.outsider.person, organisation=cast.enterprise, role=Role.REGISTRAR.value)
    assert not actor_of(cast.outsider.person, cast.enterprise).is_official


def test_a_person_is_called_as_they_say(cast: Cast) -> None:
    name_person(cast.outsider.person, " 张工 ")
    cast.outsider.person.refresh_from_db()
    assert cast.outsider.person.name == "张工"
