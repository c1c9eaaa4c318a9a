"""The tree grows by what was committed, once, in no order that tells anything; proofs hold against its heads."""

import threading

import pytest
from sqlalchemy import select, text

from cases import history, trail
from cases.history import head
from cases.history.proofs import NoBeginning
from cases.journey import Kind
from cases.models.history import LogHead, LogNode, LogPending
from cases.models.report import ReportEvent
from kit import merkle
from kit.db import unit_of_work
from people.actors import SYSTEM
from tests import make


def write(session, count=1):
    report = make.report(session)
    for _ in range(count):
        trail.record(session, report, Kind.MIRRORED, by=SYSTEM, now=make.NOW)
    session.flush()
    return list(session.scalars(select(ReportEvent.hash).where(ReportEvent.report_id == report.id)))


def heads(session):
    return [head.read(note, history.signer().public) for note in session.scalars(select(LogHead.note))]


def test_nothing_to_put_in_signs_nothing(session):
    assert history.put_in(session, now=make.NOW) == 0
    assert history.newest(session) is None


def test_every_entry_is_in_the_tree_and_proved_against_its_head(session):
    entries = []
    for count in (3, 1, 5):
        entries += write(session, count)
        assert history.put_in(session, now=make.NOW) == count
    assert session.scalars(select(LogPending)).all() == []
    signed = history.newest(session)
    top = head.read(signed.note, history.signer().public)
    assert (top.size, top.root, top.signed_at) == (9, signed.root, make.NOW)
    for entry in entries:
        proof = history.inclusion(session, entry)
        assert merkle.is_included(merkle.leaf(entry), proof.index, proof.size, proof.path, top.root)


def test_each_head_is_the_beginning_of_the_next(session):
    for count in (2, 7, 4):
        write(session, count)
        history.put_in(session, now=make.NOW)
    one, two, three = heads(session)
    for old, new in ((one, two), (one, three), (two, three)):
        proof = history.consistency(session, old.size, new.size)
        assert merkle.is_consistent(old.size, new.size, old.root, new.root, proof.path)


def test_a_proof_against_an_older_head(session):
    (entry,) = write(session)
    history.put_in(session, now=make.NOW)
    write(session, 6)
    history.put_in(session, now=make.NOW)
    proof = history.inclusion(session, entry, size=1)
    assert (proof.size, proof.path) == (1, [])
    with pytest.raises(history.Unknown):
        history.inclusion(session, entry, size=8)
    with pytest.raises(history.Unknown):
        history.inclusion(session, entry, size=0)


def test_an_entry_that_is_not_there_has_no_proof(session):
    (entry,) = write(session)
    with pytest.raises(history.Unknown):
        history.inclusion(session, entry)  # not yet
    history.put_in(session, now=make.NOW)
    with pytest.raises(history.Unknown):
        history.inclusion(session, bytes(32))


@pytest.mark.parametrize(("first", "second"), [(0, 2), (2, 1), (1, 3), (-1, 2)])
def test_no_proof_between_trees_that_never_were(session, first, second):
    write(session, 2)
    history.put_in(session, now=make.NOW)
    with pytest.raises(NoBeginning):
        history.consistency(session, first, second)


def test_within_a_round_the_order_tells_nothing(session):
    """Q1: who sees the tree cannot guess which entries were written together; by hash is no order in time."""
    entries = write(session, 20)
    history.put_in(session, now=make.NOW)
    leaves = list(session.scalars(select(LogNode.hash).where(LogNode.level == 0).order_by(LogNode.index)))
    assert leaves == [merkle.leaf(entry) for entry in sorted(entries)]


def test_two_at_once_put_in_each_entry_once(committing):
    with committing() as session:
        write(session, 50)
    start = threading.Barrier(2)
    put = []

    def work():
        with unit_of_work("jz_worker") as session:
            start.wait(timeout=20)
            put.append(history.put_in(session, now=make.NOW))

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    with committing() as session:
        assert sum(put) == 50
        assert max(each.size for each in heads(session)) == 50
        raw = session.connection().connection.driver_connection
        assert history.audit(history.as_dumped(raw), history.signer().public).first is None


def test_what_is_not_committed_is_not_in_the_tree(committing):
    with committing() as session:
        write(session, 1)
    with committing() as open_:
        write(open_, 5)
        with unit_of_work("jz_worker") as worker:
            assert history.put_in(worker, now=make.NOW) == 1
        open_.rollback()
    with committing() as session:
        assert session.scalar(text("select count(*) from record.log_pending")) == 0
        assert history.newest(session).size == 1
