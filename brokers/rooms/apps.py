from django.apps import AppConfig


class RoomsConfig(AppConfig):
    """Deal rooms: who works together on a mandate, on which tasks, with which papers."""

    name = "brokers.rooms"
    label = "rooms"

    def ready(self) -> None:
        from brokers.panels import engagement_panels
        from brokers.rooms.desks import room_desks
        from brokers.rooms.panels import room_panel
        from market.accounts.desks import add_desks

        add_desks(room_desks)
        engagement_panels.add(room_panel)
