"""The enumerations of technology contracts and their registration form."""

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy


class ContractKind(TextChoices):
    """Source: 民法典 arts 843-887 (high)."""

    DEVELOPMENT = "development", pgettext_lazy("contract kind", "Technology development")
    TRANSFER = "transfer", pgettext_lazy("contract kind", "Technology transfer")
    LICENCE = "licence", pgettext_lazy("contract kind", "Technology licence")
    CONSULTING = "consulting", pgettext_lazy("contract kind", "Technology consulting")
    SERVICE = "service", pgettext_lazy("contract kind", "Technology service")


class SubKind(TextChoices):
    """Source: the national registration system's sub-kinds (medium); licences since 民法典 863 a kind of their own (high)."""

    COMMISSIONED = "commissioned", pgettext_lazy("contract sub-kind", "Commissioned development")
    JOINT = "joint", pgettext_lazy("contract sub-kind", "Joint development")
    PATENT_TRANSFER = "patent_transfer", pgettext_lazy("contract sub-kind", "Transfer of a patent")
    PENDING_TRANSFER = "pending_transfer", pgettext_lazy("contract sub-kind", "Transfer of a patent application")
    KNOW_HOW_TRANSFER = "know_how_transfer", pgettext_lazy("contract sub-kind", "Transfer of know-how")
    SOFTWARE_TRANSFER = "software_transfer", pgettext_lazy("contract sub-kind", "Transfer of software copyright")
    LAYOUT_TRANSFER = "layout_transfer", pgettext_lazy("contract sub-kind", "Transfer of a layout design")
    VARIETY_TRANSFER = "variety_transfer", pgettext_lazy("contract sub-kind", "Transfer of a plant variety")
    MEDICINE_TRANSFER = "medicine_transfer", pgettext_lazy("contract sub-kind", "Transfer of a biological or medical variety")
    OTHER_TRANSFER = "other_transfer", pgettext_lazy("contract sub-kind", "Other transfer")
    PATENT_LICENCE = "patent_licence", pgettext_lazy("contract sub-kind", "Licence of a patent")
    PENDING_LICENCE = "pending_licence", pgettext_lazy("contract sub-kind", "Licence of a patent application")
    KNOW_HOW_LICENCE = "know_how_licence", pgettext_lazy("contract sub-kind", "Licence of know-how")
    SOFTWARE_LICENCE = "software_licence", pgettext_lazy("contract sub-kind", "Licence of software copyright")
    LAYOUT_LICENCE = "layout_licence", pgettext_lazy("contract sub-kind", "Licence of a layout design")
    VARIETY_LICENCE = "variety_licence", pgettext_lazy("contract sub-kind", "Licence of a plant variety")
    MEDICINE_LICENCE = "medicine_licence", pgettext_lazy("contract sub-kind", "Licence of a biological or medical variety")
    OTHER_LICENCE = "other_licence", pgettext_lazy("contract sub-kind", "Other licence")
    CONSULTING = "consulting", pgettext_lazy("contract sub-kind", "Technology consulting")
    GENERAL_SERVICE = "general_service", pgettext_lazy("contract sub-kind", "General technology service")
    INTERMEDIARY = "intermediary", pgettext_lazy("contract sub-kind", "Technology intermediary service")
    TRAINING = "training", pgettext_lazy("contract sub-kind", "Technology training")


_S = SubKind
SUB_KINDS: dict[str, tuple[SubKind, ...]] = {
    ContractKind.DEVELOPMENT: (_S.COMMISSIONED, _S.JOINT),
    ContractKind.TRANSFER: tuple(kind for kind in _S if kind.endswith("_transfer")),
    ContractKind.LICENCE: tuple(kind for kind in _S if kind.endswith("_licence")),
    ContractKind.CONSULTING: (_S.CONSULTING,),
    ContractKind.SERVICE: (_S.GENERAL_SERVICE, _S.INTERMEDIARY, _S.TRAINING),
}


