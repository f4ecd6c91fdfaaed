"""What demands and proposals ask of the one who opens the workbench."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from listings.demands.queries.waiting import Waiting, waiting_for
from market.accounts.desks import Desk
from market.templatetags.market import day
from market.values.actor import Actor, Role


def demand_desks(actor: Actor) -> Iterable[Desk]:
    """One desk for what one looks for, one for what one answers."""
    if actor.has(Role.OWNER, Role.AGENT):
        waiting = waiting_for(actor)
        yield _demands(waiting)
        yield _proposals(waiting)


def _demands(waiting: Waiting) -> Desk:
    drafts, choices = waiting.drafts, waiting.choices
    texts = []
    if drafts or not choices:
        texts.append(ngettext("%(n)s demand to check and publish", "%(n)s demands to check and publish", drafts) % {"n": drafts})
    if choices:
        text = ngettext("%(n)s demand to choose a proposal for", "%(n)s demands to choose a proposal for", choices)
        texts.append(text % {"n": choices})
    return Desk(_("Our demands"), reverse("demands:my_demands"), drafts + choices, " · ".join(texts))


def _proposals(waiting: Waiting) -> Desk:
    drafts, questions = waiting.proposals, waiting.questions
    texts = []
    if questions:
        texts.append(ngettext("%(n)s question to answer", "%(n)s questions to answer", questions) % {"n": questions})
    if waiting.deadline:
        text = ngettext("%(n)s proposal to hand in by %(day)s", "%(n)s proposals to hand in, the first by %(day)s", drafts)
        texts.append(text % {"n": drafts, "day": day(waiting.deadline)})
    told = " · ".join(texts) or _("nothing to hand in or answer")
    return Desk(_("Our proposals"), reverse("demands:my_proposals"), questions + drafts, told)
