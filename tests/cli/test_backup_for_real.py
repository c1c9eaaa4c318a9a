"""A backup of an installation that runs, put into an empty one: what a reporter was told holds there as well (G15).

One walk through the runbook, with the real programs; what is refused on the way is refused without having done a thing.
"""

import json
import shutil
import subprocess
import sys
from uuid import uuid4

import pytest
import world
from sqlalchemy import text

from cases import retention
from cli.keys import OWNER_PASSWORD, secrets_of
from tests.installation import Installation, until

PHONE = "13912345678"
OPEN = """
import sys
from uuid import UUID
from pathlib import Path
from cli.environment import fill_environment
fill_environment(vault=True)
from kit.db import OWNER, unit_of_work
from kit.settings import settings
from people.models import SealedIdentity
from vault.keyring import Keyring
from vault.opening import opened
with unit_of_work(OWNER) as session:
    sealed = session.query(SealedIdentity).one()
    print(opened(Keyring(Path(settings().vault_keys), b""), sealed))
"""


def send(it):
    """A report with a contact and a photo; its receipt, once the photo is clean."""
    content, sha256 = world.photo(noise=b"backup")
    promised = {"id": str(uuid4()), "sha256": sha256, "bytes": len(content), "capture": "camera"}
    place = {"position": {"lon": 117.3, "lat": 31.1, "crs": "wgs84", "accuracy_m": 9.0, "method": "gps"}}
    body = world.report(photos=[promised], contact={"phone": PHONE}) | place
    receipt = it.post("/m/v1/reports", body)
    fields = {"photo_id": promised["id"], "report_id": body["id"], "sha256": sha256}
    form = "".join(f'--e\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n' for k, v in fields.items())
    head = '--e\r\nContent-Disposition: form-data; name="file"; filename="x.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'
    it.post("/m/v1/photos", (form + head).encode() + content + b"\r\n--e--\r\n", "multipart/form-data; boundary=e")

    def is_done():
        with it.session() as session:
            left = "select count(*) from record.log_pending"
            photo = session.scalar(text("select state from intake.photo"))
            return photo == "clean" and session.scalar(text(left)) == 0

    assert until(is_done, 120), it.last_words()
    return receipt


def refused(done, sentence):
    assert done.returncode == 1, done.stdout
    assert sentence in done.stderr, done.stderr
    assert "Traceback" not in done.stderr


@pytest.fixture
def three(tmp_path):
    made = [Installation(tmp_path / name) for name in ("old", "new", "by_hand")]
    yield made
    for it in made:
        it.down()


def test_what_was_backed_up_while_it_ran_is_all_there_in_an_empty_one(three, tmp_path):
    old, new, by_hand = three
    archive, keys = tmp_path / "archive", tmp_path / "keys"
    old.up()
    receipt = send(old)

    made = old.jz("backup", str(archive), "--keys", str(keys))

    assert made.returncode == 0, made.stderr
    assert "1 reports and 3 files" in made.stdout
    everything = b"".join(path.read_bytes() for path in archive.rglob("*") if path.is_file())
    private = (old.places.local / "vault" / "private.key").read_bytes()
    for secret in (private, old.secret().encode(), secrets_of(old.places)[OWNER_PASSWORD].encode(), PHONE.encode()):
        assert secret not in everything
    assert archive.stat().st_mode & 0o077 == keys.stat().st_mode & 0o077 == 0
    refused(old.jz("backup", str(archive)), "is there already")
    refused(old.jz("backup", str(tmp_path / "b"), "--keys", str(tmp_path / "b" / "keys")), "apart")
    refused(old.jz("restore", str(archive)), "runs here")
    old.down()
    refused(old.jz("restore", str(archive)), "database here already")

    again = old.jz("backup", str(tmp_path / "stopped"))
    assert again.returncode == 0, again.stderr
    assert "the keys are not in it" in again.stdout

    refused(new.jz("restore", str(archive)), "--keys FOLDER")
    refused(new.jz("restore", str(tmp_path), "--keys", str(keys)), "no backup")
    for part in ("database.dump", "files.txt", "storage"):
        damaged = tmp_path / f"damaged-{part}"
        shutil.copytree(archive, damaged)
        one = (
            next(path for path in sorted((damaged / part).rglob("*")) if path.is_file())
            if part == "storage"
            else damaged / part
        )
        one.write_bytes(one.read_bytes()[:-1] + b"?")
        refused(new.jz("restore", str(damaged), "--keys", str(keys)), "Take another copy")
    assert not (new.places.local / "postgres").exists()
    assert not (new.places.local / "secrets").exists()

    restored = new.jz("restore", str(archive), "--keys", str(keys))

    assert restored.returncode == 0, restored.stderr + new.last_words()
    refused(new.jz("restore", str(archive)), "database here already")
    new.up()
    told = new.post("/m/v1/tracking", {"tracking_code": receipt["tracking_code"]})
    assert told["reference"] == receipt["reference"]
    assert new.post("/m/v1/reports", world.report())["reference"]  # it goes on
    manifest = json.loads((archive / "manifest.json").read_text())
    head = tmp_path / "head"
    head.write_text(manifest["head"])
    audited = new.jz("verify-history", "--head", str(head))
    assert audited.returncode == 0, audited.stderr
    with new.session() as session:
        assert list(retention.lost(session, new.store)) == []
        assert len(retention.hashes(session)) == 1
    environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(new.places.root)}
    opened = subprocess.run(
        [sys.executable, "-P", "-c", OPEN], env=environment, capture_output=True, text=True, check=True
    )
    assert PHONE in opened.stdout

    lost = next(path for path in (new.places.storage / "clean").rglob("*.jpg"))
    lost.unlink()
    incomplete = new.jz("backup", str(tmp_path / "incomplete"))
    refused(incomplete, "1 files are lost")
    assert (tmp_path / "incomplete" / "manifest.json").is_file()  # all the rest is better than nothing
    new.down()

    # The runbook's other way: keys that were kept by hand are put back before the command.
    by_hand.places.make()
    shutil.copy2(old.places.local / "secrets", by_hand.places.local / "secrets")
    accepted = by_hand.jz("restore", str(tmp_path / "incomplete"))
    assert accepted.returncode == 0, accepted.stderr
    by_hand.up()
    assert by_hand.jz("status").returncode == 0
