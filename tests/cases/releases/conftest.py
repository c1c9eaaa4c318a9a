"""A report whose reporter is known to the vault, two custodians, and somebody who asks."""

from dataclasses import dataclass

import pytest

from cases import releases
from cases.models.release import Release
from cases.models.report import Report
from cases.releases.asking import Wish
from people.actors import Actor
from people.models import SealedIdentity
from people.roles import Role
from tests import make
from tests.desk import accepted
from tests.make import NOW

WORDS = "举报人所述的三号楼有两处，须当面指认，查询码下三次询问未得到回复。"
WISH = Wish("contact_facts", WORDS, ("phone",))


@dataclass
class Desk:
    """Those who have to do with one report."""

    report: Report
    asker: Actor
    keeper: Actor
    other_keeper: Actor


def seal_for(session, report):
    session.add(SealedIdentity(report_id=report.id, key_id=1, alg=1, envelope=b"\0" * 80, created_on=NOW.date()))
    session.flush()


@pytest.fixture
def desk(session, district) -> Desk:
    report = accepted(session, district)
    seal_for(session, report)
    return Desk(report, *people(session, district))


def people(session, district):
    return (
        district.intake,
        make.officer(session, district.office, Role.CUSTODIAN),
        make.officer(session, district.office, Role.CUSTODIAN),
    )


def ask(session, desk, wish=WISH, *, by=None, now=NOW) -> Release:
    return releases.ask(session, desk.report, wish, by=by or desk.asker, now=now)


def approved(session, desk, wish=WISH, *, now=NOW) -> Release:
    return releases.approve(session, ask(session, desk, wish, now=now).id, by=desk.keeper, now=now)
