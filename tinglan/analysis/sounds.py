"""Characters that sound the same, tones ignored: the homophone view (谐音) of a monitor that asks.

Each character stands for its syllable by the first character of it, so that texts and terms stay
texts of the same length: what is found by sound is highlighted where it stands. It finds what was
written to hide a word, and words that merely sound alike; most monitors are better without.
"""

from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray


def as_heard(text: str) -> str:
    """A normalised text with the character of its syllable for each.

    >>> as_heard("漏电") == as_heard("楼店"), as_heard("k100")
    (True, 'k100')
    """
    return "".join(map(chr, sounds()[[ord(char) for char in text]].tolist())) if text else ""


@cache
def sounds() -> NDArray[np.uint32]:
    """By code point the one that stands for its syllable; what has none stands for itself."""
    table = np.arange(0x110000, dtype=np.uint32)
    source = files("tinglan.analysis.data").joinpath("syllables.txt").read_text(encoding="utf-8")
    for line in source.splitlines():
        if not line.startswith("#"):
            table[[ord(char) for char in line]] = ord(line[0])
    return table
