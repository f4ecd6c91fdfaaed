"""What settlements ask of the one who opens the workbench."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from contracts.settlement.models.royalties import RoyaltyReport
from contracts.settlement.models.settlements import Due, Settlement
from contracts.settlement.queries.settlements import objections_to_decide, open_disputes
from contracts.settlement.states import DueState, ReportState, SettlementState
from market.accounts.desks import Desk
from market.payments.permissions import is_market_finance
from market.values.actor import Actor, Role


def settlement_desks(actor: Actor) -> Iterable[Desk]:
    """What the parties have to pay, to agree to, to confirm and to report; for supervisors the disputes."""
    if actor.has(Role.OWNER, Role.AGENT, Role.FINANCE) and not (actor.is_official or is_market_finance(actor)):
        yield _own(actor)
    if actor.is_official and actor.has(Role.SUPERVISOR):
        count = open_disputes().count() + objections_to_decide().count()
        text = ngettext("%(n)s dispute about money to decide", "%(n)s disputes about money to decide", count) % {"n": count}
        yield Desk(_("Disputes about money"), reverse("settlement:dispute_desk"), count, text)


def _own(actor: Actor) -> Desk:
    dues = Due.objects.filter(payer=actor.organisation, state=DueState.AWAITED).count()
    waiting = _waiting(actor).count()
    texts = [
        ngettext("%(n)s sum to pay", "%(n)s sums to pay", dues) % {"n": dues},
        ngettext("%(n)s settlement waits for you", "%(n)s settlements wait for you", waiting) % {"n": waiting},
    ]
    shown = " · ".join(text for text, count in zip(texts, (dues, waiting), strict=True) if count)
    return Desk(_("Settlements"), reverse("settlement:my_settlements"), dues + waiting, shown or texts[0])


def _waiting(actor: Actor) -> QuerySet[Settlement]:
    """Where a plan is to be proposed or agreed to, delivery to be confirmed, a report to be given, corrected or accepted."""
    is_seller, is_buyer = Q(contract__seller=actor.organisation), Q(contract__buyer=actor.organisation)
    to_plan = Q(state=SettlementState.PLANNING) | (Q(state=SettlementState.PROPOSED) & ~Q(planned_by=actor.organisation))
    to_confirm = Q(state=SettlementState.RUNNING, delivery_reported_at__isnull=False)
    reports = RoyaltyReport.objects.filter(settlement=OuterRef("pk"))
    to_report = Q(state=ReportState.OBJECTED) | Q(state=ReportState.EXPECTED, overdue_since__isnull=False)
    to_accept = Exists(reports.filter(state=ReportState.REPORTED))
    return Settlement.objects.filter(
        ((is_seller | is_buyer) & to_plan)
        | (is_buyer & (to_confirm | Exists(reports.filter(to_report))))
        | (is_seller & to_accept)
    )
