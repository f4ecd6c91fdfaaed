"""How much is on which account, and does the ledger hold?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, F, Q, QuerySet, Sum

from market.payments.kinds import ASSETS, MAY_BE_OVERDRAWN
from market.payments.models.ledger import Account, Entry, Posting
from market.payments.rules.ledger import AccountKey
from market.values.money import ZERO, Money


def balance(key: AccountKey) -> Money:
    """What is on this account; nothing when there is none."""
    account = account_of(key)
    return balances([account])[key] if account else ZERO


def account_of(key: AccountKey) -> Account | None:
    """The account with this key; None before anything was booked on it."""
    return Account.objects.filter(purpose=key.purpose, organisation=key.organisation or None).first()


def balances(accounts: Iterable[Account]) -> dict[AccountKey, Money]:
    """What is on each of these accounts, in two queries."""
    listed = {account.pk: account.key for account in accounts}
    gained = _sums("target", listed)
    lost = _sums("source", listed)
    return {key: Money(gained.get(pk, 0) - lost.get(pk, 0)) for pk, key in listed.items()}


def _sums(side: str, accounts: Iterable[int]) -> dict[int, int]:
    entries = Entry.objects.filter(**{f"{side}__in": list(accounts)})
    return dict(entries.values_list(side).annotate(total=Sum("amount_fen")).order_by().values_list(side, "total"))


def accounts_with_balances() -> list[tuple[Account, Money]]:
    """Every account and what is on it, as people read it, in the order of purposes; three queries."""
    accounts = list(Account.objects.select_related("organisation"))
    totals = balances(accounts)
    return [(account, as_read(account, totals[account.key])) for account in accounts]


def as_read(account: Account, amount: Money) -> Money:
    """The amount as people read it: money at the bank is more when there is more of it, though the ledger takes it for a source."""
    return -amount if account.purpose in ASSETS else amount


def entries_of(account: Account) -> QuerySet[Entry]:
    """What moved on this account, the newest first."""
    entries = Entry.objects.filter(Q(source=account) | Q(target=account))
    return entries.select_related("posting", "source__organisation", "target__organisation").order_by("-pk")


@dataclass(frozen=True, slots=True)
class AccountLine:
    """One movement as seen from one of its accounts: what changed there, and the account at the other end."""

    entry: Entry
    other: Account
    change: Money


def lines_of(account: Account, entries: Iterable[Entry]) -> list[AccountLine]:
    """These movements as seen from this account."""
    return [_line(account, entry) for entry in entries]


def _line(account: Account, entry: Entry) -> AccountLine:
    is_gain = entry.target_id == account.pk
    other = entry.source if is_gain else entry.target
    return AccountLine(entry, other, as_read(account, entry.amount if is_gain else -entry.amount))


@dataclass(frozen=True, slots=True)
class LedgerFlaw:
    """Something in the ledger that cannot be, where, and what is wrong with it."""

    where: str
    reason: str


def ledger_flaws() -> list[LedgerFlaw]:
    """Everything in the ledger that must not be; empty when it holds. Reads all accounts, however many."""
    flaws = [LedgerFlaw(str(posting), "empty posting") for posting in _empty_postings()]
    flaws += [LedgerFlaw(str(entry.posting), "impossible movement") for entry in _impossible_entries()]
    totals = balances(Account.objects.all())
    flaws += [
        LedgerFlaw(f"{key.purpose}:{key.organisation or 'market'}", f"overdrawn: {total}")
        for key, total in totals.items()
        if key.purpose not in MAY_BE_OVERDRAWN and (total > ZERO if key.purpose in ASSETS else total < ZERO)
    ]
    surplus = sum(total.fen for total in totals.values())
    return flaws + ([LedgerFlaw("ledger", f"sums to {Money(surplus)}, not to zero")] if surplus else [])


def _empty_postings() -> QuerySet[Posting]:
    return Posting.objects.annotate(movements=Count("entries")).filter(movements=0)


def _impossible_entries() -> QuerySet[Entry]:
    return Entry.objects.filter(Q(amount_fen__lte=0) | Q(source=F("target"))).select_related("posting")
