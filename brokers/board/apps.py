from django.apps import AppConfig


class BoardConfig(AppConfig):
    """A broker's pipeline: what may become a deal, from the first lead to the last payment."""

    name = "brokers.board"
    label = "board"

    def ready(self) -> None:
        from brokers.board.desks import board_desk
        from brokers.desks import add_broker_desk

        add_broker_desk(board_desk)
