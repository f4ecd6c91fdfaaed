"""Live messages: to everybody in a group of sockets, from any thread, at once."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from channels_redis.pubsub import RedisPubSubChannelLayer
from redis import ConnectionPool, RedisError

# Seconds: who speaks has done what it tells of, and must not wait long for a Redis that is away.
_PATIENCE = 1


class RedisLayer(RedisPubSubChannelLayer):
    """Channels' layer on one Redis, which a thread without an event loop can use too.

    Channels would begin a loop and a connection for each message of such a thread, which costs more than all else in a bid.
    """

    prefix = "market"

    def __init__(self, host: str) -> None:
        super().__init__(hosts=[host], prefix=self.prefix)
        self.pool = ConnectionPool.from_url(host, socket_timeout=_PATIENCE, socket_connect_timeout=_PATIENCE)
        self.of_thread = threading.local()
        self.last_read: tuple[bytes, dict[str, Any]] = (b"", {})

    def deserialize(self, message: bytes) -> dict[str, Any]:
        """A message for a whole group is read once, for all its sockets in this process; none of them may change it."""
        if message is not self.last_read[0]:
            self.last_read = (message, super().deserialize(message))
        return self.last_read[1]

    def tell(self, group: str, message: Mapping[str, Any]) -> None:
        """As `group_send`, but Redis has only been handed the message when this returns: its answer would say nothing of use."""
        line = self._line()
        try:
            line.send_command("PUBLISH", f"{self.prefix}__group__{group}", self.serialize(message))
        except RedisError:
            del self.of_thread.line
            raise

    def _line(self) -> Any:
        """This thread's own connection, on which Redis answers nothing; a new one where it was cut."""
        line = getattr(self.of_thread, "line", None)
        if line is not None and not _is_cut(line):
            return line
        line = self.pool.make_connection()
        line.connect()
        line.send_command("CLIENT", "REPLY", "OFF")
        self.of_thread.line = line
        return line


def _is_cut(line: Any) -> bool:
    """Nothing ever comes on this line, but its end."""
    try:
        return bool(line.can_read())
    except RedisError:
        return True


def tell(group: str, message: Mapping[str, Any]) -> None:
    """The sockets in this group hear the message. Raises whatever keeps them from it."""
    layer = get_channel_layer()
    if isinstance(layer, RedisLayer):
        layer.tell(group, message)
    elif layer is not None:
        async_to_sync(layer.group_send)(group, message)
