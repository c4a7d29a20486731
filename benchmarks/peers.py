"""SnowNLP, what hobby systems judge moods with: measured where it is installed.

`make bench` brings it in (MIT); the product does not know it. It gives the chance
of positive; from .4 to .6 counts as neutral, which nobody tuned.
"""

from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec

import numpy as np
from numpy.typing import NDArray

from tinglan.analysis.sentiment import CLASSES, Polarity

NEUTRAL_FROM, NEUTRAL_TO = 0.4, 0.6


def has_snownlp() -> bool:
    return find_spec("snownlp") is not None


def by_snownlp(texts: Sequence[str]) -> NDArray[np.int8]:
    read = import_module("snownlp").SnowNLP
    chances = [float(read(text).sentiments) if text.strip() else 0.5 for text in texts]
    return np.array([CLASSES.index(_side(chance)) for chance in chances], np.int8)


def _side(chance: float) -> Polarity:
    if NEUTRAL_FROM <= chance <= NEUTRAL_TO:
        return Polarity.NEUTRAL
    return Polarity.POSITIVE if chance > NEUTRAL_TO else Polarity.NEGATIVE
