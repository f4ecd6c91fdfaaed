"""Entries as a market of this kind would have them: titles and abstracts put together of what is treated, how, and to what end.

Each entry knows what it is about, whatever words it says it with; judgements come from that, never from the words.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

# Concepts by industry: things, ways and ends, each with the words a title may use for it.
_FIELDS: Mapping[str, tuple[Mapping[str, str], Mapping[str, str], Mapping[str, str]]] = {
    "coal": (
        {
            "gas": "煤矿瓦斯|矿井瓦斯", "roadway": "深部巷道|软岩巷道", "goaf": "采空区|老空区", "face": "综采工作面|综放工作面",
            "washing": "选煤厂重介|洗煤重介",
        },
        {
            "monitoring": "在线监测|实时监测", "prediction": "智能预警|风险预测", "drilling": "定向钻孔|水力割缝",
            "grouting": "注浆加固|注浆封堵", "density": "密度自动控制|密控",
        },
        {"safety": "防突|灾害防治", "recovery": "提高采出率|高效回采", "saving": "降低介耗|节能降耗"},
    ),
    "power": (
        {
            "cfb": "循环流化床锅炉|CFB锅炉", "turbine": "汽轮机|汽轮发电机组", "windturbine": "风电机组|风力发电机",
            "pv": "光伏电站|光伏组件", "storage": "储能系统|储能电站",
        },
        {
            "combustion": "分级燃烧|低氮燃烧", "diagnosis": "故障诊断|状态评估", "cleaning": "自动清扫|无水清洗",
            "dispatch": "协调调度|优化调度", "seal": "汽封改造|通流改造",
        },
        {"flexibility": "深度调峰|宽负荷运行", "lowcarbon": "降碳减排|二氧化碳减排", "efficiency": "提效节煤|提高热效率"},
    ),
    "materials": (
        {
            "mgalloy": "镁合金|高强镁合金", "alalloy": "铝合金|高镁铝合金", "graphene": "石墨烯|煤基石墨烯",
            "sic": "碳化硅|碳化硅陶瓷", "ceramic": "发泡陶瓷|泡沫陶瓷",
        },
        {
            "extrusion": "等温挤压|挤压成形", "additive": "增材制造|3D打印", "sintering": "低温烧结|微波烧结",
            "coating": "微弧氧化|防腐涂层", "exfoliation": "机械剥离|电化学剥离",
        },
        {"strength": "强韧化|提高强度", "lightweight": "轻量化|减重", "conduct": "高导热|高导电"},
    ),
    "equipment": (
        {
            "support": "液压支架|掩护式支架", "conveyor": "带式输送机|皮带输送机", "gearbox": "风电齿轮箱|重载齿轮箱",
            "robot": "巡检机器人|井下机器人", "pump": "乳化液泵|矿用液压泵",
        },
        {
            "cladding": "激光熔覆|激光再制造", "drive": "永磁直驱|变频驱动", "vision": "机器视觉|图像识别",
            "vibration": "振动诊断|振动监测", "positioning": "惯性定位|超宽带定位",
        },
        {"life": "延长寿命|耐磨延寿", "unmanned": "无人值守|少人化", "reliable": "提高可靠性|防跑偏"},
    ),
    "environment": (
        {
            "gangue": "煤矸石|矸石", "flyash": "粉煤灰|循环流化床灰渣", "minewater": "矿井水|高矿化度矿井水",
            "fluegas": "锅炉烟气|燃煤烟气", "vocs": "挥发性有机物|VOCs",
        },
        {
            "membrane": "纳滤膜分离|反渗透", "adsorption": "活性炭吸附|沸石转轮吸附", "catalysis": "催化氧化|SCR脱硝",
            "brick": "制备烧结砖|制备陶粒", "crystal": "分质结晶|蒸发结晶",
        },
        {"zero": "零排放|近零排放", "resource": "资源化利用|综合利用", "ultralow": "超低排放|深度净化"},
    ),
    "vehicles": (
        {
            "battery": "动力电池|锂离子电池", "miningtruck": "电动矿卡|矿用自卸车", "fuelcell": "氢燃料电池|质子交换膜燃料电池",
            "charger": "充电桩|换电站", "lngtruck": "LNG重卡|天然气重卡",
        },
        {
            "thermal": "热管理|液冷散热", "sorting": "快速分选|健康状态评估", "regen": "制动能量回收|电液复合制动",
            "control": "整车控制|能量管理", "connector": "快换锁止|自动插接",
        },
        {"cold": "低温启动|高寒适应", "reuse": "梯次利用|退役回收", "range": "增加续航|降低电耗"},
    ),
    "biomedicine": (
        {
            "astragalus": "黄芪|蒙古黄芪", "seabuckthorn": "沙棘|沙棘果渣", "bacillus": "芽孢杆菌|复合菌剂",
            "polysaccharide": "多糖|植物多糖", "licorice": "甘草|乌拉尔甘草",
        },
        {
            "extraction": "超临界萃取|亚临界萃取", "fermentation": "高密度发酵|固态发酵", "purify": "树脂纯化|柱层析分离",
            "planting": "规范化种植|仿野生栽培", "fingerprint": "指纹图谱|含量测定",
        },
        {"activity": "抗氧化|保留活性", "disease": "抗病|防治根腐病", "yield": "增产|提高得率"},
    ),
    "agriculture": (
        {
            "oat": "燕麦|莜麦", "buckwheat": "苦荞|荞麦", "millet": "谷子|小米", "sheep": "肉羊|羔羊", "greenhouse": "日光温室|节能温室",
        },
        {
            "harvest": "低损收获|机械收获", "processing": "挤压膨化|酶解加工", "breeding": "分子育种|新品种选育",
            "feeding": "精准饲喂|分阶段育肥", "heating": "相变蓄热|太阳能蓄热",
        },
        {"quality": "改善口感|提高品质", "drought": "抗旱|节水", "labour": "省工|节省人工"},
    ),
    "culture": (
        {"mural": "壁画|寺观壁画", "timber": "木构古建筑|应县木塔", "heritage": "长城遗址|土遗址", "museum": "数字展馆|博物馆展陈"},
        {
            "pointcloud": "点云重建|三维扫描", "spectral": "多光谱成像|高光谱检测", "vr": "虚拟现实|沉浸式交互",
            "repair": "原位加固|无损修复",
        },
        {"conserve": "预防性保护|病害防治", "display": "展示传播|网络展示"},
    ),
}  # fmt: skip
_TITLES = (
    "一种{thing}{way}方法",
    "{thing}{way}与{end}技术",
    "面向{end}的{thing}{way}系统",
    "基于{way}的{thing}{end}成套装备",
    "{thing}{end}关键技术",
    "{thing}{way}装置及其应用",
    "用于{thing}的{way}工艺",
)
_OPENINGS = ("针对{thing}{trouble}的问题，", "{thing}长期存在{trouble}，", "本成果面向{thing}，解决{trouble}的难题，")
_TROUBLES = ("运行不稳", "能耗偏高", "成本居高不下", "依赖人工经验", "效率偏低", "国外设备价格高", "质量波动大")
_MIDDLES = ("提出{way}方案，经现场验证{figure}，", "采用{way}工艺，{figure}，", "研制{way}样机，连续运行{figure}，")
_ENDINGS = ("实现{end}，已在{place}示范。", "达到{end}的目的，可在{place}推广。", "为{end}提供了可复制的做法。")
_PLACES = ("朔州", "大同", "两家企业", "晋北地区", "一座示范基地")
_FIGURES = ("效率提高12%", "故障率下降三成", "能耗降低8%", "六个月无故障", "指标优于合同要求")
_ASIDES = ("部分做法也可用于{thing}。", "该思路来自{thing}的研究。", "与{thing}相比投资更少。")
_SIZES = ("300MW", "75t/h", "600兆瓦", "10kV", "5吨", "850℃")


@dataclass(frozen=True, slots=True)
class Made:
    """An entry with what it is about (`main`) and what it only mentions (`aside`)."""

    pk: int
    title: str
    abstract: str
    keywords: tuple[str, ...]
    industry: str
    main: frozenset[str]
    aside: frozenset[str]


def corpus(count: int = 900, *, seed: int = 11) -> Iterator[Made]:
    """So many entries, every run the same."""
    chance = random.Random(seed)

    def word(words: str) -> str:
        return chance.choice(words.split("|"))

    for pk in range(1, count + 1):
        industry = chance.choice(list(_FIELDS))
        things, ways, ends = _FIELDS[industry]
        thing, way, end = chance.choice(list(things)), chance.choice(list(ways)), chance.choice(list(ends))
        pattern = chance.choice(_TITLES)
        main = {thing} | ({way} if "{way}" in pattern else set()) | ({end} if "{end}" in pattern else set())
        size = chance.choice(_SIZES) if chance.random() < 0.15 and industry in {"power", "environment", "equipment"} else ""
        title = size + pattern.format(thing=word(things[thing]), way=word(ways[way]), end=word(ends[end]))
        parts = (chance.choice(_OPENINGS), chance.choice(_MIDDLES), chance.choice(_ENDINGS))
        text = "".join(parts).format(
            thing=word(things[thing]),
            way=word(ways[way]),
            end=word(ends[end]),
            trouble=chance.choice(_TROUBLES),
            figure=chance.choice(_FIGURES),
            place=chance.choice(_PLACES),
        )
        aside = {way, end} - main
        if chance.random() < 0.3:
            others = _FIELDS[chance.choice(list(_FIELDS))][0]
            other = chance.choice(list(others))
            text += chance.choice(_ASIDES).format(thing=word(others[other]))
            aside |= {other} - main
        keywords = (word(things[thing]), word(ways[way]))
        main |= {f"size:{size}"} if size else set()
        yield Made(pk, title, text, keywords, industry, frozenset(main | {way}), frozenset(aside - {way}))
