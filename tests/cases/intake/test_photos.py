"""A photo is noted once, in whatever order it and its report come, and refused before and after its bytes came."""

from uuid import uuid4

import pytest
from sqlalchemy import text

from cases.intake import NotInManifest, PhotoIdReused, Quota, Upload, already_stored, new_sealed_key
from cases.intake.photos import Withdrawn
from tests.cases.intake.photo_doings import (
    OTHER,
    SHA,
    expect,
    id_of,
    noted,
    promise,
    send,
    withdraw,
)
from tests.make import NOW

# --- in any order, once


def test_a_promised_photo_is_noted_with_its_entry_and_its_job(run, committing, report):
    sent = promise(committing, report)
    assert not run(expect, sent).is_here
    photo = run(send, sent, "sealed/k")
    assert (photo.state, photo.bytes, photo.key, already_stored(photo)) == ("stored", 1234, "sealed/k", "stored")
    photo_id = id_of(committing, sent)
    assert noted(committing, report) == [
        [("stored", "sealed/k")],
        [(1, "photo_stored", {"photo": str(photo_id)})],
        [("clean_report_photo", photo_id, NOW)],
    ]


def test_entries_of_several_photos_follow_each_other(run, committing, report):
    for _ in range(3):
        run(send, promise(committing, report), new_sealed_key())
    assert [(seq, kind) for seq, kind, _ in noted(committing, report)[1]] == [(n, "photo_stored") for n in (1, 2, 3)]


def test_a_photo_that_is_sent_twice_is_kept_once_and_the_first_file_wins(run, committing, report):
    sent = promise(committing, report)
    run(send, sent, "sealed/first", 1)
    assert run(send, sent, "sealed/second", 2).key == "sealed/first"
    known = run(expect, sent)
    assert (known.state, known.bytes, already_stored(known)) == ("stored", 1, "stored")
    assert [len(rows) for rows in noted(committing, report)] == [1, 1, 1]


def test_a_photo_that_comes_before_its_report_waits(run, committing):
    photo = run(send, Upload(uuid4(), uuid4(), SHA))
    assert (photo.state, already_stored(photo)) == ("waiting", "waiting")
    assert noted(committing) == [[("waiting", "sealed/k")], [], []]


def test_one_that_was_let_go_after_its_days_of_waiting_may_come_again(run, committing):
    sent = Upload(uuid4(), uuid4(), SHA)
    run(send, sent)
    with committing() as session:
        session.execute(text("update intake.photo set state = 'expired', storage_key = null"))
    assert run(send, sent, "sealed/again").state == "waiting"
    assert noted(committing)[0] == [("waiting", "sealed/again")]


def test_of_nine_that_were_let_go_each_may_come_again(run, committing):
    """What is known of a report that never came is no quota for the photos that were known."""
    report_id = uuid4()
    photos = [Upload(report_id, uuid4(), SHA) for _ in range(9)]
    for photo in photos:
        run(send, photo, new_sealed_key())
    with committing() as session:
        session.execute(text("update intake.photo set state = 'expired', storage_key = null"))
    for photo in photos:
        assert run(send, photo, new_sealed_key()).state == "waiting"


# --- what is refused, before its bytes come and after


@pytest.mark.parametrize("act", [expect, send])
def test_a_photo_with_other_content_under_the_same_id_is_refused(run, committing, report, act):
    sent = promise(committing, report)
    with pytest.raises(PhotoIdReused):
        run(act, Upload(sent.report_client_id, sent.photo_client_id, OTHER))
    run(send, sent)
    with pytest.raises(PhotoIdReused):
        run(act, Upload(sent.report_client_id, sent.photo_client_id, OTHER))
    assert [len(rows) for rows in noted(committing, report)] == [1, 1, 1]


@pytest.mark.parametrize("act", [expect, send])
def test_a_photo_that_its_report_does_not_name_is_refused(run, committing, report, act):
    with pytest.raises(NotInManifest):
        run(act, Upload(report.client_id, uuid4(), SHA))
    assert noted(committing, report) == [[], [], []]


@pytest.mark.parametrize("act", [expect, send])
def test_at_most_nine_photos_wait_for_a_report_that_has_not_come(run, act):
    report_id = uuid4()
    for _ in range(9):
        run(send, Upload(report_id, uuid4(), SHA), new_sealed_key())
    with pytest.raises(Quota) as refusal:
        run(act, Upload(report_id, uuid4(), SHA))
    assert refusal.value.retryable
    assert not run(expect, Upload(uuid4(), uuid4(), SHA)).is_here


@pytest.mark.parametrize("act", [expect, send])
def test_nothing_is_taken_for_a_withdrawn_report(run, committing, report, act):
    sent = promise(committing, report)
    withdraw(committing, report)
    with pytest.raises(Withdrawn):
        run(act, sent)


def test_a_storage_key_says_nothing_of_its_photo():
    assert len({new_sealed_key() for _ in range(100)}) == 100
