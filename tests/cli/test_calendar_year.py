"""`./jz enter-calendar`: a file is shown first, published on --yes, and each line at fault is named."""

import pytest
from sqlalchemy import delete, select

from cases.models.calendars import CalendarEntry
from cases.models.policy import CalendarDay, CalendarYear
from cli.calendar_year import enter_calendar
from cli.refusal import CannotGoOn
from tests import holidays

TITLE, NUMBER = holidays.notice().source, holidays.notice().document


@pytest.fixture
def enter(committing, tmp_path):
    """Enter a file of this content as the notice of 2027."""

    def _enter(content, *, yes=False, document=NUMBER, irregular=""):
        file = tmp_path / "2027.csv"
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        enter_calendar(2027, file, source=TITLE, document=document, irregular=irregular, yes=yes)

    yield _enter
    with committing() as session:
        session.execute(delete(CalendarDay).where(CalendarDay.source == TITLE))
        session.execute(delete(CalendarYear).where(CalendarYear.year == 2027))


def published(committing):
    with committing() as session:
        return bool(session.scalar(select(CalendarYear.published).where(CalendarYear.year == 2027)))


def test_without_yes_it_is_shown_and_not_published(enter, committing, capsys):
    enter(holidays.file())
    assert not published(committing)
    assert "Nothing was changed" in capsys.readouterr().out


def test_with_yes_it_is_published_by_nobody_in_person(enter, committing, capsys):
    enter(holidays.file().encode("utf-8-sig"), yes=True)  # as a spreadsheet saves it
    assert published(committing)
    assert "2027 is published" in capsys.readouterr().out
    with committing() as session:
        entry = session.scalars(select(CalendarEntry)).one()
        assert (entry.entered_by, len(entry.days)) == (None, len(holidays.rows()))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "begins with the line day,kind,name"),
        ("day,kind\n2027-01-01,rest\n", "begins with the line"),
        (holidays.file().replace("2027-02-05", "2027/2/5"), "line 5: '2027/2/5' is no day"),
        (b"\xff\xfe\x00", "cannot be read"),
        ("day,kind,name\n2027-01-01\n", "2027-01-01应为rest或work"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_with_its_line(enter, committing, content, said):
    with pytest.raises(CannotGoOn, match=said):
        enter(content, yes=True)
    assert not published(committing)


def test_faults_are_listed_and_a_reason_helps_only_where_it_may(enter, committing):
    short = "".join(line for line in holidays.file().splitlines(keepends=True) if "2027-06-09" not in line)
    with pytest.raises(CannotGoOn, match="端午节应放假1天，只有0天") as refused:
        enter(short, yes=True)
    assert "--irregular" in str(refused.value)
    with pytest.raises(CannotGoOn, match="文号不完整") as refused:
        enter(short, yes=True, document="9号")
    assert "--irregular" not in str(refused.value)
    enter(short, yes=True, irregular="国务院通知另有安排")
    assert published(committing)


def test_a_file_that_is_not_there(enter, tmp_path):
    with pytest.raises(CannotGoOn, match="cannot be read"):
        enter_calendar(2027, tmp_path / "none.csv", source=TITLE, document=NUMBER)
