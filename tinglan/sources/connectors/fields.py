"""Single values as sources write them: texts, ids, counts and times of a record."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Final

from tinglan.lib import dates
from tinglan.lib.dates import Moment
from tinglan.sources.connectors.contract import SourceFacts
from tinglan.sources.item import Flag

MAX_ID: Final = 128
EXACT_NUMBERS: Final = 2**53  # beyond it a spreadsheet or a JavaScript program loses digits
MAX_COUNT: Final = 2**63 - 1
EMPTY: Final = frozenset({"", "-", "--", "—", "/", "无", "none", "null", "nan", "undefined"})

Record = Mapping[str, object]


class RecordError(Exception):
    """This record cannot become an item; the message is the reason its reject gives."""


def clean(value: str) -> str:
    """NFC text that any store takes: no lone surrogates, no control characters but line ends."""
    if not value.isascii():
        value = value.encode("utf-8", "replace").decode("utf-8", "replace")
        value = unicodedata.normalize("NFC", value)
    value = value.replace("\r\n", "\n").replace("\r", "\n")
    return UNSTORABLE.sub("", value).strip()


UNSTORABLE: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff]")


def text_of(value: object) -> str:
    """A title or body, "" for none, at its full length: intake cuts and says so."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise RecordError(f"the text is a {type(value).__name__}, not a string")
    return clean(value)


def short(value: object, *, limit: int) -> str:
    """A name, title or address cut to what its column holds; the ways to write "none" become ""."""
    if not isinstance(value, str | int | float) or isinstance(value, bool):
        return ""
    text = clean(str(value)[: limit * 4])[:limit].strip()
    return "" if text.lower() in EMPTY else text


def url_of(value: object) -> str:
    """A web address, or "" for anything else: javascript: and its like never become a link."""
    text = short(value, limit=1001)
    is_link = re.fullmatch(r"https?://[^\s/]\S*", text, re.IGNORECASE) is not None
    return text if is_link and len(text) <= 1000 else ""


def id_of(value: object, *, url: str = "") -> tuple[str, tuple[Flag, ...]]:
    """A native id as text, and what is doubtful about it; RecordError when there is none.

    A spreadsheet turns a 19-digit id into 7.44E+18, or into digits of which the last are zero. Such
    an id is taken from the address where that holds a long number.
    """
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise RecordError("it has no id")
    text = short(str(value), limit=MAX_ID + 1).removeprefix("\t").strip("'")
    if not text:
        raise RecordError("it has no id")
    if len(text) > MAX_ID:
        raise RecordError(f"its id is longer than {MAX_ID} characters")
    is_lossy = isinstance(value, float) or SCIENTIFIC.fullmatch(text) is not None
    if is_lossy or (isinstance(value, int) and abs(value) > EXACT_NUMBERS):
        return _recovered(text, url=url, is_lossy=is_lossy)
    return text, ()


SCIENTIFIC: Final = re.compile(r"[0-9](?:\.[0-9]+)?[eE]\+?[0-9]{1,2}")
LONG_NUMBER: Final = re.compile(r"(?<![0-9])[0-9]{15,20}(?![0-9])")


def _recovered(text: str, *, url: str, is_lossy: bool) -> tuple[str, tuple[Flag, ...]]:
    numbers = LONG_NUMBER.findall(url)
    if numbers:
        return numbers[-1], ("recovered_id",)
    if is_lossy:
        raise RecordError(f"its id {text} has lost digits; export the id column as text")
    return text, ("numeric_id",)


def parse_count(value: object) -> int | None:
    """A count as shown on a page; unknown is None and never 0.

    >>> [parse_count(text) for text in ("1.2万", "10+", "10万+", "3亿", "1,234", "赞", "None", "0")]
    [12000, 10, 100000, 300000000, 1234, None, None, 0]
    """
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    text = unicodedata.normalize("NFKC", str(value)[:40]).strip().replace(",", "").lower()
    match = COUNT.fullmatch(text)
    if match is None:
        return None
    # Integer arithmetic: 1.15 × 10,000 is 11,499.999… as a float.
    whole, fraction = match["whole"], (match["fraction"] or "")[:8].ljust(8, "0")
    count = int(whole + fraction) * COUNT_UNITS[match["unit"]] // 10**8
    return count if count <= MAX_COUNT else None


COUNT: Final = re.compile(
    r"(?P<whole>[0-9]{1,19})(?:\.(?P<fraction>[0-9]+))?\s?(?P<unit>[万w千k亿]?)\+?"
)
COUNT_UNITS: Final = {"": 1, "千": 1000, "k": 1000, "万": 10_000, "w": 10_000, "亿": 10**8}


def time_of(*values: object, source: SourceFacts) -> tuple[Moment, tuple[Flag, ...]]:
    """The first readable of several columns that may hold the time."""
    moments = [dates.parse(value, zone=source.zone, now=source.now) for value in values]
    moment = next((moment for moment in moments if moment.at is not None), None)
    if moment is None:
        moment = next((moment for moment in moments if moment.flag != "missing"), Moment(None))
    return moment, DATE_FLAGS.get(moment.flag, ())


DATE_FLAGS: Final[dict[str, tuple[Flag, ...]]] = {
    "future": ("future_date",),
    "absurd": ("absurd_date",),
    "unreadable": ("unreadable_date",),
    "old": ("old_date",),
}


def tags_in(text: str) -> tuple[str, ...]:
    """#话题# as Weibo writes it, each once."""
    return tuple(dict.fromkeys(tag.strip() for tag in re.findall(r"#([^#\n]{1,60})#", text)))


def mentions_in(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(re.findall(r"@([\w·-]{2,30})", text)))
