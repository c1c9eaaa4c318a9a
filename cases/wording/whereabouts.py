"""Doors and minutes: which flat, at what o'clock. A handler needs the place of the case, and the day (Q2, X40, T4)."""

import re
from collections.abc import Iterator
from typing import Final

from cases.wording.known import Known
from cases.wording.reading import Reading, Span

_N: Final = r"[\d十百]{1,4}"
_BUILDING: Final = rf"(?:{_N}|[A-Z])(?:号楼|号院|栋|幢|座|#楼?)"
_UNIT: Final = rf"(?:{_N}|[A-Z东西南北甲乙丙丁])(?:单元|门洞)"
_ROOM: Final = rf"(?:{_N}[楼层])?(?:\d{{3,4}}[A-Z]?(?:室|房间?|号房|户|号)?(?![\d元])|[东西南北中]户)"
_FLAT: Final = (
    rf"(?:{_BUILDING})?{_UNIT}(?:{_ROOM}|{_N}[楼层])?"
    rf"|{_BUILDING}{_ROOM}"
    r"|(?<!\d)\d{3,4}[A-Z]?(?:室|号房|房(?!屋)|户(?!籍))"
    rf"|{_N}[楼层][东西南北中]户"
    r"|(?<![\d-])\d{1,3}-\d{1,2}-\d{3,4}(?![\d-])"
)
# Of a street; and not 3号楼, 3号线, 3号车间: parts of a place that everybody sees.
_DOOR: Final = (
    r"(?:门牌号?码?(?:为|是|:)?|(?<=[路街巷弄道村组里]))\d{1,4}(?:弄\d+)?号(?:之\d+|-\d+)?"
    r"(?!楼|线|门|桥|库|车间|机|炉|罐|井|塔|仓|厂|泵|梯|院|楼道|口|文|令|通知)"
)
_OFTEN: Final = "(?:每天|每日|每晚|每夜|天天|夜夜|每到|每周.?|经常|常常|总是|常年|长期)"
_PART: Final = "(?:凌晨|清晨|早上|早晨|早|上午|中午|正午|午后|下午|傍晚|晚上|晚|夜里|半夜|深夜|夜间|晚间)"
_DAY: Final = (
    "(?:(?<![以之年月])大?前[天日晚](?![天])|[今昨][天日晚夜早晨]|今儿个?|昨儿个?|刚才|刚刚|方才"
    "|(?:[\\d几半十]{1,4}个?多?(?:分钟|小时|钟头)(?:之|以)?前))"
)
_ABOUT: Final = "(?:左右|前后|许|上下|光景)"
_O_CLOCK: Final = (
    rf"(?:{_PART}的?[\d十]{{1,3}}(?:点钟?|时)(?:[\d十]{{1,3}}分?|半|[13]刻|整|多)?"
    rf"|[\d十]{{1,3}}(?:点|时)(?:[\d十]{{1,3}}分|半|钟|整|[13]刻|{_ABOUT}|多(?![个次处家名人]))"
    r"|(?<![\d:])(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?(?![\d:]))"
)
_TIME: Final = (
    rf"(?:{_OFTEN}|{_DAY})?的?{_O_CLOCK}{_ABOUT}?(?:[到至~-]+(?:{_DAY})?(?:{_O_CLOCK}|[\d十]{{1,3}}[点时]半?){_ABOUT}?)?"
    rf"|{_DAY}的?{_PART}?"
)
# Hours, and what people call that part of the day.
_PARTS: Final = ((5, "凌晨"), (8, "清晨"), (12, "上午"), (18, "下午"), (24, "夜间"))


def flats_and_doors(reading: Reading, _: Known) -> Iterator[Span]:
    """3栋2单元501, 501室, 3-2-501, 门牌12号, 幸福路12号."""
    for pattern in (_FLAT, _DOOR):
        yield from (span for span, _found in reading.spans(pattern, in_words=True))


def times_of_day(reading: Reading, _: Known) -> Iterator[Span]:
    """昨晚十点半, 14:20, 刚才, 十分钟前: what tells the minute, or the day of sending."""
    return (span for span, _found in reading.spans(_TIME, in_words=True))


def some_door(words: str) -> str:
    """What stands for a door."""
    return "某号" if words.endswith("号") else "某户"


def some_time(words: str) -> str:
    """每天夜间 for 每天22:30: whoever goes there must know that. Of what happened once the case has the day."""
    often = re.match(_OFTEN, words)
    if often is None:
        return "近日" if re.match(_DAY, words) else ""
    part = re.search(_PART, words[often.end() :])
    hour = re.search(r"\d{1,2}", words)
    return often[0] + (part[0] if part else next(name for end, name in _PARTS if int(hour[0]) < end) if hour else "")
