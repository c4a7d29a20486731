"""Write tinglan/analysis/data/t2s.txt: each traditional character with its simplified one.

Run by hand when OpenCC is updated: `pip install 'tinglan[train]'`, `python scripts/build_t2s.py`.
The product reads only the table, so OpenCC (Apache-2.0, see NOTICE) is not needed to run it.
"""

from importlib.metadata import version
from pathlib import Path

from opencc import OpenCC

TARGET = Path(__file__).parent.parent / "tinglan" / "analysis" / "data" / "t2s.txt"
HAN_BLOCKS = [(0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0x20000, 0x323AF)]


def table() -> list[str]:
    """Lines of two characters, one for each that OpenCC writes as one other character."""
    convert = OpenCC("t2s").convert
    every = (chr(code) for first, last in HAN_BLOCKS for code in range(first, last + 1))
    pairs = ((char, convert(char)) for char in every)
    return [char + simple for char, simple in pairs if simple != char and len(simple) == 1]


def main() -> None:
    head = f"# From OpenCC {version('opencc')} (Apache-2.0), configuration t2s, one character each."
    TARGET.write_text("\n".join([head, *table()]) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
