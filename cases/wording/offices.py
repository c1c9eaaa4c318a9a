"""Whether words name an office, or somebody of it: who supervises is never the one who puts right (M16).

A company is none, though it shares a surname with an officer, or stands in a town whose name it bears.
"""

import re
from collections.abc import Collection
from typing import Final

from cases.wording.names import looks_like_a_name
from cases.wording.reading import read

_ENDING: Final = "(?:局|委|委员会|办|办公室|办事处|政府|大队|支队|总队|监察院|检察院|法院)"
_AREA: Final = re.compile(r"^[\u3400-\u9fff]{1,6}?(?:自治[州县区旗]|[省市区县旗盟州])(?=[\u3400-\u9fff]{2})")
# How the long names of offices are shortened, each on top of those before it.
_SHORTER: Final = (
    ("监督管理局", "监管局"), ("管理局", "局"), ("综合行政执法局", "执法局"), ("综合执法局", "执法局"),
    ("住房和城乡建设局", "住建局"), ("自然资源和规划局", "自规局"), ("城市管理", "城管"), ("生态环境局", "环保局"),
    ("人民政府", "政府"), ("街道办事处", "街道办"), ("救援大队", "大队"), ("公安分局", "公安局"),
    ("安全生产委员会办公室", "安委办"), ("委员会", "委"), ("办公室", "办"),
)  # fmt: skip
_PLACE_OF: Final = re.compile(r"^(.+?[镇乡]|.+?街道|.+?[区县市])(?:人民政府|办事处)$")
_INNER: Final = "(?:[\u3400-\u9fff]{0,6}(?:科|股|室|处|组|办|中队|分队|执法队|派出所|监管所))?"
_TITLE: Final = (
    "(?:副?(?:科长|处长|局长|主任|所长|大队长|中队长|支队长|队长|镇长|乡长|区长|县长|市长|书记|站长|股长|组长|科员)"
    "|同志|警官|民警|干部|工作人员|执法人员|负责人)"
)
_MARKS: Final = re.compile(r"[^\u3400-\u9fffA-Z0-9]+")
# What ends the name of a business or a place, and no person's.
_BUSINESS: Final = re.compile(
    r"(?:公司|集团|企业|厂|店|中心|超市|学校|医院|小区|村|社|部|行|站|所|院|馆|堂|园|库|场|室|会|城|楼|房|铺|屋|摊|户|吧)$"
)


def names_an_office(party: str, *, officers: Collection[str], bodies: Collection[str]) -> bool:
    """Whether a party's name is an officer's, a body's, or somebody's of a body: 张三, 应急局, 应急局张三, 张三局长.

    `officers` are names of officers and `bodies` the full names of bodies, whose usual short forms count as well.
    """
    told = _plain(party)
    short = {alias for body in bodies for alias in aliases(body)}
    places = {place for body in bodies for place in _places(body)}
    if told in short:
        return True
    for name in {_plain(each) for each in officers} - {""}:
        rest = re.sub(f"{re.escape(name)}{_TITLE}*", "", told, count=1)
        if rest != told and _is_of_an_office(rest, short | places):
            return True
    return any(_is_somebody_of(told, alias) for alias in short)


def aliases(body: str) -> frozenset[str]:
    """A body's name as it is written: in full, without its district, and shortened as people do."""
    full = _plain(body)
    known = {full, _AREA.sub("", full)}
    for long, short in _SHORTER:
        known |= {each.replace(long, short) for each in known}
    return frozenset(each for each in known if each == full or re.search(f"{_ENDING}$", each))


def _plain(words: str) -> str:
    return _MARKS.sub("", read(words).letters)


def _untitled(words: str) -> str:
    return re.sub(f"{_TITLE}+$", "", words)


def _places(body: str) -> list[str]:
    found = _PLACE_OF.match(_plain(body))
    return [found[1], _AREA.sub("", found[1])] if found else []


def _is_of_an_office(rest: str, known: Collection[str]) -> bool:
    """What stands beside an officer's own name: nothing, or an office, or a part of one."""
    return not rest or rest in known or any(re.fullmatch(re.escape(each) + _INNER, rest) for each in known)


def _is_somebody_of(told: str, alias: str) -> bool:
    """The office first, then a person: also one whom the platform does not know."""
    found = re.match(re.escape(alias) + _INNER, told)
    if found is None:
        return False
    rests = {_untitled(told[len(alias) :]), _untitled(told[found.end() :])}
    return any(looks_like_a_name(rest) and not _BUSINESS.search(rest) for rest in rests)
