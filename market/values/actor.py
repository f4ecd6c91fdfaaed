"""Who acts? One person, for one organisation, through one channel."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Channel(enum.StrEnum):
    """The way by which an act came in."""

    WEB = "web"
    API = "api"
    SOCKET = "socket"
    COMMAND = "command"
    CLOCK = "clock"


class Role(enum.StrEnum):
    """What a member may do for an organisation; the last three exist in government organisations only."""

    OWNER = "owner"
    AGENT = "agent"
    FINANCE = "finance"
    REGISTRAR = "registrar"
    SUPERVISOR = "supervisor"
    ADMINISTRATOR = "administrator"


OFFICIAL_ROLES = frozenset({Role.REGISTRAR, Role.SUPERVISOR, Role.ADMINISTRATOR})


@dataclass(frozen=True, slots=True)
class Actor:
    """A person acting for an organisation with the roles held there; nobody in particular when all is empty.

    `roles` are those of the acting organisation only. `on_behalf_of` names another organisation
    whose mandate is being used (a broker's principal).
    """

    person: int | None = None
    organisation: int | None = None
    roles: frozenset[Role] = frozenset()
    channel: Channel = Channel.WEB
    on_behalf_of: int | None = None

    @property
    def is_anonymous(self) -> bool:
        return self.person is None and self.channel is not Channel.CLOCK

    @property
    def is_clock(self) -> bool:
        return self.channel is Channel.CLOCK

    def has(self, *roles: Role) -> bool:
        return bool(self.roles.intersection(roles))

    @property
    def is_official(self) -> bool:
        return bool(self.roles & OFFICIAL_ROLES)


CLOCK = Actor(channel=Channel.CLOCK)
ANONYMOUS = Actor()
