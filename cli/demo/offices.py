"""Who works in the demo district: its offices and their people, as tables that `seed-demo` loads."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from cli.demo.district import DISTRICT_CODE, JURISDICTIONS, TOWNS, Place
from kit.secrets import derived
from people.offices import body_of
from people.roles import Role

GROUP_CODE: Final = f"{DISTRICT_CODE}-group"


@dataclass(frozen=True, slots=True)
class Office:
    """An office to be: `stem` begins the names of its accounts."""

    code: str
    kind: str
    name_zh: str
    name_en: str
    stem: str
    unit_code: str | None = None
    department_kind: str | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """An account to be: `job` ends its name, and decides its password."""

    office: Office
    job: str
    roles: tuple[Role, ...]
    name: str

    @property
    def username(self) -> str:
        """What the person signs in with: `yunjin-clerk`, or just `desk`."""
        return f"{self.office.stem}-{self.job}" if self.office.stem else self.job


JOBS: Final[Mapping[str, Mapping[str, tuple[Role, ...]]]] = {
    "district": {
        "desk": (Role.INTAKE_OFFICER,),
        "safety": (Role.SAFETY_OFFICE,),
        "publisher": (Role.PUBLISHER,),
        "legal": (Role.LEGAL_REVIEWER,),
        "discipline": (Role.DISCIPLINE,),
    },
    "town": {
        "clerk": (Role.TOWN_CLERK,),
        "officer1": (Role.TOWN_OFFICER,),
        "officer2": (Role.TOWN_OFFICER,),
        "leader": (Role.TOWN_LEADER,),
    },
    "department": {"officer": (Role.DEPT_OFFICER,), "leader": (Role.DEPT_LEADER,)},
    # What the county-level group verifies is signed, visited and decided within the group (CCL-01, M117).
    "group": {
        "clerk": (Role.TOWN_CLERK,),
        "officer1": (Role.DEPT_OFFICER,),
        "officer2": (Role.DEPT_OFFICER,),
        "leader": (Role.TOWN_LEADER, Role.DEPT_LEADER),
    },
}
DISTRICT: Final = Office(
    DISTRICT_CODE, "district", "望澜区安全生产委员会办公室（举报受理台）", "Wanglan safety committee office", ""
)
GROUP: Final = Office(GROUP_CODE, "group", "望澜区人民政府事故核查组", "Wanglan verification group", "group")
SURNAMES: Final = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕施张孔曹严华金魏陶姜"
GIVEN: Final = (
    "文博", "晓岚", "建平", "思远", "雅琴", "志强", "海燕", "立新", "静怡", "国栋", "春梅", "子昂", "玉兰", "云飞",
    "佳宁", "永康", "丽华", "明轩", "秀英", "浩然", "若溪", "德胜", "慧敏",
)  # fmt: skip


def offices(departments: Iterable[tuple[str, str, str]]) -> list[Office]:
    """Every office of the district; `departments` gives kind, Chinese and English name of those the catalogue needs."""
    return [
        DISTRICT,
        GROUP,
        *(_town(place) for place in (*TOWNS, *JURISDICTIONS)),
        *(
            Office(f"{DISTRICT_CODE}-{kind}", "department", f"望澜区{zh}", f"Wanglan {en}", kind, department_kind=kind)
            for kind, zh, en in departments
        ),
    ]


def people(staffed: Iterable[Office]) -> Iterator[Person]:
    """Everybody who works in these offices. Names are made up, and no two are alike."""
    jobs = ((office, job, roles) for office in staffed for job, roles in JOBS[office.kind].items())
    for number, (office, job, roles) in enumerate(jobs):
        surname = SURNAMES[number % len(SURNAMES)]
        yield Person(office, job, roles, surname + GIVEN[number % len(GIVEN)])


def stem_of(place: Place) -> str:
    """How accounts of a town begin: `yunjin`."""
    return "zone" if place.kind == "zone" else place.name_en.split()[0].lower()


def stem_of_code(code: str) -> str:
    """How the accounts of the office with this code begin."""
    towns = {place.code: stem_of(place) for place in (*TOWNS, *JURISDICTIONS)}
    return towns.get(code) or code.removeprefix(DISTRICT_CODE).removeprefix("-")


def demo_password(job: str) -> str:
    """The password of everybody who has this job: derived from the installation's secret, and nowhere written down."""
    letters = base64.b32encode(derived(f"demo-password:{job}")).decode().lower()
    return "-".join(letters[at : at + 4] for at in range(0, 16, 4))


def _town(place: Place) -> Office:
    return Office(
        place.code, "town", body_of(place.name_zh, place.kind), place.name_en, stem_of(place), unit_code=place.code
    )
