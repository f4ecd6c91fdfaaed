"""What contracts and applications for recognition ask of the one who opens the workbench."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from contracts.models import Agreement, TechnologyContract
from contracts.permissions import visible_applications
from contracts.queries.contracts import agreed_contracts_of
from contracts.states import WAITING_APPLICATION, ApplicationState, ContractState
from listings.models.deals import Deal
from listings.states.deals import DealState
from market.accounts.desks import Desk
from market.values.actor import Actor, Role


def contract_desks(actor: Actor) -> Iterable[Desk]:
    """The parties' contracts and applications, and the registrars' applications to decide."""
    if actor.has(Role.OWNER, Role.AGENT):
        yield _deals(actor)
        yield _agreements(actor)
        yield _applications(actor)
    if actor.has(Role.REGISTRAR, Role.SUPERVISOR):
        yield _decisions(actor)


def _is_party(actor: Actor) -> Q:
    return Q(seller_id=actor.organisation) | Q(buyer_id=actor.organisation)


def _deals(actor: Actor) -> Desk:
    is_drawn_up = Exists(TechnologyContract.objects.filter(deal=OuterRef("pk")))
    count = Deal.objects.filter(_is_party(actor), ~is_drawn_up, state=DealState.CONCLUDED).count()
    text = ngettext("%(n)s deal whose contract is to be drawn up", "%(n)s deals whose contract is to be drawn up", count)
    return Desk(_("Deals"), reverse("listings:my_deals"), count, text % {"n": count})


def _agreements(actor: Actor) -> Desk:
    has_agreed = Exists(
        Agreement.objects.filter(contract=OuterRef("pk"), organisation_id=actor.organisation or 0, is_current=True)
    )
    open_ = TechnologyContract.objects.filter(state__in=[ContractState.DRAFT, ContractState.HALF_AGREED])
    count = open_.filter(_is_party(actor), ~has_agreed).count()
    text = ngettext("%(n)s contract to agree to", "%(n)s contracts to agree to", count)
    return Desk(_("Technology contracts"), reverse("contracts:my_contracts"), count, text % {"n": count})


def _applications(actor: Actor) -> Desk:
    agreed = agreed_contracts_of(actor.organisation).count()
    returned = (
        visible_applications(actor).filter(contract__applicant_id=actor.organisation, state=ApplicationState.RETURNED).count()
    )
    count = agreed + returned
    text = ngettext("%(n)s contract to bring to recognition", "%(n)s contracts to bring to recognition", count)
    return Desk(_("Recognition of contracts"), reverse("contracts:my_contracts"), count, text % {"n": count})


def _decisions(actor: Actor) -> Desk:
    own = Q(contract__applicant_id=actor.organisation) | Q(submitted_by_id=actor.person)
    waiting = visible_applications(actor).filter(state__in=WAITING_APPLICATION).exclude(own)
    count = waiting.count() if actor.has(Role.REGISTRAR) else 0
    text = ngettext("%(n)s application to decide", "%(n)s applications to decide", count)
    return Desk(_("Applications to decide"), reverse("contracts:application_desk"), count, text % {"n": count})
