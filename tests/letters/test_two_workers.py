"""Two workers at once send each letter once."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.db import connections
from django.utils import timezone

from market.events.actions import advance, skip_history
from market.events.registry import READERS
from market.letters.actions import send_letter
from market.letters.models import Letter
from tests.listings.builders import an_achievement
from tests.people import Cast
from tests.transactions import wait_for_older_transactions


@pytest.mark.usefixtures("committed_db")
def test_two_workers_at_once_send_each_letter_once(now: datetime) -> None:
    skip_history(READERS["letters"])
    an_achievement(Cast("letters", 800), now)
    mail.outbox.clear()
    wait_for_older_transactions()
    while advance(READERS["letters"], now=timezone.now() + timedelta(hours=1)):
        pass
    assert Letter.objects.count() == 2

    def work() -> None:
        for letter in Letter.objects.all():
            send_letter(letter, now=timezone.now())
        connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(mail.outbox) == 2
    assert not Letter.objects.filter(sent_at__isnull=True).exists()
