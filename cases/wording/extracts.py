"""The redactor: from a reporter's words, a text that handlers may read, with what was changed and why (Q2, T4, X40).

It proposes and never claims to be complete: a person at the desk reads both texts and confirms. What they confirm is
looked through by the same rules. Some finds may be facts of the case, a tanker's plate or a shop's number in the
street: those may stay, if the desk says why; the others never.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from cases.wording import names, reporter, shapes, whereabouts
from cases.wording.known import Known
from cases.wording.leaks import Found, Rule, covered, leaks
from cases.wording.reading import read

EXTRACT: Final = (
    Rule("id_number", "证件号码", "the number of an identity document", shapes.identity_numbers),
    Rule("account_number", "银行账号或证件号码", "the number of an account or a document", shapes.accounts),
    Rule("phone", "电话号码", "a phone number that is not public", shapes.phones),
    Rule("online_contact", "邮箱或社交账号", "an e-mail or messenger address", shapes.online_contacts),
    Rule("plate", "车牌号码", "a vehicle's plate", shapes.plates),
    Rule("inner_number", "内部编号", "an inner number", shapes.inner_numbers),
    Rule("earlier_report", "曾经举报的情况", "that it was reported before", reporter.earlier_reports),
    Rule("introduction", "举报人自述身份", "who the reporter is", reporter.introductions),
    Rule("kin", "举报人的亲友邻里", "who belongs to the reporter", reporter.kin),
    Rule("own_home", "举报人自述住处", "where the reporter lives", reporter.own_homes),
    Rule("own_place", "举报人自述所属单位或小区", "what the reporter belongs to", reporter.own_places),
    Rule("home_address", "个人住址", "where somebody lives", shapes.home_addresses),
    Rule("other_report", "其他举报或查询码", "word of another report, or a tracking code", shapes.other_reports),
    Rule("officer_name", "工作人员姓名", "an officer's name", names.known_names),
    Rule("person_name", "疑似个人姓名或称呼", "what looks like a person's name", names.likely_persons),
    Rule("person_name", "疑似个人姓名或称呼", "what looks like a person's name", names.spoken_persons),
    Rule("house_number", "门牌或房号", "a door's number", whereabouts.flats_and_doors),
    Rule("time_of_day", "具体时刻", "a time of the day, or the day of sending", whereabouts.times_of_day),
    Rule("first_person", "第一人称", "the first person", reporter.first_persons),
    Rule("long_number", "来源不明的长号码", "a long number of any kind", shapes.long_numbers),
)
MAY_STAY: Final = frozenset(
    {
        "plate", "inner_number", "officer_name", "person_name", "house_number", "time_of_day", "first_person",
        "long_number",
    }
)  # fmt: skip
_INSTEAD: Final[Mapping[str, Callable[[str], str]]] = {
    "id_number": reporter.always("某证件号"),
    "account_number": reporter.always("某账号"),
    "phone": reporter.always("某电话"),
    "online_contact": reporter.always("某联系方式"),
    "plate": reporter.always("某车"),
    "inner_number": reporter.always("某编号"),
    "earlier_report": reporter.nothing,
    "introduction": reporter.nothing,
    "kin": reporter.always("某人"),
    "own_home": reporter.always("该处"),
    "own_place": reporter.the_place,
    "home_address": reporter.nothing,
    "other_report": reporter.nothing,
    "officer_name": reporter.always("某人"),
    "person_name": reporter.always("某"),
    "house_number": whereabouts.some_door,
    "time_of_day": whereabouts.some_time,
    "first_person": reporter.neutral,
    "long_number": reporter.always("某号码"),
}
_PASSES: Final = 8
# What leaving out leaves behind: signs side by side, at the beginning, before an end.
_TIDY: Final = (
    (re.compile(r"[ \t]{2,}"), " "),
    (re.compile(r"([，、；：,;:])[，、；：,;:\s]*(?=[，。；！？,;!?\n]|$)"), ""),
    (re.compile(r"(?m)^[，。；、：！,;:!\s]+(?=\S)"), ""),
    (re.compile(r"([。！？；!?])[，、；。,;]+"), r"\1"),
)


@dataclass(frozen=True)
class Mark:
    """What stood in the reporter's words from code point `start` to before `end`, why it goes, and what comes there."""

    code: str
    start: int
    end: int
    zh: str
    en: str
    instead: str
    may_stay: bool


@dataclass(frozen=True)
class Proposal:
    """A text to begin from, and every place where it differs from the reporter's."""

    text: str
    marks: tuple[Mark, ...]


def unfit(text: str, known: Known) -> list[Found]:
    """What a text for handlers must not say, or may say only if the desk says why (`MAY_STAY`)."""
    return leaks(text, known, EXTRACT)


def propose(text: str, known: Known) -> Proposal:
    """A text without what was found; in what it puts instead nothing is found again."""
    marks = tuple(_mark(text, found) for found in unfit(text, known))
    return Proposal(_clean(_tidy(_put(text, marks)), known), marks)


def _mark(text: str, found: Found) -> Mark:
    zh = found.zh
    words = read(text[found.start : found.end])
    if found.code == "id_number" and shapes.has_check_digit(words.digits):
        zh = f"{zh}（校验位相符）"
    instead = _INSTEAD[found.code](words.digits if found.code == "time_of_day" else words.letters)
    return Mark(found.code, found.start, found.end, zh, found.en, instead, found.code in MAY_STAY)


def _put(text: str, marks: tuple[Mark, ...]) -> str:
    for mark in reversed(marks):
        text = text[: mark.start] + mark.instead + text[mark.end :]
    return text


def _tidy(text: str) -> str:
    for pattern, instead in _TIDY:
        text = pattern.sub(instead, text)
    return text.strip()


def _clean(text: str, known: Known) -> str:
    """What came together by leaving out may say something again; then it is covered, or nothing is proposed at all."""
    for _ in range(_PASSES):
        if not unfit(text, known):
            return text
        text = covered(text, known, EXTRACT)
    return ""
