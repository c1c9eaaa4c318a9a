"""R3: what a reporter adds may have photos; the desk hears of all that is added."""

from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy import select, text

from cases import policy, triage
from cases.intake import (
    Addition,
    AnswerIdReused,
    PhotoIdReused,
    TooManyPhotos,
    add,
    fingerprint,
    progress,
    states_of,
    tracking_code,
)
from cases.intake.additions import MOST_PER_REPORT
from cases.intake.submission import PromisedPhoto
from cases.models.job import Job
from cases.models.report import ReportPhoto
from kit.db import take_role
from kit.errors import TooMany
from tests import make
from tests.make import NOW

SHA, OTHER = "ab" * 32, "cd" * 32


@pytest.fixture
def report(session, district):
    made = make.report(session)
    session.flush()
    take_role(session, "jz_intake", {})
    return made


def a_photo(sha256=SHA, **facts):
    return PromisedPhoto(
        **({"id": uuid4(), "sha256": sha256, "bytes": 10, "capture": "camera", "taken_at": None} | facts)
    )


def addition(report, *photos, kind="supplement", **facts):
    said = {"question_id": None, "text": "", "photos": photos} | facts
    mark = fingerprint(kind, said["question_id"], said["text"], photos=said["photos"])
    return Addition(client_id=uuid4(), fingerprint=mark, typed_code=tracking_code(report.client_id), kind=kind, **said)


def kept(session, report):
    found = select(ReportPhoto.client_id, ReportPhoto.state).where(ReportPhoto.report_client_id == report.client_id)
    return dict(map(tuple, session.execute(found)))


def came(session, report, photo, **facts):
    """A photo that is in the store, or was."""
    session.add(
        ReportPhoto(
            report_client_id=report.client_id, client_id=photo.id, sha256=bytes.fromhex(photo.sha256), bytes=10, **facts
        )
    )  # fmt: skip
    session.flush()


def jobs(session, step):
    session.execute(text("reset role"))
    return session.scalars(select(Job.subject).where(Job.step == step)).all()


def test_photos_of_an_addition_are_promised_once(session, report):
    one, two = a_photo(), a_photo(OTHER)
    said = addition(report, one, two)
    for replay in (False, True):
        _, answer, again = add(session, said, now=NOW)
        assert (answer.photos, again) == (2, replay)
    assert kept(session, report) == {one.id: "promised", two.id: "promised"}
    assert states_of(session, report, (one,)) == {one.id: "promised"}
    assert report.photos_promised == 2
    found = progress(session, said.typed_code, now=NOW)
    assert [(line.kind, line.text, line.photos) for line in found.thread] == [("supplement", "", 2)]
    assert {photo.client_id for photo in found.photos} == {one.id, two.id}


def test_the_same_id_is_not_for_other_photos(session, report):
    said = addition(report, a_photo())
    add(session, said, now=NOW)
    other = addition(report, a_photo())
    with pytest.raises(AnswerIdReused):
        add(session, replace(other, client_id=said.client_id), now=NOW)


def test_a_photo_that_the_report_has_is_not_had_twice(session, report):
    photo = a_photo()
    add(session, addition(report, photo), now=NOW)
    add(session, addition(report, photo), now=NOW)
    assert kept(session, report) == {photo.id: "promised"}
    with pytest.raises(PhotoIdReused):
        add(session, addition(report, replace(photo, sha256=OTHER)), now=NOW)


def test_a_photo_that_came_before_it_was_named_is_looked_at_now(session, report):
    photo = a_photo()
    came(session, report, photo, named=False, state="waiting", storage_key="sealed/k", stored_at=NOW)
    add(session, addition(report, photo), now=NOW)
    assert kept(session, report) == {photo.id: "stored"}
    assert jobs(session, "clean_report_photo") == [session.scalar(select(ReportPhoto.id))]


def test_one_that_was_let_go_meanwhile_is_asked_for_again(session, report):
    photo = a_photo()
    came(session, report, photo, named=False, state="expired")
    add(session, addition(report, photo), now=NOW)
    assert kept(session, report) == {photo.id: "promised"}
    assert jobs(session, "clean_report_photo") == []


def test_a_report_has_so_many_photos_and_no_more(session, report):
    for _ in range(MOST_PER_REPORT // 9):
        add(session, addition(report, *(a_photo() for _ in range(9))), now=NOW)
    with pytest.raises(TooManyPhotos):
        add(session, addition(report, a_photo()), now=NOW)


def test_the_desk_hears_of_what_is_added_to_a_report_that_it_let_go(session, report):
    session.execute(text("reset role"))
    triage.judge(session, report.id, now=NOW)
    assert report.state == "accepted"
    seen = report.version
    take_role(session, "jz_intake", {})
    add(session, addition(report, text="现在着火了"), now=NOW)
    assert (report.unheard_since, report.version) == (NOW, seen + 1)
    assert jobs(session, "tell_desk") == [report.id]
    assert triage.unheard(session, limit=9) == [report]


def test_nobody_can_be_drowned_in_additions(session, report):
    for number in range(policy.value(session, "messages_a_day", NOW)):
        add(session, addition(report, text=f"第{number}次"), now=NOW)
    with pytest.raises(TooMany):
        add(session, addition(report, text="再来"), now=NOW)
