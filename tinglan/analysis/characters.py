"""What each character is to matching: one lookup table of what it folds to and one of its class.

Built once per process, on first use, from the Unicode data of this Python and `data/t2s.txt`. The
rules stand here and nowhere else: `text.py` only applies the tables to whole batches of posts.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray


class Kind(IntEnum):
    """The class of a character; those below HAN can vanish, those from HAN on hold their place."""

    GONE = 0  # zero-width, combining mark, variant selector, skin tone
    BLANK = 1
    SYMBOL = 2  # emoji and every sign that is no ordinary punctuation
    HAN = 3  # Chinese characters and kana: matched inside longer words
    WORD = 4  # letters and digits of other scripts: matched whole
    PUNCTUATION = 5
    BREAK = 6  # a line break
    BORDER = 7  # between two texts of a batch
    EXPANDS = 8  # folds to several characters; see Tables.expansions


@dataclass(frozen=True, slots=True)
class Tables:
    """`codes` and `kinds` by code point; `expansions` for those that fold to several characters."""

    codes: NDArray[np.uint32]
    kinds: NDArray[np.uint8]
    expansions: dict[int, str]


KIND_SHIFT = 24  # bits of a packed entry that hold the code
ADDRESS_MARK = 1 << 31  # of characters without which no text holds a web address


@dataclass(frozen=True, slots=True)
class Packed:
    """The same tables for compiled loops: kind and code in one number, so one look-up finds both.

    The highest bit marks what folds to "/" or "w", or to several characters.

    Character `expanding[k]` folds to `spelled[firsts[k] : firsts[k + 1]]`.
    """

    entries: NDArray[np.uint32]
    expanding: NDArray[np.uint32]
    firsts: NDArray[np.int32]
    spelled: NDArray[np.uint32]


PUNCTUATION = frozenset(",。!?、;:\"'<>")  # with every bracket and quotation mark, by category
PUNCTUATION_CATEGORIES = frozenset({"Ps", "Pe", "Pi", "Pf"})
LINE_BREAKS = frozenset("\n\r\x0b\x0c\x85\u2028\u2029")
INVISIBLE_LETTERS = frozenset("\u115f\u1160\u3164\uffa0")  # Hangul fillers: letters without ink
SAME_SIGN = str.maketrans("‘’ʼ′‐‑‒−", "''''----")
HAN_RANGES = (
    (0x3005, 0x3007),  # 々 〆 〇
    (0x3041, 0x3096),  # hiragana
    (0x30A1, 0x30FA),  # katakana
    (0x30FC, 0x30FF),
    (0x3105, 0x312F),  # bopomofo
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0x20000, 0x3FFFF),
)
HANGUL = (0xAC00, 0xD7A3)
UNASSIGNED = frozenset({"Cn", "Co"})  # new emoji and private use: symbols
SKIN_TONES = (0x1F3FB, 0x1F3FF)
# Full-width and small forms, ideographs and radicals for compatibility: folded whatever they are.
WIDTH_RANGES = ((0x2E80, 0x2FDF), (0xF900, 0xFAFF), (0xFE30, 0xFE6F), (0xFF00, 0xFFEF))
COMPATIBILITY_HAN = (0x2F800, 0x2FA1F)
LAST_EXAMINED = 0x1FFFF  # beyond stand ideographs, tags and selectors, private use


@cache
def tables() -> Tables:
    """The tables, built on first use (about a quarter of a second).

    >>> built = tables()
    >>> chr(built.codes[ord("體")]), Kind(built.kinds[ord("，")]).name, built.expansions[ord("ß")]
    ('体', 'PUNCTUATION', 'ss')
    """
    codes = np.arange(0x110000, dtype=np.uint32)
    kinds = np.full(0x110000, Kind.SYMBOL, dtype=np.uint8)
    for first, last in HAN_RANGES:
        kinds[first : last + 1] = Kind.HAN
    kinds[HANGUL[0] : HANGUL[1] + 1] = Kind.WORD
    kinds[0xE0000:0xE0FFF] = Kind.GONE
    expansions: dict[int, str] = {}
    simplified = read_simplified()
    for code in _examined(simplified):
        if unicodedata.category(chr(code)) in UNASSIGNED:
            continue
        folded = _fold(chr(code), simplified)
        if len(folded) == 1:
            codes[code], kinds[code] = ord(folded), kind_of(folded)
        elif folded:
            kinds[code] = Kind.EXPANDS
            expansions[code] = folded
        else:
            kinds[code] = Kind.GONE
    # A lone surrogate is no text: shown as the replacement sign, which no term can hold.
    codes[0xD800:0xE000], kinds[0xD800:0xE000] = 0xFFFD, Kind.SYMBOL
    return Tables(codes=codes, kinds=kinds, expansions=expansions)


@cache
def packed() -> Packed:
    """The tables as compiled loops read them."""
    built = tables()
    entries = (built.kinds.astype(np.uint32) << np.uint32(KIND_SHIFT)) | built.codes
    marked = np.isin(built.codes, [ord("/"), ord("w")]) | (built.kinds == Kind.EXPANDS)
    entries[marked] |= np.uint32(ADDRESS_MARK)
    expanding = sorted(built.expansions)
    parts = [built.expansions[code] for code in expanding]
    return Packed(
        entries=entries,
        expanding=np.array(expanding, dtype=np.uint32),
        firsts=np.cumsum([0, *map(len, parts)], dtype=np.int32),
        spelled=entries[[ord(char) for part in parts for char in part]],
    )


def fold_word(word: str) -> str | None:
    """A word of letters, digits and Chinese characters, folded; None when it holds other signs.

    >>> fold_word("星河電器K100"), fold_word("星河 電器")
    ('星河电器k100', None)
    """
    points = [ord(char) for char in word]
    if _WRITTEN.issuperset(tables().kinds[points].tolist()):
        return "".join(map(chr, tables().codes[points].tolist()))
    return None


_WRITTEN = frozenset({int(Kind.HAN), int(Kind.WORD)})


def _examined(simplified: dict[str, str]) -> Iterator[int]:
    """Every code point that may fold to another; plain ideographs, Hangul, surrogates left out."""
    yield from range(0x3400)
    yield from range(0x4DC0, 0x4E00)
    yield from range(0xA000, HANGUL[0])
    yield from range(0xE000, LAST_EXAMINED + 1)
    yield from map(ord, simplified)
    yield from range(COMPATIBILITY_HAN[0], COMPATIBILITY_HAN[1] + 1)


def read_simplified() -> dict[str, str]:
    """Traditional to simplified characters, from the table that ships with the package.

    >>> read_simplified()["漲"]
    '涨'
    """
    source = files("tinglan.analysis.data").joinpath("t2s.txt").read_text(encoding="utf-8")
    return {line[0]: line[1] for line in source.splitlines() if not line.startswith("#")}


def _fold(char: str, simplified: dict[str, str]) -> str:
    """One character as matching sees it; "" when it vanishes everywhere."""
    if char in LINE_BREAKS:
        return "\n"
    kept = "".join(part for part in _compatible(char) if kind_of(part) is not Kind.GONE)
    folded = "".join(_plain_letter(part) for part in kept.translate(SAME_SIGN).casefold())
    folded = "".join(simplified.get(part, part) for part in folded)
    return " " if folded.isspace() else folded


def _compatible(char: str) -> str:
    """The NFKC form of letters, digits and width variants; symbols such as ™ stay symbols."""
    folds = unicodedata.category(char)[0] in "LNZ" or _is_in(char, *WIDTH_RANGES, COMPATIBILITY_HAN)
    return unicodedata.normalize("NFKC", char) if folds else char


def _plain_letter(char: str) -> str:
    """A Latin letter without its accent (é → e); anything else as it is, combining marks gone."""
    base = unicodedata.normalize("NFD", char)[0]
    if base.isascii() and base.isalpha():
        return base
    return "" if kind_of(char) is Kind.GONE else char


def kind_of(char: str) -> Kind:
    """The class of one folded character.

    >>> [kind_of(char).name for char in "河a5，★ "]
    ['HAN', 'WORD', 'WORD', 'SYMBOL', 'SYMBOL', 'BLANK']
    >>> kind_of(","), kind_of("《")
    (<Kind.PUNCTUATION: 5>, <Kind.PUNCTUATION: 5>)
    """
    category = unicodedata.category(char)
    if _is_in(char, *HAN_RANGES):
        return Kind.HAN
    if char == "\n":
        return Kind.BREAK
    if category == "Zs" or char in "\t\u2800":
        return Kind.BLANK
    if (
        category in {"Cc", "Cf", "Mn", "Me"}
        or char in INVISIBLE_LETTERS
        or _is_in(char, SKIN_TONES)
    ):
        return Kind.GONE
    if category[0] in "LN":
        return Kind.WORD
    return Kind.PUNCTUATION if _is_punctuation(char, category) else Kind.SYMBOL


def _is_punctuation(char: str, category: str) -> bool:
    return char in PUNCTUATION or category in PUNCTUATION_CATEGORIES


def _is_in(char: str, *ranges: tuple[int, int]) -> bool:
    return any(first <= ord(char) <= last for first, last in ranges)
