"""Pages on which people see what waits for them, and look after their organisations."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from market.accounts.actions import (
    add_member,
    change_organisation,
    register_organisation,
    reinstate_organisation,
    remove_member,
    return_organisation,
    submit_verification,
    suspend_organisation,
    verify_organisation,
)
from market.accounts.desks import desks_of
from market.accounts.forms import (
    ChangeOrganisationForm,
    EvidenceForm,
    MemberForm,
    OrganisationReasonForm,
    RegisterOrganisationForm,
    initial_of,
)
from market.accounts.middleware import SESSION_KEY
from market.accounts.models import Membership, Organisation, Verification
from market.accounts.panels import organisation_panels
from market.accounts.permissions import (
    is_keeper,
    member_for,
    organisation_for,
    own_organisation_for,
    require_official,
    require_organisation_keeper,
)
from market.accounts.queries import members_of, organisation_page_of, organisations_on_desk, standing_in
from market.accounts.states import ORGANISATION, OrganisationEvent, OrganisationState
from market.answers import acted, attempt, form_status, offer
from market.pages import page_of
from market.requests import MarketRequest
from market.values.actor import Role


@login_required
@require_safe
def workbench(request: MarketRequest) -> HttpResponse:
    assert request.user.is_authenticated
    desks = desks_of(request.actor)
    belonging = (
        standing_in(request, request.user).acting(request.session.get(SESSION_KEY)) if request.actor.organisation else None
    )
    organisation = belonging.organisation if belonging else None
    context = {
        "waiting": [desk for desk in desks if desk.waiting],
        "desks": desks,
        "organisation": organisation,
        "is_keeper": organisation is not None and is_keeper(request.actor, organisation),
    }
    return render(request, "accounts/workbench.html", context)


@login_required
@require_POST
def act_for(request: MarketRequest) -> HttpResponse:
    """From the next request on the person acts for the organisation chosen, one they belong to."""
    assert request.user.is_authenticated
    chosen = request.POST.get("organisation", "")
    if chosen not in {belonging.organisation.key for belonging in standing_in(request, request.user).belongings}:
        raise Http404
    request.session[SESSION_KEY] = chosen
    return redirect(_way_back(request))


def _way_back(request: MarketRequest) -> str:
    """Where the switch was made, when that is a page of this site; else the workbench."""
    back = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return back if is_ours else "accounts:workbench"


@login_required
def register(request: MarketRequest) -> HttpResponse:
    form = RegisterOrganisationForm(request.POST or None)

    def write() -> Organisation:
        kind, code = form.cleaned_data["kind"], form.cleaned_data["social_credit_code"]
        now = timezone.now()
        return register_organisation(form.to_entry(), kind=kind, social_credit_code=code, actor=request.actor, now=now)

    if form.is_valid() and (organisation := attempt(form, write)) is not None:
        # Whoever has just registered it goes on with it.
        request.session[SESSION_KEY] = organisation.key
        message = _("Registered. Now apply for its verification with the evidence.")
        return acted(request, message, organisation.get_absolute_url())
    return render(request, "accounts/organisation_register.html", {"form": form}, status=form_status(form))


@require_safe
def show_organisation(request: MarketRequest, key: str) -> HttpResponse:
    organisation = organisation_for(request.actor, key)
    panels = organisation_panels.of(organisation, request.actor)
    context = {"page": organisation_page_of(organisation, request.actor), "panels": panels}
    return render(request, "accounts/organisation_page.html", context)


@login_required
def change(request: MarketRequest, key: str) -> HttpResponse:
    organisation = organisation_for(request.actor, key)
    require_organisation_keeper(request.actor, organisation)
    form = ChangeOrganisationForm(request.POST or None, initial=initial_of(organisation))

    def write() -> Organisation:
        return change_organisation(organisation, form.to_entry(), actor=request.actor, now=timezone.now())

    if form.is_valid() and attempt(form, write) is not None:
        return acted(request, _("Saved."), organisation.get_absolute_url())
    context = {"form": form, "organisation": organisation}
    return render(request, "accounts/organisation_change.html", context, status=form_status(form))


@login_required
def apply(request: MarketRequest, key: str) -> HttpResponse:
    organisation = organisation_for(request.actor, key)
    require_organisation_keeper(request.actor, organisation)
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = EvidenceForm(data, files, actor=request.actor)
    offer(form, lambda: ORGANISATION.move(organisation.state, OrganisationEvent.SUBMIT))

    def write() -> Verification:
        return submit_verification(organisation, form.cleaned_data["evidence"], actor=request.actor, now=timezone.now())

    if form.is_valid() and attempt(form, write) is not None:
        return acted(request, _("Applied. An official looks at the evidence; you will be told."), organisation.get_absolute_url())
    context = {"form": form, "organisation": organisation}
    return render(request, "accounts/organisation_apply.html", context, status=form_status(form))


@login_required
@require_safe
def desk(request: MarketRequest) -> HttpResponse:
    require_official(request.actor, Role.ADMINISTRATOR)
    asked = request.GET.get("state", "")
    state = asked if asked in OrganisationState.values else OrganisationState.SUBMITTED.value
    context = {
        "organisations": page_of(organisations_on_desk(state), request),
        "state": state,
        "states": OrganisationState.choices,
    }
    return render(request, "accounts/organisation_desk.html", context)


@login_required
@require_POST
def verify(request: MarketRequest, key: str) -> HttpResponse:
    organisation = verify_organisation(organisation_for(request.actor, key), actor=request.actor, now=timezone.now())
    return acted(request, _("Verified. It may trade now."), organisation.get_absolute_url())


@login_required
@require_POST
def reinstate(request: MarketRequest, key: str) -> HttpResponse:
    organisation = reinstate_organisation(organisation_for(request.actor, key), actor=request.actor, now=timezone.now())
    return acted(request, _("Reinstated. It may trade again."), organisation.get_absolute_url())


@login_required
def return_(request: MarketRequest, key: str) -> HttpResponse:
    return _with_reason(request, key, OrganisationEvent.RETURN, return_organisation, _("Return for correction"))


@login_required
def suspend(request: MarketRequest, key: str) -> HttpResponse:
    return _with_reason(request, key, OrganisationEvent.SUSPEND, suspend_organisation, _("Suspend"))


def _with_reason(
    request: MarketRequest, key: str, event: OrganisationEvent, action: Callable[..., Organisation], title: str
) -> HttpResponse:
    organisation = organisation_for(request.actor, key)
    require_official(request.actor, Role.ADMINISTRATOR)
    form = OrganisationReasonForm(request.POST or None)
    offer(form, lambda: ORGANISATION.move(organisation.state, event))

    def write() -> Organisation:
        return action(organisation, reason=form.cleaned_data["reason"], actor=request.actor, now=timezone.now())

    if form.is_valid() and attempt(form, write) is not None:
        return acted(request, _("Done. The organisation sees the reason."), organisation.get_absolute_url())
    context = {"form": form, "title": title, "organisation": organisation}
    return render(request, "accounts/organisation_reason.html", context, status=form_status(form))


@login_required
def members(request: MarketRequest, key: str) -> HttpResponse:
    organisation = own_organisation_for(request.actor, key)
    may_change = is_keeper(request.actor, organisation)
    form = MemberForm(request.POST or None, is_government=organisation.kind == "government")

    def write() -> Membership:
        typed = form.cleaned_data
        role = Role(typed["role"])
        return add_member(organisation, email=typed["email"], role=role, actor=request.actor, now=timezone.now())

    if request.method == "POST":
        require_organisation_keeper(request.actor, organisation)
        if form.is_valid() and attempt(form, write) is not None:
            return acted(request, _("Added. It holds from the next page this person opens."), request.path)
    context = {"form": form, "organisation": organisation, "members": members_of(organisation), "may_change": may_change}
    return render(request, "accounts/member_list.html", context, status=form_status(form))


@login_required
@require_POST
def remove(request: MarketRequest, key: str, pk: int) -> HttpResponse:
    membership = member_for(request.actor, own_organisation_for(request.actor, key), pk)
    remove_member(membership, actor=request.actor, now=timezone.now())
    message = _("Removed. It holds from the next page this person opens.")
    is_oneself = membership.person_id == request.actor.person
    return acted(request, message, reverse("accounts:workbench") if is_oneself else reverse("accounts:members", args=[key]))
