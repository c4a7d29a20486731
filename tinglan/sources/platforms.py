"""What people call a platform: the sources bring codes, some with a host ("forum:bbs.example")."""

from functools import cache

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

NAMES = {
    "weibo": _("Weibo"),
    "xhs": _("Xiaohongshu"),
    "douyin": _("Douyin"),
    "kuaishou": _("Kuaishou"),
    "bilibili": _("Bilibili"),
    "wechat": _("WeChat"),
    "zhihu": _("Zhihu"),
    "tieba": _("Tieba"),
    "toutiao": _("Toutiao"),
    "news": _("News"),
    "forum": _("Forum"),
    "blog": _("Blog"),
    "review": _("Shop reviews"),
    "complaint": _("Complaint site"),
    "care": pgettext_lazy("platform", "Customer care"),
    "web": _("Web"),
}


def platform_name(code: str) -> str:
    """The name, with the host where the code has one; an unknown code is its own name."""
    kind, _colon, host = code.partition(":")
    name = str(NAMES.get(kind, kind))
    return f"{name} {host}" if host else name


def platform_code(text: str) -> str:
    """The code for a platform called by its name in any language; an unknown name is its own code.

    Posts are told apart within a platform, so 微博 and weibo must not become two.
    """
    kind, colon, host = text.strip().partition(":")
    return f"{_codes().get(kind.strip().casefold(), kind)}{colon}{host}"


@cache
def _codes() -> dict[str, str]:
    found: dict[str, str] = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found |= {str(name).casefold(): code for code, name in NAMES.items()}
    return found
