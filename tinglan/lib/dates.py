"""The one date parser of the product: what a source calls a time becomes a UTC moment.

Ready-made parsers read Chinese dates silently wrong (a naive time as UTC, `CST` as US Central,
`年月日` as the first of the month), and an hour's error is the whole response window. So a form is
either known here exactly or refused; nothing is guessed from the pieces of an unknown one. A moment
in the future or before the web is no publication time: the caller then falls back to when it first
saw the post. Old moments are kept and flagged.
"""

import math
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from decimal import Decimal
from typing import Final, Literal
from zoneinfo import ZoneInfo

Precision = Literal["second", "minute", "day", "none"]
Flag = Literal["", "missing", "unreadable", "future", "absurd", "old"]

FUTURE_TOLERANCE: Final = timedelta(minutes=10)  # clocks of sources run a little fast
OLD: Final = timedelta(days=365)
EARLIEST: Final = datetime(1990, 1, 1, tzinfo=UTC)  # nothing was published on the web before
MAX_LENGTH: Final = 100
EMPTY: Final = frozenset({"", "-", "--", "—", "/", "无", "none", "null", "nan"})


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time as a source told it; `precision` is `day` too for "3 hours ago"."""

    at: datetime | None
    precision: Precision = "none"
    flag: Flag = ""


def parse(value: object, *, zone: ZoneInfo, now: datetime) -> Moment:
    """Read a publication time, collected at `now`; `zone` holds where the text names none.

    >>> shanghai, now = ZoneInfo("Asia/Shanghai"), datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
    >>> parse("2026年11月22日 18:05", zone=shanghai, now=now).at.isoformat()
    '2026-11-22T10:05:00+00:00'
    >>> parse("3分钟前", zone=shanghai, now=now).at.isoformat()
    '2026-11-22T11:57:00+00:00'
    >>> parse("2026-11-22 23:00", zone=shanghai, now=now)
    Moment(at=None, precision='none', flag='future')
    """
    if value is None or (isinstance(value, str) and _is_empty(value)):
        return Moment(None, flag="missing")
    try:
        found = _read(value, zone=zone, now=now)
        return Moment(None, flag="unreadable") if found is None else _judge(*found, now=now)
    except (ValueError, OverflowError):
        return Moment(None, flag="unreadable")


def _is_empty(text: str) -> bool:
    return text.strip().lower() in EMPTY


def _judge(at: datetime, precision: Precision, *, now: datetime) -> Moment:
    at = at.astimezone(UTC)
    if at > now + FUTURE_TOLERANCE:
        return Moment(None, flag="future")
    if at < EARLIEST:
        return Moment(None, flag="absurd")
    return Moment(at, precision, "old" if at < now - OLD else "")


Found = tuple[datetime, Precision]


def _read(value: object, *, zone: ZoneInfo, now: datetime) -> Found | None:
    match value:
        case bool():
            return None
        case datetime():
            return _placed(value, zone), "second"
        case date():
            return datetime.combine(value, time.min, zone), "day"
        case int() | float() | Decimal():
            return _epoch(value)
        case str():
            return _read_text(_tidy(value), zone=zone, now=now)
    return None


def _placed(at: datetime, zone: tzinfo) -> datetime:
    return at.replace(tzinfo=zone) if at.tzinfo is None else at


def _epoch(number: float | Decimal) -> Found | None:
    """Seconds (10 digits), milliseconds (13) or microseconds (16) since 1970, nothing else."""
    if not math.isfinite(number) or not 0 < float(number) < 1e17:
        return None
    scale = {10: 1, 13: 1_000, 16: 1_000_000}.get(len(str(int(number))))
    if scale is None:
        return None
    return datetime.fromtimestamp(float(number) / scale, UTC), "second"


LABEL: Final = re.compile(
    r"^(?:(?:首次)?(?:发布|发表|更新|编辑|创建|提问|回答)(?:时间|日期|于)|时间|日期"
    r"|(?:posted|published|updated) on)\s*:?\s*",
    re.IGNORECASE,
)


def _tidy(text: str) -> str:
    """Full-width digits and colons become ASCII, runs of blanks one blank, a leading label goes."""
    if len(text) > MAX_LENGTH:
        return ""
    text = " ".join(unicodedata.normalize("NFKC", text).split())
    return LABEL.sub("", text).strip() if text.isprintable() else ""


def _read_text(text: str, *, zone: ZoneInfo, now: datetime) -> Found | None:
    if re.fullmatch(r"[0-9]{10}(?:[0-9]{3}){0,2}(?:\.[0-9]{1,9})?", text):
        return _epoch(Decimal(text))
    for pattern, reader in FORMS:
        if match := pattern.fullmatch(text):
            return reader(match.groupdict(), zone, now)
    return None


# The pieces that the written forms share. Each form below is matched whole, never searched for.
PART_OF_DAY = r"(?P<part>凌晨|清晨|早上|早晨|上午|中午|下午|傍晚|晚上|am|pm|a\.m\.|p\.m\.)"
CLOCK = (
    rf"(?:{PART_OF_DAY}\s?)?(?P<hour>[0-9]{{1,2}})\s?(?:[:时時点點]\s?(?P<minute>[0-9]{{1,2}})"
    r"(?:\s?[:分]\s?(?:(?P<second>[0-9]{1,2})(?:[.,](?P<fraction>[0-9]{1,9}))?\s?秒?)?)?|[时時点點]整?)"
    r"(?:\s?(?P<after>am|pm|a\.m\.|p\.m\.))?"
)
OFFSET = (
    r"(?:\s?\(?(?P<offset>Z|(?:UTC|GMT)?[+-][0-9]{1,2}(?::?[0-9]{2})?|[A-Z]{1,4}|北京时间)\)?"
    r"(?:\s?\([^()]*\))?)"
)
WEEKDAY = r"(?:\(?(?:星期|周)[一二三四五六日天]\)?)"
MONTH = r"(?P<name>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?"
DAYNAME = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6},?\s)"


def _form(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


Pieces = dict[str, str | None]
Reader = Callable[[Pieces, ZoneInfo, datetime], Found | None]


def _dated(pieces: Pieces, zone: ZoneInfo, now: datetime) -> Found | None:
    """A full date, with or without a time of day."""
    year = int(pieces["year"] or 0)
    year += 2000 if len(pieces["year"] or "") == 2 else 0
    return _at(date(year, _month(pieces), int(pieces["day"] or 0)), pieces, zone)


def _month(pieces: Pieces) -> int:
    name = pieces.get("name")
    return MONTHS.index(name[:3].lower()) + 1 if name else int(pieces["month"] or 0)


MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def _yearless(pieces: Pieces, zone: ZoneInfo, now: datetime) -> Found | None:
    """Month and day mean the latest such day past; eight years back find any 29 February."""
    today = now.astimezone(zone)
    for year in range(today.year, today.year - 9, -1):
        try:
            found = _at(date(year, _month(pieces), int(pieces["day"] or 0)), pieces, zone)
        except ValueError:
            continue
        if found and found[0] <= now + FUTURE_TOLERANCE:
            return found
    return None


DAYS_BACK: Final = {
    "今天": 0,
    "今日": 0,
    "昨天": 1,
    "昨日": 1,
    "前天": 2,
    "前日": 2,
    "today": 0,
    "yesterday": 1,
}


def _spoken_day(pieces: Pieces, zone: ZoneInfo, now: datetime) -> Found | None:
    today = now.astimezone(zone).date()
    return _at(today - timedelta(days=DAYS_BACK[(pieces["spoken"] or "").lower()]), pieces, zone)


def _clock_only(pieces: Pieces, zone: ZoneInfo, now: datetime) -> Found | None:
    """A bare time of day is today's, or yesterday's where today's is still to come."""
    today = now.astimezone(zone).date()
    found = _at(today, pieces, zone)
    if found and found[0] > now + FUTURE_TOLERANCE:
        return _at(today - timedelta(days=1), pieces, zone)
    return found


