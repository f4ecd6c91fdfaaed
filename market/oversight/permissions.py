"""Who may change the plan's figures: supervisors and administrators. Everybody may read them. And who watches over the machines?"""

from django.conf import settings
from django.utils.crypto import constant_time_compare

from market.values.actor import Actor, Channel, Role
from market.values.refusal import Forbidden, Refusal


def may_change_plan(actor: Actor) -> bool:
    """The command line may too: it loads the first plan."""
    return actor.has(Role.SUPERVISOR, Role.ADMINISTRATOR) or actor.channel is Channel.COMMAND


def require_plan_official(actor: Actor) -> None:
    """Raises `Forbidden` unless the actor may change the plan's figures."""
    if not may_change_plan(actor):
        raise Forbidden([Refusal("oversight.officials_only")])


def is_monitor(authorization: str) -> bool:
    """True for the header of a program that was given the market's token for monitoring; nobody has an empty one."""
    token = settings.MONITORING_TOKEN
    return bool(token) and constant_time_compare(authorization, f"Bearer {token}")
