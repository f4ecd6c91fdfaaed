"""Who may change policy: supervisors and administrators. Everybody may read what holds; proposals are for officials."""

from django.db.models import QuerySet
from django.http import Http404

from market.policy.models import PolicyRow
from market.policy.rules import may_decide
from market.policy.states import PolicyRowState
from market.values.actor import Actor, Channel, Role
from market.values.refusal import Forbidden, Refusal


def may_change_policy(actor: Actor) -> bool:
    """The command line may too: it loads the first set of rows."""
    return actor.has(Role.SUPERVISOR, Role.ADMINISTRATOR) or actor.channel is Channel.COMMAND


def require_policy_official(actor: Actor) -> None:
    """Raises `Forbidden` unless the actor may change policy."""
    if not may_change_policy(actor):
        raise Forbidden([Refusal("policy.officials_only")])


def require_decider(actor: Actor, row: PolicyRow) -> None:
    """Raises `Forbidden` unless the actor may decide on this proposal: another official than whoever made it."""
    require_policy_official(actor)
    if refusals := may_decide(proposed_by=row.proposed_by_id, decides=actor.person):
        raise Forbidden(refusals)


def visible_policy_rows(actor: Actor) -> QuerySet[PolicyRow]:
    """The approved rows, and for those who may change policy also what was proposed or rejected; by kind, newest first."""
    rows = PolicyRow.objects.select_related("proposed_by", "decided_by")
    return rows if may_change_policy(actor) else rows.filter(state=PolicyRowState.APPROVED)


def policy_row_for(actor: Actor, pk: int) -> PolicyRow:
    """The door: this row, or 404 when the actor may not see it."""
    row = visible_policy_rows(actor).filter(pk=pk).first()
    if row is None:
        raise Http404
    return row