UNITS: Final[dict[str, tuple[timedelta, Precision]]] = {
    "秒": (timedelta(seconds=1), "second"),
    "分": (timedelta(minutes=1), "minute"),
    "小时": (timedelta(hours=1), "day"),
    "天": (timedelta(days=1), "day"),
    "周": (timedelta(days=7), "day"),
    "月": (timedelta(days=30), "day"),
    "年": (timedelta(days=365), "day"),
}


def _ago(pieces: Pieces, zone: ZoneInfo, now: datetime) -> Found | None:
    unit, precision = UNITS[pieces["unit"] or ""]
    amount = 0.5 if pieces["amount"] == "半" else float(pieces["amount"] or 0)
    return now - amount * unit, precision


def _just_now(pieces: Pieces, zone: ZoneInfo, now: datetime) -> Found | None:
    return now, "minute"


def _at(day: date, pieces: Pieces, zone: ZoneInfo) -> Found | None:
    place = _offset(pieces.get("offset"), zone)
    if place is None:
        return None
    if pieces.get("hour") is None:
        return datetime.combine(day, time.min, place), "day"
    second = int(pieces.get("second") or 0)
    second = 59 if second == 60 else second  # a leap second
    hour = _hour(int(pieces["hour"] or 0), pieces.get("part") or pieces.get("after") or "")
    carried, hour = (1, 0) if hour == 24 else (0, hour)
    fraction = int((pieces.get("fraction") or "0").ljust(6, "0")[:6])
    at = time(hour, int(pieces.get("minute") or 0), second, fraction)
    precision: Precision = "second" if pieces.get("second") else "minute"
    return datetime.combine(day, at, place) + timedelta(days=carried), precision


