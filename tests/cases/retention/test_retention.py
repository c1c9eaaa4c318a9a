"""Q11: each thing is kept as long as it must be and no longer; what goes is written down, and history stays whole."""

from datetime import timedelta
from uuid import uuid4

import pytest
import typer
from sqlalchemy import select, text
from typer.testing import CliRunner

from cases import history, photos, retention, trail
from cases.journey import Kind, Step
from cases.models.handling import Picture
from cases.models.job import Job
from cases.models.paper import Paper, Scan
from cases.models.report import Masking, Report, ReportEvent, ReportPhoto
from cases.models.retaliation import FINDINGS, Retaliation
from cases.models.reward import Reward
from cases.models.subscription import Subscription
from cases.models.thread import Message
from cases.models.vault import VaultEvent
from cli.retention import keep_no_longer
from kit import clock
from kit.db import Base, unit_of_work
from kit.storage import store
from people.actors import CITIZEN, SYSTEM
from people.models import SealedIdentity, SealedOriginal
from tests import make
from tests.cases.history.test_audit import audited
from tests.sealing import sealed_photo
from workers import sweeps

DAY = timedelta(days=1)
IDENTITY, MOST, ORIGINAL, WORDS = 90, 365, 365, 1826


@pytest.fixture
def west(session, district):
    return district.west.org


def ended(session, west, now, *, days_ago, kind=Kind.REPORT_CLOSED, case_state="closed", closed_days_ago=None):
    """A report that ended so long ago, with everything a report may have."""
    at = now - days_ago * DAY
    closed_at = now - (days_ago if closed_days_ago is None else closed_days_ago) * DAY
    state = {Kind.REPORT_CLOSED: "closed", Kind.WITHDRAWN: "withdrawn", Kind.NOT_ACCEPTED: "not_accepted"}[kind]
    told = {"outcome": "substantiated", "replied_at": at, "reply": "已查实"} if state == "closed" else {}
    report = make.report(session, received_at=at - 20 * DAY, address="长青大桥东侧", **told)
    trail.record(session, report, kind, by=SYSTEM, now=at, why="三车间")
    if state != "not_accepted":
        case = make.case(session, west, state=case_state, closed_at=closed_at if case_state == "closed" else None)
        make.joined(session, report, case, state=state)
    report.state = state
    session.add(sealed(report))
    session.add(photographed(report))
    session.flush()
    return report


def sealed(report):
    return SealedIdentity(
        report_id=report.id, key_id=1, alg=1, envelope=b"sealed", created_on=report.received_at.date()
    )


def photographed(report):
    keys = [f"photo/{uuid4()}/{size}" for size in ("original", "large", "small")]
    for key in keys:
        store().put(key, [b"x"], limit_bytes=9)
    return ReportPhoto(
        report_client_id=report.client_id, client_id=uuid4(), sha256=b"\0" * 32, bytes=1, named=True, state="clean",
        storage_key=keys[0], large_key=keys[1], small_key=keys[2],
    )  # fmt: skip


def due(session, now):
    return {each.rule: each.reports for each in retention.due(session, now=now)}


def go(session, now):
    done = retention.let_go(session, now=now, at_once=100)
    session.expire_all()
    return done


def has_identity(session, report):
    return session.get(SealedIdentity, report.id) is not None


def photo_of(session, report):
    return session.scalars(select(ReportPhoto).where(ReportPhoto.report_client_id == report.client_id)).one()


@pytest.mark.parametrize(("days", "goes"), [(IDENTITY - 1, False), (IDENTITY + 1, True)])
def test_who_reported_goes_90_days_after_the_end(session, west, now, days, goes):
    report = ended(session, west, now, days_ago=days)
    assert due(session, now)["identity"] == goes
    go(session, now)
    assert has_identity(session, report) is not goes
    assert (store().exists(photo_of(session, report).storage_key), report.text != "") == (True, True)


