"""Find personal data in a text and mask it for display; only on need is it shown (PIPL art. 6).

Numbers of private people are masked; a company's hotlines (400-…, 800-…, 95xxx, 12315) are no
personal data and stay, nor are the contacts that it calls its own. A number that says what it is
(身份证, 订单号) needs no check digit, one that stands alone does. Names are found only where they
are given as such (我叫…, 联系人：…). Rather one number masked too many than one telephone shown.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Literal

__all__ = ["Finding", "Kind", "find", "mask", "mask_name"]

Kind = Literal[
    "email",
    "id_card",
    "bank_card",
    "mobile",
    "landline",
    "plate",
    "order_number",
    "address",
    "name",
]


@dataclass(frozen=True, slots=True)
class Finding:
    """A piece of personal data: its kind, where it stands in the text, and how it may be shown."""

    kind: Kind
    start: int
    end: int
    masked: str


_MONTH_DAY = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_LOCAL_NUMBER = r"[2-9]\d{2,3}[-\s]?\d{4}(?![-\s]?\d)"
_OF_A_COMPANY = re.compile(
    r"(?:客服|服务|投诉|热线|咨询|举报|官方|总机|前台|门店|售后|监督|致电|拨打)[^，。；,;]{0,6}$"
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
# The check sum decides where nothing says that it is one; a mistyped one is personal as well.
_ID_CARD = rf"[1-9]\d{{5}}(?:19|20)\d\d{_MONTH_DAY}\d{{3}}[\dXx]"
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643
_ID_CHECKS = "10X98765432"
_SPOKEN = "0-9〇零○幺一二三四五六七八九"
_ORDER = r"(?:订单|訂單|运单|運單|快递单|物流单|单号|單號|取件码|车架号|保单)"
_GIVEN = (
    r"(?:(?:我叫|您叫|我的名字是|姓名|真名)[:：是为叫\s]{0,3}"
    r"|(?:联系人|聯絡人|收件人|收货人|取件人|寄件人|户名|持卡人|投诉人|当事人|患者|家长|顾客)[:：]\s?)"
)
_SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏窦章苏潘葛范彭郎鲁韦马苗方俞任"
    "袁柳鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于傅皮卞齐康伍余元顾孟黄穆萧尹姚邵湛汪祁毛禹狄米贝明臧计成戴"
    "宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯管卢莫房解"
    "应宗丁宣邓洪包诸左石崔吉龚程邢裴陆荣翁荀甄曲封储靳段富焦巴牧山谷车侯全班秋仲伊宫宁仇栾甘厉祖武符刘景詹束龙"
    "叶幸司黎溥印怀蒲卓蔺屠蒙池乔阴闻党翟谭贡劳申扶冉桑桂牛寿通边燕冀尚农温庄晏柴瞿阎慕连习鱼古易慎戈廖居衡步耿"
    "满弘匡文寇广欧沃利蔚越隆师巩聂晁勾敖冷辛那简饶曾沙关查游权肖"
)
_COMPOUND_SURNAMES = (
    "欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|慕容|令狐|司徒|南宫|夏侯|端木|百里|独孤|轩辕|宇文"
)
_GIVEN_SIGN = "(?!女士|先生|小姐|[某的了着过去来在和就不是也都把给没有])[一-龥]"
_NAME = (
    rf"(?:(?:{_COMPOUND_SURNAMES})(?:{_GIVEN_SIGN}){{1,2}}?|[{_SURNAMES}](?:{_GIVEN_SIGN}){{1,2}}?)"
)
_LONG_NAME = rf"(?:(?:{_COMPOUND_SURNAMES}){_GIVEN_SIGN}|[{_SURNAMES}]{_GIVEN_SIGN}{_GIVEN_SIGN})"
_END_OF_NAME = (
    r"(?=$|[\s,，。.;；、!！?？:：()（）/|\d+]|对吧|是吗|电话|手机|身份证|先生|女士|小姐|同学|老师)"
)
_FULL_WIDTH = {0xFF01 + at: 0x21 + at for at in range(94)} | {0x3000: 0x20}

# What an earlier pattern has taken, a later one leaves alone. Where there is a group, only the
# group is personal: the street may stay, the house number not.
_PATTERNS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("email", _EMAIL),
    (
        "order_number",
        re.compile(
            rf"{_ORDER}(?:编号|編號|号码|号|號)?[:：是为\s]{{0,3}}([A-Za-z]{{0,4}}\d[A-Za-z0-9-]{{6,24}})"
            r"(?![A-Za-z0-9])"
        ),
    ),
    (
        "id_card",
        re.compile(rf"(?:证|證|证号|证号码|证件号|号码|ID)[:：是为\s]{{0,3}}({_ID_CARD})(?!\d)"),
    ),
    ("id_card", re.compile(rf"(?<!\d){_ID_CARD}(?!\d)")),
    ("id_card", re.compile(rf"(?<!\d)[1-9]\d{{7}}{_MONTH_DAY}\d{{3}}(?!\d)")),
    ("bank_card", _BANK_CARD),
    (
        "mobile",
        re.compile(r"(?<!\d)(?:\+?(?:00)?86[-\s]?)?1[3-9]\d[-.\s]?\d{4}[-.\s]?\d{4}(?!\d)"),
    ),
    (
        "mobile",  # spelled in characters, which hides it from most filters
        re.compile(rf"(?<![{_SPOKEN}])[1一幺][3-9三四五六七八九][{_SPOKEN}]{{9}}(?![{_SPOKEN}])"),
    ),
    (
        "landline",
        re.compile(rf"(?<!\d)[(（]?0(?:10|2\d|[3-9]\d{{2}})[)）]?[-\s]?{_LOCAL_NUMBER}"),
    ),
    ("landline", re.compile(rf"(?:电话|座机)[:：\s]{{0,3}}({_LOCAL_NUMBER})")),
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
    ("name", re.compile(rf"{_GIVEN}({_NAME}){_END_OF_NAME}")),
)

# A full name with a title; a surname alone (王女士) tells nobody who it is.
_TITLED = re.compile(
    rf"(?:^|[\s,，。;；、!！?？:：\d*的是为给客主户])({_LONG_NAME})(?=先生|女士|小姐|同学)",
    re.MULTILINE,
)

# Signs shown at the beginning and at the end; what lies between becomes asterisks.
_SHOWN: dict[str, tuple[int, int]] = {
    "email": (1, 0),
    "id_card": (1, 1),
    "bank_card": (0, 4),
    "mobile": (3, 4),
    "landline": (3, 2),
    "plate": (2, 1),
    "order_number": (0, 4),
    "address": (0, 0),
}
_SIGN = re.compile(rf"[A-Za-z\d{_HAN_NUMBER}○幺]")
_COMPOUND_SURNAME = re.compile(_COMPOUND_SURNAMES)
_LONGEST_NAME = 4  # longer ones are nicknames
_BETWEEN = r"[-\s.()（）]{0,2}"  # how people part the groups of a number


def find(text: str, *, own: Collection[str] = (), is_ours: bool = False) -> list[Finding]:
    """The personal data in a text, in order; `own` are the company's numbers and addresses.

    In a text of ours a full name with a title is a consumer's (张晨曦女士); elsewhere it is as a
    rule that of somebody in the news.

    >>> text = "联系人：安琪，电话13800138000，住建国路88号"
    >>> [(found.kind, text[found.start:found.end], found.masked) for found in find(text)]
    [('name', '安琪', '安*'), ('mobile', '13800138000', '138****8000'), ('address', '88号', '**号')]
    >>> find("客服热线400-820-8820，投诉请打12315")
    []
    >>> find("总部电话0571-8888 6666，星河路18号", own=["0571-88886666", "星河路18号"])
    []
    """
    plain = text.translate(_FULL_WIDTH)
    excepted = list(_places(plain, own))
    taken: list[Finding] = []
    for kind, start, end in _candidates(plain, is_ours=is_ours):
        if not any(start < after and before < end for before, after in excepted):
            excepted.append((start, end))
            taken.append(Finding(kind, start, end, _masked(text[start:end], kind)))
    return sorted(taken, key=lambda found: found.start)


def _places(plain: str, own: Collection[str]) -> Iterator[tuple[int, int]]:
    """Where the company's own contacts stand, however their groups are parted."""
    for contact in own:
        signs = [sign for sign in contact.translate(_FULL_WIDTH) if sign.isalnum() or sign == "@"]
        if signs:
            pattern = _BETWEEN.join(map(re.escape, signs))
            for match in re.finditer(rf"(?<!\d){pattern}(?!\d)", plain, re.IGNORECASE):
                yield match.span()


