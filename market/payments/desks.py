"""What deposits and the market's till ask of the one who opens the workbench."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from market.accounts.desks import Desk
from market.payments.permissions import PAYERS, is_market_finance
from market.payments.providers.stripe_api import is_set_up
from market.payments.queries.deposits import letters_to_check, refunds_by_hand, refunds_noted_late
from market.payments.queries.payouts import payout_sums
from market.payments.queries.recoveries import Asked, asked_of, open_recoveries, write_offs_to_decide
from market.payments.queries.statements import lines_to_match, lines_to_send_back
from market.payments.queries.stripe import failed_refunds, lines_to_book, open_disputes
from market.values.actor import Actor, Role


def payment_desks(actor: Actor) -> Iterable[Desk]:
    """A payer's deposits; for the market's finance the till; for supervisors the refunds that are late."""
    if is_market_finance(actor):
        yield _till()
        if is_set_up():
            yield _cards()
    elif actor.has(*PAYERS) and not actor.is_official:
        yield from _of_payer(asked_of(actor.organisation))
    if actor.is_official and actor.has(Role.SUPERVISOR):
        count = refunds_noted_late().count()
        text = ngettext("%(n)s refund is late", "%(n)s refunds are late", count) % {"n": count}
        yield Desk(_("Refunds of deposits"), reverse("payments:refunds"), count, text)
        count = write_offs_to_decide().count()
        text = ngettext("%(n)s sum to be given up or not", "%(n)s sums to be given up or not", count) % {"n": count}
        yield Desk(_("Money to get back"), reverse("payments:recoveries"), count, text)


def _of_payer(asked: Asked) -> Iterable[Desk]:
    """Of refunds to pay back nothing for the many who never had money twice."""
    text = ngettext("%(n)s deposit to pay", "%(n)s deposits to pay", asked.deposits) % {"n": asked.deposits}
    yield Desk(_("Our deposits"), reverse("payments:my_deposits"), asked.deposits, text)
    if count := len(asked.recoveries):
        text = ngettext("%(n)s refund to pay back", "%(n)s refunds to pay back", count) % {"n": count}
        yield Desk(_("Refunds that were not due"), reverse("payments:recovery_page", args=asked.recoveries[:1]), count, text)


def _till() -> Desk:
    counts = {
        "match": lines_to_match().count(),
        "letters": letters_to_check().count(),
        "refunds": refunds_by_hand().count() + lines_to_send_back().count(),
        "payouts": payout_sums().count,
        "recoveries": open_recoveries().count(),
    }
    texts = [
        ngettext("%(n)s line to match", "%(n)s lines to match", counts["match"]) % {"n": counts["match"]},
        ngettext("%(n)s letter to check", "%(n)s letters to check", counts["letters"]) % {"n": counts["letters"]},
        ngettext("%(n)s refund to make", "%(n)s refunds to make", counts["refunds"]) % {"n": counts["refunds"]},
    ]
    texts.append(ngettext("%(n)s payout to make", "%(n)s payouts to make", counts["payouts"]) % {"n": counts["payouts"]})
    back = ngettext("%(n)s sum to get back", "%(n)s sums to get back", counts["recoveries"]) % {"n": counts["recoveries"]}
    texts.append(back)
    shown = [text for text, count in zip(texts, counts.values(), strict=True) if count]
    return Desk(_("The market's till"), reverse("payments:till"), sum(counts.values()), " · ".join(shown))


def _cards() -> Desk:
    counts = {"disputes": open_disputes().count(), "refunds": failed_refunds().count(), "lines": lines_to_book().count()}
    texts = [
        ngettext("%(n)s payment disputed", "%(n)s payments disputed", counts["disputes"]) % {"n": counts["disputes"]},
        ngettext("%(n)s refund failed", "%(n)s refunds failed", counts["refunds"]) % {"n": counts["refunds"]},
        ngettext("%(n)s line of Stripe's to book", "%(n)s lines of Stripe's to book", counts["lines"]) % {"n": counts["lines"]},
    ]
    shown = [text for text, count in zip(texts, counts.values(), strict=True) if count]
    return Desk(_("Cards and wallets"), reverse("cards:desk"), sum(counts.values()), " · ".join(shown))
