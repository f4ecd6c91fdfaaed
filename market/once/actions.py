"""Doing what a form asks for once, however often it is sent, and forgetting forms that can no longer come again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from market.once.models import DoneForm
from market.once.rules import KEPT, SentForm, fingerprint, is_key
from market.values.refusal import OutOfTurn, Refusal, Refused


@dataclass(frozen=True, slots=True)
class DoneBefore:
    """The form came before and was done: where the person was led to then."""

    led_to: str


@transaction.atomic
def act_once[T](form: SentForm, act: Callable[[], T], *, led_to: Callable[[T], str | None], now: datetime) -> T | DoneBefore:
    """What `act` gives, done in one transaction with the note of it; or, for a form that was done before, where that led to.

    `led_to` tells from what `act` gave where the person is led: None when nothing was done, and the form may come again,
    corrected. Of two that come at once the second waits for the first. Refused without a key of its own; out of turn for a
    key with other contents.
    """
    if not is_key(form.key):
        raise Refused([Refusal("once.no_key")])
    given = {"fingerprint": fingerprint(form), "led_to": "", "done_at": now}
    note, is_new = DoneForm.objects.get_or_create(person_id=form.person, key=form.key, defaults=given)
    if not is_new:
        if note.fingerprint != given["fingerprint"]:
            raise OutOfTurn([Refusal("once.other_contents")])
        return DoneBefore(note.led_to)
    result = act()
    address = led_to(result)
    if address is None:
        note.delete()
    else:
        note.led_to = address
        note.save(update_fields=["led_to"])
    return result


def forget_done_forms(*, now: datetime) -> None:
    """Of a form that can no longer come again nothing is left."""
    DoneForm.objects.filter(done_at__lt=now - KEPT).delete()
