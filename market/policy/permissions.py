"""Who may change policy: supervisors and administrators. Everybody may read it."""

from market.values.actor import Actor, Channel, Role
from market.values.refusal import Forbidden, Refusal


def may_change_policy(actor: Actor) -> bool:
    """The command line may too: it loads the first set of rows."""
    return actor.has(Role.SUPERVISOR, Role.ADMINISTRATOR) or actor.channel is Channel.COMMAND


def require_policy_official(actor: Actor) -> None:
    if not may_change_policy(actor):
        raise Forbidden([Refusal("policy.officials_only")])
