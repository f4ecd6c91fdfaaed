"""Which columns does the list of earlier registrations have, and which words may stand in them?"""

from __future__ import annotations

from functools import cache

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from contracts.form_kinds import PartyNature
from contracts.kinds import ContractKind, IpKind, Objective, SubKind, TechnologyField
from contracts.states import RegistrationState
from listings.kinds import FundingSource, PaymentMode
from market.lists.columns import Column, Words

_ONE_OF = _("One of the words of the list.")
_DAY = _("A day such as 2025-06-30.")
_YUAN = _("In yuan, with at most two decimals.")

COLUMNS = (
    Column("登记编号", "number", "2025140600000001", _("The number of the certificate: 16 digits, or 14 before 2019.")),
    Column("登记日期", "registered_on", "2025-07-01", _DAY),
    Column("项目名称", "title", "矿用液压支架密封技术转让（样例，填写前请删去）", _("At most 120 characters.")),
    Column("合同类别", "kind", "技术转让", _ONE_OF, ContractKind),
    Column("合同子类", "sub_kind", "技术秘密转让", _ONE_OF, SubKind),
    Column("技术内容", "content", "", _("What it is about; by it the same contract is found again."), None, False),
    Column("卖方名称", "seller_name", "某大学", _("Several separated by 、; the first is the one statistics count.")),
    Column("卖方统一社会信用代码", "seller_code", "", _("Of the first; empty for a person or abroad."), None, False),
    Column("卖方性质", "seller_nature", "高等院校", _ONE_OF, PartyNature),
    Column("卖方行政区划", "seller_region", "140602", _("Six digits of GB/T 2260."), None, False),
    Column("买方名称", "buyer_name", "大同某煤机公司", _("Several separated by 、; the first is the one statistics count.")),
    Column("买方统一社会信用代码", "buyer_code", "", _("Of the first; empty for a person or abroad."), None, False),
    Column("买方性质", "buyer_nature", "有限责任公司", _ONE_OF, PartyNature),
    Column("买方行政区划", "buyer_region", "140200", _("Six digits of GB/T 2260."), None, False),
    Column("合同成交总金额", "contract_value", "1000000", _YUAN),
    Column("技术交易额", "technology_value", "800000", _("In yuan; not above the contract value.")),
    Column("支付方式", "payment_mode", "一次总付", _ONE_OF, PaymentMode),
    Column("签订日期", "signed_on", "2025-06-10", _DAY),
    Column("有效期起", "valid_from", "2025-06-10", _DAY),
    Column("有效期止", "valid_until", "2028-06-09", _DAY),
    Column("知识产权", "ip_kind", "技术秘密", _ONE_OF, IpKind),
    Column("计划来源", "funding_source", "计划外", _ONE_OF, FundingSource),
    Column("技术领域", "technology_field", "先进制造", _ONE_OF, TechnologyField),
    Column("社会经济目标", "objective", "促进工商业发展", _ONE_OF, Objective),
    Column("国民经济行业", "industry_served", "35", _("A code of GB/T 4754-2017, as text."), None, False),
    Column("关联交易", "is_related_party", "否", _("Write 是 or 否."), None, False),
    Column("涉外", "is_cross_border", "否", _("Write 是 or 否."), None, False),
    Column("状态", "state", "有效", _("In force when empty."), RegistrationState, False),
    Column("状态日期", "ended_on", "", _("The day on which it was cancelled or revoked."), None, False),
    Column("状态原因", "reason", "", _("Why it was cancelled or revoked."), None, False),
)
HEADING_OF = {column.field: column.heading for column in COLUMNS}


@cache
def words() -> Words:
    """The words that may stand in the columns: the market's own, in Chinese as registries write them."""
    with override("zh-hans"):
        return {column.choices: _words_of(column.choices) for column in COLUMNS if column.choices}


def _words_of(choices: type[TextChoices]) -> dict[str, str]:
    return {str(choice.label): choice.value for choice in choices}
