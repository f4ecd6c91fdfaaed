"""What is money held for, and what moved it?"""

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy


class Purpose(TextChoices):
    """The purpose of an account. The first two are the market's assets, all others what it owes or has earned."""

    BANK = "bank", pgettext_lazy("account purpose", "Bank account")
    STRIPE_CLEARING = "stripe_clearing", pgettext_lazy("account purpose", "Stripe clearing")
    DEPOSIT_HELD = "deposit_held", pgettext_lazy("account purpose", "Deposits held")
    ESCROW = "escrow", pgettext_lazy("account purpose", "Escrow")
    PAYABLE_TO_SELLER = "payable_to_seller", pgettext_lazy("account purpose", "Payable to the seller")
    COMMISSION_PAYABLE = "commission_payable", pgettext_lazy("account purpose", "Commission payable")
    REWARD_PAYABLE = "reward_payable", pgettext_lazy("account purpose", "Inventors' reward payable")
    REFUNDS = "refunds", pgettext_lazy("account purpose", "Refunds payable")
    PLATFORM_FEE = "platform_fee", pgettext_lazy("account purpose", "Platform fee")


# Where money comes in and goes out; all other accounts say whose it is meanwhile.
ASSETS = frozenset({Purpose.BANK.value, Purpose.STRIPE_CLEARING.value})


class Provider(TextChoices):
    """By which way money comes in."""

    BANK = "bank", pgettext_lazy("way of payment", "Bank transfer")
    STRIPE = "stripe", pgettext_lazy("way of payment", "Card or wallet")


class Instrument(TextChoices):
    """What a deposit consists of."""

    MONEY = "money", pgettext_lazy("deposit instrument", "Money")
    GUARANTEE = "guarantee", pgettext_lazy("deposit instrument", "Bank's guarantee letter")


class Finding(TextChoices):
    """In what a provider and the ledger differ."""

    NOT_BOOKED = "not_booked", pgettext_lazy("reconciliation", "The provider has it, the ledger has not")
    NOT_AT_PROVIDER = "not_at_provider", pgettext_lazy("reconciliation", "The ledger has it, the provider has not")
    OTHER_AMOUNT = "other_amount", pgettext_lazy("reconciliation", "The amounts differ")


class DoubtChoices(TextChoices):
    """What a person should look at before confirming a line of the statement."""

    WRONG_SUM = "wrong_sum", pgettext_lazy("statement line", "The sum is not the one asked for")
    UNKNOWN_PAYER = "unknown_payer", pgettext_lazy("statement line", "Nobody of this name was asked for money")
    AMBIGUOUS = "ambiguous", pgettext_lazy("statement line", "Several payments would fit")
    OTHER_PAYER = "other_payer", pgettext_lazy("statement line", "Paid by somebody else than the payer asked")
