"""The enumerations of brokerage."""

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy


class Level(TextChoices):
    """Source: 国家技术转移专业人员能力等级培训大纲(试行), 2020 (high)."""

    JUNIOR = "junior", pgettext_lazy("broker level", "Junior")
    INTERMEDIATE = "intermediate", pgettext_lazy("broker level", "Intermediate")
    SENIOR = "senior", pgettext_lazy("broker level", "Senior")


class Side(TextChoices):
    """For whom the broker works."""

    SELLER = "seller", pgettext_lazy("side", "Seller")
    BUYER = "buyer", pgettext_lazy("side", "Buyer")


class CommissionBasis(TextChoices):
    """How a commission is agreed."""

    RATE = "rate", pgettext_lazy("commission", "A share of the contract value")
    BRACKETS = "brackets", pgettext_lazy("commission", "Shares that change with the contract value")
    FIXED = "fixed", pgettext_lazy("commission", "A fixed sum")


class DueWhen(TextChoices):
    """What makes the commission fall due. Source: 民法典 arts 963-964: with the contract, unless agreed otherwise (high)."""

    SIGNING = "signing", pgettext_lazy("commission due", "When the contract is signed")
    RECOGNITION = "recognition", pgettext_lazy("commission due", "When the contract is recognised")
    RECEIPT = "receipt", pgettext_lazy("commission due", "When the price has been paid")


class WorkingLanguage(TextChoices):
    """The languages in which a broker can work."""

    CHINESE = "zh", pgettext_lazy("working language", "Chinese")
    ENGLISH = "en", pgettext_lazy("working language", "English")
    JAPANESE = "ja", pgettext_lazy("working language", "Japanese")
    GERMAN = "de", pgettext_lazy("working language", "German")
    RUSSIAN = "ru", pgettext_lazy("working language", "Russian")
    KOREAN = "ko", pgettext_lazy("working language", "Korean")
    FRENCH = "fr", pgettext_lazy("working language", "French")


class Service(TextChoices):
    """What institutions and service providers do for the parties of a deal."""

    BROKERAGE = "brokerage", pgettext_lazy("service", "Brokerage")
    LEGAL = "legal", pgettext_lazy("service", "Legal advice")
    PATENT = "patent", pgettext_lazy("service", "Patent agency")
    VALUATION = "valuation", pgettext_lazy("service", "Valuation")
    ACCOUNTING = "accounting", pgettext_lazy("service", "Accounting and tax")
    FINANCE = "finance", pgettext_lazy("service", "Finance")
    TESTING = "testing", pgettext_lazy("service", "Pilot testing and inspection")
