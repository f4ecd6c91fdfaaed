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
