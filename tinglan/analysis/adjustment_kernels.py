"""The compiled loop of `adjustment` and `adjust`: sums over what posts hold, and their gradient."""

import numpy as np
from numpy.typing import NDArray

from tinglan.analysis.kernels import kernel

__all__ = ["add_rows"]


@kernel("void(int64[::1], int64[::1], float32[:,::1], float32[:,::1])")
def add_rows(
    to: NDArray[np.int64],
    of: NDArray[np.int64],
    rows: NDArray[np.float32],
    totals: NDArray[np.float32],
) -> None:
    """For each pair, add row `of` of `rows` to row `to` of `totals`."""
    for pair in range(len(to)):
        for column in range(rows.shape[1]):
            totals[to[pair], column] += rows[of[pair], column]
