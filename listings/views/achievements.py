"""Pages on which achievements are entered, examined and registered."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from listings.actions.achievements import (
    AchievementEntry,
    change_achievement,
    discard_achievement,
    draft_achievement,
    facts_of,
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
    ReturnForm,
    initial_of,
    inventor_rows_of,
    patent_rows_of,
    show_row_refusals,
)
from listings.models.achievements import Achievement
from listings.panels import achievement_feet
from listings.permissions.achievements import achievement_for, may_edit
from listings.queries.achievements import achievements_of, achievements_to_examine, registered_twins
from listings.rules.achievements import doubtful_ipc, may_submit
from listings.states.achievements import ACHIEVEMENT, AchievementEvent, AchievementState
from market.accounts.permissions import own_organisation, require_official, require_role
from market.accounts.story import story
from market.answers import acted, attempt, form_status, offer
from market.events.queries import timeline
from market.keys import random_key
from market.pages import page_of
from market.refusals import sentence
from market.requests import MarketRequest
from market.values.actor import Role
from market.values.dates import day_of


@login_required
@require_safe
def my_achievements(request: MarketRequest) -> HttpResponse:
    state = request.GET.get("state", "")
    achievements = achievements_of(request.actor, state=state if state in AchievementState.values else "")
    context = {"achievements": page_of(achievements, request), "state": state, "states": AchievementState.choices}
    return render(request, "listings/achievement_list.html", context)


@login_required
@require_safe
def examine_achievements(request: MarketRequest) -> HttpResponse:
    require_official(request.actor, Role.REGISTRAR, Role.SUPERVISOR)
    return render(request, "listings/achievement_desk.html", {"achievements": page_of(achievements_to_examine(), request)})


@require_safe
def achievement_page(request: MarketRequest, key: str) -> HttpResponse:
    achievement = achievement_for(request.actor, key)
    may_examine = request.actor.has(Role.REGISTRAR) and achievement.organisation_id != request.actor.organisation
    context = {
        "achievement": achievement,
        "may_edit": may_edit(request.actor, achievement),
        "may_examine": may_examine,
        "missing": _missing(achievement) if may_edit(request.actor, achievement) else [],
        "twins": registered_twins(achievement) if may_examine and achievement.state == AchievementState.SUBMITTED else [],
        "is_insider": may_edit(request.actor, achievement) or request.actor.is_official,
        "story": story(timeline([achievement.subject]), reader=request.actor),
        "listings": [
            listing for listing in achievement.listings.all() if listing.is_public or may_edit(request.actor, achievement)
        ],
        "feet": achievement_feet.of(achievement, request.actor),
    }
    return render(request, "listings/achievement_page.html", context)


def _missing(achievement: Achievement) -> list[str]:
    """What must still be entered before it can be submitted, in words."""
    if not ACHIEVEMENT.may(achievement.state, AchievementEvent.SUBMIT):
        return []
    return [sentence(refusal) for refusal in may_submit(facts_of(achievement), today=day_of(timezone.now()))]


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
    initial = initial_of(achievement) if achievement else {"entry_key": random_key()}
    form = AchievementForm(data, files, actor=request.actor, initial=initial)
    if achievement is not None:
        offer(form, lambda: ACHIEVEMENT.move(achievement.state, AchievementEvent.SUBMIT))
    inventors = InventorRows(data, prefix="inventors", initial=inventor_rows_of(achievement) if achievement else None)
    patents = PatentRows(data, prefix="patents", initial=patent_rows_of(achievement) if achievement else None)
    if all([form.is_valid(), inventors.is_valid(), patents.is_valid()]):
        entry = form.to_entry(inventors, patents)
        written = attempt(form, lambda: write(entry), beside=lambda refused: show_row_refusals(inventors, patents, refused))
        if written is not None:
            _say_doubts(request, entry)
            return acted(request, _("Saved. Check the page, then submit it for registration."), written.get_absolute_url())
    rows_are_wrong = data is not None and not (inventors.is_valid() and patents.is_valid())
    context = {
        "form": form,
        "inventors": inventors,
        "patents": patents,
        "achievement": achievement,
        "rows_have_errors": rows_are_wrong,
    }
    status = form_status(form)
    if status == HTTPStatus.OK and rows_are_wrong:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    return render(request, "listings/achievement_form.html", context, status=status)


def _say_doubts(request: MarketRequest, entry: AchievementEntry) -> None:
    for symbol in doubtful_ipc(entry.patents):
        messages.warning(request, _("Please look at IPC %(ipc)s again: its subclass is not in our table.") % {"ipc": symbol})


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
    form = ReturnForm(request.POST or None)
    return _with_reason(request, key, form, AchievementEvent.RETURN, return_achievement, _("Return for correction"))


@login_required
def revoke(request: MarketRequest, key: str) -> HttpResponse:
    form = ReasonForm(request.POST or None)
    return _with_reason(request, key, form, AchievementEvent.REVOKE, revoke_achievement, _("Revoke the registration"))


def _with_reason(
    request: MarketRequest,
    key: str,
    form: ReasonForm,
    event: AchievementEvent,
    action: Callable[..., Achievement],
    title: str,
) -> HttpResponse:
    achievement = achievement_for(request.actor, key)
    require_official(request.actor, Role.REGISTRAR)
    offer(form, lambda: ACHIEVEMENT.move(achievement.state, event))
    if form.is_valid():
        given = {name: value for name, value in form.cleaned_data.items() if value}
        if attempt(form, lambda: action(achievement, **given, actor=request.actor, now=timezone.now())):
            return acted(request, _("Done. The organisation sees the reason."), achievement.get_absolute_url())
    context = {"form": form, "title": title, "about": achievement, "back": achievement.get_absolute_url()}
    return render(request, "listings/reason_form.html", context, status=form_status(form))


@login_required
@require_POST
def discard(request: MarketRequest, key: str) -> HttpResponse:
    discard_achievement(achievement_for(request.actor, key), actor=request.actor, now=timezone.now())
    return redirect("listings:my_achievements")
