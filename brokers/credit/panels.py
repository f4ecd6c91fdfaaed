"""What the pages of brokers, organisations and deals show of credit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.urls import reverse

from brokers.credit.kinds import HolderKind
from brokers.credit.queries.ledger import grades_of, standing_of
from brokers.credit.queries.reviews import is_finished
from brokers.credit.rules.rating import NEW
from brokers.models import Broker
from listings.models.deals import Deal
from listings.permissions.deals import is_party
from market.accounts.models import Organisation, OrganisationKind
from market.panels import Panel
from market.values.actor import Actor


def broker_credit(broker: Broker, actor: Actor) -> Panel | None:
    """The grade of a broker, as it was last counted, with the way to its explanation."""
    return _grade(broker, HolderKind.BROKER, broker.key)


def organisation_credit(organisation: Organisation, actor: Actor) -> Panel | None:
    """The grade of an organisation that trades."""
    if organisation.kind == OrganisationKind.GOVERNMENT or not organisation.is_verified:
        return None
    return _grade(organisation, HolderKind.ORGANISATION, organisation.key)


def _grade(holder: Broker | Organisation, kind: HolderKind, key: str) -> Panel:
    standing = standing_of(holder)
    grade = standing.grade if standing else NEW
    return Panel("credit/grade_panel.html", {"grade": grade, "url": reverse("credit:rating_page", args=[kind.value, key])})


def badges(brokers: Sequence[Broker]) -> Mapping[int, Panel]:
    """The grade beside each broker of a list."""
    grades = grades_of(brokers)
    return {broker.pk: Panel("credit/grade_badge.html", {"grade": grades.get(broker.pk, NEW)}) for broker in brokers}


def deal_reviews_panel(deal: Deal, actor: Actor) -> Panel | None:
    """On the page of a finished deal, the way to its reviews, for its two sides."""
    if not is_party(actor, deal) or not is_finished(deal):
        return None
    return Panel("credit/deal_reviews_panel.html", {"url": reverse("credit:deal_reviews", args=[deal.key])})
