"""M18: how many reports the code of a posted notice has brought, for the safety office alone and as a number alone."""

from datetime import timedelta

import pytest

from cases import retention, supervision
from cases.access import NotTheOffice
from cases.models.paper import Paper
from people.roles import Role
from tests import make
from tests.make import NOW

CODES = ("0123456789abcdef", "fedcba9876543210", "00000000000000aa")


def notice(session, district, code, *, minutes=0, case=None):
    made = Paper(
        case_id=(case or make.case(session, district.west.org, state="signed")).id, kind="notice", edition=1,
        state="asked", content={}, content_sha256=code.encode(), code=code,
        asked_by=district.west.officer.account_id, asked_at=NOW + timedelta(minutes=minutes),
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


def posted(session, district, **page):
    return supervision.posted_notices(session, by=district.supervisor, **({"limit": 10} | page))


def test_m18_each_notice_counts_what_its_own_code_brought(session, district):
    one, other = notice(session, district, CODES[0]), notice(session, district, CODES[1], minutes=1)
    for code in (CODES[0], CODES[0], CODES[1], "aaaaaaaaaaaaaaaa", None):
        make.report(session, notice_code=code)
    assert [(row.id, row.code, row.brought) for row in posted(session, district)] == [
        (other.id, CODES[1], 1), (one.id, CODES[0], 2),
    ]  # fmt: skip


def test_papers_without_a_code_are_no_notices_and_a_notice_that_brought_nothing_says_so(session, district):
    case = make.case(session, district.west.org, state="signed")
    session.add(
        Paper(
            case_id=case.id, kind="closing", edition=1, state="asked", content={}, content_sha256=b"x",
            asked_by=district.west.officer.account_id, asked_at=NOW,
        )
    )  # fmt: skip
    notice(session, district, CODES[0], case=case)
    make.report(session)
    (row,) = posted(session, district)
    assert (row.case_number, row.brought) == (case.number, 0)


def test_the_list_goes_on_where_its_page_ended(session, district):
    made = [notice(session, district, code, minutes=minutes) for code, minutes in zip(CODES, (0, 1, 1), strict=True)]
    seen, after = [], None
    while page := posted(session, district, limit=1, after=after):
        seen += page
        after = (page[-1].asked_at, page[-1].id)
    assert [row.asked_at for row in seen] == sorted((each.asked_at for each in made), reverse=True)
    assert {row.id for row in seen} == {each.id for each in made}


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SAFETY_OFFICE])
def test_x41_nobody_but_the_safety_office_reads_it(session, district, role):
    with pytest.raises(NotTheOffice):
        supervision.posted_notices(session, by=make.officer(session, district.office, role), limit=1)


def test_q11_the_code_goes_with_the_words_of_the_report(session, district):
    report = make.report(session, notice_code=CODES[0], state="withdrawn")
    retention.RULES[-1].let_go(session, report)
    assert report.notice_code is None
