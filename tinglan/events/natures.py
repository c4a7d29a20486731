"""The taxonomy of harm: what ships, and which natures a mention alleges.

A nature is alleged by its words, by a complaint about one of its aspects, or by an intent alone.
Weights and floors follow the published formula; a site edits the rows.
"""

from collections.abc import Sequence
from functools import lru_cache

from tinglan.analysis.query import Document, Matcher, parse
from tinglan.events.models import Level, Nature
from tinglan.monitors.models import Intent, Mention, Polarity

# code, Chinese, English, harm, floor, words, aspects, intents
DEFAULTS: tuple[tuple[str, str, str, int, str, str, list[str], list[str]], ...] = (
    (
        "casualty",
        "人员伤亡",
        "Casualties",
        100,
        Level.YELLOW,
        "受伤 OR 烫伤 OR 烧伤 OR 触电 OR 电击 OR 中毒 OR 住院 OR 送医 OR 死亡 OR 身亡 OR 窒息 OR 毁容",
        [],
        [],
    ),
    (
        "safety",
        "产品安全",
        "Product safety",
        100,
        Level.YELLOW,
        "漏电 OR 起火 OR 着火 OR 爆炸 OR 自燃 OR 冒烟 OR 短路 OR 刹车失灵 OR 安全隐患",
        ["safety"],
        [],
    ),
    (
        "food_drug_child",
        "食品药品与儿童安全",
        "Food, drug and child safety",
        90,
        "",
        "食品安全 OR 异物 OR 变质 OR 发霉 OR 过期 OR 重金属 OR 致癌 OR ((孩子 OR 宝宝 OR 婴儿) "
        "AND (过敏 OR 误吞 OR 夹伤 OR 呕吐 OR 腹泻))",
        [],
        [],
    ),
    (
        "official",
        "官方调查或召回",
        "Official investigation or recall",
        85,
        "",
        "召回 OR 立案 OR 约谈 OR 行政处罚 OR 抽检不合格 OR 责令整改",
        [],
        [],
    ),
    ("data_leak", "个人信息泄露", "Data leak", 80, "", "信息泄露 OR 数据泄露", ["privacy"], []),
    ("ethics", "歧视与价值观", "Discrimination and ethics", 70, "", "辱华 OR 歧视", ["ethics"], []),
    (
        "advertising",
        "虚假宣传",
        "False advertising",
        70,
        "",
        "虚假宣传 OR 假一赔 OR 欺诈",
        ["advertising"],
        [],
    ),
    ("defect", "质量缺陷", "Quality defect", 60, "", "", ["quality", "function"], []),
    ("labour", "劳动争议", "Labour dispute", 55, "", "裁员 OR 欠薪 OR 强制加班", [], []),
    (
        "service",
        "服务投诉",
        "Service complaint",
        35,
        "",
        "",
        ["after_sales", "staff", "delivery", "design"],
        [],
    ),
    (
        "opinion",
        "价格与意见",
        "Price and opinion",
        25,
        "",
        "",
        ["price", "management", "other"],
        [],
    ),
    ("inquiry", "咨询求助", "Inquiry", 10, "", "", [], [Intent.INQUIRY]),
    ("praise", "赞扬推荐", "Praise", 0, "", "", [], [Intent.PRAISE]),
)


def ensure_defaults() -> None:
    """Write the natures that ship; rows that a site has edited stay as they are."""
    Nature.objects.bulk_create(
        [
            Nature(
                code=code,
                name=name,
                name_en=english,
                harm=harm,
                floor=floor,
                query=query,
                aspects=aspects,
                intents=[str(intent) for intent in intents],
            )
            for code, name, english, harm, floor, query, aspects, intents in DEFAULTS
        ],
        ignore_conflicts=True,
    )


def alleged(mentions: Sequence[Mention]) -> list[list[Nature]]:
    """For each mention the natures it alleges.

    Words count unless the author is pleased ("水壶再也不会漏电" in praise alleges nothing);
    aspects count only in a complaint or a negative mention.
    """
    natures = list(Nature.objects.all())
    matcher = _matcher(tuple((nature.pk, nature.query) for nature in natures if nature.query))
    hits = matcher.match([Document(title=m.post.title, text=m.post.text) for m in mentions])
    return [
        [nature for nature in natures if _alleges(mention, nature, named=nature.pk in words)]
        for mention, words in zip(mentions, hits, strict=True)
    ]


def _alleges(mention: Mention, nature: Nature, *, named: bool) -> bool:
    if mention.intent in nature.intents:
        return True
    if mention.polarity == Polarity.POSITIVE or mention.intent == Intent.PRAISE:
        return False
    if named and mention.intent != Intent.INQUIRY:
        return True
    is_blamed = mention.intent == Intent.COMPLAINT or mention.polarity == Polarity.NEGATIVE
    return is_blamed and bool(set(mention.aspects) & set(nature.aspects))


@lru_cache(maxsize=2)
def _matcher(queries: tuple[tuple[int, str], ...]) -> Matcher:
    return Matcher({key: parse(query) for key, query in queries})
