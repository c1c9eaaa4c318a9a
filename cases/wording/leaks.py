"""What a reply gives away: every rule once, in the order in which overlapping finds are told (R7, C12, C14, X42)."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from cases.wording import names, shapes
from cases.wording.known import Known
from cases.wording.reading import Reading, Span, read


@dataclass(frozen=True)
class Found:
    """Something that must not be in the text, from code point `start` to before `end`."""

    code: str
    start: int
    end: int
    zh: str
    en: str


@dataclass(frozen=True)
class Rule:
    """What is looked for, by one stable code, and how."""

    code: str
    zh: str
    en: str
    find: Callable[[Reading, Known], Iterable[Span]]


REPLY: Final = (
    Rule("id_number", "证件号码", "the number of an identity document", shapes.identity_numbers),
    Rule("inner_number", "内部编号", "an inner number", shapes.inner_numbers),
    Rule("account_number", "银行账号或证件号码", "the number of an account or a document", shapes.accounts),
    Rule("phone", "电话号码", "a phone number that is not public", shapes.phones),
    Rule("plate", "车牌号码", "a vehicle's plate", shapes.plates),
    Rule("online_contact", "邮箱或社交账号", "an e-mail or messenger address", shapes.online_contacts),
    Rule("home_address", "个人住址", "where somebody lives", shapes.home_addresses),
    Rule("other_report", "其他举报或查询码", "word of another report, or a tracking code", shapes.other_reports),
    Rule("officer_name", "办理人员姓名", "an officer's name", names.known_names),
    Rule("third_person", "案件中他人的姓名", "the name of somebody in the case", names.known_persons),
    Rule("person_name", "疑似个人姓名或称呼", "what looks like a person's name", names.likely_persons),
)


COVER: Final = "■"


def covered(text: str, known: Known, rules: Sequence[Rule] = REPLY) -> str:
    """The text with a bar over everything that must not go out, each as long as what it covers."""
    signs = list(text)
    for found in leaks(text, known, rules):
        signs[found.start : found.end] = COVER * (found.end - found.start)
    return "".join(signs)


def leaks(text: str, known: Known, rules: Sequence[Rule] = REPLY) -> list[Found]:
    """Everything in the text that must not go out, in order; of finds that overlap, the first rule's."""
    reading = read(text)
    found: list[Found] = []
    taken = bytearray(len(text))
    for rule in rules:
        for start, end in rule.find(reading, known):
            if not any(taken[start:end]):
                taken[start:end] = b"\1" * (end - start)
                found.append(Found(rule.code, start, end, rule.zh, rule.en))
    return sorted(found, key=lambda one: one.start)
