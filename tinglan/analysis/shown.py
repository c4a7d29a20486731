"""What pages show beside a text and people copy with it: no word of the author's.

Pieces of patterns; who looks for them says where they may stand.
"""

__all__ = ["EMOTICON", "LINK", "LINK_WORDS", "MORE", "NAME", "REPOST", "VIDEO"]

LINK_WORDS = "网页链接"
LINK = rf"(?:(?<![A-Za-z])O|🔗)?\s*{LINK_WORDS}"
MORE = r"(?:收起|展开|…|\.{3})\s*全文[a-z]?"
VIDEO = r"[\w·\-]{1,20}的(?:微博|秒拍)视频"  # as a rule after an L, which was a sign of a camera
EMOTICON = r"\[[^\[\]]{1,8}\]"
NAME = r"@[\w·\-]{1,30}"
REPOST = "转发微博"
