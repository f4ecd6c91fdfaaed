"""Who can be reviewed after a deal, and what was written?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import CharField, Exists, OuterRef, QuerySet, Value
from django.db.models.functions import Concat

from brokers.credit.kinds import Act, HolderKind
from brokers.credit.models import Entry, Review, Standing
from brokers.models import Broker
from brokers.queries import engagements_for_deal
from contracts.settlement.models.settlements import Settlement
from contracts.settlement.states import SettlementState
from listings.models.deals import Deal
from market.accounts.models import Organisation
from market.values.actor import Actor

_FINISHED = (SettlementState.CLOSED, SettlementState.ENDED)


def is_finished(deal: Deal) -> bool:
    """True for a deal that is settled, or whose settlement a decision ended."""
    return Settlement.objects.filter(contract__deal=deal, state__in=_FINISHED).exists()


def brokers_in(deal: Deal) -> list[Broker]:
    """The brokers whom one of the sides engaged for this deal."""
    return list({engagement.broker_id: engagement.broker for engagement in engagements_for_deal(deal)}.values())


def took_part(deal: Deal, holder: Broker | Organisation) -> bool:
    """True for the two sides and for the brokers in the deal."""
    if isinstance(holder, Broker):
        return any(broker.pk == holder.pk for broker in brokers_in(deal))
    return holder.pk in (deal.seller_id, deal.buyer_id)


def reviews_with_sources() -> QuerySet[Review]:
    """Reviews with all that a page shows of them; `is_out` where an appeal or an official took what it counted out."""
    voided = Entry.objects.filter(
        act=Act.VOID, record__standing=OuterRef("standing"), record__source__startswith="review:", entered_by__isnull=False
    ).filter(record__about=OuterRef("about"))
    return (
        Review.objects.select_related(
            "reviewer", "deal__listing__achievement", "standing__broker__person", "standing__organisation"
        )
        .annotate(about=Concat(Value("review:"), "key", output_field=CharField()))
        .annotate(is_out=Exists(voided))
    )


def reviews_of(standing: Standing | None) -> QuerySet[Review]:
    """What was written about this holder, the latest first."""
    return reviews_with_sources().filter(standing=standing) if standing else Review.objects.none()


def reviews_to_give(actor: Actor) -> QuerySet[Deal]:
    """Finished deals of the acting organisation for which it has not reviewed the other side."""
    own = Review.objects.filter(deal=OuterRef("pk"), reviewer_id=actor.organisation or 0, standing__organisation__isnull=False)
    deals = Deal.objects.filter(contract__settlement__state__in=_FINISHED).exclude(Exists(own))
    as_seller, as_buyer = deals.filter(seller_id=actor.organisation or 0), deals.filter(buyer_id=actor.organisation or 0)
    return (as_seller | as_buyer).select_related("listing__achievement", "seller", "buyer")


@dataclass(frozen=True, slots=True)
class Reviewable:
    """Somebody whom this side can review after a deal, and the review that is there."""

    holder: Broker | Organisation
    kind: HolderKind
    review: Review | None
    may_change: bool


def reviewables(deal: Deal, actor: Actor, *, today: date) -> list[Reviewable]:
    """The other side and the brokers, as the acting side sees them; nobody for those who are no side."""
    if actor.organisation not in (deal.seller_id, deal.buyer_id):
        return []
    other = deal.buyer if actor.organisation == deal.seller_id else deal.seller
    own = Review.objects.filter(deal=deal, reviewer_id=actor.organisation).select_related("standing")
    reviews = {(review.standing.broker_id, review.standing.organisation_id): review for review in own}
    found = []
    holders: list[Broker | Organisation] = [other]
    holders += [broker for broker in brokers_in(deal) if broker.institution_id != actor.organisation]
    for holder in holders:
        is_broker = isinstance(holder, Broker)
        review = reviews.get((holder.pk, None) if is_broker else (None, holder.pk))
        kind = HolderKind.BROKER if is_broker else HolderKind.ORGANISATION
        found.append(Reviewable(holder, kind, review, review is None or today <= review.editable_until))
    return found


def reviews_given_by(organisation: Organisation) -> QuerySet[Review]:
    """What this organisation has written, the latest first."""
    return reviews_with_sources().filter(reviewer=organisation)
