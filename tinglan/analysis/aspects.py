"""What a post is about (问题方面): quality, safety, price …; `labels` judges it."""

from enum import StrEnum

__all__ = ["Aspect"]


class Aspect(StrEnum):
    """The aspect of an inquiry, complaint or praise (问题方面)."""

    QUALITY = "quality"  # 质量/做工
    SAFETY = "safety"  # 安全/伤害/食品卫生
    FUNCTION = "function"  # 功能/性能/效果
    DESIGN = "design"  # 外观/设计/体验
    PRICE = "price"  # 价格/促销/优惠
    DELIVERY = "delivery"  # 物流/发货/安装
    AFTER_SALES = "after_sales"  # 退换/维修/退款
    STAFF = "staff"  # 客服/员工态度
    ADVERTISING = "advertising"  # 虚假宣传/误导
    PRIVACY = "privacy"  # 个人信息/数据
    ETHICS = "ethics"  # 价值观/歧视/环保/劳动者权益
    MANAGEMENT = "management"  # 企业经营/高管/财务
    OTHER = "other"
