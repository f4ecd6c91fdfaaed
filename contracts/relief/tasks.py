"""What relief does by itself: it follows the register, and reminds before the last day."""

from datetime import datetime, timedelta

from contracts.relief.actions import flag_recovery, follow_change, lapse_claim, remind, tell_former_party
from contracts.relief.models import Claim
from contracts.relief.queries import claims_to_remind
from contracts.relief.states import LIVE
from market.events.models import Event
from market.events.registry import Reader, Sweep, follow, sweep
from market.events.work import do_each
from market.values.dates import day_of
from market.values.money import ZERO


def _claims_on(event: Event) -> list[Claim]:
    live = Claim.objects.filter(contract__key=event.payload["contract"], state__in=LIVE)
    # Of a contract that shrank, the latest years give way first.
    return list(live.select_related("taxpayer").order_by("-tax_year", "-pk"))


def end_with_registration(event: Event) -> None:
    for claim in _claims_on(event):
        lapse_claim(claim, reason=event.payload["reason"], now=event.at)
        flag_recovery(claim, still_due=ZERO, reason=event.payload["reason"], now=event.at)


def follow_registration(event: Event) -> None:
    left, came = event.payload.get("party_before") or {}, event.payload.get("party") or {}
    for claim in _claims_on(event):
        follow_change(claim, reason=event.payload["reason"], now=event.at)
        if claim.taxpayer.social_credit_code == left.get("code"):
            tell_former_party(claim, party=came["name"], now=event.at)


def remind_of_deadlines(now: datetime) -> None:
    do_each("relief.remind", claims_to_remind(day_of(now)), lambda claim: remind(claim, now=now), now=now)


sweep(Sweep("relief.remind_of_deadlines", remind_of_deadlines, every=timedelta(hours=1)))
follow(
    Reader(
        "relief.register",
        {
            "registration.revoked": end_with_registration,
            "registration.cancelled": end_with_registration,
            "registration.changed": follow_registration,
        },
    )
)
