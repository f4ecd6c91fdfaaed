"""Pages on which anybody works out a relief and reads its rules."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from contracts.relief.forms import FactsForm, example_of
from contracts.relief.models import RuleText
from contracts.relief.queries import findings_of
from contracts.relief.rulebook import book
from contracts.relief.rules.book import rule_from
from contracts.relief.rules.calculator import best
from market.answers import form_status
from market.requests import MarketRequest
from market.values.dates import day_of


def what_if(request: MarketRequest) -> HttpResponse:
    """Works the case out that was typed. Nothing of it is kept, and it stands in no address."""
    form = FactsForm(request.POST or None, initial=example_of(day_of(timezone.now())))
    found = findings_of(form.to_facts()) if form.is_valid() else ()
    context = {"form": form, "findings": found, "chosen": best(found)}
    return render(request, "relief/what_if.html", context, status=form_status(form))


@require_safe
def rules(request: MarketRequest) -> HttpResponse:
    """Every rule in every period, and the table of rights by tax."""
    today = day_of(timezone.now())
    entries = [(rule, rule.holds_on(today)) for rule in book().rules]
    return render(request, "relief/rules.html", {"entries": entries, "table": book().table, "today": today})


@require_safe
def rule_text(request: MarketRequest, digest: str) -> HttpResponse:
    """One rule in the words of its file: one of today's, or one by which a claim was counted."""
    rule = next((rule for rule in book().rules if rule.digest == digest), None)
    is_current = rule is not None
    if rule is None:
        kept = RuleText.objects.filter(digest=digest).first()
        if kept is None:
            raise Http404
        rule = rule_from(kept.text)
    return render(request, "relief/rule_text.html", {"rule": rule, "is_current": is_current})
