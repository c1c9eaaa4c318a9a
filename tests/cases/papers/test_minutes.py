"""M09: the minutes of a joint meeting go into the file of a case of which it has agreed on something."""

from datetime import timedelta
from uuid import uuid4

import pytest

from cases import handling, papers
from cases.models.meeting import JointMeeting
from cases.papers.content.persons import NoSuchSubject
from cases.papers.writing import grouped
from tests import make
from tests.cases.papers.reading import BASE_URL, HOSTILE, met, pages, squeezed
from tests.cases.papers.test_ask import seen_as


def minutes_of(walk, meeting):
    return papers.ask(
        walk.session, walk.case, kind="minutes", subject_id=meeting.id, by=walk.district.supervisor, now=walk.now
    )


def test_m09_the_minutes_say_who_met_what_was_agreed_of_this_case_and_who_has_signed(session, walk, district):
    walk.signed()
    other = make.case(session, district.west.org, state="signed")
    elsewhere = handling.ActionItem(other.id, district.fire.id, "查封另一处", (walk.now + timedelta(days=9)).date())
    meeting = met(walk, elsewhere)
    first = minutes_of(walk, meeting)
    text = "".join(pages(first))
    hashed = squeezed(grouped(meeting.minutes_hash.hex()))
    for said in ("联席会议纪要", "消防通道联席会议", "讨论了占道问题", "分头清理", hashed, walk.case.number,
                 district.police.name_zh, district.office.name_zh, walk.district.supervisor.name):  # fmt: skip
        assert said in text, said
    assert text.count("（待确认）") == 2
    assert "查封另一处" not in text
    assert f"2{district.police.name_zh}清理占道车辆" in text  # by its number in the minutes
    handling.sign_minutes(session, meeting.id, by=district.supervisor, now=walk.now)
    second = minutes_of(walk, meeting)
    assert (first.edition, second.edition) == (1, 2)
    assert "".join(pages(second)).count("（待确认）") == 1


def test_m09_whatever_is_written_in_minutes_is_text(walk):
    walk.signed()
    paper = minutes_of(walk, met(walk, title=HOSTILE, minutes=HOSTILE, decisions=HOSTILE, text=HOSTILE))
    html = "".join(papers.sheets(paper, base_url=BASE_URL))
    assert "<script>" not in html
    assert html.count("&lt;script&gt;") == 4
    assert "[U+202E]" in html


def test_m09_minutes_are_asked_for_by_those_who_were_there_and_of_a_case_they_speak_of(session, walk, district):
    """Who was not there reads no meeting; what one who was there puts into the file, all who have the case read."""
    walk.signed()
    meeting_id = met(walk).id
    for who, may in ((walk.town.officer, False), (district.police_officer, True), (district.supervisor, True)):
        with seen_as(session, who):
            if may:
                paper = papers.ask(session, walk.case, kind="minutes", subject_id=meeting_id, by=who, now=walk.now)
                assert (paper.edition, paper.content["minutes"]) == (1, "讨论了占道问题")
                continue
            with pytest.raises(NoSuchSubject):
                papers.ask(session, walk.case, kind="minutes", subject_id=meeting_id, by=who, now=walk.now)
    paper = minutes_of(walk, session.get_one(JointMeeting, meeting_id))
    assert papers.find(session, paper.id, by=walk.town.officer) is paper
    other = make.case(session, district.west.org, state="signed")
    for case, wrong in ((other, meeting_id), (walk.case, uuid4()), (walk.case, None)):
        with pytest.raises(NoSuchSubject):
            papers.ask(session, case, kind="minutes", subject_id=wrong, by=district.supervisor, now=walk.now)
