"""What sellers, buyers, objectors and officials are told of achievements, listings, objections, intents and deals."""

from __future__ import annotations

from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from listings.models.achievements import Achievement
from listings.models.deals import Deal, NextOffer
from listings.models.listings import Intent, Listing, Objection
from listings.states.listings import OPEN_INTENT
from market.events.models import Event
from market.letters.registry import Concerned, LetterKind, declare_letters, key_of
from market.values.actor import Role


def _achievement(event: Event) -> Concerned:
    achievement = Achievement.objects.get(key=key_of(event))
    return Concerned(achievement.get_absolute_url, {"title": achievement.title}, organisations=[achievement.organisation_id])


def _listing_of(event: Event) -> Listing:
    return Listing.objects.select_related("achievement").get(number=key_of(event))


def _about(listing: Listing) -> dict[str, str]:
    return {"number": listing.number, "title": listing.achievement.title}


def _seller(event: Event) -> Concerned:
    listing = _listing_of(event)
    return Concerned(listing.get_absolute_url, _about(listing), organisations=[listing.seller_id])


def _seller_and_buyers(event: Event) -> Concerned:
    """The seller, and whoever still takes part."""
    listing = _listing_of(event)
    buyers = Intent.objects.filter(listing=listing, state__in=OPEN_INTENT).values_list("buyer_id", flat=True)
    organisations = [listing.seller_id, listing.named_buyer_id, *buyers]
    return Concerned(listing.get_absolute_url, _about(listing), organisations=organisations)


def _intent_of(event: Event) -> Intent:
    return Intent.objects.select_related("listing__achievement", "buyer").get(key=key_of(event))


def _seller_of_intent(event: Event) -> Concerned:
    intent = _intent_of(event)
    facts = {**_about(intent.listing), "buyer": intent.buyer.name}
    return Concerned(intent.get_absolute_url, facts, organisations=[intent.listing.seller_id])


def _buyer_of_intent(event: Event) -> Concerned:
    intent = _intent_of(event)
    return Concerned(intent.get_absolute_url, _about(intent.listing), organisations=[intent.buyer_id])


def _objection_of(event: Event) -> Objection:
    return Objection.objects.select_related("notice__listing__achievement").get(key=key_of(event))


def _seller_and_supervisors(event: Event) -> Concerned:
    objection = _objection_of(event)
    listing = objection.notice.listing
    return Concerned(objection.get_absolute_url, _about(listing), organisations=[listing.seller_id], roles=[Role.SUPERVISOR])


def _objector_and_seller(event: Event) -> Concerned:
    objection = _objection_of(event)
    listing = objection.notice.listing
    return Concerned(
        objection.get_absolute_url, _about(listing), organisations=[listing.seller_id], people=[objection.raised_by_id]
    )


def _parties(event: Event) -> Concerned:
    deal = Deal.objects.select_related("listing__achievement", "seller", "buyer").get(key=key_of(event))
    facts = {
        "number": deal.number,
        "title": deal.title,
        "seller": deal.seller.name,
        "buyer": deal.buyer.name,
        "price": str(deal.price),
    }
    return Concerned(deal.get_absolute_url, facts, organisations=[deal.seller_id, deal.buyer_id])


def _parties_and_supervisors(event: Event) -> Concerned:
    return replace(_parties(event), roles=[Role.SUPERVISOR])


def _offer(event: Event) -> tuple[NextOffer, dict[str, str]]:
    related = ("deal__listing__achievement", "intent__buyer")
    offer = NextOffer.objects.select_related(*related).get(key=key_of(event))
    listing = offer.deal.offered
    facts = {"number": listing.number, "title": listing.achievement.title, "buyer": offer.intent.buyer.name}
    return offer, {**facts, "price": str(offer.price), "due_on": offer.due_on.isoformat()}


def _next_bidder(event: Event) -> Concerned:
    offer, facts = _offer(event)
    return Concerned(offer.get_absolute_url, facts, organisations=[offer.intent.buyer_id])


def _seller_of_offer(event: Event) -> Concerned:
    offer, facts = _offer(event)
    return Concerned(offer.get_absolute_url, facts, organisations=[offer.deal.seller_id])


