"""A photo as it came is read once, and whole; one that was changed in the store never looks whole (security.md 3.1)."""

import hashlib
import http.client
import io
import json
import uuid
import zipfile
from contextlib import closing
from pathlib import Path

import pytest
import world
from sqlalchemy import text
from test_who_reported import WISH, approve, asked

from api.app import create_app
from api.public.raw_feed import RawFeed
from kit.db import OWNER, unit_of_work
from kit.settings import settings
from kit.storage.sealed import PIECE_BYTES, TAG_BYTES
from tests.kit.photos import SECRET, encoded, exif, grainy
from tests.serving import serving

SEALED = PIECE_BYTES + TAG_BYTES


def photographed(client, work, content):
    """A report without a name and with this photo, made ready."""
    sha256 = hashlib.sha256(content).hexdigest()
    photo = {"id": str(uuid.uuid4()), "sha256": sha256, "bytes": len(content), "capture": "camera"}
    report = world.report(photos=[photo], emergency={"answer": "happening"})
    assert client.post("/m/v1/reports", json=report).status_code == 201
    form = {"report_id": report["id"], "photo_id": photo["id"], "sha256": sha256}
    sent = client.post("/m/v1/photos", data=form, files={"file": ("p.jpg", content, "image/jpeg")})
    assert sent.status_code == 201, sent.text
    work()


def stored_file():
    """Where the newest photo lies, sealed."""
    with unit_of_work(OWNER) as session:
        key = session.scalar(text("select storage_key from intake.photo order by stored_at desc limit 1"))
    return Path(settings().storage_url.removeprefix("file://")) / key


CAMERA = encoded(grainy(900, 700), "JPEG", quality=95, exif=exif(telling=True))


@pytest.mark.usefixtures("vault")
def test_q4_photos_as_they_came_are_read_once_with_all_that_the_phone_wrote(client, work, sign_in):
    assert SECRET in CAMERA
    photographed(client, work, CAMERA)
    desk, keeper = sign_in("desk"), sign_in("keeper")
    report_id = desk.get("/desk/reports").json()["items"][0]["id"]
    assert desk.desk(report_id, "identity-releases", WISH).json()["code"] == "release.nothing_sealed"
    release = asked(desk, report_id, fields=["photos"])
    assert desk.post(f"/identity-releases/{release}/reading").json()["code"] == "case.not_in_state"
    assert approve(keeper, release).status_code == 201

    read = desk.post(f"/identity-releases/{release}/reading")

    assert (read.status_code, read.headers["content-type"]) == (201, "application/zip")
    assert read.headers["cache-control"] == "no-store"
    with zipfile.ZipFile(io.BytesIO(read.content)) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["reading.json", "1.jpg"]
        assert archive.read("1.jpg") == CAMERA
        told = json.loads(archive.read("reading.json"))
    assert str(desk.me["account_id"]) in told["watermark"]
    assert (told["identity"], told["photos"][0]["bytes"]) == ({}, len(CAMERA))
    again = desk.post(f"/identity-releases/{release}/reading")
    assert (again.status_code, again.json()["code"]) == (409, "case.not_in_state")
    with unit_of_work(OWNER) as session:
        kinds = session.scalars(
            text("select kind from vault.event where subject = :of order by seq"), {"of": report_id}
        )
        assert list(kinds) == ["release_asked", "release_approved", "release_read"]


@pytest.mark.usefixtures("vault")
def test_a_photo_that_was_changed_in_the_store_uses_up_no_reading(client, work, sign_in):
    photographed(client, work, CAMERA)
    desk, keeper = sign_in("desk"), sign_in("keeper")
    release = asked(desk, desk.get("/desk/reports").json()["items"][0]["id"], fields=["photos"])
    assert approve(keeper, release).status_code == 201
    file = stored_file()
    whole = file.read_bytes()
    for wrong in (whole[:-1] + b"?", whole[:70_000], b""):
        file.write_bytes(wrong)
        refused = desk.post(f"/identity-releases/{release}/reading")
        assert (refused.status_code, refused.json()["code"]) == (409, "vault.cannot_open")
    file.unlink()
    assert desk.post(f"/identity-releases/{release}/reading").json()["code"] == "vault.cannot_open"
    file.write_bytes(whole)
    assert desk.post(f"/identity-releases/{release}/reading").status_code == 201


@pytest.fixture
def served(built):
    """The port of a real server: what a client in the same process is told of a torn answer is another matter."""
    with serving(RawFeed(create_app()), log_level="critical") as port:
        yield port


def until_it_broke(port, path, token):
    """The status of an answer, and what came of its body before the connection was cut."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as line:
        line.request("POST", path, headers={"Authorization": f"Bearer {token}"})
        answer = line.getresponse()
        with pytest.raises(http.client.IncompleteRead) as broken:
            answer.read()
        return answer.status, broken.value.partial


def turned(sealed, at):
    return sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :]


# What was done to the sealed file, and how many whole pieces come before it.
CHANGES = {
    "its last byte": (lambda sealed: turned(sealed, len(sealed) - 1), len(CAMERA) // PIECE_BYTES),
    "a byte of the first piece": (lambda sealed: turned(sealed, 9), 0),
    "a byte of the second": (lambda sealed: turned(sealed, SEALED + 9), 1),
    "two pieces exchanged": (lambda sealed: sealed[SEALED : 2 * SEALED] + sealed[:SEALED] + sealed[2 * SEALED :], 0),
    "the end cut off": (lambda sealed: sealed[: 2 * SEALED], 1),
    "something behind the end": (lambda sealed: sealed + b"more", len(CAMERA) // PIECE_BYTES),
}


@pytest.mark.usefixtures("vault")
@pytest.mark.parametrize("change", CHANGES)
def test_one_that_was_changed_together_with_its_hash_is_cut_off_before_it(client, work, sign_in, served, change):
    """Whoever has both the store and the database still has no key: a piece that does not open is never handed out."""
    photographed(client, work, CAMERA)
    desk, keeper = sign_in("desk"), sign_in("keeper")
    release = asked(desk, desk.get("/desk/reports").json()["items"][0]["id"], fields=["photos"])
    assert approve(keeper, release).status_code == 201
    file, (changed, whole_pieces) = stored_file(), CHANGES[change]
    wrong = changed(file.read_bytes())
    file.write_bytes(wrong)
    with unit_of_work(OWNER) as session:
        session.execute(text("update intake.photo set sealed_sha256 = sha256(:wrong)"), {"wrong": wrong})

    status, came = until_it_broke(served, f"/o/v1/identity-releases/{release}/reading", desk.token)

    assert status == 201
    assert not zipfile.is_zipfile(io.BytesIO(came))
    good = whole_pieces * PIECE_BYTES
    assert CAMERA[: max(good - PIECE_BYTES, 0)] in came  # the last whole piece may not have left the house
    assert CAMERA[good : good + 64] not in came
    assert wrong[-64:] not in came
    assert desk.get(f"/identity-releases/{release}").json()["state"] == "read"
