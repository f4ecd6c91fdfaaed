"""What contracts do by themselves: provisional days of decision are counted again when a year is announced."""

from contracts.actions.recognition import compute_due_again
from contracts.queries import provisional_applications
from market.events.models import Event
from market.events.registry import Reader, follow


def compute_again(event: Event) -> None:
    for application in provisional_applications():
        compute_due_again(application, now=event.at)


follow(Reader("contracts.holidays", {"holidays.announced": compute_again}))
