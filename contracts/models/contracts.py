"""What was contracted, between whom?"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from contracts.form_kinds import HOME_COUNTRY, PartyNature, PartySide, PartyTrait, Scale
from contracts.kinds import ContractKind, IpKind, Objective, SubKind, TechnologyField
from contracts.states import ContractState
from listings.kinds import FundingSource, PaymentMode
from listings.models.deals import Deal
from market.accounts.models import Organisation
from market.keys import KeyField
from market.values.money import Money


class TechnologyContract(models.Model):
    """A technology contract, drawn up from a deal or made outside the market, with the fields of the registration form.

    A side that is not on the market stands among the parties only; the first of each side that is, stands here as well.
    Only what was taken over from an earlier register may have no applicant.
    """

    key = KeyField()
    deal = models.OneToOneField(Deal, models.PROTECT, null=True, related_name="contract")
    applicant = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="contracts_to_register")
    seller = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="contracts_as_seller")
    buyer = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="contracts_as_buyer")
    kind = models.CharField(_("kind"), max_length=20, choices=ContractKind.choices)
    sub_kind = models.CharField(_("sub-kind"), max_length=20, choices=SubKind.choices)
    title = models.CharField(_("title"), max_length=120)
    content = models.TextField(_("technical content, scope and requirements"))
    delivery = models.TextField(_("delivery and acceptance"), blank=True)
    ownership = models.TextField(_("ownership of results and improvements"), blank=True)
    liability = models.TextField(_("confidentiality and liability"), blank=True)
    price_fen = models.BigIntegerField(_("price"))
    equipment_fen = models.BigIntegerField(_("of it for equipment"), default=0)
    materials_fen = models.BigIntegerField(_("of it for materials"), default=0)
    other_fen = models.BigIntegerField(_("of it for other non-technical items"), default=0)
    carriers_fen = models.BigIntegerField(_("of it for carriers of the technology"), default=0)
    royalties_fen = models.BigIntegerField(_("of it royalties expected"), default=0)
    payment_mode = models.CharField(_("payment"), max_length=20, choices=PaymentMode.choices)
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until"))
    ip_kind = models.CharField(_("intellectual property"), max_length=20, choices=IpKind.choices)
    funding_source = models.CharField(_("origin of funding"), max_length=20, choices=FundingSource.choices)
    technology_field = models.CharField(_("field of technology"), max_length=20, choices=TechnologyField.choices)
    objective = models.CharField(_("social-economic goal"), max_length=20, choices=Objective.choices)
    industry_served = models.CharField(_("industry served (GB/T 4754)"), max_length=4, blank=True)
    is_cross_border = models.BooleanField(_("cross-border"), default=False)
    is_related_party = models.BooleanField(_("between related parties"), default=False)
    # What the registration form asks beside the terms: the licence's kind, instalments, programme, contact and so on.
    details = models.JSONField(default=dict)
    state = models.CharField(max_length=20, choices=ContractState.choices, default=ContractState.DRAFT)
    created_at = models.DateTimeField()
    signed_on = models.DateField(_("signed on"), null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ContractState.values), name="contract_state_known"),
            models.CheckConstraint(condition=Q(price_fen__gt=0), name="contract_price_positive"),
            models.CheckConstraint(
                condition=Q(
                    equipment_fen__gte=0, materials_fen__gte=0, other_fen__gte=0, carriers_fen__gte=0, royalties_fen__gte=0
                ),
                name="contract_parts_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(
                    price_fen__gte=F("equipment_fen")
                    + F("materials_fen")
                    + F("other_fen")
                    + F("carriers_fen")
                    + F("royalties_fen")
                ),
                name="contract_parts_within_price",
            ),
            models.CheckConstraint(condition=~Q(seller=F("buyer")), name="contract_between_two"),
        ]
        ordering = ["-created_at"]
        verbose_name = _("technology contract")
        verbose_name_plural = _("technology contracts")

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("contracts:contract_page", args=[self.key])

    @property
    def subject(self) -> str:
        return f"contract:{self.key}"

    @property
    def price(self) -> Money:
        return Money(self.price_fen)

    @property
    def dealt(self) -> Deal:
        """The deal it was drawn up from. Raises LookupError for a contract made outside the market."""
        if self.deal is None:
            raise LookupError(f"{self.subject} was made outside the market")
        return self.deal

    @property
    def applied(self) -> Organisation:
        """Who applies for its recognition. Raises LookupError for a contract taken over from an earlier register."""
        if self.applicant is None:
            raise LookupError(f"{self.subject} was taken over: nobody applies for it")
        return self.applicant

    @property
    def deal_key(self) -> str:
        """The deal it was drawn up from, as the log names it; empty for a contract made outside the market."""
        return self.deal.key if self.deal else ""

    @property
    def side_ids(self) -> list[int]:
        """The organisations of the market that are bound by it or apply for it."""
        return sorted({it for it in (self.seller_id, self.buyer_id, self.applicant_id) if it is not None})

    @property
    def sellers(self) -> list[ContractParty]:
        return [party for party in self.parties.all() if party.side == PartySide.SELLER]

    @property
    def buyers(self) -> list[ContractParty]:
        return [party for party in self.parties.all() if party.side == PartySide.BUYER]

    @property
    def seller_name(self) -> str:
        return _joined(self.sellers) or (self.seller.name if self.seller else "")

    @property
    def buyer_name(self) -> str:
        return _joined(self.buyers) or (self.buyer.name if self.buyer else "")


class ContractParty(models.Model):
    """One party of a contract, on the market or not; the first of a side is the one statistics count."""

    contract = models.ForeignKey(TechnologyContract, models.CASCADE, related_name="parties")
    side = models.CharField(_("side"), max_length=12, choices=PartySide.choices)
    position = models.PositiveSmallIntegerField(default=1)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    name = models.CharField(_("name"), max_length=120)
    code = models.CharField(_("unified social credit code"), max_length=18, blank=True)
    nature = models.CharField(_("kind of organisation"), max_length=3, choices=PartyNature.choices, blank=True)
    country = models.CharField(_("country (customs code)"), max_length=3, default=HOME_COUNTRY)
    region = models.CharField(_("region (GB/T 2260)"), max_length=6, blank=True)
    representative = models.CharField(_("legal representative"), max_length=60, blank=True)
    contact = models.CharField(_("contact"), max_length=60, blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    postcode = models.CharField(_("postcode"), max_length=10, blank=True)
    industry = models.CharField(_("industry of the organisation (GB/T 4754)"), max_length=4, blank=True)
    scale = models.CharField(_("size"), max_length=6, choices=Scale.choices, blank=True)
    traits = models.JSONField(_("traits"), default=list, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(side__in=PartySide.values), name="party_side_known"),
            models.UniqueConstraint(fields=["contract", "side", "position"], name="one_party_per_position"),
        ]
        ordering = ["contract", "side", "position"]

    def __str__(self) -> str:
        return self.name

    @property
    def trait_labels(self) -> list[str]:
        return [str(PartyTrait(trait).label) for trait in self.traits]

    @property
    def is_abroad(self) -> bool:
        return self.country != HOME_COUNTRY


def _joined(parties: list[ContractParty]) -> str:
    return "、".join(party.name for party in parties)


class Agreement(models.Model):
    """One side's agreement to the terms with this fingerprint."""

    contract = models.ForeignKey(TechnologyContract, models.CASCADE, related_name="agreements")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    agreed_at = models.DateTimeField()
    digest = models.CharField(max_length=64)
    is_current = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["contract", "organisation"], condition=Q(is_current=True), name="one_current_agreement_per_side"
            ),
        ]
        ordering = ["agreed_at"]

    def __str__(self) -> str:
        return f"{self.organisation} {self.agreed_at:%Y-%m-%d}"
