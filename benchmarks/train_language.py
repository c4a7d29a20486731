"""Count how ordinary each term is in the language at large: `python -m benchmarks.train_language`.

1. Read posts and reviews that tell of anything; no label of theirs is looked at.
2. Cut them into terms as grouping does; count the texts that hold each.
3. Round each share to an eighth of a doubling; write weights/language.npz and its card.
"""

from itertools import islice
from pathlib import Path

import numpy as np

from benchmarks.corpora import SOURCES, read
from benchmarks.machine import commit
from tinglan.analysis import background
from tinglan.analysis.background import Background, terms_of_all

PARTS = {"weibo_senti": 30_000, "smp_usual": 30_000, "shopping": 30_000}  # texts at most of each
CHUNK = 5_000
WEIGHTS = Path(background.__file__).parent / "weights"
STEPS = 8  # to one doubling of a share


def main() -> None:
    holding = np.zeros_like(Background().holding, dtype=np.int64)
    n_read = {name: _count(name, most, holding) for name, most in PARTS.items()}
    n_texts = sum(n_read.values())
    shares = (holding + 0.5) / (n_texts + 1)
    steps = np.rint(-STEPS * np.log2(shares)).clip(0, 255).astype(np.uint8)
    np.savez_compressed(WEIGHTS / "language.npz", steps=steps)
    (WEIGHTS / "language.md").write_text(_card(n_read), encoding="utf-8")


def _count(name: str, most: int, holding: "np.ndarray[tuple[int], np.dtype[np.int64]]") -> int:
    source, n = SOURCES[name], 0
    texts = (str(row[source.text_field]) for row in read(source.path))
    chosen = islice(texts, most)
    while chunk := list(islice(chosen, CHUNK)):
        holding += np.bincount(terms_of_all(chunk).numbers, minlength=len(holding))
        n += len(chunk)
    return n


def _card(n_read: dict[str, int]) -> str:
    lines = [f"| {name} | {SOURCES[name].path} | {n:,} |" for name, n in n_read.items()]
    return _CARD.format(
        commit=commit(), sources="\n".join(lines), texts=f"{sum(n_read.values()):,}"
    )


_CARD = """# Language

How many texts of everyday Chinese hold each term, rounded to an eighth of a doubling: what grouping
takes for ordinary before it knows a brand. Written by `python -m benchmarks.train_language` at
commit {commit}.

| source | file of the data sets | texts |
|---|---|---|
{sources}

{texts} texts. No label was used. None of these sets forbids commercial use; none states a licence.
No text of any set ships with the product, only these counts of hashed pairs of characters.
No text of the sets that measure grouping is in it.
"""

if __name__ == "__main__":
    main()
