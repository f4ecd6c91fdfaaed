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


class Origin(TextChoices):
    """What kind of innovation it is (成果属性). Source: 全国科技成果统计调查制度 (high)."""

    ORIGINAL = "original", pgettext_lazy("origin of an achievement", "Original innovation")
    ABSORBED = "absorbed", pgettext_lazy("origin of an achievement", "Absorbed from abroad and developed further")
    SECONDARY = "secondary", pgettext_lazy("origin of an achievement", "Developed further from domestic technology")


class ResultForm(TextChoices):
    """In what it is embodied (成果体现形式). Source: 全国科技成果统计调查制度 (high for theory, medium for the rest)."""

    TECHNOLOGY = "technology", pgettext_lazy("form of an achievement", "New technology")
    PROCESS = "process", pgettext_lazy("form of an achievement", "New process")
    PRODUCT = "product", pgettext_lazy("form of an achievement", "New product")
    MATERIAL = "material", pgettext_lazy("form of an achievement", "New material")
    EQUIPMENT = "equipment", pgettext_lazy("form of an achievement", "New equipment")
    SOFTWARE = "software", pgettext_lazy("form of an achievement", "Software")
    VARIETY = "variety", pgettext_lazy("form of an achievement", "New agricultural or biological variety")
    PAPER = "paper", pgettext_lazy("form of an achievement", "Paper")
    BOOK = "book", pgettext_lazy("form of an achievement", "Book")
    REPORT = "report", pgettext_lazy("form of an achievement", "Research report")
    OTHER = "other", pgettext_lazy("form of an achievement", "Other form")


class EvaluationMethod(TextChoices):
    """How it was evaluated (评价方式). Source: 全国科技成果统计调查制度 (medium)."""

    APPRAISAL = "appraisal", pgettext_lazy("evaluation", "Expert appraisal")
    ACCEPTANCE = "acceptance", pgettext_lazy("evaluation", "Acceptance of the project")
    REVIEW = "review", pgettext_lazy("evaluation", "Review")
    ADMISSION = "admission", pgettext_lazy("evaluation", "Admission by the industry")
    ASSESSMENT = "assessment", pgettext_lazy("evaluation", "Assessment")
    PATENT = "patent", pgettext_lazy("evaluation", "By intellectual property")
    OTHER = "other", pgettext_lazy("evaluation", "Evaluated otherwise")
    NONE = "none", pgettext_lazy("evaluation", "Not evaluated")


class Level(TextChoices):
    """The level an evaluation found (成果水平). Source: 全国科技成果统计调查制度 (high)."""

    INTERNATIONAL_LEADING = "international_leading", pgettext_lazy("level of an achievement", "Internationally leading")
    INTERNATIONAL_ADVANCED = "international_advanced", pgettext_lazy("level of an achievement", "Internationally advanced")
    DOMESTIC_LEADING = "domestic_leading", pgettext_lazy("level of an achievement", "Leading in the country")
    DOMESTIC_ADVANCED = "domestic_advanced", pgettext_lazy("level of an achievement", "Advanced in the country")
    DOMESTIC_ORDINARY = "domestic_ordinary", pgettext_lazy("level of an achievement", "Ordinary in the country")
    NOT_EVALUATED = "not_evaluated", pgettext_lazy("level of an achievement", "Level not evaluated")


class ApplicationState(TextChoices):
    """How far it is put to use (应用状态). Source: 全国科技成果统计调查制度 (medium)."""

    INDUSTRIAL = "industrial", pgettext_lazy("use of an achievement", "Industrial use")
    SMALL_BATCH = "small_batch", pgettext_lazy("use of an achievement", "Small batches")
    TRIAL = "trial", pgettext_lazy("use of an achievement", "On trial")
    STOPPED = "stopped", pgettext_lazy("use of an achievement", "Use stopped")
    NOT_USED = "not_used", pgettext_lazy("use of an achievement", "Not used yet")


class ReturnGround(TextChoices):
    """Why the register does not take it now. Source: 国科发计字〔2000〕542号 (high)."""

    INCOMPLETE = "incomplete", pgettext_lazy("ground of return", "Materials incomplete")
    DISPUTED = "disputed", pgettext_lazy("ground of return", "Ownership disputed")
    DUPLICATE = "duplicate", pgettext_lazy("ground of return", "Registered already")
    OTHER = "other", pgettext_lazy("ground of return", "Other reason")


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
