"""Pages on which contracts are drawn up and agreed, and registrations verified."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from contracts.actions.contracts import agree_contract, change_contract, draft_contract, terms_of
from contracts.certificate import amount_band, signed_certificate
from contracts.forms.contracts import AgreeForm, ContractForm, VerifyForm, initial_of
from contracts.models import Registration
from contracts.permissions import (
    contract_for,
    may_keep_register,
    own_code,
    public_registration,
    registration_for,
    require_side,
    side_of,
    visible_contracts,
)
from contracts.queries.contracts import contract_page
from contracts.queries.sheets import MOST_SHEETS, sheets_of
from contracts.states import CONTRACT, ContractEvent
from listings.permissions.deals import deal_for
from market.accounts.permissions import acts_for
from market.answers import acted, attempt, form_status, offer
from market.pages import page_of
from market.paper import download
from market.requests import MarketRequest
from market.values.actor import Role


@login_required
@require_safe
def my_contracts(request: MarketRequest) -> HttpResponse:
    context = {
        "contracts": page_of(visible_contracts(request.actor).prefetch_related("parties"), request),
        "sheets": sheets_of(request.actor)[:MOST_SHEETS],
        "own_code": own_code(request.actor),
        "may_begin": request.actor.organisation is not None and request.actor.has(Role.OWNER, Role.AGENT),
    }
    return render(request, "contracts/contract_list.html", context)


@login_required
@require_POST
def draft(request: MarketRequest, key: str) -> HttpResponse:
    contract = draft_contract(deal_for(request.actor, key), actor=request.actor, now=timezone.now())
    return acted(request, _("Drawn up from the deal. Complete the terms, then both sides agree."), contract.get_absolute_url())


@login_required
@require_safe
def show_contract(request: MarketRequest, key: str) -> HttpResponse:
    page = contract_page(contract_for(request.actor, key), actor=request.actor)
    side = side_of(request.actor, page.contract)
    agreed = {agreement.organisation_id for agreement in page.agreements}
    context = {
        "page": page,
        "side": side,
        "is_applicant": acts_for(request.actor, page.contract.applicant_id, Role.OWNER, Role.AGENT),
        "may_enter": may_keep_register(request.actor, page.contract),
        "may_agree": side is not None and side not in agreed and page.contract.state != "agreed",
    }
    return render(request, "contracts/contract_page.html", context)


@login_required
def change(request: MarketRequest, key: str) -> HttpResponse:
    contract = contract_for(request.actor, key)
    require_side(request.actor, contract)
    form = ContractForm(request.POST or None, initial=initial_of(terms_of(contract)))
    offer(form, lambda: CONTRACT.move(contract.state, ContractEvent.CHANGE))
    if form.is_valid():
        terms = form.to_terms()
        if attempt(form, lambda: change_contract(contract, terms, actor=request.actor, now=timezone.now())):
            return acted(request, _("Saved. Both sides must agree to these terms."), contract.get_absolute_url())
    context = {"form": form, "contract": contract}
    return render(request, "contracts/contract_form.html", context, status=form_status(form))


@login_required
@require_POST
def agree(request: MarketRequest, key: str) -> HttpResponse:
    contract = contract_for(request.actor, key)
    form = AgreeForm(request.POST)
    digest = form.cleaned_data["digest"] if form.is_valid() else ""
    contract = agree_contract(contract, digest=digest, actor=request.actor, now=timezone.now())
    return acted(request, _("Your side has agreed."), contract.get_absolute_url())


@login_required
@require_safe
def download_certificate(request: MarketRequest, number: str) -> HttpResponse:
    registration = registration_for(request.actor, number)
    return download(request, lambda: signed_certificate(registration, now=timezone.now()), name=f"{registration.number}.pdf")


@require_safe
def verify(request: MarketRequest) -> HttpResponse:
    """The form for those who have a certificate on paper."""
    form = VerifyForm(request.GET or None)
    if form.is_valid():
        data = form.cleaned_data
        return redirect("contracts:verify_registration", data["number"], data["verification_key"])
    return render(request, "contracts/verify_form.html", {"form": form})


@require_safe
def show_public(request: MarketRequest, number: str) -> HttpResponse:
    """What everybody may know of a contract that came about on the market."""
    registration = public_registration(number)
    context = {"registration": registration, "listing": registration.listing}
    return render(request, "contracts/public_registration.html", context)


@require_safe
def verify_registration(request: MarketRequest, number: str, verification_key: str) -> HttpResponse:
    """What the register says to anybody who holds the certificate: that it is real, not what it says in full."""
    registration = (
        Registration.objects.filter(number=number, verification_key=verification_key)
        .select_related("contract__seller", "contract__buyer")
        .prefetch_related("contract__parties")
        .first()
    )
    status = 200 if registration else 404
    band = amount_band(registration.contract_value) if registration else ""
    context = {"registration": registration, "number": number, "checked_at": timezone.now(), "band": band}
    return render(request, "contracts/verification_page.html", context, status=status)
