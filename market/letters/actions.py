"""Writing letters about an event, sending them, and choosing their language."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import override

from market.accounts.models import Person
from market.accounts.permissions import person_of
from market.events.models import Event
from market.events.story import facts_in_words
from market.letters.models import Letter, Preference
from market.letters.notices import nudge
from market.letters.queries import language_of, letters_of, letters_to_send, readers_of
from market.letters.registry import LETTERS, Concerned, LetterKind, Words
from market.values.actor import Actor
from market.values.refusal import Refusal, Refused

# Longer than a mail server may take to answer.
_CLAIM = timedelta(minutes=2)


@transaction.atomic
def write_letters(event: Event, *, now: datetime) -> int:
    """A letter about this event waits for everybody it concerns, each in their language; gives how many are new.

    Called again it writes none twice: a person has one letter for an event, even when two kinds concern them.
    """
    written = 0
    for kind in LETTERS[event.name]:
        concerned = kind.concerned(event)
        if concerned is not None:
            written += sum(_write(kind, concerned, event, person, now=now) for person in readers_of(concerned, event))
    return written


def _write(kind: LetterKind, concerned: Concerned, event: Event, person: Person, *, now: datetime) -> bool:
    language = language_of(person)
    with override(language):
        facts = facts_in_words({**event.payload, **concerned.facts})

        def said(words: Words) -> str:
            return str(words).format_map(facts)

        words = {
            "language": language,
            "subject": " ".join(said(kind.subject).split())[:200],
            "text": said(kind.text),
            "next_step": said(kind.next_step),
            "address": concerned.look(),
            "written_at": now,
        }
    _letter, is_new = Letter.objects.get_or_create(event=event.pk, person=person, defaults=words)
    if is_new:
        nudge(person.pk)
    return is_new


def send_letter(letter: Letter, *, now: datetime) -> None:
    """The mail server has taken the letter, once: two workers at once, or a repeated call, send nothing more.

    Raises what the mail server's refusal or absence raises; the letter then waits to be tried again. No transaction is open
    while the server is spoken to. Should a worker die just there, the letter goes out again under the same Message-ID.
    """
    if not letters_to_send(now).filter(pk=letter.pk).update(claimed_until=now + _CLAIM):
        return
    try:
        _message(letter).send()
    except Exception:
        Letter.objects.filter(pk=letter.pk).update(claimed_until=None)
        raise
    Letter.objects.filter(pk=letter.pk).update(sent_at=now, claimed_until=None)


def _message(letter: Letter) -> EmailMultiAlternatives:
    site = settings.SITE_URL.rstrip("/")
    context = {"letter": letter, "name": letter.person.name, "site_url": site, "url": f"{site}{letter.address}"}
    with override(letter.language):
        message = EmailMultiAlternatives(
            subject=letter.subject,
            body=render_to_string("emails/letter.txt", context),
            to=[letter.person.email],
            headers={
                "Message-ID": f"<letter-{letter.event}-{letter.person_id}@{urlsplit(site).hostname}>",
                # So that no holiday reply comes back.
                "Auto-Submitted": "auto-generated",
            },
        )
        message.attach_alternative(render_to_string("emails/letter.html", context), "text/html")
    return message


@transaction.atomic
def note_seen(person: int, *, up_to: int, now: datetime) -> None:
    """This person has seen their letters up to this one on the site."""
    letters_of(person).filter(pk__lte=up_to, seen_at__isnull=True).update(seen_at=now)


@transaction.atomic
def choose_language(language: str, *, actor: Actor) -> None:
    """The person is written to in this language from the next letter on."""
    if language not in dict(settings.LANGUAGES):
        raise Refused([Refusal("letters.language_unknown", field="language")])
    Preference.objects.update_or_create(person_id=person_of(actor), defaults={"language": language})
