"""E3, E4, X39, X43: models propose, a person confirms, and only what was burnt in is ever released."""

import io
from contextlib import suppress

import pytest
from PIL import Image
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError, ProgrammingError

from cases import photos, retention, triage
from cases.models.case import Case
from cases.models.handling import Picture
from cases.models.job import Job
from cases.models.report import Masking, Report, ReportEvent
from cases.triage.extract import PhotoNotReady
from kit.db import take_role
from kit.images import FOUND_BY, Region
from kit.storage import store
from tests import make
from tests.cases.photos.taken import taken
from tests.cases.test_races import at_once
from tests.kit.photos import encoded, scene
from tests.make import NOW
from workers.masking import burn_masks, propose_masks
from workers.photos import clean_report_photo

FACE, PLATE = Region("face", 400, 300, 240, 160), Region("plate", 0, 0, 96, 48)


@pytest.fixture
def report(session, district):
    return make.report(session)


@pytest.fixture
def photo(session, report):
    return cleaned(session, report)


def cleaned(session, report, seed=1):
    photo = taken(session, report, encoded(scene(seed), "JPEG"))
    clean_report_photo(session, photo.id, now=NOW)
    return photo


def confirm(session, report, photo, *regions, by):
    return photos.confirm(session, report, photo.id, regions, by=by, now=NOW)


def release(session, report, case, photo, *, by):
    triage.confirm_extract(session, report, case, text="出口上锁", photo_ids=[photo.id], by=by, now=NOW)


def shown(key, at):
    with store().open(key) as copy:
        return Image.open(io.BytesIO(copy.read())).convert("RGB").getpixel(at)


def case_of(session, report, district):
    case = make.case(session, district.west.org, state="dispatched")
    make.joined(session, report, case)
    return case


def jobs(session):
    return [tuple(row) for row in session.execute(select(Job.step, Job.subject))]


# --- proposing


def test_a_clean_photo_waits_for_the_models_and_then_has_proposals(session, photo):
    assert (photo.state, photos.maskings(session, [photo.id])[photo.id].proposed_by) == ("clean", None)
    assert ("propose_masks", photo.id) in jobs(session)
    propose_masks(session, photo.id)
    masking = photos.maskings(session, [photo.id])[photo.id]
    assert (masking.width, masking.height, masking.proposed_by) == (1200, 900, FOUND_BY)
    assert isinstance(masking.proposed, list)


def test_what_is_proposed_is_not_confirmed_and_nothing_is_burnt(session, report, photo, district):
    propose_masks(session, photo.id)
    burn_masks(session, report.id)
    masking = photos.maskings(session, [photo.id])[photo.id]
    assert (masking.confirmed, masking.burnt, masking.large_key) == (None, 0, None)
    with pytest.raises(PhotoNotReady):
        release(session, report, case_of(session, report, district), photo, by=district.intake)


def test_proposals_that_come_late_change_nothing_that_was_confirmed(session, report, photo, district):
    masking = confirm(session, report, photo, FACE, by=district.intake)
    propose_masks(session, photo.id)
    propose_masks(session, photo.id)
    assert [each["kind"] for each in masking.confirmed] == ["face"]


def test_a_photo_of_an_older_release_is_looked_at_too(session, report, photo, district):
    session.delete(photos.maskings(session, [photo.id])[photo.id])
    session.flush()
    with pytest.raises(photos.NotLookedAt):
        confirm(session, report, photo, by=district.intake)
    propose_masks(session, photo.id)
    confirm(session, report, photo, by=district.intake)


# --- confirming


def test_e4_what_a_person_confirms_is_burnt_in_and_released_and_the_photo_itself_is_not(
    session, report, photo, district
):
    version, case = report.version, case_of(session, report, district)
    masking = confirm(session, report, photo, FACE, PLATE, by=district.intake)
    assert (report.version, masking.confirmed_by) == (version + 1, district.intake.account_id)
    with pytest.raises(PhotoNotReady):
        release(session, report, case, photo, by=district.intake)
    burn_masks(session, report.id)
    release(session, report, case, photo, by=district.intake)
    picture = session.scalars(select(Picture).where(Picture.case_id == case.id)).one()
    assert {picture.large_key, picture.small_key}.isdisjoint({photo.large_key, photo.small_key, photo.storage_key})
    assert max(shown(picture.large_key, (500, 380))) <= 8
    assert max(shown(picture.small_key, (133, 101))) <= 24


def test_who_confirmed_how_many_is_on_the_trail_of_the_report(session, report, photo, district):
    confirm(session, report, photo, FACE, by=district.intake)
    entry = session.scalars(select(ReportEvent).where(ReportEvent.kind == "masks_confirmed")).one()
    assert (entry.actor, entry.body) == (district.intake.label, {"photo": str(photo.id), "masks": 1})
    assert ("burn_masks", report.id) in jobs(session)


