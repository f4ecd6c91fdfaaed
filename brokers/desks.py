"""What engagements and brokers' applications ask of the one who opens the workbench."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from brokers.models import Broker
from brokers.permissions import visible_engagements
from brokers.queries import brokers_to_verify, own_broker
from brokers.states import EngagementState
from market.accounts.desks import Desk
from market.values.actor import Actor, Role

_OF_BROKERS: list[Callable[[Broker], Desk]] = []


def add_broker_desk(maker: Callable[[Broker], Desk]) -> None:
    """Whoever is a broker finds this on the workbench too; for higher apps, called once, when they are ready."""
    _OF_BROKERS.append(maker)


def broker_desks(actor: Actor) -> Iterable[Desk]:
    """The engagements that wait for this side's signature, a broker's own page, and the brokers that wait for an official."""
    if actor.has(Role.OWNER, Role.AGENT):
        yield _engagements(actor)
        yield Desk(_("Introductions"), reverse("brokers:my_introductions"))
        yield Desk(_("Commissions"), reverse("brokers:my_commissions"))
        if broker := own_broker(actor):
            yield Desk(_("My page as a broker"), broker.get_absolute_url())
            yield from (maker(broker) for maker in _OF_BROKERS)
    if actor.has(Role.ADMINISTRATOR, Role.SUPERVISOR):
        yield _applications(actor)


def _engagements(actor: Actor) -> Desk:
    asked_of_principal = Q(principal_id=actor.organisation, proposed_by_broker=True)
    asked_of_broker = Q(broker__institution_id=actor.organisation, broker__person_id=actor.person or 0, proposed_by_broker=False)
    proposed = visible_engagements(actor).filter(asked_of_principal | asked_of_broker, state=EngagementState.PROPOSED)
    count = proposed.count()
    text = ngettext("%(n)s engagement to sign", "%(n)s engagements to sign", count)
    return Desk(_("Engagements"), reverse("brokers:my_engagements"), count, text % {"n": count})


def _applications(actor: Actor) -> Desk:
    others = brokers_to_verify().exclude(Q(institution_id=actor.organisation) | Q(person_id=actor.person or 0))
    count = others.count()
    text = ngettext("%(n)s broker to verify", "%(n)s brokers to verify", count)
    return Desk(_("Brokers to verify"), reverse("brokers:broker_desk"), count, text % {"n": count})