def _candidates(text: str, *, is_ours: bool) -> Iterator[tuple[Kind, int, int]]:
    titled: tuple[tuple[Kind, re.Pattern[str]], ...] = (("name", _TITLED),) if is_ours else ()
    for kind, pattern in _PATTERNS + titled:
        for match in pattern.finditer(text):
            if _is_sound(kind, match) and not _is_of_a_company(kind, match):
                yield kind, *match.span(pattern.groups)


def _is_of_a_company(kind: Kind, match: re.Match[str]) -> bool:
    """Whether the words before a landline say that it is a company's."""
    before = match.string[max(0, match.start() - 10) : match.start(match.re.groups)]
    return kind == "landline" and bool(_OF_A_COMPANY.search(before))


def _is_sound(kind: Kind, match: re.Match[str]) -> bool:
    """Whether the check digit is right, where a number stands without a word that names it."""
    number = match.group()
    if kind == "bank_card":
        return _is_luhn(number)
    if kind == "id_card" and not match.re.groups and len(number) == len(_ID_WEIGHTS) + 1:
        return _is_id_card(number)
    return True


def _is_id_card(number: str) -> bool:
    """The check sign of identity cards (GB 11643-1999, ISO 7064 MOD 11-2)."""
    total = sum(int(sign) * weight for sign, weight in zip(number, _ID_WEIGHTS, strict=False))
    return number[-1].upper() == _ID_CHECKS[total % 11]


def _is_luhn(number: str) -> bool:
    """The check digit of bank cards (ISO/IEC 7812-1): it spares most order and item numbers."""
    digits = [int(sign) for sign in reversed(number) if sign.isdecimal()]
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[1::2]]
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0


def mask(text: str) -> str:
    """The text as it may be displayed; masking a masked text changes nothing.

    >>> mask("姓名安琪，138 0013 8000，anqi@example.com，浙A·12345，南山路8号3栋502室")
    '姓名安*，138 **** 8000，a***@example.com，浙A·****5，南山路*号*栋***室'
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
        pieces += [text[after : found.start], found.masked]
        after = found.end
    return "".join([*pieces, text[after:]])


def _masked(piece: str, kind: Kind) -> str:
    if kind == "name":
        return mask_name(piece)
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
