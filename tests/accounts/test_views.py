"""The pages of the workbench and of organisations, as people of each role meet them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from market.accounts.models import Membership, Organisation
from market.values.actor import Role
from tests.people import Cast, Member, a_member

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
