"""Training posts written for this product: calm questions and dry news, and their angry neighbours.

The data sets know hardly a neutral question or a neutral report about a brand, so that a model
trained on them alone takes "客服电话多少" for a complaint. These patterns close that gap; they are
for training only, no figure is ever measured on them.
"""

from itertools import product
from random import Random

from tinglan.analysis.sentiment import Polarity

THINGS = [
    "水壶",
    "电饭煲",
    "手机",
    "耳机",
    "平板",
    "空调",
    "洗衣机",
    "冰箱",
    "面霜",
    "洗发水",
    "奶粉",
    "牛奶",
    "外套",
    "运动鞋",
    "会员",
    "套餐",
    "课程",
    "机票",
    "酒店",
    "电动车",
    "充电宝",
    "扫地机",
    "净水器",
    "空气炸锅",
    "手表",
    "键盘",
    "课本",
    "保险",
    "快递",
    "外卖",
]
DEFECTS = [
    "漏电",
    "起火",
    "自燃",
    "漏水",
    "掉漆",
    "发霉",
    "断货",
    "涨价",
    "停产",
    "召回",
    "爆炸",
    "过敏",
    "甲醛超标",
    "泄露信息",
    "裁员",
    "闪退",
]
DEEDS = [
    "退款",
    "退货",
    "换货",
    "开发票",
    "保修",
    "维修",
    "预约安装",
    "查物流",
    "改地址",
    "取消订单",
    "申请售后",
    "注销账号",
    "续费",
    "领券",
    "补差价",
    "投诉",
]

CALM = (
    "请问{thing}怎么{deed}？",
    "{deed}需要多久？",
    "{deed}一般几天能到账",
    "怎么{deed}",
    "想问一下{thing}可以{deed}吗",
    "{thing}{deed}的流程是什么",
    "{thing}{deed}要去哪里办？",
    "客服电话是多少，想{deed}",
    "{thing}的客服电话多少",
    "{thing}什么时候发货？",
    "{thing}大概几天能送到呀",
    "{thing}哪里可以买到",
    "{thing}多少钱",
    "{thing}有活动吗，什么时候降价",
    "{thing}和别家的有什么区别，怎么选",
    "有人用过{thing}吗？怎么样",
    "{thing}好用吗？想买一个",
    "求推荐一款{thing}",
    "{thing}怎么清洗保养",
    "听说{thing}{defect}，是真的吗？",
    "网上说{thing}{defect}是真的假的",
    "{thing}会{defect}吗",
    "{thing}{defect}了怎么办",
    "谁知道{thing}{defect}是怎么回事",
    "{thing}{defect}这事后来怎么样了",
)
NEWS = (
    "【{thing}品牌回应{defect}：正在核查】",
    "记者获悉，有消费者反映{thing}{defect}，公司称已介入调查。",
    "某品牌就{thing}{defect}发布公告，消费者可联系客服办理{deed}。",
    "市场监管部门通报{thing}抽检情况，涉及{defect}问题。",
    "#{thing}{defect}# 公司今日发布情况说明。",
    "{thing}{defect}，官方：将召开发布会说明",
    "据报道，{thing}行业今年第三季度销量同比增长，多家公司调整价格。",
)
ANGRY = (
    "都几天了怎么还不{deed}？",
    "{thing}{defect}，找客服没人管",
    "{thing}用了一个月就{defect}，客服还推卸责任",
    "我家{thing}{defect}了，要求{deed}，给个说法",
    "{thing}说好的{deed}到现在也没办，什么意思",
    "{thing}又{defect}，再也不买了",
    "{deed}申请三次都被拒，凭什么",
    "{thing}什么时候才能发货，等了半个月了！",
    "{thing}{defect}还不承认，大家避雷",
    "客服一直让我等，{deed}拖了半个月",
    "你好，麻烦尽快处理一下{deed}，已经问过很多次了",
    "{thing}刚买一周就{defect}，是质量问题吧",
)
N_EACH = 12  # of every pattern


def written_posts(*, seed: int) -> list[tuple[str, Polarity]]:
    """Fill every pattern a dozen times."""
    random = Random(seed)
    fillings = list(product(THINGS, DEFECTS, DEEDS))
    return [
        (pattern.format(thing=thing, defect=defect, deed=deed), polarity)
        for patterns, polarity in (
            (CALM + NEWS, Polarity.NEUTRAL),
            (ANGRY, Polarity.NEGATIVE),
        )
        for pattern in patterns
        for thing, defect, deed in random.sample(fillings, N_EACH)
    ]
