"""What waits for somebody on the workbench: every app adds its desks when it is ready; accounts knows none of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from market.accounts.queries import organisations_to_verify
from market.policy.permissions import may_change_policy
from market.policy.queries import rows_to_decide
from market.values.actor import Actor, Role


@dataclass(frozen=True, slots=True)
class Desk:
    """A place of work: its page, and what waits there for the one who asks, in words with its number."""

    title: str
    url: str
    waiting: int = 0
    text: str = ""


type DeskMaker = Callable[[Actor], Iterable[Desk]]

_MAKERS: list[DeskMaker] = []


def add_desks(maker: DeskMaker) -> None:
    """The workbench shows what this function gives, in the order of registration."""
    _MAKERS.append(maker)


def desks_of(actor: Actor) -> list[Desk]:
    """The desks of this actor, of every app."""
    return [desk for maker in _MAKERS for desk in maker(actor)]


def administration_desks(actor: Actor) -> Iterable[Desk]:
    """Organisations to verify, and policy rows that somebody else proposed."""
    if actor.has(Role.ADMINISTRATOR):
        count = organisations_to_verify().exclude(pk=actor.organisation or 0).count()
        text = ngettext("%(count)d organisation to verify", "%(count)d organisations to verify", count) % {"count": count}
        yield Desk(_("Organisations on the market"), reverse("accounts:organisation_desk"), count, text)
    if actor.is_official and may_change_policy(actor):
        count = rows_to_decide().exclude(proposed_by_id=actor.person).count()
        text = ngettext("%(count)d proposed figure to decide", "%(count)d proposed figures to decide", count) % {"count": count}
        yield Desk(_("Rules and figures in force"), reverse("policy:figures"), count, text)
