"""The enumerations of the national registration form, of the radar and of changes."""

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy

# China in the customs' list of countries.
HOME_COUNTRY = "142"


class PartySide(TextChoices):
    SELLER = "seller", pgettext_lazy("side of a contract", "Seller")
    BUYER = "buyer", pgettext_lazy("side of a contract", "Buyer")
    INTERMEDIARY = "intermediary", pgettext_lazy("side of a contract", "Intermediary")


class PartyNature(TextChoices):
    """Source: the national registration form's codes (high to 340, medium after)."""

    AUTHORITY = "010", pgettext_lazy("kind of party", "State authority")
    PUBLIC = "020", pgettext_lazy("kind of party", "Public institution")
    RESEARCH = "021", pgettext_lazy("kind of party", "Research institution")
    UNIVERSITY = "022", pgettext_lazy("kind of party", "University")
    MEDICAL = "023", pgettext_lazy("kind of party", "Medical institution")
    OTHER_PUBLIC = "024", pgettext_lazy("kind of party", "Other public institution")
    ASSOCIATION = "030", pgettext_lazy("kind of party", "Association")
    DOMESTIC = "100", pgettext_lazy("kind of party", "Domestic enterprise")
    STATE_OWNED = "110", pgettext_lazy("kind of party", "State-owned enterprise")
    COLLECTIVE = "120", pgettext_lazy("kind of party", "Collective enterprise")
    COOPERATIVE = "130", pgettext_lazy("kind of party", "Shareholding cooperative")
    JOINT_OPERATION = "140", pgettext_lazy("kind of party", "Jointly operated enterprise")
    LIMITED = "150", pgettext_lazy("kind of party", "Limited liability company")
    SHARES = "160", pgettext_lazy("kind of party", "Company limited by shares")
    PRIVATE = "170", pgettext_lazy("kind of party", "Private enterprise")
    OTHER_DOMESTIC = "180", pgettext_lazy("kind of party", "Other domestic enterprise")
    HK_MACAO_TAIWAN = "200", pgettext_lazy("kind of party", "Invested from Hong Kong, Macao or Taiwan")
    FOREIGN = "300", pgettext_lazy("kind of party", "Foreign-invested enterprise")
    SOLE_TRADER = "400", pgettext_lazy("kind of party", "Sole trader")
    PERSON = "500", pgettext_lazy("kind of party", "Natural person")
    OTHER = "600", pgettext_lazy("kind of party", "Other organisation")


# What the market knows of an organisation, in the form's codes.
NATURE_BY_KIND = {
    "university": PartyNature.UNIVERSITY,
    "institute": PartyNature.RESEARCH,
    "enterprise": PartyNature.LIMITED,
    "broker_institution": PartyNature.LIMITED,
    "service_provider": PartyNature.LIMITED,
    "government": PartyNature.AUTHORITY,
}


class PartyTrait(TextChoices):
    """What the national form asks of a party beside its kind. Source: the national registration system's fields (medium)."""

    TRANSFER_INSTITUTION = "transfer", pgettext_lazy("trait of a party", "Technology transfer institution")
    RESEARCH_INSTITUTION = "research", pgettext_lazy("trait of a party", "Research and development institution")
    CONVERTED = "converted", pgettext_lazy("trait of a party", "Research institute turned into an enterprise")
    HIGH_TECH_ZONE = "zone", pgettext_lazy("trait of a party", "Enterprise in a national high-tech zone")
    LISTED = "listed", pgettext_lazy("trait of a party", "Listed company")


class Scale(TextChoices):
    """Source: the statistics' sizes of enterprises, as the national form asks them (medium)."""

    LARGE = "large", pgettext_lazy("size of an enterprise", "Large")
    MEDIUM = "medium", pgettext_lazy("size of an enterprise", "Medium")
    SMALL = "small", pgettext_lazy("size of an enterprise", "Small")
    MICRO = "micro", pgettext_lazy("size of an enterprise", "Micro")


class LicenceKind(TextChoices):
    """Source: 民法典 art. 865 and the interpretation on technology contracts (high)."""

    EXCLUSIVE = "exclusive", pgettext_lazy("licence kind", "Exclusive licence")
    SOLE = "sole", pgettext_lazy("licence kind", "Sole licence")
    SIMPLE = "simple", pgettext_lazy("licence kind", "Simple licence")


