"""What makes a form the same form, and how long must it be remembered?"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

# Stripe remembers a key for at least 24 hours (docs.stripe.com, Idempotent requests). A session of ours ends after twelve, and
# a form of an ended session is not taken; the rest is room for whoever asks what became of a form.
KEPT = timedelta(days=7)
_KEY = re.compile(r"[A-Za-z0-9-]{8,64}", re.ASCII)


def is_key(text: str) -> bool:
    """Can a form have been made with this key?

    Source: docs.stripe.com, Idempotent requests: enough randomness, at most 255 characters (high).
    """
    return _KEY.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class SentForm:
    """What a person sent: under which key, to which act on which object, and all that was in it; of files their digests."""

    person: int
    key: str
    act: str
    about: Mapping[str, str]
    fields: Mapping[str, Sequence[str]]
    files: Mapping[str, Sequence[str]] = field(default_factory=dict)


def fingerprint(form: SentForm) -> str:
    """The same for the same contents sent to the same act, whatever the order of the fields; another for anything else.

    Source: docs.stripe.com, Idempotent requests: a key with other parameters is an error (high).
    """
    parts = [form.act, _sorted(form.about), _sorted(form.fields), _sorted(form.files)]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()


def _sorted(entries: Mapping[str, str] | Mapping[str, Sequence[str]]) -> list[list[object]]:
    return [[name, entries[name]] for name in sorted(entries)]
