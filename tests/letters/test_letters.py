"""Whom something concerns is told once, in their language; a mail server that is away loses nothing."""

from __future__ import annotations

import string
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from contracts.actions.decisions import recognise_contract, refuse_application, return_application
from contracts.models import Registration
from listings.actions.achievements import return_achievement, submit_achievement
from listings.actions.deals import close_due_notice
from listings.actions.intents import confirm_intent, qualify_intent, reject_intent
from listings.actions.listings import change_price
from listings.actions.objections import dismiss_objection, raise_objection
from listings.models.deals import Deal
from listings.models.listings import Listing
from market.accounts.models import Membership
from market.events.actions import advance, skip_history
from market.events.models import Event, Position, Trouble
from market.events.registry import KINDS, READERS
from market.letters import tasks
from market.letters.actions import write_letters
from market.letters.models import Letter, Preference
from market.letters.registry import LETTERS
from market.policy.actions import announce_holidays
from market.policy.rules import AnnouncedDay
from market.values.money import Money
from market.values.writing import written_day
from tests.brokers.builders import an_engagement
from tests.contracts.builders import a_contract, an_application
from tests.listings.builders import a_listing, an_achievement, an_intent
from tests.payments.builders import pay_deposit
from tests.people import Cast, Member

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _from_now_on() -> None:
    skip_history(READERS["letters"])


def deliver(now: datetime | None = None) -> list[EmailMultiAlternatives]:
    """What the worker does for letters; the mails since the last time."""
    mail.outbox.clear()
    now = now or timezone.now()
    while advance(READERS["letters"], now=now):
        pass
    tasks.send_waiting(now)
    return list(mail.outbox)  # type: ignore[arg-type]


def told(*names: str) -> set[tuple[str, str]]:
    """(event, address) of the letters written about events of these names."""
    events = dict(Event.objects.filter(name__in=names).values_list("pk", "name"))
    return {(events[letter.event], letter.person.email) for letter in Letter.objects.filter(event__in=events)}


def of(name: str, *members: Member) -> set[tuple[str, str]]:
    return {(name, member.person.email) for member in members}


def test_a_letter_says_what_happened_and_where_to_look(cast: Cast, now: datetime) -> None:
    achievement = an_achievement(cast, now)
    sent = deliver()
    message = next(it for it in sent if it.to == [cast.university_owner.person.email])
    assert achievement.title in message.subject
    assert achievement.certificate_number in message.body
    address = f"http://localhost:8000{achievement.get_absolute_url()}"
    assert address in message.body
    (html, kind) = message.alternatives[0]
    assert kind == "text/html"
    assert f'href="{address}"' in str(html)
    assert message.extra_headers["Auto-Submitted"] == "auto-generated"


def test_each_is_told_once_and_the_one_who_did_it_is_not(cast: Cast, now: datetime) -> None:
    intent = an_intent(cast, a_listing(cast, now), now)
    pay_deposit(cast, intent.subject, now)
    qualify_intent(intent, actor=cast.university_agent.actor, now=now + timedelta(days=2))
    first = deliver()
    assert told("intent.registered") == of("intent.registered", cast.university_owner, cast.university_agent)
    assert told("intent.qualified") == of("intent.qualified", cast.enterprise_agent)
    assert len({message.extra_headers["Message-ID"] for message in first}) == len(first)
    assert deliver() == []
    assert deliver(timezone.now() + timedelta(days=1)) == []
    for event in Event.objects.filter(name="intent.registered"):
        assert write_letters(event, now=now) == 0


def test_buyers_are_asked_to_confirm_when_the_listing_was_changed(cast: Cast, now: datetime) -> None:
    intent = an_intent(cast, a_listing(cast, now), now)
    lower, later = Money.yuan("1150000"), now + timedelta(days=2)
    change_price(intent.listing, lower, approval="", actor=cast.university_agent.actor, now=later)
    confirm_intent(intent, lower, actor=cast.enterprise_agent.actor, now=later)
    deliver()
    assert told("intent.voided") == of("intent.voided", cast.enterprise_agent)
    assert told("intent.confirmed") == of("intent.confirmed", cast.university_owner, cast.university_agent)


def test_everybody_is_written_to_in_their_own_language(cast: Cast, now: datetime, sign_in: Callable[[Member], Client]) -> None:
    client = sign_in(cast.university_owner)
    assert client.post(reverse("letters:letters"), {"language": "en"}).status_code == 302
    assert client.post(reverse("letters:letters"), {"language": "fr"}).status_code == 422
    assert Preference.objects.get(person=cast.university_owner.person).language == "en"
    an_intent(cast, a_listing(cast, now), now)
    deliver()
    event = Event.objects.get(name="intent.registered")
    letters = {letter.person.email: letter for letter in Letter.objects.filter(event=event.pk)}
    english = letters[cast.university_owner.person.email]
    assert "wants to take part" in english.text
    assert english.address.startswith("/en/")
    with override("zh-hans"):
        assert letters[cast.university_agent.person.email].address.startswith("/market/")
    page = client.get(reverse("letters:letters")).content.decode()
    assert "wants to take part" in page


