"""What a view is given: a request that knows who acts."""

from django.http import HttpRequest

from market.values.actor import Actor


class MarketRequest(HttpRequest):
    """A request that passed `ActorMiddleware`. Names the attribute for type checkers; no instance is ever made."""

    actor: Actor
