"""Pages on which relief on a contract is claimed, filed, granted, refused and recovered."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from contracts.relief import actions
from contracts.relief.forms import FactsForm, FileForm, GrantForm, SettleForm, WhyForm, known_of
from contracts.relief.models import Claim
from contracts.relief.package import package_pdf, package_zip
from contracts.relief.permissions import (
    claim_for,
    may_claim,
    may_decide_claim,
    require_claim_mover,
    taxed_contract_for,
    visible_claims,
)
from contracts.relief.queries import (
    claim_page,
    contracts_without_claims,
    findings_for_contract,
    first_facts,
    realised_relief,
)
from contracts.relief.rules.calculator import best
from contracts.relief.states import CLAIM, ClaimEvent, ClaimState
from market.accounts.freshness import fresh_sign_in_required
from market.accounts.models import Organisation
from market.accounts.permissions import acts_for
from market.answers import acted, attempt, form_status, offer
from market.pages import page_of
from market.paper import download
from market.requests import MarketRequest
from market.values.actor import Role
from market.values.dates import day_of


@login_required
@require_safe
def claims(request: MarketRequest) -> HttpResponse:
    """The ledger: one's own, or for officials everybody's."""
    seen = visible_claims(request.actor)
    state = request.GET.get("state", "")
    chosen = seen.filter(state=state) if state in ClaimState.values else seen
    context = {
        "page": page_of(chosen, request),
        "state": state,
        "states": ClaimState.choices,
        "realised": realised_relief(seen),
        "unclaimed": contracts_without_claims(request.actor)[:20],
        "is_official": request.actor.has(Role.REGISTRAR, Role.SUPERVISOR),
        "today": day_of(timezone.now()),
    }
    return render(request, "relief/claim_list.html", context)


@login_required
def contract_relief(request: MarketRequest, key: str) -> HttpResponse:
    """What can be claimed on a contract: worked out with what is typed beside the register, and entered rule by rule."""
    contract = taxed_contract_for(request.actor, key)
    side = request.actor.organisation if request.actor.organisation == contract.buyer_id else contract.seller_id
    taxpayer = Organisation.objects.filter(pk=side or 0).first() or contract.buyer or contract.applied
    facts = first_facts(contract, taxpayer, today=day_of(timezone.now()))
    form = FactsForm(request.POST or None, initial=facts, known=known_of(facts))
    found = findings_for_contract(contract, taxpayer.pk, form.to_facts()) if form.is_valid() else ()
    rule = request.POST.get("enter", "")
    if rule and form.is_valid():
        entered, now = form.to_facts(), timezone.now()
        claim = attempt(form, lambda: actions.enter_claim(contract, rule, entered, actor=request.actor, now=now))
        if claim is not None:
            return acted(request, _("Entered in the ledger. File it with the tax office in time."), claim.get_absolute_url())
    context = {
        "contract": contract,
        "taxpayer": taxpayer,
        "form": form,
        "known": form.known,
        "findings": found,
        "chosen": best(found),
        "claims": visible_claims(request.actor).filter(contract=contract),
        "may_enter": may_claim(request.actor, contract),
    }
    return render(request, "relief/contract_relief.html", context, status=form_status(form))


@login_required
@require_safe
def show_claim(request: MarketRequest, key: str) -> HttpResponse:
    claim = claim_for(request.actor, key)
    context = {
        "page": claim_page(claim, actor=request.actor),
        "claim": claim,
        "is_taxpayer": acts_for(request.actor, claim.taxpayer_id, Role.OWNER, Role.FINANCE),
        "may_decide": may_decide_claim(request.actor, claim),
        "is_overdue": claim.state == ClaimState.ENTITLED and day_of(timezone.now()) > claim.due_on,
    }
    return render(request, "relief/claim_page.html", context)


type Act = Callable[[Claim, Form], Claim]


def _form_page(
    request: MarketRequest, claim: Claim, event: ClaimEvent, form: Form, act: Act, title: str, done: str
) -> HttpResponse:
    """One act with a form: its page, its errors beside the fields, and back to the claim."""
    require_claim_mover(request.actor, claim, _mover(event))
    offer(form, lambda: CLAIM.move(claim.state, event))
    if form.is_valid() and attempt(form, lambda: act(claim, form)) is not None:
        return acted(request, done, claim.get_absolute_url())
    context = {"form": form, "claim": claim, "title": title}
    return render(request, "relief/claim_form.html", context, status=form_status(form))


def _mover(event: ClaimEvent) -> str:
    return next(move.by for move in CLAIM.moves if move.event == event)


@login_required
def file(request: MarketRequest, key: str) -> HttpResponse:
    now, actor = timezone.now(), request.actor
    form = FileForm(request.POST or None, initial={"filed_on": day_of(now)})
    return _form_page(
        request,
        claim_for(actor, key),
        ClaimEvent.FILE,
        form,
        lambda claim, form: actions.file_claim(claim, **form.cleaned_data, actor=actor, now=now),
        _("File with the tax office"),
        _("Filed. The decision is entered when the tax office has made it."),
    )


@login_required
def drop(request: MarketRequest, key: str) -> HttpResponse:
    actor = request.actor
    return _form_page(
        request,
        claim_for(actor, key),
        ClaimEvent.DROP,
        WhyForm(request.POST or None),
        lambda claim, form: actions.drop_claim(claim, **form.cleaned_data, actor=actor, now=timezone.now()),
        _("Do not claim this relief"),
        _("Not claimed. It takes no part of the year's cap any more."),
    )


@login_required
@require_POST
def take_back(request: MarketRequest, key: str) -> HttpResponse:
    claim = actions.take_back_claim(claim_for(request.actor, key), actor=request.actor, now=timezone.now())
    return acted(request, _("Taken back. The relief can be filed anew."), claim.get_absolute_url())


@login_required
@fresh_sign_in_required
def grant(request: MarketRequest, key: str) -> HttpResponse:
    now, actor = timezone.now(), request.actor
    claim = claim_for(actor, key)
    form = GrantForm(request.POST or None, initial={"granted_on": day_of(now), "amount": claim.filed})
    return _form_page(
        request,
        claim,
        ClaimEvent.GRANT,
        form,
        lambda claim, form: actions.grant_claim(claim, **form.cleaned_data, actor=actor, now=now),
        _("Enter the grant"),
        _("Granted. The taxpayer is told."),
    )


@login_required
@fresh_sign_in_required
def refuse(request: MarketRequest, key: str) -> HttpResponse:
    actor = request.actor
    return _form_page(
        request,
        claim_for(actor, key),
        ClaimEvent.REFUSE,
        WhyForm(request.POST or None),
        lambda claim, form: actions.refuse_claim(claim, **form.cleaned_data, actor=actor, now=timezone.now()),
        _("Enter the refusal"),
        _("Refused. The taxpayer sees the reason."),
    )


@login_required
@fresh_sign_in_required
def settle(request: MarketRequest, key: str) -> HttpResponse:
    now, actor = timezone.now(), request.actor
    claim = claim_for(actor, key)
    form = SettleForm(request.POST or None, initial={"settled_on": day_of(now), "amount": claim.recovery})
    return _form_page(
        request,
        claim,
        ClaimEvent.SETTLE,
        form,
        lambda claim, form: actions.settle_recovery(claim, **form.cleaned_data, actor=actor, now=now),
        _("Settle the recovery"),
        _("Settled."),
    )


@login_required
@require_safe
def download_pdf(request: MarketRequest, key: str) -> HttpResponse:
    return _package(request, key, package_pdf, "application/pdf", "pdf")


@login_required
@require_safe
def download_zip(request: MarketRequest, key: str) -> HttpResponse:
    return _package(request, key, package_zip, "application/zip", "zip")


def _package(request: MarketRequest, key: str, make: Callable[..., bytes], content_type: str, suffix: str) -> HttpResponse:
    claim = claim_for(request.actor, key)
    name = f"{claim.rule_id}-{claim.tax_year}-{claim.key}.{suffix}"
    page = claim_page(claim, actor=request.actor)
    return download(request, lambda: make(page, now=timezone.now()), name=name, content_type=content_type)