class RoyaltyBase(TextChoices):
    """Source: 民法典 art. 846 (high)."""

    PRICE = "price", pgettext_lazy("royalty base", "Price of the products")
    OUTPUT = "output", pgettext_lazy("royalty base", "Additional output value")
    PROFIT = "profit", pgettext_lazy("royalty base", "Profit")
    SALES = "sales", pgettext_lazy("royalty base", "Sales")


class Programme(TextChoices):
    """Source: the registration form's programmes (medium)."""

    NATURAL_SCIENCE_FUND = "nsfc", pgettext_lazy("programme", "National Natural Science Foundation")
    MAJOR_PROJECT = "major", pgettext_lazy("programme", "National major science and technology project")
    KEY_RESEARCH = "key_research", pgettext_lazy("programme", "National key research and development programme")
    GUIDANCE = "guidance", pgettext_lazy("programme", "Special fund to guide innovation")
    BASES = "bases", pgettext_lazy("programme", "Programme for bases and talents")
    OTHER_NATIONAL = "other_national", pgettext_lazy("programme", "Other national programme")


class Proposal(TextChoices):
    RECOGNISE = "recognise", pgettext_lazy("proposal", "Recognise")
    REFUSE = "refuse", pgettext_lazy("proposal", "Refuse")


class ChangeKind(TextChoices):
    AMOUNT = "amount", pgettext_lazy("kind of change", "Amount")
    ROYALTY = "royalty", pgettext_lazy("kind of change", "Royalties received")
    TERM = "term", pgettext_lazy("kind of change", "Term")
    PARTY = "party", pgettext_lazy("kind of change", "Party")


class RegistrationOrigin(TextChoices):
    """How an entry came into the register."""

    APPLIED = "applied", pgettext_lazy("origin of a registration", "Applied for on the market")
    IMPORTED = "imported", pgettext_lazy("origin of a registration", "Taken over from an earlier register")


class Origin(TextChoices):
    """Where a field of the registration form came from."""

    ACHIEVEMENT = "achievement", pgettext_lazy("origin of a field", "from the registered achievement")
    LISTING = "listing", pgettext_lazy("origin of a field", "from listing and notice")
    DEMAND = "demand", pgettext_lazy("origin of a field", "from the demand")
    PROPOSAL = "proposal", pgettext_lazy("origin of a field", "from the proposal awarded")
    RESULT = "result", pgettext_lazy("origin of a field", "from the deal")
    CONTRACT = "contract", pgettext_lazy("origin of a field", "from the contract both sides agreed to")
    ORGANISATION = "organisation", pgettext_lazy("origin of a field", "from the organisation's entry")
    REGISTRY = "registry", pgettext_lazy("origin of a field", "decided by the registry")
    TYPED = "typed", pgettext_lazy("origin of a field", "typed in the form")
    IMPORTED = "imported", pgettext_lazy("origin of a field", "taken over from an earlier register")


class Verdict(TextChoices):
    """What an expert says of a contract."""

    SUPPORTS = "supports", pgettext_lazy("expert's verdict", "It is a technology contract as applied for")
    DOUBTS = "doubts", pgettext_lazy("expert's verdict", "Only in part, or of another kind or value")
    OPPOSES = "opposes", pgettext_lazy("expert's verdict", "It is no technology contract")
    DECLINED = "declined", pgettext_lazy("expert's verdict", "I have an interest in it and give no opinion")


class FlagCode(TextChoices):
    """What the radar looks for. The sentence of each is in `contracts.templatetags.contracts`."""

    NEAR_DUPLICATE = "near_duplicate", pgettext_lazy("sign", "Almost the same as another contract")
    INVENTOR_AT_BUYER = "inventor_at_buyer", pgettext_lazy("sign", "An inventor acts for the buyer")
    SHAREHOLDER_AT_BUYER = "shareholder_at_buyer", pgettext_lazy("sign", "An inventor holds a share of the buyer")
    FAR_FROM_VALUATION = "far_from_valuation", pgettext_lazy("sign", "Price far from the valuation")
    FAR_FROM_LISTING = "far_from_listing", pgettext_lazy("sign", "Price far from the listed one")
    ODD_SHARE = "odd_share", pgettext_lazy("sign", "Unusual share of technology")
    MONEY_GIVEN_BACK = "money_given_back", pgettext_lazy("sign", "Money left escrow back to the buyer")
    MONEY_BACK = "money_back", pgettext_lazy("sign", "Money went back to the buyer")
    RELATED = "related", pgettext_lazy("sign", "Related parties")
