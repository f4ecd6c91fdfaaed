"""What payers, the market's finance and supervisors are told of deposits, letters and money."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from market.accounts.models import Organisation
from market.events.models import Event
from market.letters.registry import Concerned, LetterKind, declare_letters, key_of
from market.payments.kinds import Instrument
from market.payments.matters import matters_of
from market.payments.models.deposits import Deposit, Payment
from market.payments.models.payouts import Payout
from market.payments.models.recoveries import Recovery
from market.payments.models.statements import StatementLine
from market.payments.models.stripe import CardRefund, Checkout, Dispute
from market.values.actor import Role


def _deposit_of(event: Event) -> Deposit:
    return Deposit.objects.select_related("payer", "payment").get(key=key_of(event))


def _facts(deposit: Deposit) -> dict[str, str]:
    return {
        "title": matters_of([deposit.matter])[deposit.matter].title,
        "payer": deposit.payer.name,
        "amount": str(deposit.amount),
        "quoted": deposit.payment.reference if deposit.payment else "",
    }


def _payer(event: Event) -> Concerned:
    deposit = _deposit_of(event)
    return Concerned(deposit.get_absolute_url, _facts(deposit), organisations=[deposit.payer_id])


def _payer_of_money(event: Event) -> Concerned | None:
    return _payer(event) if _deposit_of(event).instrument == Instrument.MONEY else None


def _finance(event: Event) -> Concerned:
    deposit = _deposit_of(event)
    return Concerned(deposit.get_absolute_url, _facts(deposit), roles=[Role.FINANCE])


def _payer_and_officials(event: Event) -> Concerned:
    deposit = _deposit_of(event)
    roles = [Role.FINANCE, Role.SUPERVISOR]
    return Concerned(deposit.get_absolute_url, _facts(deposit), organisations=[deposit.payer_id], roles=roles)


def _payee(event: Event) -> Concerned:
    payout = Payout.objects.get(key=key_of(event))
    facts = {"title": matters_of([payout.matter])[payout.matter].title}
    return Concerned(payout.get_absolute_url, facts, organisations=[payout.payee_id])


def _payer_of_line(event: Event) -> Concerned | None:
    """Whoever was asked for the payment that the line was proposed for; nobody for a stranger's money."""
    line = StatementLine.objects.select_related("proposed__payer").get(pk=key_of(event))
    payment: Payment | None = line.proposed
    if payment is None:
        return None
    facts = {"quoted": payment.reference, "wanted": str(payment.amount)}
    return Concerned(lambda: reverse("payments:my_deposits"), facts, organisations=[payment.payer_id])


def _finance_of_cards(event: Event) -> Concerned:
    """A dispute on its page, a refund to a card on finance's page of cards."""
    of = Dispute if event.subject.startswith("dispute:") else CardRefund
    thing = of.objects.select_related("checkout__payment__payer").get(key=key_of(event))
    payment = thing.checkout.payment
    facts = {"payer": payment.payer.name, "quoted": payment.reference, "amount": str(thing.amount)}
    address = thing.get_absolute_url if isinstance(thing, Dispute) else lambda: reverse("cards:desk")
    return Concerned(address, facts, roles=[Role.FINANCE])


def _payer_by_card(event: Event) -> Concerned:
    checkout = Checkout.objects.select_related("payment").get(key=key_of(event))
    facts = {"quoted": checkout.payment.reference}
    return Concerned(checkout.get_absolute_url, facts, organisations=[checkout.payment.payer_id])


def _keepers_of_ledger(event: Event) -> Concerned:
    return Concerned(lambda: reverse("payments:ledger"), roles=[Role.FINANCE])


def _account_holder(event: Event) -> Concerned:
    organisation = Organisation.objects.get(key=key_of(event))
    return Concerned(lambda: reverse("payments:bank_account"), {"payer": organisation.name}, organisations=[organisation.pk])


