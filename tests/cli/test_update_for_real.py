"""`./jz up` over the data of an older release: backed up, then migrated, all of it there; and what a failure leaves."""

import hashlib
import json
import subprocess
import sys

import pytest
import world
from sqlalchemy import text

from tests.installation import Installation, until

OLD = "0025"
TO_OLD = f"""
import os
from alembic import command
from cli.environment import installation
from cli.migrate import configuration
from cli.places import Places
from cli.private import alone_with
places = Places()
found = installation(places, os.environ)
os.environ.update(found.settings)
with alone_with(places, found.postgres):
    command.downgrade(configuration(), "{OLD}")
"""
BROKEN = '''"""A migration that fails when half of it is done."""
from alembic import op
revision, down_revision = "9999", "{head}"
def upgrade():
    op.execute("delete from handling.job")
    op.execute("select nothing_of_this_name()")
def downgrade():
    pass
'''


@pytest.fixture
def it(tmp_path):
    made = Installation(tmp_path / "it")
    made.up()
    yield made
    made.down()


def as_of(it):
    with it.session() as session:
        jobs = "select count(*) from handling.job"
        return session.scalar(text("select version_num from migration")), session.scalar(text(jobs))


def backups(it):
    return sorted(it.places.backups.iterdir()) if it.places.backups.is_dir() else []


def is_followed(it, receipt):
    told = it.post("/m/v1/tracking", {"tracking_code": receipt["tracking_code"]})
    return told["reference"] == receipt["reference"]


def test_old_data_is_backed_up_and_all_there_afterwards(it):
    head, _ = as_of(it)
    receipt = it.post("/m/v1/reports", world.report())
    it.down()
    assert backups(it) == []  # a first start and one of the same release make none
    old = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(it.places.root)}
    subprocess.run([sys.executable, "-P", "-c", TO_OLD], env=old, check=True, cwd=it.places.root)

    broken = it.places.root / "migrations" / "versions" / "9999_broken.py"
    broken.write_text(BROKEN.format(head=head))
    failed = it.jz("up", "--detach")

    assert failed.returncode == 1
    (folder,) = backups(it)
    assert f"It is as it was (migration {OLD}), and backed up in {folder}" in failed.stderr
    assert "Traceback" not in failed.stderr
    broken.unlink()

    said = it.up()

    assert as_of(it)[0] == head
    assert as_of(it)[1] > 0
    assert is_followed(it, receipt)
    first, second = backups(it)
    assert f"the data was of an older release. As that left it, it is backed up in {second}." in said
    manifest = json.loads((second / "manifest.json").read_text())
    assert (manifest["migration"], manifest["counts"]["intake.report"], manifest["has_files"]) == (OLD, 1, False)
    assert it.jz("verify-history").returncode == 0

    it.down()
    done = it.jz("restore", str(second))
    assert done.returncode == 1  # nothing is overwritten
    assert "database here already" in done.stderr
    (it.places.local / "postgres").rename(it.places.local / "postgres.aside")
    done = it.jz("restore", str(first))
    assert done.returncode == 0, done.stderr
    it.up()
    assert is_followed(it, receipt)


IN_CLEAR = """
    with found.postgres.connect("jingzhong") as connection:
        connection.execute(
            "insert into intake.photo"
            " (report_client_id, client_id, sha256, bytes, named, state, storage_key, stored_at)"
            " values (%s, gen_random_uuid(), decode(%s, 'hex'), %s, true, 'clean', %s, now())", {values!r})
"""


def test_photos_that_the_older_release_kept_in_clear_are_sealed_by_themselves(it):
    report, (content, sha256) = world.report(), world.photo()
    it.post("/m/v1/reports", report)
    it.down()
    file = it.places.storage / "originals" / "ab" / "old"
    file.parent.mkdir(parents=True)
    file.write_bytes(content)
    values = (report["id"], sha256, len(content), "originals/ab/old")
    script = TO_OLD.rstrip() + IN_CLEAR.format(values=values)
    old = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(it.places.root)}
    subprocess.run([sys.executable, "-P", "-c", script], env=old, check=True, cwd=it.places.root)

    it.up()

    assert until(lambda: not file.exists(), 120), it.last_words()
    with it.session() as session:
        photo = session.execute(text("select storage_key, sealed_sha256 from intake.photo")).one()
        assert session.scalar(text("select storage_key from vault.original")) == photo.storage_key
    with it.store.open(photo.storage_key) as sealed:
        raw = sealed.read()
    assert hashlib.sha256(raw).digest() == bytes(photo.sealed_sha256)
    assert content[:64] not in raw
    said = it.jz("check", "--contents")
    assert said.returncode == 0, said.stdout


def test_data_of_a_newer_release_is_not_touched(it):
    it.down()
    newer = TO_OLD.replace(f'command.downgrade(configuration(), "{OLD}")', SET)
    old = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(it.places.root)}
    subprocess.run([sys.executable, "-P", "-c", newer], env=old, check=True, cwd=it.places.root)

    refused = it.jz("up", "--detach")

    assert refused.returncode == 1
    assert "This data is of a newer release (migration 9998)" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert backups(it) == []


SET = """
    with found.postgres.connect("jingzhong") as connection:
        connection.execute("update migration set version_num = '9998'")
""".strip()
