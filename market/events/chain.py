"""Was anything changed afterwards? How one event is hashed, and chained to the event before it on the same subject.

Personal data is not hashed itself but as a salted commitment, so that it can be erased while the chain still verifies.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

GENESIS = "0" * 64


def canonical(value: Mapping[str, Any]) -> bytes:
    """The one byte string that stands for this JSON object."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def commitment(salt: str, personal: Mapping[str, Any]) -> str:
    """What stands in the chain for personal data."""
    return hashlib.sha256(salt.encode() + canonical(personal)).hexdigest()


@dataclass(frozen=True, slots=True)
class Link:
    """One event as the chain sees it. `personal_digest` is empty when there is no personal data."""

    subject: str
    sequence: int
    name: str
    at: datetime
    person: int | None
    organisation: int | None
    on_behalf_of: int | None
    channel: str
    payload: Mapping[str, Any]
    personal_digest: str
    previous_hash: str

    def hash(self) -> str:
        """SHA-256 over every field, the previous hash among them."""
        return hashlib.sha256(canonical(self.fields())).hexdigest()

    def fields(self) -> dict[str, Any]:
        """What is hashed, as JSON values."""
        return {
            "subject": self.subject,
            "sequence": self.sequence,
            "name": self.name,
            "at": self.at.astimezone(UTC).isoformat(timespec="microseconds"),
            "person": self.person,
            "organisation": self.organisation,
            "on_behalf_of": self.on_behalf_of,
            "channel": self.channel,
            "payload": self.payload,
            "personal": self.personal_digest,
            "previous": self.previous_hash,
        }


@dataclass(frozen=True, slots=True)
class Flaw:
    """A place where a subject's chain does not hold."""

    subject: str
    sequence: int
    reason: str


def flaws(links: Iterable[tuple[Link, str]], heads: Mapping[str, tuple[int, str]]) -> list[Flaw]:
    """Every break in these chains, given with their stored hashes and ordered by subject and sequence.

    `heads` says for each subject the last sequence and hash, kept apart from the events: a tail that was cut off shows there.
    """
    found: list[Flaw] = []
    last: dict[str, tuple[int, str]] = {}
    for link, stored in links:
        sequence, previous = last.get(link.subject, (0, GENESIS))
        if link.sequence != sequence + 1:
            found.append(Flaw(link.subject, link.sequence, "sequence"))
        if link.previous_hash != previous:
            found.append(Flaw(link.subject, link.sequence, "previous hash"))
        if link.hash() != stored:
            found.append(Flaw(link.subject, link.sequence, "hash"))
        last[link.subject] = (link.sequence, stored)
    for subject in sorted(heads.keys() | last.keys()):
        if heads.get(subject) != last.get(subject):
            found.append(Flaw(subject, last.get(subject, (0, ""))[0], "head"))
    return found
