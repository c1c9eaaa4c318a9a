"""A case that may be exposed, and an exposure of it at any stage."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from cases import exposure
from cases.exposure import Draft
from cases.models.case import Case
from cases.models.exposure import Exposure, PublicExposure
from people.roles import Role
from tests import make
from tests.make import District

TICKS = dict.fromkeys(exposure.TICKS, True)
LATER = make.NOW + timedelta(days=10)


def draft(ground: str = "D", **facts: object) -> Draft:
    """The text of an exposure."""
    parts: dict[str, object] = {
        "title": "某公司锁闭安全出口", "body": "检查发现安全出口上锁，已责令改正。", "entity_name": "某公司",
        "entity_workers": 40, "own_inspection": False, "basis": "消防法第二十八条", "authority": "某镇",
        "phone": "12350",
    }  # fmt: skip
    return Draft(ground=ground, **(parts | facts))  # type: ignore[arg-type]


def exposable(session: Session, district: District, **facts: object) -> Case:
    """A case with what ground D needs: found, visited and ordered."""
    town = district.west
    columns: dict[str, object] = {"state": "rectifying", "outcome": "substantiated", "grade": "general"}
    case = make.case(session, town.org, **(columns | facts))  # type: ignore[arg-type]
    make.visit(session, case, town.officer)
    make.order(session, case, town.leader)
    return case


def approved(session: Session, case: Case, district: District, **facts: object) -> Exposure:
    """An exposure that another person has approved."""
    publisher = make.officer(session, district.office, Role.PUBLISHER)
    reviewer = make.officer(session, district.office, Role.LEGAL_REVIEWER)
    drafted = exposure.draft(session, case, draft(**facts), by=publisher, now=make.NOW)  # type: ignore[arg-type]
    exposure.submit(session, case, drafted, by=publisher, now=make.NOW)
    return exposure.review(session, case, drafted, ticks=TICKS, note="", by=reviewer, now=make.NOW)


def published(session: Session, case: Case, district: District, *, now: datetime = LATER) -> PublicExposure:
    """What the public sees of a case's exposure."""
    made = approved(session, case, district)
    publisher = make.officer(session, district.office, Role.PUBLISHER)
    return exposure.publish(session, case, made, by=publisher, now=now)