def test_it_is_the_case_that_ends_last(session, west, now):
    kept = ended(session, west, now, days_ago=200, closed_days_ago=10)
    under_way = ended(session, west, now, days_ago=200, kind=Kind.WITHDRAWN, case_state="rectifying")
    go(session, now)
    assert (has_identity(session, kept), has_identity(session, under_way)) == (True, True)


def test_no_identity_is_kept_longer_than_a_year_whatever_is_still_open(session, west, now):
    report = make.report(session, received_at=now - (MOST + 1) * DAY)
    young = make.report(session, received_at=now - (MOST - 1) * DAY)
    session.add_all((sealed(report), sealed(young)))
    session.flush()
    session.add_all(subscription(each) for each in (report, young))
    session.flush()
    go(session, now)
    assert (has_identity(session, report), has_identity(session, young)) == (False, True)
    assert session.scalars(select(Subscription.report_id)).all() == [young.id]


def test_the_devices_of_a_report_without_a_name_are_forgotten_too(session, now):
    session.add(subscription(make.report(session, received_at=now - (MOST + 1) * DAY)))
    session.flush()
    assert due(session, now)["identity"] == 1
    go(session, now)
    assert session.scalars(select(Subscription.report_id)).all() == []


def subscription(report):
    return Subscription(
        id=uuid4(), report_id=report.id, way="web_push", mark=b"m", address=b"a", locale="en",
        made_at=report.received_at, seen_seq=0,
    )  # fmt: skip


def test_photos_as_they_came_go_after_a_year_and_their_clean_copies_stay(session, west, now):
    report = ended(session, west, now, days_ago=ORIGINAL + 1)
    photo = photo_of(session, report)
    key, large = photo.storage_key, photo.large_key
    go(session, now)
    assert (store().exists(key), store().exists(large)) == (False, True)
    assert (photo_of(session, report).storage_key, report.text != "") == (None, True)


@pytest.mark.parametrize(("days", "goes"), [(ORIGINAL - 1, False), (ORIGINAL + 1, True)])
def test_the_envelope_of_an_original_goes_with_it_a_year_after_the_end_and_that_is_counted_before(
    session, west, now, days, goes
):
    report = ended(session, west, now, days_ago=days, kind=Kind.WITHDRAWN)
    photo = sealed_photo(session, report, b"as it came", state="clean")
    key = photo.storage_key
    assert due(session, now)["originals"] == goes
    assert store().exists(key), "counting takes nothing away"
    go(session, now)
    envelopes = session.scalars(select(SealedOriginal.storage_key)).all()
    assert (key in envelopes, store().exists(key)) == (not goes, not goes)
    told = session.scalars(select(VaultEvent.kind).where(VaultEvent.subject == photo.id)).all()
    assert list(told) == ["photo_erased"] * goes


@pytest.mark.parametrize("kind", [Kind.REPORT_CLOSED, Kind.WITHDRAWN, Kind.NOT_ACCEPTED])
def test_words_go_after_five_years_and_what_is_counted_stays(session, west, now, kind):
    report = ended(session, west, now, days_ago=WORDS + 1, kind=kind)
    reference, outcome, received = report.reference, report.outcome, report.received_at
    large = photo_of(session, report).large_key
    assert go(session, now) == {"identity": 1, "originals": 1, "words": 1}
    assert (report.text, report.address, report.raw_lon, report.point) == ("", None, None, None)
    assert (report.reference, report.outcome, report.received_at) == (reference, outcome, received)
    assert not store().exists(large)
    bodies = session.scalars(select(ReportEvent.body).where(ReportEvent.report_id == report.id)).all()
    assert "三车间" not in str(bodies)
    assert go(session, now) == {"identity": 0, "originals": 0, "words": 0}


def test_what_went_stands_on_the_trail_with_its_name(session, west, now):
    report = ended(session, west, now, days_ago=ORIGINAL + 1)
    go(session, now)
    of_it = select(ReportEvent.body).where(ReportEvent.report_id == report.id, ReportEvent.kind == str(Kind.LET_GO))
    assert [body["what"] for body in session.scalars(of_it.order_by(ReportEvent.seq))] == ["identity", "originals"]


