"""`./jz up` over the data of an older release: backed up, then migrated, all of it there; and what a failure leaves.

One walk on one installation: each start of a whole one takes longer than all that is asked of it.
"""

import hashlib
import json
import subprocess
import sys

import pytest
import world
from sqlalchemy import text

from tests.installation import Installation, until

OLD = "0025"
WITH_DATA = """
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
    with found.postgres.connect("jingzhong") as connection:
"""
TO_OLD = f"""        command.downgrade(configuration(), "{OLD}")"""
TO_NEWER = """        connection.execute("update migration set version_num = '9998'")"""
IN_CLEAR = """
        connection.execute(
            "insert into intake.photo"
            " (report_client_id, client_id, sha256, bytes, named, state, storage_key, stored_at)"
            " values (%s, gen_random_uuid(), decode(%s, 'hex'), %s, true, 'clean', %s, now())", {values!r})
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


def to_its_data(it, what):
    """Something is done to what it holds, while it stands still."""
    environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(it.places.root)}
    command = [sys.executable, "-P", "-c", WITH_DATA + what]
    subprocess.run(command, env=environment, check=True, cwd=it.places.root)


def in_clear(it, report):
    """A photo as the older release kept it: its file, and its row."""
    content, sha256 = world.photo()
    file = it.places.storage / "originals" / "ab" / "old"
    file.parent.mkdir(parents=True)
    file.write_bytes(content)
    to_its_data(it, IN_CLEAR.format(values=(report["id"], sha256, len(content), "originals/ab/old")))
    return file, content


def test_old_data_is_backed_up_and_all_there_afterwards(it):
    head, _ = as_of(it)
    report = world.report()
    receipt = it.post("/m/v1/reports", report)
    it.down()
    assert backups(it) == []  # a first start and one of the same release make none
    to_its_data(it, TO_OLD)

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
    assert (manifest["migration"], manifest["counts"]["intake.report"], manifest["has_files"]) == (OLD, 1, True)
    assert it.jz("verify-history").returncode == 0

    it.down()
    done = it.jz("restore", str(second))
    assert done.returncode == 1  # nothing is overwritten
    assert "database here already" in done.stderr
    (it.places.local / "postgres").rename(it.places.local / "postgres.aside")
    done = it.jz("restore", str(first))
    assert done.returncode == 0, done.stderr

    # What was put back is old data again. Photos that its release kept in clear are sealed by themselves.
    file, content = in_clear(it, report)
    it.up()
    assert is_followed(it, receipt)
    assert until(lambda: not file.exists(), 120), it.last_words()
    with it.session() as session:
        photo = session.execute(text("select storage_key, sealed_sha256 from intake.photo")).one()
        assert session.scalar(text("select storage_key from vault.original")) == photo.storage_key
    with it.store.open(photo.storage_key) as sealed:
        raw = sealed.read()
    assert hashlib.sha256(raw).digest() == bytes(photo.sealed_sha256)
    assert content[:64] not in raw
    held = backups(it)[-1] / "storage" / "originals" / "ab" / "old"
    assert held.read_bytes() == content, "whoever goes back to that release finds it as it left it"
    said = it.jz("check", "--contents")
    assert said.returncode == 0, said.stdout

    # Data of a newer release is not touched.
    it.down()
    made = backups(it)
    to_its_data(it, TO_NEWER)
    refused = it.jz("up", "--detach")
    assert refused.returncode == 1
    assert "This data is of a newer release (migration 9998)" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert backups(it) == made
