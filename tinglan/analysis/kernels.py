"""Compiled loops: the one way in which the analysis declares a numba kernel.

A kernel is compiled for the one signature it names when it is declared, and kept on disk beside its
module or, where that folder is read-only, in the user's cache. Where nothing can be written at all
it is compiled anew in every process.
"""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from numba import njit

__all__ = ["kernel"]

P = ParamSpec("P")
R = TypeVar("R")


def kernel(signature: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Compile a function for one signature; it holds no Python object and releases the lock.

    >>> import numpy as np
    >>> @kernel("int64(int64[::1])")
    ... def total(values):
    ...     summed = 0
    ...     for value in values:
    ...         summed += value
    ...     return summed
    >>> total(np.arange(4))
    6
    """

    def compiled(function: Callable[P, R]) -> Callable[P, R]:
        try:
            made: Callable[P, R] = njit(signature, cache=True, nogil=True)(function)
        except RuntimeError:  # no folder for the cache can be written
            made = njit(signature, nogil=True)(function)
        return made

    return compiled
