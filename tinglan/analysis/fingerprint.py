"""When are two posts copies of one text: by structure, by exact key, by what most of it says.

A repost leads to the text it passes on; symbols, width and boilerplate of syndication do not count;
edited and cut copies are known by their shingles. What other packages use is named here.

>>> exact_key("星河热水壶，漏水了！") == exact_key("转发微博//@甲:星河 熱水壺漏水了😡")
True
"""

from tinglan.analysis.fingerprint_canonical import (
    KEY_VERSION,
    MIN_CHARACTERS,
    Canonical,
    canonical,
    canonical_forms,
    core_keys,
    exact_key,
    exact_keys,
)
from tinglan.analysis.fingerprint_chain import Link, repost_chain, repost_root
from tinglan.analysis.fingerprint_window import Copy, CopyKind, Window

__all__ = [
    "KEY_VERSION",
    "MIN_CHARACTERS",
    "Canonical",
    "Copy",
    "CopyKind",
    "Link",
    "Window",
    "canonical",
    "canonical_forms",
    "core_keys",
    "exact_key",
    "exact_keys",
    "repost_chain",
    "repost_root",
]
