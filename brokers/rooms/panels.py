"""What a mandate's page shows of its deal room."""

from __future__ import annotations

from brokers.models import Engagement
from brokers.permissions import is_broker, is_principal
from brokers.rooms.permissions import visible_rooms
from brokers.states import IN_FORCE
from market.panels import Panel
from market.values.actor import Actor


def room_panel(engagement: Engagement, actor: Actor) -> Panel | None:
    """The way into the room, or to opening one, for those whose room it is."""
    if not (is_principal(actor, engagement) or is_broker(actor, engagement)):
        return None
    room = visible_rooms(actor).filter(engagement=engagement).first()
    if room is None and engagement.state not in IN_FORCE:
        return None
    return Panel("rooms/engagement_room.html", {"room": room, "engagement": engagement})