def _both_of_offer(event: Event) -> Concerned:
    offer, facts = _offer(event)
    return Concerned(offer.get_absolute_url, facts, organisations=[offer.deal.seller_id, offer.intent.buyer_id])


_ACHIEVEMENTS = (
    LetterKind(
        "achievement.registered",
        _("Achievement registered: {title}"),
        _("“{title}” stands in the register under number {certificate_number}."),
        _achievement,
        next_step=_("It can now be listed on the market."),
    ),
    LetterKind(
        "achievement.returned",
        _("Achievement returned for correction: {title}"),
        _("“{title}” was not registered yet: {reason}"),
        _achievement,
        next_step=_("Please correct it and submit it again."),
    ),
    LetterKind(
        "achievement.revoked",
        _("Registration revoked: {title}"),
        _("The registration of “{title}” no longer holds: {reason}"),
        _achievement,
    ),
)
_LISTINGS = (
    LetterKind(
        "listing.price_changed",
        _("Price lowered: {title}"),
        _("The price of listing {number}, “{title}”, is now {price} yuan. A new notice runs to {ends_on}."),
        _seller_and_buyers,
    ),
    LetterKind(
        "listing.suspended",
        _("Notice stopped by an objection: {title}"),
        _(
            "An objection was raised against the notice of listing {number}, “{title}”. Its days do not count until it is answered."
        ),
        _seller_and_buyers,
    ),
    LetterKind(
        "listing.released",
        _("The notice goes on: {title}"),
        _("The objections against listing {number}, “{title}”, are answered. The notice goes on to {ends_on}."),
        _seller_and_buyers,
    ),
    LetterKind(
        "listing.extended",
        _("Notice extended: {title}"),
        _("The notice of listing {number}, “{title}”, ended without a qualified intent and is extended to {ends_on}."),
        _seller_and_buyers,
    ),
    LetterKind(
        "listing.lapsed",
        _("Listing ended without a deal: {title}"),
        _("The notice of listing {number}, “{title}”, is over; no deal came about."),
        _seller,
    ),
    LetterKind(
        "listing.terminated",
        _("Listing terminated: {title}"),
        _("An objection against listing {number}, “{title}”, was upheld. The listing is over."),
        _seller,
    ),
    LetterKind(
        "listing.bidding_opened",
        _("Competitive bidding: {title}"),
        _(
            "The notice of listing {number}, “{title}”, is over with {qualified} qualified intents: the price is found by bidding."
        ),
        _seller_and_buyers,
    ),
    LetterKind(
        "listing.due_changed",
        _("The notice now ends on {ends_on}: {title}"),
        _(
            "The calendar of working days has changed. The notice of listing {number}, “{title}”, which was to end on {before}, "
            "now ends on {ends_on}."
        ),
        _seller_and_buyers,
    ),
    LetterKind(
        "listing.due_confirmed",
        _("The end of the notice is confirmed: {title}"),
        _("The holidays are announced. The notice of listing {number}, “{title}”, ends on {ends_on}, as was said provisionally."),
        _seller_and_buyers,
    ),
)
_OBJECTIONS = (
    LetterKind(
        "objection.raised",
        _("Objection raised: {title}"),
        _("An objection was raised against listing {number}, “{title}”. The notice stands still until it is answered."),
        _seller_and_supervisors,
        next_step=_("The seller can make a statement; a supervisor answers."),
    ),
    LetterKind(
        "objection.dismissed",
        _("Objection answered: {title}"),
        _("The objection against listing {number}, “{title}”, was answered and dismissed. The answer stands on its page."),
        _objector_and_seller,
    ),
    LetterKind(
        "objection.upheld",
        _("Objection upheld: {title}"),
        _("The objection against listing {number}, “{title}”, was upheld. The answer stands on its page."),
        _objector_and_seller,
    ),
)
_INTENTS = (
    LetterKind(
        "intent.registered",
        _("New intent: {title}"),
        _("{buyer} wants to take part in listing {number}, “{title}”."),
        _seller_of_intent,
        next_step=_("Please say before the end of the notice whether the buyer is qualified."),
    ),
    LetterKind(
        "intent.qualified",
        _("You are qualified: {title}"),
        _("The seller has qualified your intent for listing {number}, “{title}”."),
        _buyer_of_intent,
    ),
    LetterKind(
        "intent.rejected",
        _("Intent not qualified: {title}"),
        _("Your intent for listing {number}, “{title}”, was not qualified: {reason}"),
        _buyer_of_intent,
    ),
    LetterKind(
        "intent.voided",
        _("Please confirm your intent anew: {title}"),
        _(
            "Listing {number}, “{title}”, was changed. Your intent does not count until you confirm it for the listing as it is now."
        ),
        _buyer_of_intent,
        next_step=_("Confirm or withdraw it before the notice ends; unconfirmed, it can neither bid nor win."),
    ),
    LetterKind(
        "intent.confirmed",
        _("Intent confirmed anew: {title}"),
        _("{buyer} still wants to take part in the changed listing {number}, “{title}”, and offers {price} yuan."),
        _seller_of_intent,
    ),
    LetterKind(
        "intent.lost",
        _("No deal for you: {title}"),
        _("Your intent for listing {number}, “{title}”, ended without the deal."),
        _buyer_of_intent,
    ),
)
_DEALS = (
    LetterKind(
        "deal.concluded",
        _("Deal {number} concluded"),
        _("{seller} and {buyer} have concluded deal {number} over “{title}” at {price} yuan."),
        _parties,
        next_step=_("Please draw up and agree to the contract by {contract_due_on}."),
    ),
    LetterKind(
        "deal.failed", _("Deal {number} failed"), _("Deal {number} over “{title}” is declared failed: {reason}"), _parties
    ),
    LetterKind(
        "deal.overdue",
        _("The contract is overdue: deal {number}"),
        _(
            "The contract of deal {number} over “{title}” should have been signed. If it is not, and neither party states an "
            "obstacle by {default_after}, the buyer is in default: the deposit is forfeited, and the next bidder may be asked."
        ),
        _parties_and_supervisors,
        next_step=_("Please sign the contract, or state on the deal's page what stands in the way."),
    ),
    LetterKind(
        "deal.obstacle_stated",
        _("Obstacle stated: deal {number}"),
        _("A party says what stands in the way of the contract of deal {number} over “{title}”: {obstacle}"),
        _parties_and_supervisors,
        next_step=_("The contract can still be signed; otherwise a supervisor decides."),
    ),
    LetterKind(
        "next_offer.made",
        _("You can take the deal: {title}"),
        _(
            "The winner of listing {number}, “{title}”, did not keep to the deal. As the next bidder you can take it at your own bid "
            "of {price} yuan until {due_on}."
        ),
        _next_bidder,
        next_step=_("Accept or decline on the offer's page. Nothing is lost by declining."),
    ),
    LetterKind(
        "next_offer.made",
        _("The next bidder was asked: {title}"),
        _("{buyer} can take listing {number}, “{title}”, at {price} yuan until {due_on}."),
        _seller_of_offer,
    ),
    LetterKind(
        "next_offer.declined",
        _("The next bidder declined: {title}"),
        _("{buyer} does not take listing {number}, “{title}”."),
        _seller_of_offer,
    ),
    LetterKind(
        "next_offer.lapsed",
        _("The offer to the next bidder has lapsed: {title}"),
        _("{buyer} did not take listing {number}, “{title}”, in time."),
        _both_of_offer,
    ),
    LetterKind(
        "listing.nobody_left",
        _("No further bidder: {title}"),
        _("After the failed deal {deal} no further bidder is left to be asked for listing {number}, “{title}”."),
        _seller,
        next_step=_("You can list the achievement anew."),
    ),
    LetterKind(
        "deal.due_changed",
        _("The contract is now due by {contract_due_on}: deal {number}"),
        _(
            "The calendar of working days has changed. The contract of deal {number} over “{title}”, due by {before} before, "
            "is now due by {contract_due_on}."
        ),
        _parties,
    ),
    LetterKind(
        "deal.due_confirmed",
        _("The day for the contract is confirmed: deal {number}"),
        _(
            "The holidays are announced. The contract of deal {number} over “{title}” is due by {contract_due_on}, as was said provisionally."
        ),
        _parties,
    ),
)

declare_letters(*_ACHIEVEMENTS, *_LISTINGS, *_OBJECTIONS, *_INTENTS, *_DEALS)
