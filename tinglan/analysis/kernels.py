"""Compiled loops: the one way in which the analysis declares a numba kernel.

A kernel is compiled for the one signature it names when it is declared, and kept on disk beside its
module or, where that folder is read-only, in the user's cache. Where nothing can be written at all
it is compiled anew in every process. What is kept notices by itself changes of the kernel's own
file only; here the constants and kernels that it reads of other files become part of its name.
"""

from collections.abc import Callable
from hashlib import blake2b
from typing import ParamSpec, TypeVar

import numpy as np
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
        function.__qualname__ += f"_{_stamp(function)}"
        try:
            made: Callable[P, R] = njit(signature, cache=True, nogil=True)(function)
        except RuntimeError:  # no folder for the cache can be written
            made = njit(signature, nogil=True)(function)
        return made

    return compiled


def _stamp(function: Callable[..., object]) -> str:
    """A digest of all that a function reads of its module: numbers, tables, other kernels."""
    code = function.__code__
    digest = blake2b(digest_size=8)
    for name in sorted(code.co_names):
        value = function.__globals__.get(name)
        if isinstance(value, np.ndarray):
            digest.update(f"{name} {value.dtype} {value.shape}".encode() + value.tobytes())
        elif isinstance(value, bool | int | float | np.generic | tuple):
            digest.update(f"{name} {value!r} {type(value)}".encode())
        elif callable(inner := getattr(value, "py_func", None)):
            read = inner.__code__
            digest.update(f"{inner.__qualname__} {read.co_consts!r}".encode() + read.co_code)
    return digest.hexdigest()