def test_a_reward_that_is_not_paid_yet_keeps_all_of_it_but_a_year(session, west, now):
    report = ended(session, west, now, days_ago=WORDS + 1)
    waits = Reward(report_id=report.id, case_id=uuid4(), state="eligible", rule={}, opened_at=now)
    session.add(waits)
    session.flush()
    assert due(session, now) == {"identity": 1, "originals": 0, "words": 0}
    waits.state = "refused"
    session.flush()
    assert due(session, now) == {"identity": 1, "originals": 1, "words": 1}


def test_q9_who_is_made_to_suffer_is_not_forgotten_until_it_is_concluded(session, west, now):
    report = ended(session, west, now, days_ago=WORDS + 1)
    filed = Retaliation(report_id=report.id, state="filed", text="被辞退", filed_at=now, due_at=now)
    session.add_all((filed, Message(report_id=report.id, sender="system", text="已查阅", sent_at=now)))
    session.flush()
    assert go(session, now) == {"identity": 0, "originals": 0, "words": 0}
    filed.state, filed.finding, filed.conclusion = "concluded", FINDINGS[0], "已查"
    session.flush()
    assert go(session, now) == {"identity": 1, "originals": 1, "words": 1}
    assert session.scalars(select(Message.text).union(select(Retaliation.text))).all() == [""]


def test_history_stays_whole_where_words_were_let_go(session, west, now):
    report = ended(session, west, now, days_ago=WORDS + 1)
    trail.record(session, report, Kind.SUPPLEMENTED, by=CITIZEN, now=now)
    history.put_in(session, now=now)
    go(session, now)
    found = audited(session)
    assert (found.erased, found.first) == (4, None)  # the end, the supplement, and what went before the words


def test_the_worker_may_let_go_and_reads_no_envelope(committing, now):
    with committing() as session:
        report_id = ended(session, make.district(session).west.org, now, days_ago=IDENTITY + 1).id
    with unit_of_work("jz_worker") as session:
        assert retention.let_go(session, now=now, at_once=10)["identity"] == 1
    with unit_of_work("jz_worker") as session, pytest.raises(Exception, match="permission denied"):
        session.execute(text("select envelope from vault.identity"))
    with committing() as session:
        assert session.get(SealedIdentity, report_id) is None


def test_a_full_round_is_followed_by_another_at_once(session, west, now, monkeypatch):
    monkeypatch.setattr(sweeps, "REPORTS_AT_ONCE", 1)
    for _ in range(2):
        ended(session, west, now, days_ago=IDENTITY + 1)
    again = select(Job).where(Job.step == str(Step.KEEP_NO_LONGER))
    sweeps.keep_no_longer(session, now=now)
    assert len(session.scalars(again).all()) == 1
    for _ in range(2):
        sweeps.keep_no_longer(session, now=now)
    assert len(session.scalars(again).all()) == 2
    assert due(session, now)["identity"] == 0


def test_the_command_counts_and_changes_nothing_until_it_is_told_to(committing, now):
    app = typer.Typer()
    app.command()(keep_no_longer)
    with committing() as session:
        report_id = ended(session, make.district(session).west.org, now, days_ago=IDENTITY + 400).id
    looked = CliRunner().invoke(app, [])
    assert looked.exit_code == 0, looked.output
    assert "identity         1 reports" in looked.output
    with committing() as session:
        assert session.get(SealedIdentity, report_id) is not None
    assert CliRunner().invoke(app, ["--yes"]).exit_code == 0
    with committing() as session:
        assert session.get(SealedIdentity, report_id) is None
        assert session.get_one(Report, report_id).text != ""


