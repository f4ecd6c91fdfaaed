"""What yearly evaluations ask of the one who opens the workbench."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from brokers.evaluation.models import Comment
from brokers.evaluation.permissions import is_evaluator
from market.accounts.desks import Desk
from market.values.actor import Actor


def evaluation_desks(actor: Actor) -> Iterable[Desk]:
    """For officials the comments that wait for an answer."""
    if is_evaluator(actor):
        count = Comment.objects.filter(answered_at__isnull=True).count()
        text = ngettext("%(n)s comment to answer", "%(n)s comments to answer", count) % {"n": count}
        yield Desk(_("Evaluation of institutions"), reverse("evaluation:evaluations"), count, text)