def test_x43_confirmed_anew_it_is_exchanged_wherever_it_was_released(session, report, photo, district):
    case = case_of(session, report, district)
    confirm(session, report, photo, by=district.intake)
    burn_masks(session, report.id)
    release(session, report, case, photo, by=district.intake)
    picture = session.scalars(select(Picture).where(Picture.case_id == case.id)).one()
    before = picture.large_key
    confirm(session, report, photo, FACE, by=district.intake)
    with pytest.raises(PhotoNotReady):  # not yet as confirmed
        release(session, report, case, photo, by=district.intake)
    burn_masks(session, report.id)
    session.refresh(picture)
    assert picture.large_key != before
    assert max(shown(picture.large_key, (500, 380))) <= 8
    assert before not in retention.naming.named(session, [before])  # so that it goes with what nobody names


def test_burning_twice_makes_nothing_twice(session, report, photo, district):
    masking = confirm(session, report, photo, FACE, by=district.intake)
    burn_masks(session, report.id)
    key = masking.large_key
    burn_masks(session, report.id)
    assert masking.large_key == key


@pytest.mark.parametrize(
    "region",
    [Region("face", 1190, 0, 20, 20), Region("face", 0, 890, 20, 20), Region("face", 10, 10, 0, 5)],
)
def test_a_region_outside_the_photo_is_refused_and_named(session, report, photo, district, region):
    with pytest.raises(photos.OutsideThePhoto) as refused:
        confirm(session, report, photo, FACE, region, by=district.intake)
    assert refused.value.pointer == "/regions/1"
    assert photos.maskings(session, [photo.id])[photo.id].confirmation == 0


@pytest.mark.parametrize("facts", [{"state": "rejected"}, {"state": "stored"}, {"named": False}, {"large_key": None}])
def test_a_photo_that_cannot_be_shown_cannot_be_masked(session, report, photo, district, facts):
    for name, value in facts.items():
        setattr(photo, name, value)
    session.flush()
    with pytest.raises(photos.NoSuchPhoto):
        confirm(session, report, photo, by=district.intake)


def test_a_photo_of_another_report_cannot_be_masked(session, photo, district):
    with pytest.raises(photos.NoSuchPhoto):
        confirm(session, make.report(session), photo, by=district.intake)


def test_a_copy_is_never_of_a_confirmation_that_nobody_made(session, photo):
    with pytest.raises(IntegrityError, match="burnt"):
        session.execute(text("update intake.masking set burnt = 1"))


def test_an_extract_and_a_burning_at_once_leave_no_earlier_copy_with_the_case(committing):
    with committing() as session:
        district = make.district(session)
        report = make.report(session)
        photo, case = cleaned(session, report), case_of(session, report, district)
        confirm(session, report, photo, by=district.intake)
        burn_masks(session, report.id)
        release(session, report, case, photo, by=district.intake)
        confirm(session, report, photo, FACE, by=district.intake)

    def burn():
        with committing() as session:
            burn_masks(session, report.id)

    def extract():
        with committing() as session, suppress(PhotoNotReady):
            held = session.get_one(Report, report.id, with_for_update=True)
            release(session, held, session.get_one(Case, case.id, with_for_update=True), photo, by=district.intake)

    at_once(burn, extract)
    with committing() as session:
        newest = session.get_one(Masking, photo.id).large_key
        assert set(session.scalars(select(Picture.large_key))) == {newest}


# --- who may, and for how long


def test_x39_the_desk_confirms_and_no_more(session, photo):
    take_role(session, "jz_district", {})
    for change in ({"proposed": None}, {"burnt": 0}, {"large_key": None}, {"width": 1}):
        with pytest.raises(ProgrammingError, match="permission denied"), session.begin_nested():
            session.execute(update(Masking).values(change))


@pytest.mark.parametrize("role", ["jz_town", "jz_department", "jz_discipline", "jz_intake", "jz_public"])
def test_x39_no_handler_reads_what_is_hidden(session, photo, role):
    take_role(session, role, {})
    with pytest.raises(ProgrammingError, match="permission denied"):
        session.execute(text("select 1 from intake.masking"))


def test_q11_masks_go_with_the_words_and_a_released_copy_stays_with_its_case(session, report, photo, district):
    case, second = case_of(session, report, district), cleaned(session, report, seed=2)
    for each in (photo, second):
        confirm(session, report, each, FACE, by=district.intake)
    burn_masks(session, report.id)
    release(session, report, case, photo, by=district.intake)
    keys = {each: row.large_key for each, row in photos.maskings(session, [photo.id, second.id]).items()}
    retention.rules._words(session, report)
    session.expire_all()
    assert (store().exists(keys[photo.id]), store().exists(keys[second.id])) == (True, False)
    row = photos.maskings(session, [second.id])[second.id]
    assert (row.proposed, row.confirmed, row.large_key) == (None, [], None)
