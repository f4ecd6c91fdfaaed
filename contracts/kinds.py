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
