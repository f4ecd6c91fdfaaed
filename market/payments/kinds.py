"""What is money held for, and what moved it?"""

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy


class Purpose(TextChoices):
    """The purpose of an account. The first four are the market's assets and costs, all others what it owes or has earned."""

    BANK = "bank", pgettext_lazy("account purpose", "Bank account")
    STRIPE_CLEARING = "stripe_clearing", pgettext_lazy("account purpose", "Stripe clearing")
    CLAIMS = "claims", pgettext_lazy("account purpose", "Disputed and unexplained")
    PAYMENT_COSTS = "payment_costs", pgettext_lazy("account purpose", "Costs of payments")
    DEPOSIT_HELD = "deposit_held", pgettext_lazy("account purpose", "Deposits held")
    ESCROW = "escrow", pgettext_lazy("account purpose", "Escrow")
    PAYABLE_TO_SELLER = "payable_to_seller", pgettext_lazy("account purpose", "Payable to the seller")
    COMMISSION_PAYABLE = "commission_payable", pgettext_lazy("account purpose", "Commission payable")
    REWARD_PAYABLE = "reward_payable", pgettext_lazy("account purpose", "Inventors' reward payable")
    REFUNDS = "refunds", pgettext_lazy("account purpose", "Refunds payable")
    PLATFORM_FEE = "platform_fee", pgettext_lazy("account purpose", "Platform fee")


# Where money comes in and goes out, or what it cost; all other accounts say whose it is meanwhile.
ASSETS = frozenset({Purpose.BANK.value, Purpose.STRIPE_CLEARING.value, Purpose.CLAIMS.value, Purpose.PAYMENT_COSTS.value})
# Stripe keeps its fee when a payment goes back: what the market has there can be less than nothing.
MAY_BE_OVERDRAWN = frozenset({Purpose.STRIPE_CLEARING.value})


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


class CallKind(TextChoices):
    """What the market asks Stripe to do."""

    OPEN_SESSION = "open_session", pgettext_lazy("request to Stripe", "Open a page to pay on")
    END_SESSION = "end_session", pgettext_lazy("request to Stripe", "Close the page to pay on")
    REFUND = "refund", pgettext_lazy("request to Stripe", "Refund")
    ANSWER_DISPUTE = "answer_dispute", pgettext_lazy("request to Stripe", "Answer to a dispute")
    CONCEDE_DISPUTE = "concede_dispute", pgettext_lazy("request to Stripe", "Give up a disputed payment")


class Outcome(TextChoices):
    """What became of an event of Stripe's."""

    APPLIED = "applied", pgettext_lazy("Stripe event", "Applied")
    IGNORED = "ignored", pgettext_lazy("Stripe event", "Of a kind that is not needed")
    FOREIGN = "foreign", pgettext_lazy("Stripe event", "Not about a payment of this market")


class DisputeReason(TextChoices):
    """Why a payer's bank disputes a payment, in Stripe's words; Stripe may add others, which are shown as they are."""

    FRAUDULENT = "fraudulent", pgettext_lazy("dispute reason", "Said to be fraudulent")
    UNRECOGNIZED = "unrecognized", pgettext_lazy("dispute reason", "Not recognised by the cardholder")
    DUPLICATE = "duplicate", pgettext_lazy("dispute reason", "Charged twice")
    NOT_RECEIVED = "product_not_received", pgettext_lazy("dispute reason", "Not received")
    UNACCEPTABLE = "product_unacceptable", pgettext_lazy("dispute reason", "Not as described")
    NOT_CREDITED = "credit_not_processed", pgettext_lazy("dispute reason", "A refund that was due did not come")
    NOT_AUTHORISED = "debit_not_authorized", pgettext_lazy("dispute reason", "Not authorised")
    GENERAL = "general", pgettext_lazy("dispute reason", "No reason stated")


class RefundProblem(TextChoices):
    """Why a refund failed, in Stripe's words; others are shown as Stripe says them."""

    LOST_CARD = "lost_or_stolen_card", pgettext_lazy("refund problem", "The card was reported lost or stolen")
    EXPIRED_CARD = "expired_or_canceled_card", pgettext_lazy("refund problem", "The card has expired or was cancelled")
    DISPUTED = "charge_for_pending_refund_disputed", pgettext_lazy("refund problem", "The payment was disputed meanwhile")
    NO_FUNDS = "insufficient_funds", pgettext_lazy("refund problem", "The market's balance at Stripe does not suffice")
    DECLINED = "declined", pgettext_lazy("refund problem", "The payer's bank declined it")
    UNKNOWN = "unknown", pgettext_lazy("refund problem", "No reason stated")


class PaidWith(TextChoices):
    """With what a payer paid on Stripe's page."""

    CARD = "card", pgettext_lazy("card or wallet", "Card")
    ALIPAY = "alipay", pgettext_lazy("card or wallet", "Alipay")
    WECHAT_PAY = "wechat_pay", pgettext_lazy("card or wallet", "WeChat Pay")
