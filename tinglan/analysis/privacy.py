"""Find personal data in a text and mask it for display; only on need is it shown (PIPL art. 6).

Numbers of private people are masked; a company's hotlines (400-…, 800-…, 95xxx, 12315) are no
personal data and stay. Rather one order number masked too many than one telephone shown.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Kind = Literal["email", "id_card", "bank_card", "mobile", "landline", "plate", "address"]


@dataclass(frozen=True, slots=True)
class Finding:
    """A piece of personal data: its kind and where it stands in the text."""

    kind: Kind
    start: int
    end: int


_MONTH_DAY = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_LOCAL_NUMBER = r"[2-9]\d{2,3}[-\s]?\d{4}(?![-\s]?\d)"
_OF_A_COMPANY = "".join(
    rf"(?<!{word})" for word in ["客服", "服务", "投诉", "热线", "咨询", "举报", "官方"]
)
_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_PLATE_SIGN = "A-HJ-NP-Za-hj-np-z0-9"
_HAN_NUMBER = "一二三四五六七八九十百零〇"
_STREET_NUMBER = rf"(?:\d{{1,5}}(?:[-之]\d{{1,4}})?|[{_HAN_NUMBER}]{{1,6}})\s?[号號](?![线線店机])"
_BUILDING = r"\d{1,4}\s?(?:号楼|號樓|栋|棟|幢|座)"
_ROOM = r"(?:\d{1,2}\s?单元\s?)?\d{3,5}(?:\s?[室户房])?(?!\d)"

# After an @ it is a handle such as @name@host, which is public.
_EMAIL = re.compile(
    r"(?<![A-Z0-9_.+@-])[A-Z0-9][A-Z0-9_.+-]*@(?:[A-Z0-9-]+\.)+[A-Z]{2,}", re.IGNORECASE | re.ASCII
)
_BANK_CARD = re.compile(
    r"(?<!\d)(?:[3-6]\d{3}(?:[-\s]?\d{4}){3}|62\d\d(?:[-\s]?\d{4}){3}[-\s]?\d{1,3})(?!\d)"
)
_FULL_WIDTH = {0xFF01 + at: 0x21 + at for at in range(94)} | {0x3000: 0x20}

# What an earlier pattern has taken, a later one leaves alone. Where there is a group, only the
# group is personal: the street may stay, the house number not.
_PATTERNS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("email", _EMAIL),
    ("id_card", re.compile(rf"(?<!\d)[1-9]\d{{5}}(?:19|20)\d\d{_MONTH_DAY}\d{{3}}[\dXx](?!\d)")),
    ("id_card", re.compile(rf"(?<!\d)[1-9]\d{{7}}{_MONTH_DAY}\d{{3}}(?!\d)")),
    ("bank_card", _BANK_CARD),
    (
        "mobile",
        re.compile(r"(?<!\d)(?:\+?(?:00)?86[-\s]?)?1[3-9]\d[-.\s]?\d{4}[-.\s]?\d{4}(?!\d)"),
    ),
    (
        "landline",
        re.compile(rf"(?<!\d)[(（]?0(?:10|2\d|[3-9]\d{{2}})[)）]?[-\s]?{_LOCAL_NUMBER}"),
    ),
    ("landline", re.compile(rf"{_OF_A_COMPANY}(?:电话|座机)[:：\s]{{0,3}}({_LOCAL_NUMBER})")),
    (
        "plate",
        re.compile(
            rf"[{_PROVINCES}][A-HJ-NP-Za-hj-np-z][·•.\- ]?(?=[A-Za-z]*\d)"
            rf"(?:[{_PLATE_SIGN}]{{5,6}}|[{_PLATE_SIGN}]{{4}}[挂学警港澳])(?![A-Za-z0-9])"
        ),
    ),
    (
        "address",
        re.compile(
            rf"(?:大道|路|街|巷|弄|胡同)({_STREET_NUMBER}院?(?:\s?{_BUILDING})?(?:\s?{_ROOM})?)"
        ),
    ),
    ("address", re.compile(rf"({_BUILDING}\s?{_ROOM})")),
)

# Signs shown at the beginning and at the end; what lies between becomes asterisks.
_SHOWN: dict[Kind, tuple[int, int]] = {
    "email": (1, 0),
    "id_card": (1, 1),
    "bank_card": (0, 4),
    "mobile": (3, 4),
    "landline": (3, 2),
    "plate": (2, 1),
    "address": (0, 0),
}
_SIGN = re.compile(rf"[A-Za-z\d{_HAN_NUMBER}]")
_COMPOUND_SURNAME = re.compile(
    "欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|慕容|令狐|司徒|南宫|夏侯|端木|百里|独孤|轩辕|宇文"
)
_LONGEST_NAME = 4  # longer ones are nicknames


def find(text: str) -> list[Finding]:
    """The personal data in a text, in order.

    >>> text = "我是安琪，电话13800138000，住建国路88号"
    >>> [(found.kind, text[found.start:found.end]) for found in find(text)]
    [('mobile', '13800138000'), ('address', '88号')]
    >>> find("客服热线400-820-8820，投诉请打12315")
    []
    """
    taken: list[Finding] = []
    for kind, start, end in _candidates(text.translate(_FULL_WIDTH)):
        if all(end <= other.start or other.end <= start for other in taken):
            taken.append(Finding(kind, start, end))
    return sorted(taken, key=lambda found: found.start)


def _candidates(text: str) -> Iterator[tuple[Kind, int, int]]:
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            if kind != "bank_card" or _is_luhn(match.group()):
                yield kind, *match.span(pattern.groups)


def _is_luhn(number: str) -> bool:
    """The check digit of bank cards (ISO/IEC 7812-1): it spares most order and item numbers."""
    digits = [int(sign) for sign in reversed(number) if sign.isdecimal()]
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[1::2]]
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0


def mask(text: str) -> str:
    """The text as it may be displayed; masking a masked text changes nothing.

    >>> mask("姓名安琪，138 0013 8000，anqi@example.com，浙A·12345，南山路8号3栋502室")
    '姓名安琪，138 **** 8000，a***@example.com，浙A·****5，南山路*号*栋***室'
    >>> mask("打了三次95588和400-820-8820都没人接")
    '打了三次95588和400-820-8820都没人接'
    """
    # What stays visible may form another number with its neighbours: until none is left.
    while findings := find(text):
        text = _mask_all(text, findings)
    return text


def _mask_all(text: str, findings: list[Finding]) -> str:
    pieces: list[str] = []
    after = 0
    for found in findings:
        pieces += [text[after : found.start], _masked(text[found.start : found.end], found.kind)]
        after = found.end
    return "".join([*pieces, text[after:]])


def _masked(piece: str, kind: Kind) -> str:
    first, last = _SHOWN[kind]
    plain = piece.translate(_FULL_WIDTH)
    if kind == "email":
        return piece[:first] + "***" + piece[plain.index("@") :]
    signs = [sign.start() for sign in _SIGN.finditer(plain)]
    if kind == "mobile":
        first = len(signs) - 8  # the country code stays with the first three
    if kind == "plate":
        signs = [0, *signs]  # the province
    hidden = set(signs[first : len(signs) - last])
    return "".join("*" if at in hidden else sign for at, sign in enumerate(piece))


def mask_name(name: str) -> str:
    """A person's name or nickname as it may be displayed: the surname, or first and last sign.

    >>> [mask_name(name) for name in ["安琪", "欧阳晨曦", "John Smith", "爱喝茶的小星", "张***三"]]
    ['安*', '欧阳**', 'J***h', '爱***星', '张***三']
    """
    name = name.strip()
    if "*" in name or not name:
        return name
    if len(name) > _LONGEST_NAME or name.isascii():
        return f"{name[0]}***{name[-1]}" if len(name) > _LONGEST_NAME else name[0] + "***"
    surname = name[:2] if _COMPOUND_SURNAME.match(name) and len(name) > 2 else name[:1]
    return surname + "*" * max(1, len(name) - len(surname))