def test_a_person_sees_only_their_own_letters(cast: Cast, now: datetime, sign_in: Callable[[Member], Client]) -> None:
    an_achievement(cast, now, title="只给卖方看的成果")
    deliver()
    assert "只给卖方看的成果" in sign_in(cast.university_owner).get(reverse("letters:letters")).content.decode()
    assert "只给卖方看的成果" not in sign_in(cast.outsider).get(reverse("letters:letters")).content.decode()
    assert Client().get(reverse("letters:letters")).status_code == 302


def test_who_has_left_is_not_told(cast: Cast, now: datetime) -> None:
    listing = a_listing(cast, now)
    Membership.objects.filter(person=cast.university_owner.person).delete()
    cast.enterprise_agent.person.is_active = False
    cast.enterprise_agent.person.save()
    an_intent(cast, listing, now, buyer=cast.rival_agent)
    deliver()
    assert told("intent.registered") == of("intent.registered", cast.university_agent)


def test_the_steps_of_a_deal_reach_those_they_concern(cast: Cast, now: datetime) -> None:
    university = (cast.university_owner, cast.university_agent)
    listing = a_listing(cast, now)
    an_engagement(cast, listing, now)
    registration = registered(cast, listing, now)
    while advance(READERS["brokers.commissions"], now=now):
        pass
    deliver()
    assert told("achievement.registered") == of("achievement.registered", *university)
    assert told("deal.concluded") == of("deal.concluded", *university, cast.enterprise_agent)
    assert told("contract.drafted") == of("contract.drafted", cast.university_owner, cast.enterprise_agent)
    assert told("contract.half_agreed") == of("contract.half_agreed", cast.university_owner, cast.enterprise_agent)
    assert told("contract.agreed") == of("contract.agreed", *university)
    assert told("application.recognised") == of("application.recognised", *university, cast.enterprise_agent)
    assert registration.number in Letter.objects.filter(text__contains=registration.number)[0].text
    assert told("engagement.proposed") == of("engagement.proposed", cast.broker)
    assert told("engagement.signed") == of("engagement.signed", cast.enterprise_agent)
    assert told("commission.credited") == of("commission.credited", cast.broker, cast.enterprise_agent)


def registered(cast: Cast, listing: Listing, now: datetime) -> Registration:
    """The listing's deal, contract and recognition."""
    an_intent(cast, listing, now, qualified=True)
    notice = listing.notices.get()
    assert notice.ends_at is not None
    close_due_notice(notice, now=notice.ends_at)
    application = an_application(cast, now, contract=a_contract(cast, now, deal=Deal.objects.get(listing=listing)))
    value = Money(application.technology_value_fen)
    return recognise_contract(application, technology_value=value, actor=cast.registrar.actor, now=now)


def test_returns_refusals_and_objections_reach_those_they_concern(cast: Cast, now: datetime) -> None:
    university = (cast.university_owner, cast.university_agent)
    draft = an_achievement(cast, now, registered=False, title="待补正成果", patents=())
    submit_achievement(draft, actor=cast.university_agent.actor, now=now)
    return_achievement(draft, reason="材料不全", actor=cast.registrar.actor, now=now)
    listing = a_listing(cast, now)
    intent = an_intent(cast, listing, now)
    reject_intent(intent, reason="资质不足", actor=cast.university_agent.actor, now=now + timedelta(days=2))
    objection = raise_objection(listing, statement="权属争议", actor=cast.rival_agent.actor, now=now + timedelta(days=3))
    dismiss_objection(objection, answer="查无实据", actor=cast.supervisor.actor, now=now + timedelta(days=4))
    deliver()
    assert told("achievement.returned") == of("achievement.returned", *university)
    assert told("intent.rejected") == of("intent.rejected", cast.enterprise_agent)
    assert told("objection.raised") == of("objection.raised", *university, cast.supervisor)
    assert told("objection.dismissed") == of("objection.dismissed", *university, cast.rival_agent)
    assert told("listing.released") == of("listing.released", *university)
    assert not Letter.objects.filter(text__contains="权属争议").exists(), "statements are personal data and stay on the page"


def test_an_announced_year_brings_word_to_both_sides(cast: Cast) -> None:
    december = datetime(2026, 12, 22, 2, tzinfo=UTC)
    listing = a_listing(cast, december)
    an_intent(cast, listing, december)
    deliver()
    day = AnnouncedDay(date(2027, 1, 1), "元旦", is_working=False)
    announce_holidays(2027, [day], source="国务院办公厅", actor=cast.supervisor.actor, now=december)
    while advance(READERS["listings.holidays"], now=december):
        pass
    deliver()
    name = "listing.due_changed"
    assert told(name) == of(name, cast.university_owner, cast.university_agent, cast.enterprise_agent)
    event = Event.objects.get(name=name)
    letter = Letter.objects.filter(event=event.pk)[0]
    for day in (event.payload["before"], event.payload["ends_on"]):
        assert written_day(date.fromisoformat(day), "zh-hans") in letter.text