def _recovery(event: Event) -> tuple[Recovery, dict[str, str]]:
    recovery = Recovery.objects.select_related("debtor", "payment", "refund__checkout__payment").get(key=key_of(event))
    paid = recovery.refund.checkout.payment.reference
    return recovery, {"payer": recovery.debtor.name, "paid": paid, "quoted": recovery.payment.reference}


def _debtor_and_finance(event: Event) -> Concerned:
    recovery, facts = _recovery(event)
    return Concerned(recovery.get_absolute_url, facts, organisations=[recovery.debtor_id], roles=[Role.FINANCE])


def _debtor(event: Event) -> Concerned:
    recovery, facts = _recovery(event)
    return Concerned(recovery.get_absolute_url, facts, organisations=[recovery.debtor_id])


def _deciders(event: Event) -> Concerned:
    recovery, facts = _recovery(event)
    return Concerned(recovery.get_absolute_url, facts, roles=[Role.SUPERVISOR])


def _proposers(event: Event) -> Concerned:
    recovery, facts = _recovery(event)
    return Concerned(recovery.get_absolute_url, facts, roles=[Role.FINANCE])


_DEPOSITS = (
    LetterKind(
        "deposit.requested",
        _("Deposit asked for: {title}"),
        _("To take part in {title}, {payer} is asked for a deposit of {amount} yuan. Reference to quote: {quoted}."),
        _payer_of_money,
        next_step=_("Transfer the whole sum and quote the reference, or bring a bank's guarantee letter."),
    ),
    LetterKind(
        "deposit.held",
        _("Deposit held: {title}"),
        _("The deposit of {amount} yuan for {title} is there: the money came in, or the letter was accepted."),
        _payer,
    ),
    LetterKind(
        "deposit.guarantee_offered",
        _("A guarantee letter to check: {title}"),
        _("{payer} has handed in a bank's guarantee letter over {amount} yuan for {title}."),
        _finance,
        next_step=_("Accept it, or refuse it with a reason."),
    ),
    LetterKind(
        "deposit.guarantee_refused",
        _("Guarantee letter refused: {title}"),
        _("The letter over {amount} yuan for {title} does not do: {reason}"),
        _payer,
        next_step=_("Transfer the money, or bring a better letter."),
    ),
    LetterKind(
        "deposit.released",
        _("Deposit due back: {title}"),
        _("The deposit of {amount} yuan for {title} is due back by {due_back_on}."),
        _payer,
        next_step=_("Please check the account that refunds go to."),
    ),
    LetterKind(
        "deposit.refund_overdue",
        _("Refund late: {title}"),
        _("The refund of {amount} yuan to {payer} for {title} was due by {due_back_on} and has not been made."),
        _payer_and_officials,
    ),
    LetterKind(
        "deposit.refunded",
        _("Deposit refunded: {title}"),
        _("The deposit of {amount} yuan for {title} went back."),
        _payer,
    ),
    LetterKind(
        "deposit.carried",
        _("Deposit counts towards the price: {title}"),
        _("The contract is signed. The deposit of {amount} yuan for {title} counts towards the price."),
        _payer,
    ),
    LetterKind(
        "deposit.forfeited",
        _("Deposit forfeited: {title}"),
        _("The deposit of {amount} yuan for {title} is forfeited: {reason}"),
        _payer,
    ),
)
_MONEY = (
    LetterKind(
        "statement_line.set_aside",
        _("About your transfer of {amount} yuan"),
        _("{amount} yuan came in; {wanted} yuan were asked for under the reference {quoted}. It is set aside for now: {reason}"),
        _payer_of_line,
        next_step=_("Please speak with the market's finance."),
    ),
    LetterKind(
        "statement_line.to_send_back",
        _("Your transfer of {amount} yuan goes back"),
        _("{amount} yuan came in; {wanted} yuan were asked for under the reference {quoted}. The money goes back: {reason}"),
        _payer_of_line,
        next_step=_("Please transfer the whole sum in one."),
    ),
    LetterKind(
        "payments.differences_found",
        _("Provider of payments and ledger differ"),
        _("The comparison of the day found {count} differences."),
        _keepers_of_ledger,
    ),
    LetterKind(
        "bank_account.changed",
        _("Account for refunds changed"),
        _("Refunds to {payer} go to an account that ends in {last_digits} from now on."),
        _account_holder,
        next_step=_("If none of you did this, tell the market at once."),
    ),
)
_CARDS = (
    LetterKind(
        "dispute.opened",
        _("Payment {quoted} is disputed"),
        _(
            "The bank of {payer} disputes the payment {quoted} of {amount} yuan by card or wallet. The money stays where it is meanwhile."
        ),
        _finance_of_cards,
        next_step=_("Answer with evidence before the day stated on the page, or give the payment up."),
    ),
    LetterKind(
        "dispute.lost",
        _("Dispute about payment {quoted} lost"),
        _("The bank of {payer} has taken back {amount} yuan of the payment {quoted}."),
        _finance_of_cards,
    ),
    LetterKind(
        "card_refund.failed",
        _("Refund of payment {quoted} failed"),
        _("{amount} yuan could not go back to the card or wallet of {payer}: {problem}"),
        _finance_of_cards,
        next_step=_("Try again, or send the money by bank transfer."),
    ),
    LetterKind(
        "checkout.surplus",
        _("Your payment of {amount} yuan goes back"),
        _("{amount} yuan came by card or wallet for {quoted} when the payment was no longer awaited. They go back the same way."),
        _payer_by_card,
    ),
)
_PAYOUTS = (
    LetterKind(
        "payout.paid",
        _("{amount} yuan paid out to you: {title}"),
        _("The market has paid {amount} yuan for {title} to your account; the bank's number is {bank_reference}."),
        _payee,
    ),
    LetterKind(
        "payout.returned",
        _("The bank gave {amount} yuan back: {title}"),
        _("{amount} yuan for {title} could not be paid to your account: {reason}"),
        _payee,
        next_step=_("Please check the account that your organisation has stated."),
    ),
)