def test_a_file_whose_process_died_before_its_row_goes_after_a_day(session, west, now):
    report = ended(session, west, now, days_ago=1)
    photo = photo_of(session, report)
    orphans = [f"{prefix}ab/{uuid4()}" for prefix in ("originals/", "clean/", "papers/")]
    known = f"originals/ab/{uuid4()}"
    for key in (*orphans, known):
        store().put(key, [b"x"], limit_bytes=9)
    photo.storage_key = known
    session.flush()
    soon, later = clock.now() + timedelta(hours=1), clock.now() + timedelta(days=2)
    assert retention.let_go_of_orphans(session, now=soon) == 0
    assert retention.let_go_of_orphans(session, now=later) >= len(orphans)
    assert [store().exists(key) for key in (*orphans, known)] == [False, False, False, True]


@pytest.mark.parametrize("column", retention.NAMING, ids=lambda column: f"{column.class_.__tablename__}.{column.key}")
def test_no_file_goes_that_any_row_names(session, district, column):
    """X20, F10: what officers photographed and scanned is evidence, as is what citizens sent."""
    key = f"originals/ab/{uuid4()}"
    store().put(key, [b"x"], limit_bytes=9)
    row = row_of(session, district, column.class_)
    setattr(row, column.key, key)
    session.flush()

    retention.let_go_of_orphans(session, now=clock.now() + timedelta(days=2))

    assert store().exists(key)
    store().delete(key)
    lost = [(each.table, each.column) for each in retention.lost(session, store()) if each.key == key]
    assert lost == [(column.class_.__tablename__, column.key)]


def row_of(session, district, table):
    """A row of a table that names files."""
    by = make.officer(session, district.west.org)
    case = make.case(session, district.west.org)
    if table is ReportPhoto:
        return photo_of(session, ended(session, district.west.org, make.NOW, days_ago=1))
    if table is Masking:
        photo = photo_of(session, ended(session, district.west.org, make.NOW, days_ago=1))
        return photos.note_size(session, photo, width=1, height=1)
    if table is Picture:
        return make.pictures(session, case, "near")[0]
    if table is Scan:
        row = Scan(case_id=case.id, kind="other", account_id=by.account_id, received_at=make.NOW, media="image",
                   sha256=b"s" * 32, bytes_=1, storage_key="unset", state="stored")  # fmt: skip
    else:
        row = Paper(case_id=case.id, kind="order", edition=1, state="printed", content={}, content_sha256=b"c" * 32,
                    asked_by=by.account_id, asked_at=make.NOW, sha256=b"p" * 32, storage_key="unset")  # fmt: skip
    session.add(row)
    session.flush()
    return row


def test_every_column_that_names_a_file_is_known():
    by_name = {"storage_key", "large_key", "small_key"}
    tables = Base.metadata.sorted_tables
    columns = {f"{table.name}.{name}" for table in tables for name in table.columns.keys() if name in by_name}  # noqa: SIM118
    keys_of_files = {"original.storage_key", "photo_key.storage_key"}  # they open a file, and go when no photo names it
    named = {f"{column.class_.__tablename__}.{column.key}" for column in retention.NAMING}
    assert (columns - named, named - columns) == (keys_of_files, set())


def test_a_citizens_photo_that_a_case_was_given_stays_in_its_file(session, district, now):
    """E4: the words of a report go after their years; the file of a case is the archive of those who handled it."""
    report = ended(session, district.west.org, now, days_ago=WORDS + 400)
    photo, shared, own = photo_of(session, report), f"clean/ab/{uuid4()}.jpg", f"clean/ab/{uuid4()}.jpg"
    for key in (shared, own):
        store().put(key, [b"x"], limit_bytes=9)
    photo.state, photo.large_key, photo.small_key = "clean", shared, own
    make.pictures(session, make.case(session, district.west.org), "extract")[0].large_key = shared
    session.flush()

    retention.let_go(session, now=now, at_once=50)

    assert (photo.large_key, photo.small_key) == (None, None)
    assert (store().exists(shared), store().exists(own)) == (True, False)
