"""Chains: what the database writes under every entry, whatever is sent, and what it refuses (promise 8, T9)."""

import json
from datetime import timedelta
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import delete, text
from sqlalchemy.exc import DBAPIError

from cases import trail
from cases.history import as_dumped
from cases.history.dump import entry, rows
from cases.history.entry import FIRST, commit_of, hash_of
from cases.journey import Kind
from kit.db import take_role, unit_of_work
from people.actors import SYSTEM
from people.models import SealedIdentity
from tests import make


def entries_of(session):
    raw = session.connection().connection.driver_connection
    found = [entry(table, row) for table, row in rows(as_dumped(raw)) if table.endswith("event")]
    return sorted(found, key=lambda each: (each.chain, str(each.subject), each.seq))


@pytest.fixture
def report(session):
    return make.report(session)


def note(session, report, **body):
    trail.record(session, report, Kind.MIRRORED, by=SYSTEM, now=make.NOW, **body)


def test_the_database_and_the_definition_agree(session, report):
    """Texts that a dump must escape, and numbers that `jsonb` would write anew."""
    said = 'tab\t, line\n, "quotes", \\N, 火灾 \U0001f692, 1e2'
    note(session, report, stage="x", said=said, number=1.50)
    note(session, report, stage="y")
    one, other = [each for each in entries_of(session) if each.subject == report.id][-2:]
    assert json.loads(one.body)["said"] == said
    for each in (one, other):
        assert hash_of(each) == each.hash
        assert commit_of(each.salt, each.body) == each.body_commit
    assert other.prev_hash == one.hash
    assert len(one.salt) == 32
    assert one.salt != other.salt


def test_the_first_entry_follows_nothing(session, report):
    note(session, report)
    assert [each.prev_hash for each in entries_of(session) if each.subject == report.id and each.seq == 1] == [FIRST]


def test_nobody_chooses_the_links(session, report):
    session.execute(
        text(
            "insert into intake.report_event (report_id, seq, kind, at, actor, hash, prev_hash, body_commit, salt,"
            " recorded_at) values (:id, 1, 'x', now(), 'x', '\\x00', '\\x00', '\\x00', '\\x00', '2000-01-01')"
        ),
        {"id": report.id},
    )
    found = entries_of(session)[-1]
    assert hash_of(found) == found.hash
    assert found.recorded_at.year > 2000


def test_an_entry_needs_the_one_before_it(session, report):
    with pytest.raises(DBAPIError, match="has none before it"):
        session.execute(
            text("insert into intake.report_event (report_id, seq, kind, at, actor) values (:id, 3, 'x', now(), 'x')"),
            {"id": report.id},
        )


def test_each_chain_is_its_own(session):
    one, other = make.report(session), make.report(session)
    for each in (one, other, one):
        note(session, each)
    assert [each.seq for each in entries_of(session) if each.subject == one.id] == [1, 2]
    assert [each.prev_hash for each in entries_of(session) if each.subject == other.id] == [FIRST]


@pytest.mark.parametrize(
    "rewriting",
    [
        "update intake.report_event set kind = 'other'",
        "update intake.report_event set body = '{\"a\": 1}', salt = null",
        "update intake.report_event set body = '{}'",
        "update intake.report_event set salt = null, body = '{}', at = at + interval '1 s'",
        "delete from intake.report_event",
        "truncate intake.report_event",
        "update record.log_node set hash = '\\x00'",
        "delete from record.log_node",
        "truncate record.log_head",
        "delete from record.log_head",
    ],
)
def test_not_even_the_owner_rewrites_in_passing(session, report, rewriting):
    note(session, report, stage="kept")
    with pytest.raises(DBAPIError, match="history is kept"):
        session.execute(text(rewriting))


def test_a_body_can_be_erased_with_its_salt(session, report):
    note(session, report, stage="a name")
    note(session, report)
    session.execute(
        text("update intake.report_event set body = '{}', salt = null where report_id = :id and seq = 1"),
        {"id": report.id},
    )
    one, other = [each for each in entries_of(session) if each.subject == report.id]
    assert (one.salt, one.body) == (None, "{}")
    assert hash_of(one) == one.hash == other.prev_hash


