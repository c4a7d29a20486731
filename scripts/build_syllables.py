"""Write tinglan/analysis/data/syllables.txt: the characters of each syllable, tones ignored.

Run by hand when pypinyin is updated: `pip install pypinyin`, `python scripts/build_syllables.py`.
The characters are those of GB 2312, which are all that people write to hide a word; a character
with several readings stands under its commonest. The first of a line stands for its syllable.
"""

from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from pypinyin import Style, pinyin

TARGET = Path(__file__).parent.parent / "tinglan" / "analysis" / "data" / "syllables.txt"
ROWS, CELLS = range(0xB0, 0xF8), range(0xA1, 0xFF)  # of the characters in GB 2312


def main() -> None:
    by_syllable: dict[str, list[str]] = {}
    for char in characters():
        by_syllable.setdefault(pinyin(char, style=Style.NORMAL)[0][0], []).append(char)
    head = f"# From pypinyin {version('pypinyin')} (MIT): one syllable a line, GB 2312, no tones."
    lines = ["".join(chars) for _, chars in sorted(by_syllable.items())]
    TARGET.write_text("\n".join([head, *lines, ""]), encoding="utf-8")


def characters() -> Iterator[str]:
    for row in ROWS:
        for cell in CELLS:
            if char := bytes([row, cell]).decode("gb2312", "ignore"):
                yield char


if __name__ == "__main__":
    main()
