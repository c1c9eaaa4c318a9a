"""Numbers and words that give a person, an inner paper or another reporter away, by their shape (C12, F69, X42)."""

import re
from collections.abc import Iterator

from cases.wording.known import Known
from cases.wording.reading import Reading, Span, read

_SEP = r"[-‐‑‒–—―−._·/()]{0,2}"  # what people put between the digits of one number
_D = rf"{_SEP}\d"
_MOBILE = re.compile(rf"1{_SEP}[3-9]{_D * 9}")
# Not the month of a date: 2026-05-11.
_LANDLINE = re.compile(rf"(?<!\d)(?<!\d[-./])0{_SEP}[1-9](?:{_D}){{8,10}}")
_SERVICE = re.compile(rf"(?<!\d)[48]00{_D * 7}(?!\d)")
_LABELLED = re.compile(rf"(?:电话|手机|座机|致电|拨打|联系方式|热线|TEL|PHONE)\D{{0,4}}?(\d{_D * 6}\d?)(?!\d)")
_ID = re.compile(
    rf"[1-9]{_D * 5}{_SEP}(?:1{_SEP}[89]|2{_SEP}0){_D * 2}{_SEP}[01]{_D}{_SEP}[0-3]{_D}{_D * 3}{_SEP}[\dX]"
    r"|(?<![A-Z0-9])(?:[EGDSPHM]\d{8}|E[A-Z]\d{7})(?!\d)"
)
_ACCOUNT = re.compile(r"\d{15,}|(?:\d{4}-){3}\d{3,7}(?:-\d{1,4})?")
_PLATE = re.compile(
    rf"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使]{_SEP}[A-Z]{_SEP}"
    rf"(?:[A-HJ-NP-Z0-9]{_SEP}){{4,5}}[A-HJ-NP-Z0-9挂学警港澳]"
)
_ONLINE = re.compile(
    r"[A-Z0-9._%+-]+@[A-Z0-9-]+(?:\.[A-Z0-9-]+)+"
    r"|(?:[微薇]信|V信|WECHAT|WEIXIN|QQ|扣扣|企鹅|VX|WX|抖音|钉钉)(?:账号|号码|号)?(?:为|是)?:?[A-Z0-9][A-Z0-9_-]{4,}"
)
_LONG = re.compile(r"(?<![\d.A-Z])\d{7,14}(?![\d.]|元|万|亿|吨|平|米|立方|公斤|千克|升|人|个|件)")
_HOME = re.compile(r"家住|家庭住址|家庭地址|现住址|户籍地|户籍所在地|身份证住址")
_CASE = re.compile(r"(?<!\d)20\d\d-\d{6}(?!\d)")
_UUID = re.compile(r"[0-9A-F]{8}(?:-[0-9A-F]{4}){3}-[0-9A-F]{12}")
_REFERENCE = re.compile(r"(?<![0-9A-Z-])[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}(?![0-9A-Z-])")
_CODE = re.compile(r"(?<![0-9A-Z-])[0-9A-HJKMNP-TV-Z]{4}(?:-?[0-9A-HJKMNP-TV-Z]{4}){3}(?![0-9A-Z-])")
_PEOPLE = r"(?:群众|市民|居民|村民|职工|员工)?"
_TOLD = r"(?:举报|投诉)(?!渠道|方式|途径|电话|平台|热线)"
_OTHERS = re.compile(
    rf"(?:其[他它]|另一?|另外|别的|前一)(?:[有几一两多])?[名位个件起]?{_PEOPLE}的?{_TOLD}"
    rf"|(?:[多数几两]|\d+)[名位人件起条]{_PEOPLE}(?:的|也|都|曾|先后|同时|进行)*(?:重复)?{_TOLD}"
    rf"|(?:[他别有]人|邻居|同事)(?:也|都|曾|先后|已经?)*{_TOLD}"
    r"|重复(?:举报|投诉)|并案|合并(?:处理|办理|答复)"
)


def identity_numbers(reading: Reading, _: Known) -> Iterator[Span]:
    """Identity cards, passports and permits."""
    return (span for span, _found in reading.spans(_ID, in_words=True))


def accounts(reading: Reading, _: Known) -> Iterator[Span]:
    """Fifteen digits and more: bank cards, old identity cards (F69)."""
    return (span for span, _found in reading.spans(_ACCOUNT, in_words=True))


def plates(reading: Reading, _: Known) -> Iterator[Span]:
    """Plates of vehicles."""
    return (span for span, _found in reading.spans(_PLATE, in_words=True))


def phones(reading: Reading, known: Known) -> Iterator[Span]:
    """Mobile and fixed phones, but for those that the district gives to everybody."""
    for pattern, group in ((_MOBILE, 0), (_LANDLINE, 0), (_SERVICE, 0), (_LABELLED, 1)):
        for span, found in reading.spans(pattern, in_words=True, group=group):
            if re.sub(r"\D", "", found) not in known.public_phones:
                yield span


def online_contacts(reading: Reading, _: Known) -> Iterator[Span]:
    """E-mail addresses and names in messengers; letters within a report's number are neither, whatever they spell."""
    numbers = [span for span, _found in reading.spans(_REFERENCE)]
    for span, _found in reading.spans(_ONLINE, in_words=True):
        if not any(number[0] <= span[0] < number[1] for number in numbers):
            yield span


def long_numbers(reading: Reading, known: Known) -> Iterator[Span]:
    """Seven digits and more that nothing explains: a phone without its area, a number in a messenger."""
    for span, found in reading.spans(_LONG, in_words=True):
        if not any(phone.endswith(found) for phone in known.public_phones):
            yield span


def has_check_digit(words: str) -> bool:
    """Whether the digits of an identity card belong together (GB 11643)."""
    digits = re.sub(r"[^0-9X]", "", words)
    if not re.fullmatch(r"\d{17}[\dX]", digits):
        return False
    total = sum(int(digit) * 2 ** (17 - place) for place, digit in enumerate(digits[:17]))
    return "10X98765432"[total % 11] == digits[17]


def home_addresses(reading: Reading, _: Known) -> Iterator[Span]:
    """Words that begin where somebody lives (F69)."""
    return (span for span, _found in reading.spans(_HOME))


def inner_numbers(reading: Reading, known: Known) -> Iterator[Span]:
    """Numbers of cases and rows, and the inner numbers that are known."""
    for pattern in (_CASE, _UUID):
        yield from (span for span, _found in reading.spans(pattern))
    for number in known.numbers:
        yield from literal(reading, number)


def other_reports(reading: Reading, known: Known) -> Iterator[Span]:
    """Another report's number, a tracking code, and any word of other reporters (X42)."""
    for span, found in reading.spans(_REFERENCE):
        if found != known.reference.upper():
            yield span
    for pattern in (_CODE, _OTHERS):
        yield from (span for span, _found in reading.spans(pattern))


def literal(reading: Reading, words: str) -> Iterator[Span]:
    """Where known words stand, however they are spaced and written."""
    sought = read(words).letters
    at = reading.letters.find(sought) if sought else -1
    while at >= 0:
        yield reading.span(at, at + len(sought))
        at = reading.letters.find(sought, at + len(sought))
