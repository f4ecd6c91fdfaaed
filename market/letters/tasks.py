"""What letters do by themselves: the log is read, letters are written and sent; nothing is lost when the mail server is away."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from market.events.models import Event
from market.events.registry import Reader, Sweep, follow, sweep
from market.events.work import do_each, do_one, retry_each
from market.letters.actions import send_letter, write_letters
from market.letters.queries import letters_to_send
from market.letters.registry import LETTERS

_WRITE = "letters.write"


def write(event: Event) -> None:
    """One event about which no letter can be written must not keep the others from being told of: it is tried again later."""
    now = timezone.now()
    do_one(_WRITE, event, lambda it: write_letters(it, now=now), now=now)


def write_failed_again(now: datetime) -> None:
    retry_each(_WRITE, Event.objects.order_by("pk"), lambda it: write_letters(it, now=now), now=now)


def send_waiting(now: datetime) -> None:
    """The first failure ends the round: mostly the server is away, and every further letter would wait for it in vain."""
    do_each("letters.send", letters_to_send(now), lambda it: send_letter(it, now=now), now=now, stop_at_failure=True)


# The letters of all apps are declared before any app's tasks are; see `MarketConfig`.
follow(Reader("letters", dict.fromkeys(LETTERS, write)))
sweep(Sweep("letters.write_failed_again", write_failed_again, every=timedelta(minutes=1)))
sweep(Sweep("letters.send", send_waiting, every=timedelta(seconds=5)))
