"""Trained weights and published rules: read-only package data behind one loader.

`<name>.npz` holds the arrays of a model, whose card `<name>.md` says from what it was made and how
well it does; `<name>.json` holds the patterns of a rule set. Nothing is pickled: a weights file can
hold numbers and nothing that runs.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from io import BytesIO

import numpy as np
from numpy.typing import NDArray

__all__ = ["Array", "as_mapping", "as_words", "card", "fingerprint", "load", "load_rules"]

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

    >>> sorted(load_rules("tone_rules"))[0] in load_rules("tone_rules")
    True
    """
    content: object = json.loads(files(__name__).joinpath(f"{name}.json").read_text("utf-8"))
    if not isinstance(content, dict):
        raise TypeError(f"weights/{name}.json must hold an object, not {type(content).__name__}")
    return content


@cache
def fingerprint(name: str) -> str:
    """Name the very weights of a model, whatever version they call themselves.

    >>> len(fingerprint("polarity"))
    12
    """
    content = files(__name__).joinpath(f"{name}.npz").read_bytes()
    return hashlib.sha256(content).hexdigest()[:12]


def as_mapping(value: object) -> Mapping[str, object]:
    """Take a value of a rule file that must be an object."""
    if not isinstance(value, dict):
        raise TypeError(f"expected an object in the rules, found {value!r:.60}")
    return value


def as_words(value: object) -> Sequence[str]:
    """Take a value of a rule file that must be a list of words."""
    if not isinstance(value, list) or not all(isinstance(word, str) and word for word in value):
        raise TypeError(f"expected a list of words in the rules, found {value!r:.60}")
    return value


def card(name: str) -> str:
    """Read the card of a model: from what it was made, how well it does.

    >>> card("polarity").splitlines()[0]
    '# Polarity'
    """
    return files(__name__).joinpath(f"{name}.md").read_text("utf-8")
