"""Pages on which achievements are entered, examined and registered."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from listings.actions.achievements import (
    AchievementEntry,
    change_achievement,
    discard_achievement,
    draft_achievement,
    register_achievement,
    return_achievement,
    revoke_achievement,
    submit_achievement,
)
from listings.forms.achievements import (
    AchievementForm,
    InventorRows,
    PatentRows,
    ReasonForm,
    initial_of,
    inventor_rows_of,
    patent_rows_of,
)
from listings.imports import template_workbook
from listings.models.achievements import Achievement
from listings.permissions.achievements import achievement_for, may_edit
from listings.queries.pages import achievements_of, achievements_to_examine
from market.accounts.permissions import own_organisation, require_official, require_role
from market.accounts.story import story
from market.answers import acted, attempt, form_status
from market.events.queries import timeline
from market.requests import MarketRequest
from market.values.actor import Role


@login_required
@require_safe
def my_achievements(request: MarketRequest) -> HttpResponse:
    return render(request, "listings/achievement_list.html", {"achievements": achievements_of(request.actor)})


@login_required
@require_safe
def examine_achievements(request: MarketRequest) -> HttpResponse:
    require_official(request.actor, Role.REGISTRAR, Role.SUPERVISOR)
    return render(request, "listings/achievement_desk.html", {"achievements": achievements_to_examine()})


@require_safe
def achievement_page(request: MarketRequest, key: str) -> HttpResponse:
    achievement = achievement_for(request.actor, key)
    context = {
        "achievement": achievement,
        "may_edit": may_edit(request.actor, achievement),
        "may_examine": request.actor.has(Role.REGISTRAR) and achievement.organisation_id != request.actor.organisation,
        "is_insider": may_edit(request.actor, achievement) or request.actor.is_official,
        "story": story(timeline([achievement.subject])),
        "listings": [
            listing for listing in achievement.listings.all() if listing.is_public or may_edit(request.actor, achievement)
        ],
    }
    return render(request, "listings/achievement_page.html", context)


@login_required
def draft(request: MarketRequest) -> HttpResponse:
    organisation = own_organisation(request.actor, Role.OWNER, Role.AGENT)

    def write(entry: AchievementEntry) -> Achievement:
        return draft_achievement(entry, organisation=organisation, actor=request.actor, now=timezone.now())

    return _entry_page(request, None, write)


@login_required
def change(request: MarketRequest, key: str) -> HttpResponse:
    achievement = achievement_for(request.actor, key)
    require_role(request.actor, achievement.organisation_id, Role.OWNER, Role.AGENT)

    def write(entry: AchievementEntry) -> Achievement:
        return change_achievement(achievement, entry, actor=request.actor, now=timezone.now())

    return _entry_page(request, achievement, write)


def _entry_page(
    request: MarketRequest, achievement: Achievement | None, write: Callable[[AchievementEntry], Achievement]
) -> HttpResponse:
    """The form with its rows: shown, shown again with what was typed and what is wrong, or written."""
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = AchievementForm(data, files, actor=request.actor, initial=initial_of(achievement) if achievement else None)
    inventors = InventorRows(data, prefix="inventors", initial=inventor_rows_of(achievement) if achievement else None)
    patents = PatentRows(data, prefix="patents", initial=patent_rows_of(achievement) if achievement else None)
    if all([form.is_valid(), inventors.is_valid(), patents.is_valid()]):
        written = attempt(form, lambda: write(form.to_entry(inventors, patents)))
        if written is not None:
            return acted(request, _("Saved. Check the page, then submit it for registration."), written.get_absolute_url())
    context = {"form": form, "inventors": inventors, "patents": patents, "achievement": achievement}
    status = form_status(form) if inventors.is_valid() or data is None else 422
    return render(request, "listings/achievement_form.html", context, status=status)


@login_required
@require_POST
def submit(request: MarketRequest, key: str) -> HttpResponse:
    achievement = submit_achievement(achievement_for(request.actor, key), actor=request.actor, now=timezone.now())
    return acted(request, _("Submitted. A registrar will examine it."), achievement.get_absolute_url())


@login_required
@require_POST
def register(request: MarketRequest, key: str) -> HttpResponse:
    achievement = register_achievement(achievement_for(request.actor, key), actor=request.actor, now=timezone.now())
    message = _("Registered under number %(number)s.") % {"number": achievement.certificate_number}
    return acted(request, message, achievement.get_absolute_url())


@login_required
def return_(request: MarketRequest, key: str) -> HttpResponse:
    return _with_reason(request, key, return_achievement, _("Return for correction"))


@login_required
def revoke(request: MarketRequest, key: str) -> HttpResponse:
    return _with_reason(request, key, revoke_achievement, _("Revoke the registration"))


def _with_reason(request: MarketRequest, key: str, action: Callable[..., Achievement], title: str) -> HttpResponse:
    require_official(request.actor, Role.REGISTRAR)
    achievement = achievement_for(request.actor, key)
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        if attempt(form, lambda: action(achievement, reason=reason, actor=request.actor, now=timezone.now())):
            return acted(request, _("Done. The organisation sees the reason."), achievement.get_absolute_url())
    context = {"form": form, "title": title, "about": achievement, "back": achievement.get_absolute_url()}
    return render(request, "listings/reason_form.html", context, status=form_status(form))


@login_required
@require_POST
def discard(request: MarketRequest, key: str) -> HttpResponse:
    discard_achievement(achievement_for(request.actor, key), actor=request.actor, now=timezone.now())
    return redirect("listings:my_achievements")


@require_safe
def import_template(request: MarketRequest) -> FileResponse:
    """The workbook a university fills in for `manage.py import_achievements`."""
    return FileResponse(template_workbook(), as_attachment=True, filename="achievements.xlsx")
