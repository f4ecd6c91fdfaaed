"""Which columns does the list have, and which words may stand in them?"""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from listings.kinds import (
    AchievementKind,
    ApplicationState,
    EvaluationMethod,
    FundingSource,
    Industry,
    LegalState,
    Level,
    Maturity,
    Origin,
    PatentKind,
    ResultForm,
)
from listings.rules.achievements import MOST_KEYWORDS, SHORTEST_ABSTRACT
from market.lists.columns import Column

# What universities write in their lists; the codes themselves are understood too.
WORDS: dict[type[TextChoices], dict[str, str]] = {
    AchievementKind: {"应用技术": "applied", "基础理论": "basic", "软科学": "soft"},
    Industry: {
        "煤炭": "coal",
        "电力及新能源": "power",
        "新材料": "materials",
        "装备制造": "equipment",
        "节能环保": "environment",
        "新能源汽车": "vehicles",
        "生物医药": "biomedicine",
        "现代农业": "agriculture",
        "文化旅游": "culture",
    },
    Maturity: {
        "正在研发": "in_research",
        "已有样品": "sample_made",
        "通过小试": "lab_scale",
        "通过中试": "pilot_scale",
        "可以量产": "mass_production",
    },
    FundingSource: {
        "国家计划": "national",
        "部门计划": "ministry",
        "省级计划": "province",
        "市县计划": "city",
        "计划外": "none",
    },
    Origin: {"原始性创新": "original", "国外引进消化吸收创新": "absorbed", "国内技术二次开发": "secondary"},
    ResultForm: {
        "新技术": "technology",
        "新工艺": "process",
        "新产品": "product",
        "新材料": "material",
        "新装备": "equipment",
        "软件": "software",
        "农业、生物新品种": "variety",
        "论文": "paper",
        "著作": "book",
        "研究报告": "report",
        "其他": "other",
    },
    ApplicationState: {
        "产业化应用": "industrial",
        "小批量": "small_batch",
        "试用": "trial",
        "停用": "stopped",
        "未应用": "not_used",
    },
    EvaluationMethod: {
        "鉴定": "appraisal",
        "验收": "acceptance",
        "评审": "review",
        "行业准入": "admission",
        "评估": "assessment",
        "知识产权": "patent",
        "其他": "other",
        "未评价": "none",
    },
    Level: {
        "国际领先": "international_leading",
        "国际先进": "international_advanced",
        "国内领先": "domestic_leading",
        "国内先进": "domestic_advanced",
        "国内一般": "domestic_ordinary",
        "未评价": "not_evaluated",
    },
    PatentKind: {"发明专利": "invention", "实用新型": "utility_model", "外观设计": "design"},
    LegalState: {"审查中": "pending", "有效": "in_force", "已终止": "expired", "无效": "invalid"},
}

_ONE_OF = _("One of the words of the list.")

COLUMNS = (
    Column("成果名称", "title", "低热值煤循环流化床稳燃技术", _("At most 120 characters; each title once.")),
    Column("成果类别", "kind", "应用技术", _ONE_OF, AchievementKind),
    Column(
        "成果简介",
        "abstract",
        "针对低热值煤循环流化床锅炉燃烧不稳定、灰渣含碳量高的问题，提出分级布风与床温协同控制方法。"
        "在七十五吨每小时试验炉上连续运行一千二百小时，锅炉热效率提高百分之二点一，飞灰含碳量由百分之八降至百分之三点五，"
        "适用于煤矸石与煤泥混烧机组的改造，改造周期短，投资回收期不超过两年。（此行为样例，填写前请删去）",
        _("What it does, what it does better, and how that was shown. At least %(n)s characters.") % {"n": SHORTEST_ABSTRACT},
    ),
    Column(
        "关键词", "keywords", "循环流化床，稳燃", _("At most %(n)s, separated by commas.") % {"n": MOST_KEYWORDS}, None, False
    ),
    Column("所属产业", "industry", "电力及新能源", _ONE_OF, Industry),
    Column("国民经济行业代码", "gbt4754", "441", _("GB/T 4754-2017, as text, so that a leading zero stays: 061."), None, False),
    Column("成熟度", "maturity", "通过中试", _ONE_OF, Maturity),
    Column("完成日期", "completed_on", "2025-06-30", _("A day such as 2025-06-30.")),
    Column("是否财政资金支持", "is_publicly_funded", "是", _("Write 是 or 否.")),
    Column("计划来源", "funding_source", "省级计划", _ONE_OF, FundingSource),
    Column(
        "完成人及份额", "inventors", "发明人甲:60；发明人乙:40", _("In the order of their contribution; the shares make 100.")
    ),
    Column(
        "专利",
        "patents",
        "ZL201910123456.X|发明专利|循环流化床锅炉布风装置|F23C 10/00|2023-05-09|有效",
        _("Six parts for each: number|kind|title|IPC|day of grant|legal state; several separated by semicolons."),
        None,
        False,
    ),
    Column("创新类型", "origin", "原始性创新", _ONE_OF, Origin, False),
    Column("成果形式", "result_form", "新技术", _ONE_OF, ResultForm, False),
    Column("应用状态", "application_state", "试用", _ONE_OF, ApplicationState, False),
    Column("研究开始日期", "started_on", "2022-01-01", _("A day such as 2025-06-30."), None, False),
    Column("评价方式", "evaluation_method", "验收", _ONE_OF, EvaluationMethod, False),
    Column("评价日期", "evaluated_on", "2025-07-20", _("A day such as 2025-06-30."), None, False),
    Column("评价单位", "evaluator", "省科技成果评价机构（样例）", _("Who evaluated it."), None, False),
    Column("成果水平", "level", "国内领先", _ONE_OF, Level, False),
    Column(
        "其他完成单位",
        "co_completers",
        "",
        _("In order, separated by commas; yours is the first and registers for all."),
        None,
        False,
    ),
    Column("联系方式", "contact", "科技成果转化办公室", _("An office with its telephone; shown to officials only."), None, False),
)
HEADING_OF = {column.field: column.heading for column in COLUMNS}
