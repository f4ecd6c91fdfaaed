"""The pages of the workbench and of organisations, as people of each role meet them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from market.accounts.actions import add_member, submit_verification
from market.accounts.models import Membership, Organisation
from market.accounts.states import OrganisationState
from market.events.models import Event
from market.values.actor import Role
from tests.contracts.builders import an_application
from tests.documents_made import a_document, an_upload
from tests.people import PASSWORD, Cast, Member, a_member, an_organisation, social_code
from tests.second_factor import prove_identity

type SignIn = Callable[[Member], Client]


def test_the_workbench_is_for_people_who_signed_in(client: Client, db: None) -> None:
    response = client.get(reverse("accounts:workbench"))
    assert response.status_code == 302
    assert response.url.startswith(reverse("account_login"))  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", ["university_agent", "enterprise_agent", "broker", "registrar", "supervisor", "administrator"])
def test_everybody_has_a_workbench(cast: Cast, sign_in: SignIn, name: str) -> None:
    response = sign_in(getattr(cast, name)).get(reverse("accounts:workbench"))
    assert response.status_code == 200
    assert getattr(cast, name).organisation.name in response.text


def test_one_acts_for_one_organisation_at_a_time_and_sees_which(cast: Cast, sign_in: SignIn) -> None:
    """A person can belong to several organisations."""
    member = a_member(cast.university_agent.person.email, cast.enterprise, Role.FINANCE)
    client = sign_in(cast.university_agent)
    before = client.get(reverse("accounts:workbench"))
    assert before.wsgi_request.actor.organisation == cast.university.pk
    switched = client.post(reverse("accounts:act_for"), {"organisation": cast.enterprise.key, "next": "/organisations/"})
    assert (switched.status_code, switched["Location"]) == (302, "/organisations/")
    after = client.get(reverse("accounts:workbench"))
    assert after.wsgi_request.actor == member.actor
    assert f'<span class="acting-name">{cast.enterprise.name}</span>' in after.text


def test_nobody_acts_for_an_organisation_they_do_not_belong_to(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.university_agent)
    for key in (cast.enterprise.key, "nonsense", ""):
        assert client.post(reverse("accounts:act_for"), {"organisation": key}).status_code == 404
    assert client.get(reverse("accounts:workbench")).wsgi_request.actor.organisation == cast.university.pk


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", ""])
def test_the_switch_leads_nowhere_else(cast: Cast, sign_in: SignIn, elsewhere: str) -> None:
    client = sign_in(cast.university_agent)
    response = client.post(reverse("accounts:act_for"), {"organisation": cast.university.key, "next": elsewhere})
    assert response["Location"] == reverse("accounts:workbench")


def test_a_role_taken_away_is_gone_with_the_next_request(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.registrar)
    assert client.get(reverse("listings:examine_achievements")).status_code == 200
    Membership.objects.filter(person=cast.registrar.person).delete()
    assert client.get(reverse("listings:examine_achievements")).status_code == 403


def test_a_person_switched_off_is_signed_out_with_the_next_request(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.university_agent)
    cast.university_agent.person.is_active = False
    cast.university_agent.person.save()
    assert client.get(reverse("accounts:workbench")).status_code == 302


def _typed(**changes: str) -> dict[str, str]:
    typed = {"kind": "enterprise", "name": "朔城新材料有限公司", "social_credit_code": "91140600MA0GTEST00", "region": "140602"}
    return typed | changes


def test_a_wrong_code_is_said_beside_the_field_and_nothing_typed_is_lost(cast: Cast, sign_in: SignIn) -> None:
    organisations = Organisation.objects.count()
    response = sign_in(cast.outsider).post(reverse("accounts:register_organisation"), _typed())
    assert response.status_code == 422
    assert response.context["form"].errors.keys() == {"social_credit_code"}
    assert "朔城新材料有限公司" in response.text
    assert Organisation.objects.count() == organisations


def test_registering_an_organisation_makes_one_its_owner_and_lets_one_act_for_it(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.outsider)
    response = client.post(reverse("accounts:register_organisation"), _typed(social_credit_code=social_code(77000001)))
    organisation = Organisation.objects.get(social_credit_code=social_code(77000001))
    assert response["Location"] == organisation.get_absolute_url()
    page = client.get(response["Location"])
    assert page.wsgi_request.actor.organisation == organisation.pk
    assert reverse("accounts:submit_verification", args=[organisation.key]) in page.text


def test_a_double_click_registers_one_organisation(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.outsider)
    typed = _typed(social_credit_code=social_code(77000001))
    statuses = [client.post(reverse("accounts:register_organisation"), typed).status_code for _ in range(2)]
    assert statuses == [302, 422]
    assert Organisation.objects.filter(social_credit_code=social_code(77000001)).count() == 1


def test_nobody_registers_a_government_organisation(cast: Cast, sign_in: SignIn) -> None:
    typed = _typed(kind="government", social_credit_code=social_code(77000001, "11140600"))
    response = sign_in(cast.outsider).post(reverse("accounts:register_organisation"), typed)
    assert response.status_code == 422
    assert response.context["form"].errors.keys() == {"kind"}


@pytest.fixture
def newcomer(cast: Cast) -> Member:
    """The owner of an organisation that is not verified yet."""
    organisation = an_organisation("Newcomer a", "enterprise", 70000001, state=OrganisationState.UNVERIFIED)
    return a_member("newcomer@a.example", organisation, Role.OWNER, Role.AGENT)


def _address(name: str, organisation: Organisation, *more: int) -> str:
    return reverse(f"accounts:{name}", args=[organisation.key, *more])


def _state(organisation: Organisation) -> str:
    organisation.refresh_from_db()
    return organisation.state


def test_an_organisation_is_verified_with_the_evidence_uploaded(cast: Cast, sign_in: SignIn, newcomer: Member) -> None:
    owner, administrator, organisation = sign_in(newcomer), sign_in(cast.administrator), newcomer.organisation
    assert owner.post(_address("submit_verification", organisation), {}).status_code == 422
    assert owner.post(_address("submit_verification", organisation), {"evidence": [an_upload("执照.pdf")]}).status_code == 302
    assert _state(organisation) == OrganisationState.SUBMITTED
    desk = administrator.get(reverse("accounts:organisation_desk"))
    assert organisation.get_absolute_url() in desk.text
    page = administrator.get(organisation.get_absolute_url())
    evidence = organisation.verifications.get().evidence.get()
    link = reverse("documents:download_document", args=[evidence.key])
    assert link in page.text
    assert administrator.get(link).status_code == 200
    assert administrator.post(_address("verify_organisation", organisation)).status_code == 302
    assert _state(organisation) == OrganisationState.VERIFIED
    assert administrator.post(_address("verify_organisation", organisation)).status_code == 409
    assert Event.objects.filter(name="organisation.verified", subject=organisation.subject).count() == 1


def test_evidence_that_is_not_what_it_says_is_refused_beside_the_field(sign_in: SignIn, newcomer: Member) -> None:
    files = {"evidence": [an_upload("执照.pdf", b"MZ\x90\x00 not a document")]}
    response = sign_in(newcomer).post(_address("submit_verification", newcomer.organisation), files)
    assert response.status_code == 422
    assert response.context["form"].errors.keys() == {"evidence"}
    assert _state(newcomer.organisation) == OrganisationState.UNVERIFIED


def test_an_application_is_returned_with_a_reason_that_its_owner_reads(
    cast: Cast, sign_in: SignIn, newcomer: Member, now: datetime
) -> None:
    organisation = newcomer.organisation
    submit_verification(organisation, [a_document(newcomer.actor)], actor=newcomer.actor, now=now)
    administrator = sign_in(cast.administrator)
    assert administrator.post(_address("return_organisation", organisation), {"reason": " "}).status_code == 422
    assert _state(organisation) == OrganisationState.SUBMITTED
    administrator.post(_address("return_organisation", organisation), {"reason": "请补充授权委托书"})
    assert _state(organisation) == OrganisationState.RETURNED
    assert "请补充授权委托书" in sign_in(newcomer).get(organisation.get_absolute_url()).text


def test_an_organisation_is_suspended_and_reinstated(cast: Cast, sign_in: SignIn) -> None:
    administrator = sign_in(cast.administrator)
    administrator.post(_address("suspend_organisation", cast.enterprise), {"reason": "材料不实"})
    assert _state(cast.enterprise) == OrganisationState.SUSPENDED
    again = administrator.post(_address("suspend_organisation", cast.enterprise), {"reason": "材料仍不实"})
    assert again.status_code == 409
    assert "材料仍不实" in again.text
    administrator.post(_address("reinstate_organisation", cast.enterprise))
    assert _state(cast.enterprise) == OrganisationState.VERIFIED


def test_only_administrators_sit_at_the_desk(cast: Cast, sign_in: SignIn) -> None:
    for member in (cast.registrar, cast.supervisor, cast.university_owner):
        assert sign_in(member).get(reverse("accounts:organisation_desk")).status_code == 403
        assert sign_in(member).post(_address("suspend_organisation", cast.enterprise), {"reason": "x"}).status_code == 403
    assert _state(cast.enterprise) == OrganisationState.VERIFIED


def test_the_public_sees_verified_organisations_without_their_inner_life(
    cast: Cast, sign_in: SignIn, newcomer: Member, client: Client
) -> None:
    assert client.get(newcomer.organisation.get_absolute_url()).status_code == 404
    assert sign_in(cast.enterprise_agent).get(newcomer.organisation.get_absolute_url()).status_code == 404
    for visitor in (client, sign_in(cast.enterprise_agent)):
        page = visitor.get(cast.university.get_absolute_url())
        assert page.status_code == 200
        assert 'class="timeline"' not in page.text
    assert 'class="timeline"' in sign_in(cast.university_agent).get(cast.university.get_absolute_url()).text


def test_changing_keeps_what_was_typed_when_it_is_refused(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.university_owner)
    address = _address("change_organisation", cast.university)
    assert client.get(address).status_code == 200
    assert client.post(address, {"name": cast.university.name, "address": "学府路 1 号"}).status_code == 302
    refused = client.post(address, {"name": "别的名称", "address": "学府路 2 号"})
    assert refused.status_code == 422
    assert refused.context["form"].errors.keys() == {"name"}
    assert "学府路 2 号" in refused.text
    assert Organisation.objects.get(pk=cast.university.pk).address == "学府路 1 号"
    assert sign_in(cast.university_agent).get(address).status_code == 403


@pytest.mark.parametrize("name", ["change_organisation", "submit_verification", "members"])
def test_what_is_another_organisations_stays_its_own(cast: Cast, sign_in: SignIn, newcomer: Member, name: str) -> None:
    client = sign_in(cast.enterprise_agent)
    for verb in (client.get, client.post):
        assert verb(_address(name, newcomer.organisation)).status_code == 404
        assert verb(_address(name, cast.university)).status_code in {403, 404}


def test_an_owner_adds_and_removes_members(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.university_owner)
    address = _address("members", cast.university)
    assert cast.university_agent.person.email in client.get(address).text
    typed = {"email": cast.outsider.person.email, "role": "finance"}
    assert client.post(address, typed).status_code == 302
    twice = client.post(address, typed)
    assert (twice.status_code, twice.context["form"].errors.keys()) == (422, {"email"})
    membership = Membership.objects.get(person=cast.outsider.person, organisation=cast.university)
    remove = _address("remove_member", cast.university, membership.pk)
    assert client.post(remove).status_code == 302
    assert client.post(remove).status_code == 404
    assert not Membership.objects.filter(pk=membership.pk).exists()


def test_agents_see_the_members_and_change_nothing(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.university_agent)
    address = _address("members", cast.university)
    page = client.get(address)
    assert page.status_code == 200
    assert 'name="email"' not in page.text
    assert client.post(address, {"email": cast.outsider.person.email, "role": "agent"}).status_code == 403
    finance = cast.university_finance.person.memberships.get()
    assert client.post(_address("remove_member", cast.university, finance.pk)).status_code == 403
    assert Membership.objects.filter(pk=finance.pk).exists()


def test_the_last_owner_is_told_why_they_stay(cast: Cast, sign_in: SignIn) -> None:
    owner = cast.university_owner.person.memberships.get()
    response = sign_in(cast.university_owner).post(_address("remove_member", cast.university, owner.pk))
    assert response.status_code == 422
    assert Membership.objects.filter(pk=owner.pk).exists()


def test_who_removes_themselves_goes_back_to_the_workbench(cast: Cast, sign_in: SignIn, now: datetime) -> None:
    add_member(cast.university, email=cast.outsider.person.email, role=Role.OWNER, actor=cast.university_owner.actor, now=now)
    own = cast.university_owner.person.memberships.get()
    client = sign_in(cast.university_owner)
    response = client.post(_address("remove_member", cast.university, own.pk))
    assert response["Location"] == reverse("accounts:workbench")
    assert client.get(_address("members", cast.university)).status_code == 404


def test_the_timeline_calls_roles_by_their_names(cast: Cast, sign_in: SignIn, now: datetime) -> None:
    add_member(cast.university, email=cast.outsider.person.email, role=Role.FINANCE, actor=cast.university_owner.actor, now=now)
    page = sign_in(cast.university_owner).get("/en" + cast.university.get_absolute_url())
    assert "Member added in the role of Finance." in page.text


def test_a_decision_on_recognition_waits_for_a_fresh_proof_and_then_goes_on(cast: Cast, sign_in: SignIn, now: datetime) -> None:
    application = an_application(cast, now)
    client = sign_in(cast.registrar)
    session = client.session
    prove_identity(session, cast.registrar.person, seconds_ago=301)
    session.save()
    address = reverse("contracts:recognise_contract", args=[application.key])
    assert client.get(address).status_code == 200
    asked = client.post(address, {"technology_value": "1000", "reason": "核减与技术无关的款项"})
    assert asked["Location"].startswith(reverse("account_reauthenticate"))
    application.refresh_from_db()
    assert application.state == "submitted"
    client.post(asked["Location"], {"password": PASSWORD})
    application.refresh_from_db()
    assert application.state == "recognised"


def test_a_decision_right_after_signing_in_asks_for_nothing_more(cast: Cast, sign_in: SignIn, now: datetime) -> None:
    application = an_application(cast, now)
    client = sign_in(cast.registrar)
    client.post(
        reverse("contracts:recognise_contract", args=[application.key]),
        {"technology_value": "1000", "reason": "核减与技术无关的款项"},
    )
    application.refresh_from_db()
    assert application.state == "recognised"
