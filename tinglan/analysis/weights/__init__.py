"""Trained weights and published word rules: read-only package data behind one loader.

`<name>.npz` holds the arrays of a model, `<name>.json` the words of a rule set, and each has a card
`<name>.md` that says from what it was made and how well it does. Nothing is pickled: a weights file
can hold numbers and nothing that runs. This is the only I/O of the analysis core.
"""

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from io import BytesIO

import numpy as np
from numpy.typing import NDArray

__all__ = ["Array", "card", "load", "load_rules"]

Array = NDArray[np.generic]


@cache
def load(name: str) -> Mapping[str, Array]:
    """Read the arrays of one model.

    >>> sorted(load("polarity"))
    ['biases', 'scales', 'version', 'weights']
    """
    content = files(__name__).joinpath(f"{name}.npz").read_bytes()
    with np.load(BytesIO(content), allow_pickle=False) as arrays:
        return {key: arrays[key] for key in arrays.files}


@cache
def load_rules(name: str) -> Mapping[str, object]:
    """Read one published rule set.

    >>> load_rules("aspect_rules")["method"]
    'rules'
    """
    content: object = json.loads(files(__name__).joinpath(f"{name}.json").read_text("utf-8"))
    if not isinstance(content, dict):
        raise TypeError(f"weights/{name}.json must hold an object, not {type(content).__name__}")
    return content


def card(name: str) -> str:
    """Read the card of a model or rule set: from what it was made, how well it does.

    >>> card("polarity").splitlines()[0]
    '# Polarity'
    """
    return files(__name__).joinpath(f"{name}.md").read_text("utf-8")
