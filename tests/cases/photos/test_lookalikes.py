"""T12, X20, X42, X54: the same photo in two reports, and in two cases, is shown to those who should know."""

import pytest
from PIL import ImageOps
from sqlalchemy import select, text
from sqlalchemy.exc import ProgrammingError

from cases import photos, retention
from cases.models.report import Lookalike
from kit.db import take_role
from tests import make
from tests.cases.photos.taken import exif_at, taken, taken_by_an_officer
from tests.cases.test_races import at_once
from tests.kit.photos import encoded, scene
from tests.make import IN_WEST, NOW
from workers.photos import clean_picture, clean_report_photo


@pytest.fixture
def reports(session, district):
    return make.report(session), make.report(session)


def cleaned(session, report, content):
    photo = taken(session, report, content)
    clean_report_photo(session, photo.id, now=NOW)
    return photo


def seen(session, *found):
    return photos.seen_before(session, [photo.id for photo in found])


def test_t12_a_photo_of_another_report_is_told_to_both(session, reports):
    one, other = reports
    first = cleaned(session, one, encoded(scene(), "JPEG"))
    second = cleaned(session, other, encoded(scene().resize((600, 450)), "WEBP"))
    third = cleaned(session, other, encoded(scene(7), "JPEG"))
    assert {row.reference for row in seen(session, second)[second.id]} == {one.reference}
    assert seen(session, first)[first.id] == [photos.Seen(other.id, other.reference, mirrored=False)]
    assert seen(session, third) == seen(session) == {}


def test_t12_a_mirrored_one_is_told_as_such(session, reports):
    one, other = reports
    cleaned(session, one, encoded(scene(), "JPEG"))
    turned = cleaned(session, other, encoded(ImageOps.mirror(scene()), "JPEG"))
    assert [row.mirrored for row in seen(session, turned)[turned.id]] == [True]


def test_two_photos_of_one_report_are_no_news(session, reports):
    for _ in range(2):
        cleaned(session, reports[0], encoded(scene(), "JPEG"))
    assert session.scalars(select(Lookalike)).all() == []


def test_a_step_that_is_done_again_notes_nothing_twice(session, reports):
    cleaned(session, reports[0], encoded(scene(), "JPEG"))
    photo = cleaned(session, reports[1], encoded(scene(), "JPEG"))
    clean_report_photo(session, photo.id, now=NOW)
    assert len(session.scalars(select(Lookalike)).all()) == 1


def test_of_two_that_come_at_once_one_sees_the_other(committing):
    with committing() as session:
        make.district(session)
        ids = [taken(session, make.report(session), encoded(scene(), "JPEG")).id for _ in range(2)]

    def clean(photo_id):
        with committing() as session:
            clean_report_photo(session, photo_id, now=NOW)

    at_once(lambda: clean(ids[0]), lambda: clean(ids[1]))
    with committing() as session:
        assert len(session.scalars(select(Lookalike)).all()) == 1


# --- grades


def test_the_camera_is_graded_and_its_values_are_nowhere(session, reports):
    report = reports[0]
    photo = cleaned(session, report, encoded(scene(), "JPEG", exif=exif_at(IN_WEST, report.observed_at)))
    assert (photo.place_grade, photo.time_grade) == ("under_100m", "under_1h")
    row = str(session.execute(text("select to_jsonb(p) from intake.photo p")).scalars().one())
    assert f"{IN_WEST.lon:.2f}" not in row
    assert report.observed_at.strftime("%Y-%m-%dT%H") not in row


def test_a_photo_without_notes_is_graded_none(session, reports):
    photo = cleaned(session, reports[0], encoded(scene(), "PNG"))
    assert (photo.place_grade, photo.time_grade, photo.state) == ("none", "none", "clean")


def test_what_is_no_photo_is_neither_graded_nor_compared(session, reports):
    photo = cleaned(session, reports[0], b"\xff\xd8\xff nothing")
    assert (photo.state, photo.reason, photo.place_grade, photo.likeness) == ("rejected", "photo.broken", None, None)


# --- officers' pictures


def test_x20_a_picture_that_another_case_has_is_marked_and_refused_nothing(walk, session):
    elsewhere = make.case(session, walk.district.east.org)
    first = taken_by_an_officer(session, walk.case, encoded(scene(), "JPEG"))
    same_case = taken_by_an_officer(session, walk.case, encoded(scene(), "JPEG", quality=40))
    again = taken_by_an_officer(session, elsewhere, encoded(scene().resize((800, 600)), "JPEG"))
    for picture in (first, same_case, again):
        clean_picture(session, picture.id)
    assert [p.alike for p in (first, same_case, again)] == [False, False, True]
    assert not again.reused  # that is for the very same file


def test_x42_a_citizens_photo_marks_no_picture_and_is_marked_by_none(walk, session):
    cleaned(session, make.report(session), encoded(scene(), "JPEG"))
    picture = taken_by_an_officer(session, walk.case, encoded(scene(), "JPEG"))
    clean_picture(session, picture.id)
    assert not picture.alike
    assert session.scalars(select(Lookalike)).all() == []


# --- who may know, and for how long


@pytest.mark.parametrize("role", ["jz_town", "jz_department", "jz_discipline", "jz_intake", "jz_public"])
def test_x38_no_handler_reads_grades_or_lookalikes(session, reports, role):
    take_role(session, role, {})
    with pytest.raises(ProgrammingError, match="permission denied"):
        session.execute(text("select 1 from intake.lookalike"))


@pytest.mark.parametrize("role", ["jz_town", "jz_department", "jz_discipline", "jz_public"])
def test_x38_no_handler_reads_the_photos_table(session, reports, role):
    take_role(session, role, {})
    with pytest.raises(ProgrammingError, match="permission denied"):
        session.execute(text("select place_grade from intake.photo"))


def test_q11_a_likeness_goes_with_the_words(session, reports):
    one, other = reports
    first = cleaned(session, one, encoded(scene(), "JPEG"))
    cleaned(session, other, encoded(scene(), "JPEG"))
    retention.rules._words(session, one)
    session.expire_all()
    assert (first.likeness, first.place_grade) == (None, "none")
    assert session.scalars(select(Lookalike)).all() == []
