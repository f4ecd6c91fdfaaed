"""A meeting as every calendar reads it."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from icalendar import Calendar, Event, vCalAddress, vText

from brokers.rooms.models import Meeting
from brokers.rooms.states import MeetingState

CONTENT_TYPE = "text/calendar; charset=utf-8"


def meeting_calendar(meeting: Meeting) -> bytes:
    """The meeting as it is now: a calendar that has it takes the higher sequence for the later, and takes a cancelled one out.

    It is published, not asked for by mail: nobody's address stands in it but the market's own.
    Source: RFC 5545, RFC 5546 sections 3.2.1 and 3.2.5 (high).
    """
    is_cancelled = meeting.state == MeetingState.CANCELLED
    calendar = Calendar()
    calendar.add("prodid", "-//Technology Market//Deal rooms//ZH")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if is_cancelled else "PUBLISH")
    calendar.add_component(_event(meeting, "CANCELLED" if is_cancelled else "CONFIRMED"))
    return calendar.to_ical()


def _event(meeting: Meeting, status: str) -> Event:
    site = settings.SITE_URL.rstrip("/")
    organiser = vCalAddress(f"mailto:{settings.DEFAULT_FROM_EMAIL}")
    organiser.params["cn"] = vText(meeting.convener.organisation.name)
    event = Event()
    event.add("uid", f"{meeting.key}@{urlsplit(site).hostname}")
    event.add("sequence", meeting.sequence)
    event.add("status", status)
    event.add("dtstamp", meeting.changed_at)
    event.add("dtstart", meeting.starts_at)
    event.add("dtend", meeting.ends_at)
    event.add("summary", meeting.title)
    event.add("organizer", organiser)
    event.add("url", f"{site}{meeting.get_absolute_url()}")
    if meeting.place:
        event.add("location", meeting.place)
    if meeting.agenda:
        event.add("description", meeting.agenda)
    return event
