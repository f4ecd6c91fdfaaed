"""What achievements, listings, intents, objections and demands ask of the one who opens the workbench."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from listings.models.demands import Demand
from listings.permissions.listings import visible_intents, visible_objections
from listings.queries.achievements import achievements_of, achievements_to_examine
from listings.queries.pages import listings_of
from listings.states.achievements import AchievementState
from listings.states.demands import DemandState
from listings.states.listings import IntentState, ListingState, ObjectionState
from market.accounts.desks import Desk
from market.values.actor import Actor, Role


def trade_desks(actor: Actor) -> Iterable[Desk]:
    """The agents' desks for selling and buying, and the officials' for examining."""
    if actor.has(Role.OWNER, Role.AGENT):
        yield _achievements(actor)
        yield _listings(actor)
        yield _intents(actor)
        yield _demands(actor)
    if actor.has(Role.REGISTRAR, Role.SUPERVISOR):
        yield _examination(actor)
    if actor.has(Role.SUPERVISOR):
        yield _objections(actor)


def _achievements(actor: Actor) -> Desk:
    count = achievements_of(actor).filter(state__in=[AchievementState.DRAFT, AchievementState.RETURNED]).count()
    text = ngettext("%(n)s achievement to complete and submit", "%(n)s achievements to complete and submit", count)
    return Desk(_("Our achievements"), reverse("listings:my_achievements"), count, text % {"n": count})


def _listings(actor: Actor) -> Desk:
    count = listings_of(actor).filter(state=ListingState.DRAFT).count()
    text = ngettext("%(n)s listing to check and publish", "%(n)s listings to check and publish", count)
    return Desk(_("Our listings"), reverse("listings:my_listings"), count, text % {"n": count})


def _intents(actor: Actor) -> Desk:
    count = visible_intents(actor).filter(listing__seller_id=actor.organisation, state=IntentState.REGISTERED).count()
    text = ngettext("%(n)s intent to qualify", "%(n)s intents to qualify", count)
    return Desk(_("Intents"), reverse("listings:my_intents"), count, text % {"n": count})


def _demands(actor: Actor) -> Desk:
    count = Demand.objects.filter(organisation_id=actor.organisation or 0, state=DemandState.DRAFT).count()
    text = ngettext("%(n)s demand to check and publish", "%(n)s demands to check and publish", count)
    return Desk(_("Our demands"), reverse("listings:my_demands"), count, text % {"n": count})


def _examination(actor: Actor) -> Desk:
    # A supervisor looks on; a registrar decides, but not on what their own organisation submitted.
    count = achievements_to_examine().exclude(organisation_id=actor.organisation or 0).count() if actor.has(Role.REGISTRAR) else 0
    text = ngettext("%(n)s achievement to examine", "%(n)s achievements to examine", count)
    return Desk(_("Achievements to examine"), reverse("listings:examine_achievements"), count, text % {"n": count})


def _objections(actor: Actor) -> Desk:
    count = visible_objections(actor).filter(state=ObjectionState.RAISED).exclude(raised_by_id=actor.person).count()
    text = ngettext("%(n)s objection to answer", "%(n)s objections to answer", count)
    return Desk(_("Objections"), reverse("listings:objections"), count, text % {"n": count})
