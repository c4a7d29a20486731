"""Q4: shop reviews of ten kinds of product: praise or blame?"""

from collections.abc import Mapping

from benchmarks.two_sides import two_sided

ID = "Q4"
GOAL = "online_shopping_10_cats, 80/20 by text: macro-F1 >= .955 (~.93)"


def run() -> Mapping[str, object]:
    return {**two_sided("shopping", salt="q4"), "data": "online_shopping_10_cats dev"}
