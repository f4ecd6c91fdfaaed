"""What did the chains look like then? Their heads, written down outside the database, signed, each line chained to the one before.

A chain shows an edit, but not that its tail was cut, nor that somebody with the whole database hashed everything anew. Who
keeps these lines apart - another machine's disk, a notary's mailbox - can show both.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail import send_mail

from market.events.chain import GENESIS, canonical
from market.signatures import is_signed, signed

FORMAT = "technology-market/anchor/1"
# Chains beside the log begin with one of these: the bids of auctions.
OTHER_CHAINS = ("bids:",)


@dataclass(frozen=True, slots=True)
class AnchoredHead:
    """The last entry of a chain at that moment: which chain, the entry's number, its hash."""

    chain: str
    sequence: int
    hash: str


@dataclass(frozen=True, slots=True)
class AnchorFlaw:
    """A line that is not as it was written, or a chain that no longer is as it was then."""

    line: int
    chain: str
    sequence: int
    reason: str


def anchor_file() -> Path:
    return Path(settings.ANCHOR_DIR) / "anchors.jsonl"


def write_anchor(heads: Iterable[AnchoredHead], *, now: datetime) -> None:
    """These heads stand in the file, on disk before this returns, and were sent to the notary where there is one.

    Whatever fails is raised: the caller's heads are then anchored again, which does no harm.
    """
    path = anchor_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+b") as file:
        # Two workers at once would chain to the same line.
        fcntl.flock(file, fcntl.LOCK_EX)
        document = {
            "format": FORMAT,
            "at": now.astimezone(UTC).isoformat(timespec="microseconds"),
            "heads": [asdict(head) for head in heads],
            "previous": _hash_of_last_line(file),
        }
        line = canonical(signed(document))
        file.write(line + b"\n")
        file.flush()
        os.fsync(file.fileno())
    if settings.ANCHOR_MAIL_TO:
        send_mail(f"Anchor {document['at']}", line.decode(), None, list(settings.ANCHOR_MAIL_TO))


def _hash_of_last_line(file: Any) -> str:
    """Reads backwards from the end, so that a long file costs no more than a short one."""
    end = file.seek(0, os.SEEK_END)
    block, tail = 1 << 16, b""
    while end > 0:
        start = max(0, end - block)
        file.seek(start)
        tail = file.read(end - start) + tail
        end = start
        if b"\n" in tail.rstrip(b"\n"):
            break
    lines = tail.rstrip(b"\n").rpartition(b"\n")
    return sha256(lines[2]).hexdigest() if lines[2] else GENESIS


def anchors_in(path: Path, keys: Mapping[str, bytes]) -> Iterator[tuple[int, AnchoredHead] | AnchorFlaw]:
    """The heads of every line with its number; where a line does not hold, that flaw instead. Nothing without the file."""
    if not path.exists():
        return
    previous = GENESIS
    with path.open("rb") as file:
        for number, raw in enumerate(file, start=1):
            line = raw.rstrip(b"\n")
            document = _document(line, keys)
            if document is None:
                yield AnchorFlaw(number, "", 0, "not signed by the market")
            elif document["previous"] != previous:
                yield AnchorFlaw(number, "", 0, "not chained to the line before it")
            else:
                yield from ((number, AnchoredHead(**head)) for head in document["heads"])
            previous = sha256(line).hexdigest()


def _document(line: bytes, keys: Mapping[str, bytes]) -> Mapping[str, Any] | None:
    try:
        sealed = json.loads(line)
    except ValueError:
        return None
    is_ours = isinstance(sealed, dict) and is_signed(sealed, keys) and sealed["document"].get("format") == FORMAT
    return sealed["document"] if is_ours else None


def compared(line: int, head: AnchoredHead, stored: str | None) -> AnchorFlaw | None:
    """What is wrong with a chain that has this hash, or nothing, at the place of an anchored head."""
    if stored == head.hash:
        return None
    reason = "cut off before this place" if stored is None else "hashed anew since then"
    return AnchorFlaw(line, head.chain, head.sequence, reason)
