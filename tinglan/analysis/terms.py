"""What a short text is made of: character pairs and Latin words, as words that can be read.

No word list and no segmentation. `background` cuts many texts into the same terms by number.
"""

from __future__ import annotations

import re
from collections import Counter

_RUN = re.compile(r"[㐀-鿿]+|[a-z0-9]{2,}")
_ADDRESS = re.compile(r"https?://[\w./?=&%#:+~-]+", re.ASCII)
_NAME = re.compile(r"@[\w·-]{1,30}")
_HEADLINE = re.compile(r"【([^】]{2,60})】|#([^#]{2,40})#")
_FIRST_HAN = "㐀"


def terms_of(text: str) -> Counter[str]:
    """The terms of a normalised text with their counts; what stands in a headline counts twice.

    >>> sorted(terms_of("水壶漏电 E5"))
    ['e5', '壶漏', '水壶', '漏电']
    >>> terms_of("【水壶漏电】")["漏电"]
    2
    """
    text = _NAME.sub(" ", _ADDRESS.sub(" ", text.lower()))
    found: Counter[str] = Counter()
    for piece in (text, *(tag or title for title, tag in _HEADLINE.findall(text))):
        for run in _RUN.findall(piece):
            if run[0] < _FIRST_HAN:
                found[run] += 1
            else:
                found.update([run[at : at + 2] for at in range(len(run) - 1)])
    return found
