"""The enumerations of the trade: industries of the plan, maturity, routes of pricing, kinds of patents."""

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy


class Industry(TextChoices):
    """The nine industries of the city's plan (part 4)."""

    COAL = "coal", pgettext_lazy("industry", "Coal")
    POWER = "power", pgettext_lazy("industry", "Power and new energy")
    MATERIALS = "materials", pgettext_lazy("industry", "New materials")
    EQUIPMENT = "equipment", pgettext_lazy("industry", "Equipment manufacturing")
    ENVIRONMENT = "environment", pgettext_lazy("industry", "Energy saving and environment")
    VEHICLES = "vehicles", pgettext_lazy("industry", "New-energy vehicles")
    BIOMEDICINE = "biomedicine", pgettext_lazy("industry", "Biomedicine")
    AGRICULTURE = "agriculture", pgettext_lazy("industry", "Modern agriculture")
    CULTURE = "culture", pgettext_lazy("industry", "Culture and tourism")


class AchievementKind(TextChoices):
    """Source: 国科发计字〔2000〕542号 (high)."""

    APPLIED = "applied", pgettext_lazy("achievement kind", "Applied technology")
    BASIC = "basic", pgettext_lazy("achievement kind", "Basic theory")
    SOFT = "soft", pgettext_lazy("achievement kind", "Soft science")


class Maturity(TextChoices):
    IN_RESEARCH = "in_research", pgettext_lazy("maturity", "In research")
    SAMPLE_MADE = "sample_made", pgettext_lazy("maturity", "Sample made")
    LAB_SCALE = "lab_scale", pgettext_lazy("maturity", "Laboratory scale passed")
    PILOT_SCALE = "pilot_scale", pgettext_lazy("maturity", "Pilot scale passed")
    MASS_PRODUCTION = "mass_production", pgettext_lazy("maturity", "Ready for mass production")


class FundingSource(TextChoices):
    NATIONAL = "national", pgettext_lazy("funding source", "National plan")
    MINISTRY = "ministry", pgettext_lazy("funding source", "Ministry plan")
    PROVINCE = "province", pgettext_lazy("funding source", "Provincial plan")
    CITY = "city", pgettext_lazy("funding source", "City or county plan")
    NONE = "none", pgettext_lazy("funding source", "Outside the plans")


class PatentKind(TextChoices):
    INVENTION = "invention", pgettext_lazy("patent kind", "Invention patent")
    UTILITY_MODEL = "utility_model", pgettext_lazy("patent kind", "Utility model")
    DESIGN = "design", pgettext_lazy("patent kind", "Design patent")


class LegalState(TextChoices):
    PENDING = "pending", pgettext_lazy("patent legal state", "Pending")
    IN_FORCE = "in_force", pgettext_lazy("patent legal state", "In force")
    EXPIRED = "expired", pgettext_lazy("patent legal state", "Expired")
    INVALID = "invalid", pgettext_lazy("patent legal state", "Declared invalid")


class Route(TextChoices):
    """The lawful ways to price. Source: 促进科技成果转化法 art. 18 (high)."""

    LISTED = "listed", pgettext_lazy("pricing route", "Listed trading")
    NEGOTIATED = "negotiated", pgettext_lazy("pricing route", "Negotiated price")


class Transaction(TextChoices):
    TRANSFER = "transfer", pgettext_lazy("transaction", "Transfer")
    EXCLUSIVE_LICENCE = "exclusive_licence", pgettext_lazy("transaction", "Exclusive licence")
    SOLE_LICENCE = "sole_licence", pgettext_lazy("transaction", "Sole licence")
    ORDINARY_LICENCE = "ordinary_licence", pgettext_lazy("transaction", "Ordinary licence")


class PaymentMode(TextChoices):
    LUMP_SUM = "lump_sum", pgettext_lazy("payment mode", "Lump sum")
    INSTALMENTS = "instalments", pgettext_lazy("payment mode", "Instalments")
    ROYALTY = "royalty", pgettext_lazy("payment mode", "Royalty")
    ROYALTY_WITH_ENTRY_FEE = "royalty_entry", pgettext_lazy("payment mode", "Royalty with an entry fee")


class IfNoIntent(TextChoices):
    EXTEND = "extend", pgettext_lazy("without a qualified intent", "Extend the notice")
    END = "end", pgettext_lazy("without a qualified intent", "End the listing")


class NoticeKind(TextChoices):
    PUBLIC_NOTICE = "public_notice", pgettext_lazy("notice kind", "Public notice of a negotiated price")
    ANNOUNCEMENT = "announcement", pgettext_lazy("notice kind", "Listing announcement")


class Cooperation(TextChoices):
    COMMISSIONED = "commissioned", pgettext_lazy("cooperation", "Commissioned development")
    JOINT = "joint", pgettext_lazy("cooperation", "Joint development")
    TRANSFER = "transfer", pgettext_lazy("cooperation", "Transfer")
    LICENCE = "licence", pgettext_lazy("cooperation", "Licence")
