"""What stands in the register already, when earlier registrations are taken over?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from contracts.form_kinds import PartySide
from contracts.models import ContractParty, Registration
from contracts.rules.deciding import plain_name

# The same contract: what it is called, who concluded it, and when.
type Same = tuple[str, str, str, date]


@dataclass(slots=True)
class Standing:
    """The numbers in use, and the contracts behind them."""

    numbers: set[str] = field(default_factory=set)
    contracts: dict[Same, str] = field(default_factory=dict)

    def holds(self, number: str) -> bool:
        return number in self.numbers

    def twin_of(self, same: Same) -> str:
        """The number under which the same contract stands, or nothing."""
        return self.contracts.get(same, "")

    def add(self, number: str, same: Same) -> None:
        self.numbers.add(number)
        self.contracts.setdefault(same, number)


def same_contract(title: str, seller: str, buyer: str, signed_on: date) -> Same:
    """What tells whether two entries are one contract, however it was typed: widths, blanks and case do not count."""
    return plain_name(title), plain_name(seller), plain_name(buyer), signed_on


def standing_among(numbers: Sequence[str], days: Sequence[date]) -> Standing:
    """Of the whole register, of every region, what can be one of these: the same number, or a contract signed on such a day."""
    standing = Standing(set(Registration.objects.filter(number__in=numbers).values_list("number", flat=True)))
    found = Registration.objects.filter(contract__signed_on__in=set(days)).values_list(
        "number", "contract_id", "contract__title", "contract__signed_on"
    )
    names: dict[tuple[int, str], str] = {}
    first = ContractParty.objects.filter(position=1, contract__registration__isnull=False, contract__signed_on__in=set(days))
    for contract_id, side, name in first.values_list("contract_id", "side", "name"):
        names[contract_id, side] = name
    for number, contract_id, title, signed_on in found:
        if signed_on is None:
            continue
        seller, buyer = (names.get((contract_id, side), "") for side in (PartySide.SELLER, PartySide.BUYER))
        standing.contracts[same_contract(title, seller, buyer, signed_on)] = number
    return standing
