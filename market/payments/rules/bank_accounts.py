"""Is this the number of a bank account?"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from market.values.money import Money
from market.values.refusal import Refusal

_NUMBER = re.compile(r"[0-9]{8,30}", re.ASCII)


@dataclass(frozen=True, slots=True)
class BankOrder:
    """What the bank is to pay out. Without an account of the payee's it goes back whence it came."""

    payee: str
    bank: str
    account: str
    amount: Money
    remark: str


def plain_number(typed: str) -> str:
    """The digits alone, however they were spaced or typed. Source: the market's own."""
    return re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", typed))


def may_use_account(*, bank: str, number: str) -> list[Refusal]:
    """What speaks against refunds to this account: firms' accounts have 8 to 30 digits and no common check digit.

    Source: 人民币银行结算账户管理办法, account numbers set by each bank (medium).
    """
    refusals = [] if bank.strip() else [Refusal("payments.bank_missing", field="bank")]
    return refusals + ([] if _NUMBER.fullmatch(number) else [Refusal("payments.account_number_wrong", field="number")])