def test_returned_and_refused_applications(cast: Cast, now: datetime) -> None:
    application = an_application(cast, now)
    return_application(application, reason="附件缺页", actor=cast.registrar.actor, now=now)
    deliver()
    assert told("application.returned") == of("application.returned", cast.university_owner, cast.university_agent)
    assert any("附件缺页" in letter.text for letter in Letter.objects.all())


def test_a_refused_application(cast: Cast, now: datetime) -> None:
    application = an_application(cast, now)
    refuse_application(application, code="not_technology", reason="无技术内容", actor=cast.registrar.actor, now=now)
    deliver()
    name = "application.refused"
    assert told(name) == of(name, cast.university_owner, cast.university_agent, cast.enterprise_agent)


# --- a mail server that is away, an event that cannot be told of -------------------------------------------------------


@pytest.fixture
def server_away(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], None]]:
    def refuse(self: EmailMultiAlternatives, *args: object, **kwargs: object) -> int:
        raise ConnectionRefusedError("nobody answers")

    with monkeypatch.context() as away:
        away.setattr(EmailMultiAlternatives, "send", refuse)
        yield away.undo


def test_nothing_is_lost_while_the_mail_server_is_away(cast: Cast, now: datetime, server_away: Callable[[], None]) -> None:
    an_achievement(cast, now)
    began = timezone.now()
    assert deliver(began) == []
    waiting = Letter.objects.filter(sent_at__isnull=True).count()
    assert waiting == 2
    assert Trouble.objects.get(work="letters.send").failures == 1, "one failure ends the round"
    assert Position.objects.get(reader="letters").failures == 0, "the log is read on"
    for minutes in range(1, 60):
        tasks.send_waiting(began + timedelta(minutes=minutes))
    assert Trouble.objects.filter(work="letters.send").count() == 2
    server_away()
    sent = deliver(began + timedelta(hours=2))
    assert len(sent) == waiting
    assert not Letter.objects.filter(sent_at__isnull=True).exists()
    assert not Trouble.objects.exists()
    assert deliver(began + timedelta(hours=3)) == []


def test_one_address_that_is_refused_holds_up_no_other(cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = EmailMultiAlternatives.send

    def send(self: EmailMultiAlternatives, *args: object, **kwargs: object) -> int:
        if self.to == [cast.university_owner.person.email]:
            raise ValueError("no such mailbox")
        return whole(self)

    monkeypatch.setattr(EmailMultiAlternatives, "send", send)
    an_achievement(cast, now)
    began = timezone.now()
    deliver(began)
    deliver(began + timedelta(seconds=6))
    assert Letter.objects.get(sent_at__isnull=True).person == cast.university_owner.person
    trouble = Trouble.objects.get()
    assert "no such mailbox" in trouble.last_error


def test_an_event_that_cannot_be_told_of_stops_no_other_and_is_tried_again(
    cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(event: Event) -> None:
        raise RuntimeError("gone")

    (kind,) = LETTERS["achievement.registered"]
    monkeypatch.setitem(LETTERS, "achievement.registered", [type(kind)(kind.event, kind.subject, kind.text, fail)])
    listing = a_listing(cast, now)
    an_intent(cast, listing, now)
    deliver()
    assert told("achievement.registered") == set()
    assert told("intent.registered")
    assert Trouble.objects.get().work == "letters.write"
    monkeypatch.setitem(LETTERS, "achievement.registered", [kind])
    tasks.write_failed_again(timezone.now() + timedelta(minutes=1))
    assert told("achievement.registered") == of("achievement.registered", cast.university_owner, cast.university_agent)
    assert not Trouble.objects.exists()


def test_a_letter_whose_sender_died_is_taken_over_under_the_same_id(cast: Cast, now: datetime) -> None:
    an_achievement(cast, now)
    while advance(READERS["letters"], now=timezone.now()):
        pass
    began = timezone.now()
    Letter.objects.update(claimed_until=began + timedelta(minutes=2))
    mail.outbox.clear()
    tasks.send_waiting(began + timedelta(minutes=1))
    assert mail.outbox == []
    tasks.send_waiting(began + timedelta(minutes=3))
    assert len(mail.outbox) == 2


def test_every_letter_can_be_written_in_both_languages() -> None:
    """No kind names a fact with a slip of the pen: each word in braces is a payload's or a fact's name."""
    assert set(LETTERS) <= set(KINDS)
    for kinds in LETTERS.values():
        for kind in kinds:
            for language in ("zh-hans", "en"):
                with override(language):
                    for words in (kind.subject, kind.text, kind.next_step):
                        names = {name for _text, name, _spec, _conversion in string.Formatter().parse(str(words)) if name}
                        assert all(name.isidentifier() for name in names), (kind.event, names)
