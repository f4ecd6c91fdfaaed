"""Pages on which a registration form is filled in, step by step, checked and submitted."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from contracts.actions.sheets import begin_sheet, discard_sheet, reopen_sheet, save_step, submit_sheet
from contracts.forms.sheets import STEPS, ParsedSheet, StepForm, parse_sheet, party_rows, step_form
from contracts.models import Sheet
from contracts.permissions import contract_for, require_applicant, require_sheet_writer, sheet_for
from contracts.queries.origins import differences
from contracts.queries.sheets import sheet_findings
from contracts.rule_sets import rule_set_for
from contracts.states import SHEET, SheetEvent
from market.accounts.permissions import own_organisation
from market.answers import acted, attempt, form_status
from market.requests import MarketRequest
from market.values.actor import Role
from market.values.dates import day_of
from market.values.numbers import whole_number
from market.values.refusal import Refusal, Refused


@login_required
@require_POST
def begin(request: MarketRequest) -> HttpResponse:
    applicant = own_organisation(request.actor, Role.OWNER, Role.AGENT)
    sheet = begin_sheet(applicant, actor=request.actor, now=timezone.now())
    return redirect("contracts:sheet_step", sheet.key, "subject")


@login_required
@require_POST
def begin_from_contract(request: MarketRequest, key: str) -> HttpResponse:
    contract = contract_for(request.actor, key)
    require_applicant(request.actor, contract)
    sheet = begin_sheet(contract.applied, contract=contract, actor=request.actor, now=timezone.now())
    return redirect(sheet)


@login_required
@require_safe
def show_sheet(request: MarketRequest, key: str) -> HttpResponse:
    sheet = sheet_for(request.actor, key)
    parsed = parse_sheet(sheet, actor=request.actor)
    today = day_of(timezone.now())
    rule_set, has_text = rule_set_for(today), sheet.documents.exists()
    found = sheet_findings(sheet, parsed.terms[0], rule_set, has_text=has_text, today=today) if parsed.terms else []
    context = {
        "sheet": sheet,
        "steps": _stepper(sheet, parsed),
        "findings": [(finding, rule_set.rule(finding.rule)) for finding in found],
        "is_whole": parsed.terms is not None,
        "is_ready": parsed.terms is not None and not any(finding.is_missing for finding in found),
        "differences": differences(sheet.contract),
        "is_writer": request.actor.has(Role.OWNER, Role.AGENT),
    }
    return render(request, "contracts/sheet_page.html", context)


def _stepper(sheet: Sheet, parsed: ParsedSheet) -> list[dict[str, object]]:
    return [
        {"step": step, "label": label, "state": "done" if parsed.is_right(step) else "todo"}
        for step, (label, _form) in STEPS.items()
    ]


@login_required
def show_step(request: MarketRequest, key: str, step: str) -> HttpResponse:
    sheet = sheet_for(request.actor, key)
    if step not in STEPS:
        raise Http404
    require_sheet_writer(request.actor, sheet)
    is_sent = request.method == "POST"
    form = step_form(sheet, step, actor=request.actor, data=request.POST if is_sent else None, files=request.FILES or None)
    rows = party_rows(sheet, data=request.POST if is_sent else None) if step == "parties" else None
    if not is_sent:
        SHEET.move(sheet.state, SheetEvent.SAVE)
    else:
        is_right = form.is_valid() and (rows is None or rows.is_valid())
        saved = attempt(form, lambda: _save(request, sheet, step, form))
        if saved is not None and is_right:
            return redirect(_after(sheet, step))
        if saved is not None:
            # What is shown again was just saved: it may be sent again from this page.
            again = request.POST.copy()
            again["version"] = str(saved.version)
            form.data = again
    context = {"sheet": sheet, "form": form, "rows": rows, "step": step, "label": STEPS[step][0], "is_sent": is_sent}
    # A form shown again as it was kept is not a refusal.
    return render(request, "contracts/sheet_step.html", context, status=form_status(form) if is_sent else 200)


def _save(request: MarketRequest, sheet: Sheet, step: str, form: StepForm) -> Sheet:
    """What was typed, right or not; of files those that were taken."""
    names = [name for name in request.POST if name.startswith("parties-")] if step == "parties" else list(form.fields)
    answers = {name: request.POST.getlist(name) for name in names if name != "version"}
    documents = None
    if "documents" in form.fields:
        documents = getattr(form.fields["documents"], "stored", None)
        answers.pop("documents", None)
    return save_step(
        sheet,
        step,
        answers,
        documents=documents,
        version=whole_number(request.POST.get("version", "")) or 0,
        actor=request.actor,
        now=timezone.now(),
    )


def _after(sheet: Sheet, step: str) -> str:
    order = list(STEPS)
    following = order[order.index(step) + 1 :]
    return f"{sheet.get_absolute_url()}{following[0]}/" if following else sheet.get_absolute_url()


@login_required
@require_POST
def submit(request: MarketRequest, key: str) -> HttpResponse:
    sheet = sheet_for(request.actor, key)
    require_sheet_writer(request.actor, sheet)
    SHEET.move(sheet.state, SheetEvent.SUBMIT)
    parsed = parse_sheet(sheet, actor=request.actor)
    if parsed.terms is None:
        wrong = sum(not parsed.is_right(step) for step in STEPS)
        raise Refused([Refusal("contracts.sheet_incomplete", data={"count": wrong})])
    application = submit_sheet(sheet, *parsed.terms, actor=request.actor, now=timezone.now())
    return acted(request, _("Applied. The registry decides by the day shown."), application.get_absolute_url())


@login_required
@require_POST
def reopen(request: MarketRequest, key: str) -> HttpResponse:
    sheet = reopen_sheet(sheet_for(request.actor, key), actor=request.actor, now=timezone.now())
    return acted(request, _("Open again: correct it and submit it anew."), sheet.get_absolute_url())


@login_required
@require_POST
def discard(request: MarketRequest, key: str) -> HttpResponse:
    discard_sheet(sheet_for(request.actor, key), actor=request.actor, now=timezone.now())
    return acted(request, _("Thrown away."), "contracts:my_contracts")
