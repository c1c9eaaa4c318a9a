"""The auditor finds every way to rewrite history, and names the first entry that is wrong."""

import base64
import re

import pytest
from sqlalchemy import text

from cases import history, trail
from cases.history import head
from cases.journey import Kind
from cases.models.history import LogHead, LogNode, LogPending
from kit import merkle
from kit.signed_note import Signer
from people.actors import SYSTEM
from tests import make

KEY = b"0" * 32


def lines(session):
    return list(history.as_dumped(session.connection().connection.driver_connection))


def audited(session, remembered=()):
    session.flush()
    return history.audit(lines(session), history.signer().public, remembered)


def as_superuser(session, statement, **values):
    """What somebody does who has the machine: no trigger runs."""
    session.execute(text("set local session_replication_role = replica"))
    session.execute(text(statement), values)
    session.execute(text("set local session_replication_role = origin"))


@pytest.fixture
def written(session):
    """Three reports of four entries each, the last of them not in the tree yet."""
    session.execute(text("set local session_replication_role = origin"))
    before = {"entries": audited(session).entries}
    assert before["entries"] == 0
    reports = [make.report(session) for _ in range(3)]
    for turn in range(4):
        for report in reports:
            trail.record(session, report, Kind.MIRRORED, by=SYSTEM, now=make.NOW, stage=f"stage {turn}")
        if turn in (1, 2):
            history.put_in(session, now=make.NOW)
    return reports


def test_whole(session, written):
    found = audited(session)
    assert (found.entries, found.chains, found.size, found.waiting, found.heads) == (12, 3, 9, 3, 2)
    assert found.first is None


def test_an_erased_body_is_whole(session, written):
    session.execute(text("update intake.report_event set body = '{}', salt = null where seq = 2"))
    found = audited(session)
    assert (found.erased, found.first) == (3, None)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ('update intake.report_event set body = \'{"stage": "other"}\'', "the body is not"),
        ("update intake.report_event set kind = 'other'", "the entry is not"),
        ("update intake.report_event set at = at - interval '1 day'", "the entry is not"),
        ("update intake.report_event set actor = 'somebody'", "the entry is not"),
        ("update intake.report_event set recorded_at = recorded_at + interval '1 us'", "the entry is not"),
        ("delete from intake.report_event", "the entry is missing"),
    ],
)
def test_an_entry_changed_in_passing(session, written, change, says):
    report = written[1]
    as_superuser(session, f"{change} where report_id = :id and seq = 2", id=report.id)
    first = audited(session).first
    assert first is not None
    assert first.about == f"report {report.id}, entry 2"
    assert first.says.startswith(says)


def test_an_entry_changed_with_its_own_hash(session, written):
    """The next one does not follow it, and the tree does not know it."""
    report = written[1]
    as_superuser(
        session,
        "update intake.report_event e set kind = 'other', hash = record.entry_hash("
        "(e.id, e.report_id, e.seq, 'other', e.at, e.actor, e.body, e.salt, e.recorded_at, e.body_commit,"
        " e.prev_hash, e.hash)::intake.report_event) where report_id = :id and seq = 2",
        id=report.id,
    )
    found = audited(session)
    assert found.first is not None
    assert found.first.about == f"report {report.id}, entry 2"
    assert found.first.says == "the tree does not know this entry"
    assert f"report {report.id}, entry 3" in {fault.about for fault in found.faults}


def test_a_tail_cut_off(session, written):
    """The chain alone does not see it; the tree does."""
    report = written[0]
    as_superuser(session, "delete from intake.report_event where report_id = :id and seq >= 3", id=report.id)
    found = audited(session)
    assert [fault.says for fault in found.faults] == ["its entry is gone, or was changed"]
    assert re.fullmatch(r"leaf \d of the tree", found.faults[0].about)