def _hour(hour: int, part: str) -> int:
    """上午/下午, am/pm and their kin on a twelve-hour clock; a 24-hour figure stands as it is."""
    part = part.replace(".", "").lower()
    if part in {"凌晨", "上午", "am"} and hour == 12:
        return 12 if part == "上午" else 0
    if part == "晚上" and hour == 12:
        return 24
    afternoon = part in {"下午", "傍晚", "晚上", "pm"} or (part == "中午" and hour < 6)
    return hour + 12 if afternoon and hour < 12 else hour


HOURS_EAST: Final = {
    "Z": 0, "UT": 0, "UTC": 0, "GMT": 0, "HKT": 8, "SGT": 8, "JST": 9, "KST": 9, "BST": 1,
    "CET": 1, "CEST": 2, "EST": -5, "EDT": -4, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8,
    "PDT": -7, "北京时间": 8,
}  # fmt: skip


def _offset(written: str | None, zone: ZoneInfo) -> tzinfo | None:
    """The zone a text names, the source's own where it names none, None for an unknown name."""
    if not written:
        return zone
    if match := re.fullmatch(
        r"(?:UTC|GMT)?([+-])([0-9]{1,2})(?::?([0-9]{2}))?", written, re.IGNORECASE
    ):
        sign, hours, minutes = match.groups()
        east = timedelta(hours=int(hours), minutes=int(minutes or 0))
        return timezone(-east if sign == "-" else east)
    if written.upper() == "CST":
        return timezone(timedelta(hours=-6 if zone.key.startswith("America/") else 8))
    hours_east = HOURS_EAST.get(written.upper())
    return None if hours_east is None else timezone(timedelta(hours=hours_east))


TIMED = rf"{CLOCK}{OFFSET}?"
MONTH_DAY = r"(?P<month>[0-9]{1,2})\s?月\s?(?P<day>[0-9]{1,2})\s?[日号]?"
COMPACT = (
    r"(?P<year>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})"
    rf"(?:[T ]?(?P<hour>[0-9]{{2}}):?(?P<minute>[0-9]{{2}})(?::?(?P<second>[0-9]{{2}}))?{OFFSET}?)?"
)
SEPARATED = r"(?P<year>[0-9]{4})(?P<sep>[-/.])(?P<month>[0-9]{1,2})(?P=sep)(?P<day>[0-9]{1,2})"
CHINESE = rf"(?P<year>[0-9]{{4}}|[0-9]{{2}})\s?年\s?{MONTH_DAY}"
ENGLISH_DAY = rf"{DAYNAME}?(?P<day>[0-9]{{1,2}})[\s-]{MONTH}[\s-](?P<year>[0-9]{{4}}|[0-9]{{2}})"
ENGLISH_MONTH = rf"{DAYNAME}?{MONTH}\s(?P<day>[0-9]{{1,2}}),?\s(?P<year>[0-9]{{4}})"
WEIBO = rf"{DAYNAME}{MONTH}\s(?P<day>[0-9]{{1,2}})\s{TIMED}\s(?P<year>[0-9]{{4}})"
AGO = r"(?P<amount>[0-9]{1,4}|半)\s?个?(?P<unit>秒|分|小时|天|周|月|年)钟?\s?(?:之|以)?前"

FORMS: Final[tuple[tuple[re.Pattern[str], Reader], ...]] = (
    (_form(rf"{CHINESE}\s?{WEEKDAY}?(?:\s?{TIMED})?"), _dated),
    (_form(rf"{SEPARATED}(?:(?:T|\s){WEEKDAY}?\s?{TIMED})?"), _dated),
    (_form(COMPACT), _dated),
    (_form(rf"{ENGLISH_DAY}(?:,?\s{TIMED})?"), _dated),
    (_form(rf"{ENGLISH_MONTH}(?:,?\s{TIMED})?"), _dated),
    (_form(WEIBO), _dated),
    (_form(rf"{MONTH_DAY}\s?{WEEKDAY}?(?:\s?{CLOCK})?"), _yearless),
    (_form(rf"(?P<month>[0-9]{{1,2}})[-/](?P<day>[0-9]{{1,2}})(?:\s{CLOCK})?"), _yearless),
    (_form(rf"(?P<spoken>{'|'.join(DAYS_BACK)})(?:\s?{CLOCK})?"), _spoken_day),
    (_form(CLOCK), _clock_only),
    (_form(AGO), _ago),
    (_form(r"刚刚|刚才|just now"), _just_now),
)
