"""M61, F21: certificates are entered and ended by the district, and count by day and scope."""

from datetime import date, timedelta

import pytest

from people import certificates
from people.certificates import (
    EndedAlready,
    MayNotAdminister,
    NoSuchCertificate,
    NoSuchOfficer,
    NumberTaken,
    WrongDates,
    WrongScope,
)
from people.roles import Role
from tests import make
from tests.make import NOW

KNOWN = {"fire", "gas"}
FIRST, LAST = date(2026, 3, 1), date(2026, 11, 24)
ONE_DAY = timedelta(days=1)


@pytest.fixture
def district(session):
    return make.district(session)


@pytest.fixture
def administrator(session, district):
    return make.officer(session, district.office, Role.SYSADMIN)


def enter(session, by, to, **facts):
    said = {"number": "A1", "scope": ["fire"], "known": KNOWN, "valid_from": FIRST, "valid_to": LAST} | facts
    return certificates.enter(session, to.account_id, by=by, now=NOW, **said)


def counts(session, who, on, scope="fire"):
    return who.account_id in certificates.held(session, [who.account_id], on=on, scope=scope)


@pytest.mark.parametrize(
    ("day", "held"), [(FIRST - ONE_DAY, False), (FIRST, True), (LAST, True), (LAST + ONE_DAY, False)]
)
def test_m61_a_certificate_counts_from_its_first_to_its_last_day(session, district, administrator, day, held):
    officer = district.west.officer
    enter(session, administrator, officer)
    assert counts(session, officer, day) is held


def test_m61_a_certificate_counts_in_its_scope_and_for_its_holder_alone(session, district, administrator):
    officer, other = district.west.officer, district.west.colleague
    enter(session, administrator, officer)
    assert not counts(session, officer, LAST, "gas")
    assert not counts(session, other, LAST)
    enter(session, administrator, other, number="A2", scope=["all"])
    assert counts(session, other, LAST, "gas")


def test_m61_an_ended_certificate_counts_until_the_day_before_and_ends_once(session, district, administrator):
    officer = district.west.officer
    entered = enter(session, administrator, officer)
    ended = {"reason": "调离执法岗位", "by": administrator}
    with pytest.raises(WrongDates):
        certificates.end(session, officer.account_id, entered.id, on=FIRST - ONE_DAY, **ended)
    certificates.end(session, officer.account_id, entered.id, on=LAST, **ended)
    session.flush()
    assert counts(session, officer, LAST - ONE_DAY)
    assert not counts(session, officer, LAST)
    with pytest.raises(EndedAlready):
        certificates.end(session, officer.account_id, entered.id, on=LAST, **ended)
    with pytest.raises(NoSuchCertificate):
        certificates.end(session, district.west.clerk.account_id, entered.id, on=LAST, **ended)


def test_a_certificate_is_entered_as_it_can_be(session, district, administrator):
    officer = district.west.officer
    for scope in ([], ["water"]):
        with pytest.raises(WrongScope):
            enter(session, administrator, officer, scope=scope)
    with pytest.raises(WrongDates):
        enter(session, administrator, officer, valid_to=FIRST - ONE_DAY)
    enter(session, administrator, officer)
    with pytest.raises(NumberTaken):
        enter(session, administrator, district.west.colleague)
    nobody = administrator.__class__("officer", "无", account_id=0)
    for ask in (lambda: enter(session, administrator, nobody), lambda: certificates.of(session, 0)):
        with pytest.raises(NoSuchOfficer):
            ask()
    assert [each.number for each in certificates.of(session, officer.account_id)] == ["A1"]


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.SYSADMIN, Role.LEGAL_REVIEWER}))
def test_only_the_district_s_administrator_and_legal_review_keep_certificates(session, district, administrator, role):
    entered = enter(session, administrator, district.west.officer)
    for who in (
        make.officer(session, district.office, role), make.officer(session, district.west.org, Role.SYSADMIN, role)
    ):  # fmt: skip
        with pytest.raises(MayNotAdminister):
            enter(session, who, district.west.officer, number="A2")
        with pytest.raises(MayNotAdminister):
            certificates.end(session, district.west.officer.account_id, entered.id, on=LAST, reason="x", by=who)
