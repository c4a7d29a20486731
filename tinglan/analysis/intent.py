"""What the author of a post wants (意图); `labels` judges it."""

from enum import StrEnum

__all__ = ["CLASSES", "Intent"]


class Intent(StrEnum):
    """What the author wants (意图)."""

    PRAISE = "praise"  # 赞扬/推荐
    INQUIRY = "inquiry"  # 咨询/求助
    COMPLAINT = "complaint"  # 投诉/不满
    OTHER = "other"  # 新闻、分享、闲聊、广告


CLASSES = tuple(Intent)
