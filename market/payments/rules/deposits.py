"""May this deposit be asked for, and what becomes of it in the ledger?"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from market.payments.rules.ledger import AccountKey, Movement
from market.values.money import ZERO, Money
from market.values.refusal import Refusal

# Digits and letters that nobody mistakes for one another on a bank's form.
REFERENCE_ALPHABET = "23456789ACDEFGHJKMNPQRTUVWXY"
_REFERENCE_PREFIX = "JS"


def may_request_deposit(*, amount: Money, is_barred: bool) -> list[Refusal]:
    """What speaks against asking this payer for a deposit.

    Source: domain rule 5 of listing: a buyer pays the deposit to take part (medium).
    """
    if is_barred:
        return [Refusal("payments.barred")]
    if amount <= ZERO:
        return [Refusal("payments.amount_not_positive", field="amount")]
    return []


def may_hold_deposit(*, is_barred: bool) -> list[Refusal]:
    """What speaks against holding what came in for this payer.

    Source: the market's own: who is barred takes no part, and nothing is held for them (low).
    """
    return [Refusal("payments.payer_barred")] if is_barred else []


def payment_reference(serial: int) -> str:
    """The code that a payer quotes, for the serial number of a payment; its last character checks the others.

    Characters that get swapped or misread give a code that is nobody's, never somebody else's.
    Source: the market's own.
    """
    size = len(REFERENCE_ALPHABET)
    digits = []
    for _ in range(6):
        serial, digit = divmod(serial, size)
        digits.append(digit)
    if serial:
        raise ValueError("there are no more references")
    body = digits[::-1]
    return _REFERENCE_PREFIX + "".join(REFERENCE_ALPHABET[digit] for digit in [*body, _check_digit(body)])


def _check_digit(digits: Sequence[int]) -> int:
    # A prime larger than the alphabet would need one more character; weights without a common factor catch every single change.
    return sum(digit * weight for digit, weight in zip(digits, (1, 3, 5, 9, 11, 13), strict=True)) % len(REFERENCE_ALPHABET)


def is_reference(text: str) -> bool:
    """True for a code that `payment_reference` could have given. Source: the market's own."""
    body = text.removeprefix(_REFERENCE_PREFIX)
    if not text.startswith(_REFERENCE_PREFIX) or len(body) != 7 or any(c not in REFERENCE_ALPHABET for c in body):
        return False
    digits = [REFERENCE_ALPHABET.index(character) for character in body]
    return _check_digit(digits[:6]) == digits[6]


def forfeited_movements(
    held: AccountKey, seller: AccountKey, market: AccountKey, amount: Money, sellers_share: Decimal
) -> list[Movement]:
    """A forfeited deposit: the seller's share of it, the rest to the market; together exactly the amount, and nothing of zero.

    Source: domain rule 7 of listing: half to the seller by default (medium), policy row.
    """
    part = amount.share(sellers_share)
    shares = [Movement(held, seller, part), Movement(held, market, amount - part)]
    return [movement for movement in shares if movement.amount > ZERO]
