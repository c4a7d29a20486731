"""Q3: posts whose writers' emoticons were taken away: which side were they on?

The labels of the set are its emoticons, so that only the text without them measures anything; where
the mood stood in the emoticon alone, nobody can tell.
"""

from collections.abc import Mapping

from benchmarks.two_sides import two_sided

ID = "Q3"
GOAL = "weibo_senti_100k text_noemo, 80/20 by text: macro-F1 >= .80 (~.74)"


def run() -> Mapping[str, object]:
    return {**two_sided("weibo_senti", salt="q3"), "data": "weibo_senti_100k train_dev, text_noemo"}