_RECOVERIES = (
    LetterKind(
        "recovery.opened",
        _("Refund of {amount} yuan that was not due"),
        _("{amount} yuan of the payment {paid} of {payer} went back to the card or wallet although they were not due back."),
        _debtor_and_finance,
        next_step=_(
            "Please pay them back by bank transfer, quoting {quoted}. What is owed to the payer later is set off otherwise."
        ),
    ),
    LetterKind(
        "recovery.paid",
        _("{amount} yuan paid back"),
        _("The {amount} yuan that had gone back to {payer} too early came in under {quoted}."),
        _debtor,
    ),
    LetterKind(
        "recovery.set_off",
        _("{amount} yuan set off"),
        _(
            "The deposit of {payer} under {paid} was due back. {amount} yuan of it had gone back before; the rest is paid by bank."
        ),
        _debtor,
    ),
    LetterKind(
        "recovery.void",
        _("Nothing is to be paid back for {paid}"),
        _("The refund of {amount} yuan to {payer} did not go through; nothing is asked back under {quoted} any more."),
        _debtor_and_finance,
    ),
    LetterKind(
        "recovery.write_off_proposed",
        _("Give up {amount} yuan?"),
        _("The market's finance proposes to give up {amount} yuan that {payer} has to pay back."),
        _deciders,
        next_step=_("A supervisor who did not propose it decides."),
    ),
    LetterKind(
        "recovery.write_off_rejected",
        _("{quoted} is not given up"),
        _("What {payer} has to pay back under {quoted} is not given up: {grounds}"),
        _proposers,
    ),
    LetterKind(
        "recovery.written_off",
        _("{amount} yuan are no longer asked for"),
        _("The {amount} yuan asked back of {payer} under {quoted} are given up."),
        _debtor_and_finance,
    ),
)

declare_letters(*_DEPOSITS, *_MONEY, *_CARDS, *_PAYOUTS, *_RECOVERIES)
