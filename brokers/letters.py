"""What brokers and their principals are told of verification, engagements and commissions."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from brokers.models import Broker, Commission, Engagement, Introduction
from market.events.models import Event
from market.letters.registry import Concerned, LetterKind, declare_letters, key_of


def _broker(event: Event) -> Concerned:
    broker = Broker.objects.get(key=key_of(event))
    return Concerned(broker.get_absolute_url, people=[broker.person_id])


def _both_sides(event: Event) -> Concerned:
    engagement = Engagement.objects.select_related("listing__achievement", "demand", "broker__person", "principal").get(
        key=key_of(event)
    )
    facts = {
        "title": engagement.title,
        "broker": str(engagement.broker.person),
        "principal": engagement.principal.name,
    }
    return Concerned(
        engagement.get_absolute_url, facts, organisations=[engagement.principal_id], people=[engagement.broker.person_id]
    )


def _those_paid_and_paying(event: Event) -> Concerned:
    commission = Commission.objects.select_related("engagement__broker", "engagement__principal", "counterparty", "deal").get(
        key=key_of(event)
    )
    engagement = commission.engagement
    shares = engagement.shares.values_list("organisation_id", flat=True)
    payers = [payer.pk for payer, _part in commission.payers]
    facts = {"number": commission.deal.number, "amount": str(commission.amount)}
    return Concerned(
        lambda: reverse("brokers:my_commissions"),
        facts,
        organisations=[*payers, *shares],
        people=[engagement.broker.person_id],
    )


def _introduced_ones(event: Event) -> Concerned:
    introduction = Introduction.objects.select_related("introduced", "engagement__principal", "engagement__broker__person").get(
        key=key_of(event)
    )
    engagement = introduction.engagement
    facts = {
        "broker": str(engagement.broker.person),
        "principal": engagement.principal.name,
        "introduced": introduction.introduced.name,
    }
    return Concerned(
        introduction.get_absolute_url,
        facts,
        organisations=[engagement.principal_id, introduction.introduced_id],
        people=[engagement.broker.person_id],
    )


declare_letters(
    LetterKind(
        "broker.verified",
        _("You are verified as a broker"),
        _("Your certificate was accepted; you can take engagements until {valid_until}."),
        _broker,
    ),
    LetterKind(
        "broker.rejected",
        _("Your certificate was not accepted"),
        _("You are not verified as a broker: {reason}"),
        _broker,
        next_step=_("Please correct the entry and apply again."),
    ),
    LetterKind(
        "broker.expired",
        _("Your certificate has expired"),
        _("You can take no engagement until you apply with a new certificate."),
        _broker,
    ),
    LetterKind(
        "engagement.proposed",
        _("Engagement to sign: {title}"),
        _("An engagement of {broker} by {principal} for “{title}” is proposed."),
        _both_sides,
        next_step=_("Please read its terms and sign or decline it."),
    ),
    LetterKind(
        "engagement.countered",
        _("Other terms proposed: {title}"),
        _("Other terms are proposed for the engagement of {broker} by {principal} for “{title}”."),
        _both_sides,
        next_step=_("Please read what has changed, and sign, propose other terms, or decline."),
    ),
    LetterKind(
        "engagement.disputed",
        _("Engagement in dispute: {title}"),
        _(
            "The engagement of {broker} by {principal} for “{title}” is in dispute. A supervisor decides; until then nothing is paid of it."
        ),
        _both_sides,
    ),
    LetterKind(
        "engagement.undisputed",
        _("Dispute withdrawn: {title}"),
        _("The dispute about the engagement of {broker} by {principal} for “{title}” was withdrawn."),
        _both_sides,
    ),
    LetterKind(
        "engagement.decided",
        _("Dispute decided: {title}"),
        _("A supervisor decided on the engagement of {broker} by {principal} for “{title}”: {grounds}"),
        _both_sides,
    ),
    LetterKind(
        "engagement.signed",
        _("Engagement signed: {title}"),
        _("The engagement of {broker} by {principal} for “{title}” is in force."),
        _both_sides,
    ),
    LetterKind(
        "engagement.declined",
        _("Engagement declined: {title}"),
        _("The engagement of {broker} by {principal} for “{title}” was declined."),
        _both_sides,
    ),
    LetterKind(
        "engagement.ended",
        _("Engagement ended: {title}"),
        _("The engagement of {broker} by {principal} for “{title}” has ended: {reason}"),
        _both_sides,
    ),
    LetterKind(
        "introduction.stated",
        _("Introduction to confirm: {introduced}"),
        _("{broker} states having introduced {introduced} to {principal}."),
        _introduced_ones,
        next_step=_("Please confirm it, or object with a reason."),
    ),
    LetterKind(
        "introduction.confirmed",
        _("Introduction confirmed: {introduced}"),
        _("Both sides confirmed that {broker} introduced {introduced} to {principal}."),
        _introduced_ones,
    ),
    LetterKind(
        "introduction.objected",
        _("Objection to an introduction: {introduced}"),
        _("There is an objection to the introduction of {introduced} to {principal} by {broker}. A supervisor decides."),
        _introduced_ones,
    ),
    LetterKind(
        "introduction.decided",
        _("Introduction decided: {introduced}"),
        _("A supervisor decided on the introduction of {introduced} to {principal} by {broker}: {decision}"),
        _introduced_ones,
    ),
    LetterKind(
        "commission.credited",
        _("Commission credited: deal {number}"),
        _("A commission of {amount} yuan is credited for deal {number}."),
        _those_paid_and_paying,
    ),
    LetterKind(
        "commission.reversed",
        _("Commission reversed: deal {number}"),
        _("The commission of {amount} yuan for deal {number} is taken back: the registration it was earned with was revoked."),
        _those_paid_and_paying,
    ),
)
