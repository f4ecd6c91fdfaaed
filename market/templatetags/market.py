"""How is an amount, a day, an instant, a rate or a legal period written for people, in the language of the moment?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal, Protocol

from django import template
from django.utils.translation import get_language, gettext, ngettext, npgettext

from market.policy.kinds import holiday_name
from market.typed import what_was_typed
from market.values.dates import SHANGHAI, Period, Skipped, Unit, day_of
from market.values.money import Money
from market.values.writing import is_chinese, written_day, written_instant

register = template.Library()

_FEN_IN_WAN = 1_000_000


class HasFen(Protocol):
    """Anything that is an amount of money."""

    @property
    def fen(self) -> int: ...


# Templates give "" for what is not there.
type Amount = int | HasFen | Literal[""] | None


def _in_chinese() -> bool:
    return is_chinese(get_language())


def _fen_of(amount: int | HasFen) -> int:
    return amount if isinstance(amount, int) else amount.fen


@register.filter
def money(amount: Amount) -> str:
    """Yuan to the fen: "1,234,567.00 元", in English "¥1,234,567.00"; nothing for no amount."""
    if amount is None or amount == "":
        return ""
    fen = _fen_of(amount)
    if _in_chinese():
        return f"{Money(fen)} 元"
    return f"-¥{Money(-fen)}" if fen < 0 else f"¥{Money(fen)}"


@register.filter
def wan(amount: Amount) -> str:
    """Chinese pages: "123.45 万元" where two decimals say it exactly, else yuan to the fen. English has no such unit."""
    if amount is None or amount == "":
        return ""
    fen = _fen_of(amount)
    if not _in_chinese() or fen == 0 or fen % (_FEN_IN_WAN // 100):
        return money(amount)
    in_wan = Decimal(fen) / _FEN_IN_WAN
    return f"{in_wan.normalize():,f} 万元"


@register.filter
def day(value: date | datetime | None) -> str:
    """A Shanghai day: "2026年11月24日", in English "24 November 2026"; nothing for no day."""
    if not value:
        return ""
    on = day_of(value) if isinstance(value, datetime) else value
    return written_day(on, get_language())


@register.filter
def instant(value: datetime | None) -> str:
    """Day and minute in Shanghai: "2026年11月24日 15:03", in English "24 November 2026, 15:03"; nothing for no instant."""
    return written_instant(value, get_language()) if value else ""


@register.filter
def second(value: datetime | None) -> str:
    """The instant in Shanghai to the second, as bids need it."""
    return f"{instant(value)}:{value.astimezone(SHANGHAI):%S}" if value else ""


@register.filter
def percent(rate: Decimal | Literal[""] | None) -> str:
    """A rate between 0 and 1 as a percentage, exactly: 0.125 gives "12.5%"; nothing for no rate."""
    return "" if rate is None or rate == "" else f"{(rate * 100).normalize():,f}%"


@register.filter
def period(value: Period | None) -> str:
    """A legal period in words, such as "20 working days"; nothing for no period."""
    if not value:
        return ""
    match value.unit:
        case Unit.WORKING_DAYS:
            words = ngettext("%(n)s working day", "%(n)s working days", value.n)
        case Unit.MONTHS:
            words = ngettext("%(n)s month", "%(n)s months", value.n)
        case _:
            words = ngettext("%(n)s day", "%(n)s days", value.n)
    return words % {"n": value.n}


@register.filter
def duration(seconds: int | None) -> str:
    """So many seconds in the largest units that fit: "2 hours 30 minutes"; nothing for no number."""
    if seconds is None:
        return ""
    days, rest = divmod(seconds, 86400)
    hours, rest = divmod(rest, 3600)
    minutes, left = divmod(rest, 60)
    words = [
        npgettext("duration", "%(n)s day", "%(n)s days", days) % {"n": days} if days else "",
        ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours} if hours else "",
        ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes} if minutes else "",
        ngettext("%(n)s second", "%(n)s seconds", left) % {"n": left} if left or not seconds else "",
    ]
    return ("" if _in_chinese() else " ").join(filter(None, words))


@register.filter
def seconds_from(until: datetime, now: datetime) -> int:
    """How many whole seconds it is from now to that moment; 0 when it is past."""
    return max(0, int((until - now).total_seconds()))


@register.filter
def skip_reason(reason: str) -> str:
    """Why a day did not count; a holiday goes by its name in the language of the moment."""
    match reason:
        case "weekend":
            return gettext("weekend")
        case "suspended":
            return gettext("notice suspended")
        case _:
            return holiday_name(reason)


@register.filter
def days_of(skipped: Sequence[Skipped]) -> list[date]:
    """The days that did not count, without why."""
    return [day.day for day in skipped]


@register.filter
def stretches(days: Sequence[date]) -> list[str]:
    """Days in a row as "from – to", others alone; without the year, which stands above."""
    runs: list[list[date]] = []
    for on in sorted(days):
        if runs and (on - runs[-1][-1]).days == 1:
            runs[-1].append(on)
        else:
            runs.append([on])
    return [_in_year(run[0]) if len(run) == 1 else f"{_in_year(run[0])} – {_in_year(run[-1])}" for run in runs]


def _in_year(on: date) -> str:
    return day(on).removeprefix(f"{on.year}年").removesuffix(f" {on.year}")


_TONES = {
    "good": {
        "registered",
        "verified",
        "concluded",
        "contracted",
        "recognised",
        "agreed",
        "qualified",
        "won",
        "active",
        "credited",
    }
    | {"in_force", "approved", "granted", "open", "on_notice", "released", "held", "received", "confirmed"}
    | {"delivered", "paid", "accepted", "awarded"},
    "info": {"submitted", "filed", "bidding", "planned", "due_back", "awaited", "half_agreed", "proposed", "applied", "pending"}
    | {"planning", "running", "expected", "reported", "ordered", "selection", "shortlisted"},
    "warn": {"returned", "unconfirmed", "paused", "suspended", "raised", "expired", "unverified", "objected"},
    "bad": {
        "revoked",
        "annulled",
        "forfeited",
        "refused",
        "terminated",
        "failed",
        "upheld",
        "reversed",
        "rejected",
        "quarantined",
        "recovery",
    },
}
_TONE_BY_STATE = {state: tone for tone, states in _TONES.items() for state in states}


@register.filter
def tone(state: str) -> str:
    """The tone of a state's badge; neutral for what is over or not yet begun."""
    return _TONE_BY_STATE.get(str(state), "neutral")


@register.simple_tag(takes_context=True)
def typed_words(context: dict[str, Any]) -> list[dict[str, str]]:
    """What was typed into the form whose address is no longer there, so that the page can give it back."""
    request = context.get("request")
    return what_was_typed(request) if request is not None and request.method == "POST" else []