@pytest.mark.parametrize("login", ["jz_intake", "jz_worker"])
def test_no_process_may_change_an_entry(database_url, login):
    with unit_of_work(login) as session, pytest.raises(DBAPIError) as refused:
        session.execute(text("update intake.report_event set kind = 'other'"))
    assert isinstance(refused.value.orig, psycopg.errors.InsufficientPrivilege)


@pytest.mark.parametrize("role", ["jz_town", "jz_department", "jz_district"])
@pytest.mark.parametrize("act", ["update handling.case_event set kind = 'x'", "delete from handling.case_event"])
def test_no_handler_may_change_an_entry(database_url, role, act):
    with unit_of_work("jz_api", role=role, org="1") as session, pytest.raises(DBAPIError) as refused:
        session.execute(text(act))
    assert isinstance(refused.value.orig, psycopg.errors.InsufficientPrivilege)


def test_the_public_sees_hashes_of_the_tree_and_no_salt(database_url):
    with unit_of_work("jz_api", role="jz_public") as session:
        session.execute(text("select * from record.log_node, record.log_head"))
        for secret in ("record.log_pending", "intake.report_event", "handling.case_event"):
            with pytest.raises(DBAPIError), session.begin_nested():
                session.execute(text(f"select 1 from {secret}"))  # noqa: S608


def test_an_act_claims_a_time_and_the_database_has_its_own(session, report):
    trail.record(session, report, Kind.MIRRORED, by=SYSTEM, now=make.NOW - timedelta(days=300))
    found = entries_of(session)[-1]
    assert found.recorded_at - found.at > timedelta(days=300)


def test_a_case_and_a_report_do_not_name_each_other(session):
    """Q1: neither chain holds the other's id, in any entry."""
    ids = {each.subject for each in entries_of(session)} | {uuid4()}
    for each in entries_of(session):
        assert not any(str(other) in each.body for other in ids - {each.subject})


# --- the vault's own log


def test_the_vaults_log_is_a_chain_as_well(session, report):
    """security.md 3.1.4: every step is an event in the report's chain and in the vault's own log, the same scheme."""
    for kind in ("key_made", "rewrapped"):
        session.execute(VAULT_WRITE, {"about": report.id, "kind": kind})
    one, other = [each for each in entries_of(session) if each.chain == "v"]
    assert (one.subject, one.seq, one.prev_hash) == (report.id, 1, FIRST)
    assert other.prev_hash == one.hash
    for each in (one, other):
        assert hash_of(each) == each.hash
        assert commit_of(each.salt, each.body) == each.body_commit


@pytest.mark.parametrize(
    "statement", ["update vault.event set kind = 'x'", "delete from vault.event", "truncate vault.event"]
)
def test_the_vaults_log_is_kept(session, report, statement):
    session.execute(VAULT_WRITE, {"about": report.id, "kind": "rewrapped"})
    with pytest.raises(DBAPIError, match="history is kept"), session.begin_nested():
        session.execute(text(statement))


VAULT_WRITE = text("select vault.write(:about, :kind, now(), 'vault', '{\"number\": 1}')")


def test_q11_that_an_envelope_was_taken_away_stands_in_the_vaults_log(session, report):
    """Also where the worker did it, which may not write there itself."""
    session.add(SealedIdentity(report_id=report.id, key_id=3, alg=1, envelope=b"", created_on=make.NOW.date()))
    session.flush()
    with session.begin_nested():
        take_role(session, "jz_worker", {})
        session.execute(delete(SealedIdentity).where(SealedIdentity.report_id == report.id))
        session.execute(text("reset role"))
    (erased,) = [each for each in entries_of(session) if each.chain == "v"]
    assert erased.texts == ("erased", "system")
    assert json.loads(erased.body) == {"key": 3, "sealed_on": make.NOW.date().isoformat()}