def test_a_whole_report_taken_away(session, written):
    as_superuser(session, "delete from intake.report_event where report_id = :id", id=written[0].id)
    assert len(audited(session).faults) == 3


def test_an_entry_slipped_in_beside_the_log(session, written):
    as_superuser(session, "delete from record.log_pending")
    first = audited(session).first
    assert first is not None
    assert (first.about, first.says) == (f"report {written[0].id}, entry 4", "the tree does not know this entry")


def test_everything_written_anew_is_seen_by_a_head_kept_elsewhere(session, written):
    """An insider with the machine and the key: chains, tree and heads agree again. Only what left it does not."""
    kept = history.newest(session)
    assert kept is not None
    as_superuser(session, "delete from intake.report_event where seq >= 2")
    for table in (LogNode, LogHead, LogPending):
        as_superuser(session, f"delete from record.{table.__tablename__}")  # noqa: S608
    for (entry,) in session.execute(text("select hash from intake.report_event")).all():
        session.add(LogPending(hash=entry))
    session.flush()
    history.put_in(session, now=make.NOW)
    assert audited(session).first is None
    first = audited(session, [kept.note]).first
    assert first is not None
    assert first.about.startswith("a head kept elsewhere, of 9 entries")
    assert first.says == "only 3 are left of what it signs"
    for report in written:
        for _ in range(3):
            trail.record(session, report, Kind.MIRRORED, by=SYSTEM, now=make.NOW)
    history.put_in(session, now=make.NOW)
    assert audited(session).first is None
    first = audited(session, [kept.note]).first
    assert first is not None
    assert first.says == "history was another one when it was signed"


@pytest.mark.parametrize("table", ["log_node", "log_head"])
def test_the_tree_taken_away(session, written, table):
    as_superuser(session, f"delete from record.{table} where ctid = (select min(ctid) from record.{table})")  # noqa: S608
    found = audited(session)
    assert (found.first is None) == (table == "log_head")  # an older head may go: the newest signs its history too


def test_a_node_changed(session, written):
    as_superuser(session, "update record.log_node set hash = sha256('x') where level = 1 and index = 0")
    assert audited(session).first.says == "its nodes are not those that its leaves make"


def test_a_head_of_another_key(session, written):
    other = Signer(history.signer().name, KEY)
    root = base64.b64encode(merkle.EMPTY).decode()
    forged = other.sign(f"{other.name}\n9\n{root}\n{make.NOW.isoformat()}\n")
    assert audited(session, [forged]).first.says.startswith("the key has not signed it")


@pytest.mark.parametrize("damage", ["", "x", "\n\n", "a\n1\nAAAA\n", "a\n\n\N{EM DASH} a !!!\n"])
def test_a_damaged_head(session, written, damage):
    assert audited(session, [damage]).first.says.startswith("the key has not signed it")


def test_what_is_no_head_though_signed(session):
    by = history.signer()
    for content in (f"{by.name}\n", f"{by.name}\nx\ny\nz\n", f"{by.name}\n1\n%\n{make.NOW.isoformat()}\n"):
        with pytest.raises(ValueError):  # noqa: PT011 - whichever way it is none
            head.read(by.sign(content), by.public)


@pytest.mark.parametrize("without", ["report_event", "case_event", "log_pending", "log_node", "log_head"])
def test_a_dump_without_a_table_is_none(session, written, without):
    kept = [line for line in lines(session) if without not in line]
    with pytest.raises(history.NoDump, match=without):
        history.audit(kept, history.signer().public)


def test_a_torn_dump_is_none(session, written):
    whole = lines(session)
    at = next(number for number, line in enumerate(whole) if line.startswith("COPY intake.report_event"))
    with pytest.raises(history.NoDump, match="ends inside"):
        history.audit(whole[: at + 3], history.signer().public)
    whole[at + 1] = whole[at + 1].partition("\t")[0]
    with pytest.raises(history.NoDump, match="torn"):
        history.audit(whole, history.signer().public)