class Objective(TextChoices):
    """What the technology is to serve. Source: GB/T 24450 and the registration form (medium)."""

    AGRICULTURE = "agriculture", pgettext_lazy("social-economic goal", "Agriculture, forestry, animal husbandry and fishery")
    INDUSTRY = "industry", pgettext_lazy("social-economic goal", "Industry and commerce")
    ENERGY = "energy", pgettext_lazy("social-economic goal", "Production, distribution and rational use of energy")
    INFRASTRUCTURE = "infrastructure", pgettext_lazy("social-economic goal", "Infrastructure and urban and rural planning")
    ENVIRONMENT = "environment", pgettext_lazy("social-economic goal", "Environmental protection and pollution control")
    HEALTH = "health", pgettext_lazy("social-economic goal", "Health")
    EDUCATION = "education", pgettext_lazy("social-economic goal", "Education")
    SOCIETY = "society", pgettext_lazy("social-economic goal", "Social development and services")
    EARTH = "earth", pgettext_lazy("social-economic goal", "Exploration of the earth and the atmosphere")
    SPACE = "space", pgettext_lazy("social-economic goal", "Civil space")
    RESEARCH = "research", pgettext_lazy("social-economic goal", "Research without a set purpose")
    OTHER_CIVIL = "other_civil", pgettext_lazy("social-economic goal", "Other civil goals")
    DEFENCE = "defence", pgettext_lazy("social-economic goal", "National defence")


class IpKind(TextChoices):
    INVENTION = "invention", pgettext_lazy("intellectual property", "Invention patent")
    UTILITY_MODEL = "utility_model", pgettext_lazy("intellectual property", "Utility model")
    DESIGN = "design", pgettext_lazy("intellectual property", "Design patent")
    KNOW_HOW = "know_how", pgettext_lazy("intellectual property", "Know-how")
    SOFTWARE = "software", pgettext_lazy("intellectual property", "Software copyright")
    LAYOUT = "layout", pgettext_lazy("intellectual property", "Layout design")
    VARIETY = "variety", pgettext_lazy("intellectual property", "Plant variety")
    MEDICINE = "medicine", pgettext_lazy("intellectual property", "New biological or medical variety")
    NONE = "none", pgettext_lazy("intellectual property", "None involved")


class TechnologyField(TextChoices):
    ELECTRONICS = "electronics", pgettext_lazy("technology field", "Electronics and information")
    AEROSPACE = "aerospace", pgettext_lazy("technology field", "Aerospace")
    MANUFACTURING = "manufacturing", pgettext_lazy("technology field", "Advanced manufacturing")
    MEDICINE = "medicine", pgettext_lazy("technology field", "Biology, medicine and medical devices")
    MATERIALS = "materials", pgettext_lazy("technology field", "New materials and their use")
    ENERGY = "energy", pgettext_lazy("technology field", "New energy and energy saving")
    ENVIRONMENT = "environment", pgettext_lazy("technology field", "Environment and resources")
    NUCLEAR = "nuclear", pgettext_lazy("technology field", "Nuclear applications")
    AGRICULTURE = "agriculture", pgettext_lazy("technology field", "Agriculture")
    TRANSPORT = "transport", pgettext_lazy("technology field", "Modern transport")
    CITY = "city", pgettext_lazy("technology field", "Cities and social development")


class RuleSet(TextChoices):
    """Which measures an application falls under, by its date."""

    MOST_2000 = "MOST-2000", pgettext_lazy("rule set", "Measures of 2000")
    MIIT_2026 = "MIIT-2026", pgettext_lazy("rule set", "Measures of 2026")


class RefusalReason(TextChoices):
    """Source: draft of the 2026 rules art. 39 and the registries' answers of 2021 (high)."""

    PARTY_UNCLEAR = "party_unclear", pgettext_lazy("refusal reason", "The parties are not clear")
    SUBJECT_UNCLEAR = "subject_unclear", pgettext_lazy("refusal reason", "The technical content is not clear")
    PRICE_UNCLEAR = "price_unclear", pgettext_lazy("refusal reason", "The price is not clear")
    ILLEGAL = "illegal", pgettext_lazy("refusal reason", "Unlawful restriction or infringement")
    EVIDENCE_MISSING = "evidence_missing", pgettext_lazy("refusal reason", "Evidence is missing or defective")
    NAME_SEAL_MISMATCH = "name_seal_mismatch", pgettext_lazy("refusal reason", "Names and seals do not agree")
    NOT_EFFECTIVE = "not_effective", pgettext_lazy("refusal reason", "Invalid or not in force")
    NOT_TECHNOLOGY = "not_technology", pgettext_lazy("refusal reason", "Not a technology contract")
    APPROVAL_MISSING = "approval_missing", pgettext_lazy("refusal reason", "A required approval is missing")
    TITLE_MISMATCH = "title_mismatch", pgettext_lazy("refusal reason", "Title and content do not agree")
    OTHER = "other", pgettext_lazy("refusal reason", "Other")
