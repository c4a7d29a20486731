"""The response plans that ship: product safety, quality complaint and general, for III and for II.

Written once where a site has no plan. A stricter plan repeats the steps of the milder one with
shorter times, under the same codes, so that a case never gets the same task twice.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from tinglan.accounts.rights import Role
from tinglan.events.models import Level
from tinglan.plans.models import Plan, Step

HOUR = 60
DAY = 24 * HOUR
Proof = Step.Proof


@dataclass(frozen=True, slots=True)
class _Act:
    """One step as it ships: who, within how long at level III, proven by what."""

    role: Role
    minutes: int
    proof: Step.Proof
    title: str
    title_en: str
    instructions: str
    instructions_en: str
    is_required: bool = True


ACTS = {
    "preserve": _Act(
        Role.DUTY_OFFICER,
        4 * HOUR,
        Proof.EVIDENCE,
        "保全证据",
        "Preserve the evidence",
        "保存首发帖、转发最多的帖子和相关图片视频，原帖可能被作者修改或删除。",
        "Keep the first post, the most shared ones and their pictures: authors edit and delete.",
    ),
    "contact": _Act(
        Role.AGENT,
        4 * HOUR,
        Proof.REPLY,
        "联系当事消费者",
        "Contact the consumers concerned",
        "先问人是否平安、需要什么帮助，再了解经过。不知道答案时先回复已在核实，并约定下次答复时间。",
        "Ask first whether they are well and what they need. Where the answer is not known yet, "
        "say so and promise when it will be.",
    ),
    "verify": _Act(
        Role.ANALYST,
        4 * HOUR,
        Proof.FINDING,
        "核实事实",
        "Verify the facts",
        "把说法逐条列出，标明已证实、已否定和待核实，每条附上依据。",
        "List what is being said, claim by claim: confirmed, refuted or open, each with its proof.",
    ),
    "holding": _Act(
        Role.PR_LEAD,
        4 * HOUR,
        Proof.HOLDING,
        "发布暂缓声明",
        "Publish a holding statement",
        "说明已经知道、表示关切、正在做什么、何时再通报。不下结论，不推责任。",
        "Say that we know and care, what is being done and when we speak again. No conclusions, "
        "no blame.",
    ),
    "lines": _Act(
        Role.AGENT,
        3 * HOUR,
        Proof.NOTE,
        "统一客服口径",
        "Agree the lines of customer care",
        "把来电来信最常问的五个问题和答复发给所有客服。",
        "Give every agent the five questions asked most and what to answer.",
    ),
    "remedy": _Act(
        Role.AGENT,
        8 * HOUR,
        Proof.NOTE,
        "提出解决方案",
        "Offer a remedy",
        "为受影响的消费者准备退换修方案，写明谁办、多久办完。",
        "Prepare refund, exchange or repair for those affected: who does it, by when.",
    ),
    "batch": _Act(
        Role.ANALYST,
        8 * HOUR,
        Proof.FINDING,
        "追查批次并检测",
        "Trace the batch and test samples",
        "查明涉及的型号、批次和数量，送检样品，把结果写进核查。",
        "Find the models, batches and numbers concerned, have samples tested, note the results.",
    ),
    "sales": _Act(
        Role.LEADER,
        4 * HOUR,
        Proof.NOTE,
        "决定是否暂停销售",
        "Decide whether to stop sales",
        "有人身危险的可能时，先停售并告知停止使用，再等检测结论。",
        "Where people may be hurt: stop sales and tell users to stop first, then await the tests.",
    ),
    "legal": _Act(
        Role.LEGAL,
        8 * HOUR,
        Proof.NOTE,
        "法律评估",
        "Legal assessment",
        "评估报告、召回、赔偿等义务和表述风险，写成结论。",
        "Weigh the duties to report, recall and compensate and the risks of wording; conclude.",
    ),
    "group": _Act(
        Role.PR_LEAD,
        1 * HOUR,
        Proof.NOTE,
        "召集工作组",
        "Open the working group",
        "明确负责人、核查、发布、客服各由谁承担，约定下次碰头时间。",
        "Settle who leads, verifies, publishes and serves consumers, and when you meet next.",
    ),
    "leaders": _Act(
        Role.PR_LEAD,
        8 * HOUR,
        Proof.NOTE,
        "向领导小组报告",
        "Report to the leading group",
        "一页纸：发生什么、影响多大、已做什么、需要决定什么。",
        "One page: what happened, how large, what was done, what is to be decided.",
    ),
    "full": _Act(
        Role.PR_LEAD,
        DAY,
        Proof.FULL,
        "发布完整声明",
        "Publish a full statement",
        "只写核查过的事实，说明原因、责任、补救办法和后续安排。",
        "Checked facts only: cause, responsibility, remedy and what follows.",
    ),
    "regulators": _Act(
        Role.LEGAL,
        12 * HOUR,
        Proof.TELLING,
        "告知监管部门",
        "Inform the regulators",
        "按法律评估的结论告知，并登记告知对象、内容和时间。",
        "As the legal assessment concludes; record whom you told what and when.",
    ),
    "employees": _Act(
        Role.PR_LEAD,
        8 * HOUR,
        Proof.TELLING,
        "告知员工",
        "Inform the employees",
        "员工应当先于媒体知道，并知道来电该转给谁。",
        "They should hear it before the media do, and know where to pass on calls.",
        is_required=False,
    ),
}

_CORE = ("preserve", "contact", "verify", "holding", "lines")
_GRAVE = ("group", "legal", "leaders", "full", "employees")


@dataclass(frozen=True, slots=True)
class _Shipped:
    """One plan as it ships; at level II the same acts have half the time."""

    kind: Plan.Kind
    level: Level
    name: str
    name_en: str
    natures: tuple[str, ...]
    acts: tuple[str, ...]


_SAFETY = ("casualty", "safety", "food_drug_child", "official")
_QUALITY = ("defect", "advertising", "service", "opinion")

PLANS = (
    _Shipped(
        Plan.Kind.SAFETY,
        Level.YELLOW,
        "产品安全预案（III 级起）",
        "Product safety, from level III",
        _SAFETY,
        (*_CORE, "batch", "sales", "legal"),
    ),
    _Shipped(
        Plan.Kind.SAFETY,
        Level.ORANGE,
        "产品安全预案（II 级起）",
        "Product safety, from level II",
        _SAFETY,
        (*_CORE, "batch", "sales", *_GRAVE, "regulators"),
    ),
    _Shipped(
        Plan.Kind.QUALITY,
        Level.YELLOW,
        "质量投诉预案（III 级起）",
        "Quality complaint, from level III",
        _QUALITY,
        (*_CORE, "remedy"),
    ),
    _Shipped(
        Plan.Kind.QUALITY,
        Level.ORANGE,
        "质量投诉预案（II 级起）",
        "Quality complaint, from level II",
        _QUALITY,
        (*_CORE, "remedy", *_GRAVE),
    ),
    _Shipped(
        Plan.Kind.GENERAL,
        Level.YELLOW,
        "通用预案（III 级起）",
        "General, from level III",
        (),
        _CORE,
    ),
    _Shipped(
        Plan.Kind.GENERAL,
        Level.ORANGE,
        "通用预案（II 级起）",
        "General, from level II",
        (),
        (*_CORE, *_GRAVE),
    ),
)


@transaction.atomic
def ensure_defaults(now: datetime) -> None:
    """Write the plans that ship where there is none; what a site has edited stays as it is."""
    if Plan.objects.exists():
        return
    for shipped in PLANS:
        plan = Plan.objects.create(
            code=f"{shipped.kind}-{shipped.level}",
            kind=shipped.kind,
            level=shipped.level,
            name=shipped.name,
            name_en=shipped.name_en,
            natures=list(shipped.natures),
            created_at=now,
        )
        Step.objects.bulk_create(_steps(plan, shipped))


def _steps(plan: Plan, shipped: _Shipped) -> list[Step]:
    acts = {code: ACTS[code] for code in shipped.acts}
    if shipped.level == Level.ORANGE:
        acts = {code: replace(act, minutes=act.minutes // 2) for code, act in acts.items()}
    soonest_first = sorted(acts.items(), key=lambda each: each[1].minutes)
    return [
        Step(
            plan=plan,
            order=order,
            code=code,
            title=act.title,
            title_en=act.title_en,
            instructions=act.instructions,
            instructions_en=act.instructions_en,
            role=act.role,
            due_minutes=act.minutes,
            proof=act.proof,
            is_required=act.is_required,
        )
        for order, (code, act) in enumerate(soonest_first, start=1)
    ]
