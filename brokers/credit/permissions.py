"""Who sees a credit record, who may contest it, and who decides?"""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.http import Http404

from brokers.credit.kinds import HolderKind
from brokers.credit.models import Appeal, Record, Repair, Review, Standing
from brokers.models import Broker
from brokers.permissions import broker_for
from listings.models.deals import Deal
from market.accounts.models import Organisation
from market.accounts.permissions import acts_for, belongs_to_any, organisation_for, person_of, require_official, require_role
from market.documents.models import Document
from market.values.actor import Actor, Role
from market.values.refusal import Forbidden, Refusal

OFFICIALS = (Role.SUPERVISOR, Role.ADMINISTRATOR)


def is_credit_official(actor: Actor) -> bool:
    """True for those who decide on appeals and repairs."""
    return actor.has(*OFFICIALS)


def holder_for(actor: Actor, kind: str, key: str) -> Broker | Organisation:
    """The door: the broker or the organisation whose credit is asked for, or 404."""
    if kind == HolderKind.BROKER:
        return broker_for(actor, key)
    if kind == HolderKind.ORGANISATION:
        return organisation_for(actor, key)
    raise Http404


def own_standings(actor: Actor) -> Q:
    """Those of the broker in person and of the acting organisation."""
    if actor.person is None or actor.organisation is None:
        return Q(pk__in=[])
    return Q(broker__person_id=actor.person, broker__institution_id=actor.organisation) | Q(organisation_id=actor.organisation)


def is_holder(actor: Actor, standing: Standing) -> bool:
    """True for the broker in person, acting for the institution, and for whoever may bind the organisation."""
    if standing.broker is not None:
        return acts_for(actor, standing.broker.institution_id) and actor.person == standing.broker.person_id
    return acts_for(actor, standing.organisation_id, Role.OWNER, Role.AGENT)


def visible_records(actor: Actor) -> QuerySet[Record]:
    """One's own, and all for the officials who decide."""
    records = Record.objects.select_related(
        "standing__broker__person", "standing__broker__institution", "standing__organisation", "counterpart"
    )
    if is_credit_official(actor):
        return records
    return records.filter(standing__in=Standing.objects.filter(own_standings(actor)))


def record_for(actor: Actor, key: str) -> Record:
    """The door: this record, or 404."""
    record = visible_records(actor).filter(key=key).first()
    if record is None:
        raise Http404
    return record


def appeal_for(actor: Actor, key: str) -> Appeal:
    """The door: this appeal, or 404."""
    appeal = Appeal.objects.filter(record__in=visible_records(actor), key=key).select_related("record__standing").first()
    if appeal is None:
        raise Http404
    return appeal


def repair_for(actor: Actor, key: str) -> Repair:
    """The door: this application for repair, or 404."""
    repair = Repair.objects.filter(record__in=visible_records(actor), key=key).select_related("record__standing").first()
    if repair is None:
        raise Http404
    return repair


def review_for(actor: Actor, key: str) -> Review:
    """The door: this review, for the one who gave it and the one it is about; 404 for others."""
    seen = Q(reviewer_id=actor.organisation or 0) | Q(standing__in=Standing.objects.filter(own_standings(actor)))
    review = Review.objects.filter(seen, key=key).select_related("deal", "standing__broker", "standing__organisation").first()
    if review is None:
        raise Http404
    return review


def require_holder(actor: Actor, standing: Standing) -> None:
    """Raises `Forbidden` unless it is the actor's own record."""
    if not is_holder(actor, standing):
        raise Forbidden([Refusal("credit.holder_only")])


def require_reviewer(actor: Actor, deal: Deal, reviewer: Organisation) -> None:
    """Raises `Forbidden` unless the actor may bind this side of the deal."""
    require_role(actor, reviewer.pk, Role.OWNER, Role.AGENT)
    if reviewer.pk not in (deal.seller_id, deal.buyer_id):
        raise Forbidden([Refusal("credit.no_party")])


def is_concerned(actor: Actor, standing: Standing) -> bool:
    """True for somebody who belongs to the organisation whose credit it is, or is that broker."""
    person = person_of(actor)
    if standing.broker is not None and standing.broker.person_id == person:
        return True
    return belongs_to_any(person, [standing.organisation_in_charge])


def may_decide_on(actor: Actor, record: Record) -> bool:
    """True for an official who neither made the record nor belongs to its holder."""
    return is_credit_official(actor) and record.made_by_id != actor.person and not is_concerned(actor, record.standing)


def require_decider(actor: Actor, record: Record) -> None:
    """Raises `Forbidden` unless the actor is an official who neither made the record nor belongs to its holder."""
    require_official(actor, *OFFICIALS)
    if not may_decide_on(actor, record):
        raise Forbidden([Refusal("credit.own_case")])


def require_enterer(actor: Actor, standing: Standing) -> None:
    """Raises `Forbidden` unless the actor is an official who has nothing to do with the holder."""
    require_official(actor, *OFFICIALS)
    if is_concerned(actor, standing):
        raise Forbidden([Refusal("credit.own_case")])


def may_read_credit_papers(actor: Actor, document: Document) -> bool:
    """What was attached to a record, an appeal or a repair is read by its holder and by the officials who decide."""
    records = Record.objects.filter(Q(evidence=document) | Q(appeals__evidence=document) | Q(repairs__evidence=document))
    if is_credit_official(actor):
        return records.exists()
    return records.filter(standing__in=Standing.objects.filter(own_standings(actor))).exists()
