"""The volume of photos is full or only read: the report stands, the photo waits on the phone, and comes later.

Promises 1 and 9; security.md 3.3.4. On a real small disk, in a process that may mount one for itself.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
OWN_MOUNTS = (["unshare", "--mount"], ["unshare", "--user", "--map-root-user", "--mount"])
SMALL = 'mount -t tmpfs -o size=1m none "$1"'
# How it stops taking files, and how it takes them again.
TROUBLES = {
    "nearly full": ('head -c 1030000 /dev/zero > "$1/present"', 'rm "$1/present"'),
    "full in the middle of a photo": ('head -c 1004000 /dev/zero > "$1/present"', 'rm "$1/present"'),
    "only read": ('mount -o remount,ro "$1"', 'mount -o remount,rw "$1"'),
}
WALK = """
import json, os, subprocess, sys
from starlette.testclient import TestClient
from uuid import uuid4
sys.path[:0] = ["tests/journeys", "."]
import world
from api.app import create_app

folder, spoil, mend = sys.argv[1:]
with TestClient(create_app(), raise_server_exceptions=False) as client:
    content, sha256 = world.photo(noise=os.urandom(60_000))
    entry = {"id": str(uuid4()), "sha256": sha256, "bytes": len(content), "capture": "camera"}
    sent = world.report(photos=[entry])

    def photo():
        told = client.post(
            "/m/v1/photos", data={"photo_id": entry["id"], "report_id": sent["id"], "sha256": sha256},
            files={"file": ("x.jpg", content, "image/jpeg")},
        )
        said = told.json()
        return [told.status_code, told.headers.get("retry-after"), said.get("code"), said.get("retryable")]

    subprocess.run(["sh", "-c", spoil, "sh", folder], check=True)
    report = client.post("/m/v1/reports", json=sent)
    refused = photo()
    again = client.post("/m/v1/reports", json=sent).json()
    subprocess.run(["sh", "-c", mend, "sh", folder], check=True)
    taken = photo()
print(json.dumps([report.status_code, refused, [each["state"] for each in again["photos"]], taken[0]]))
"""


@pytest.mark.parametrize("trouble", TROUBLES)
def test_the_report_stands_and_the_photo_may_come_later(built, tmp_path, trouble):
    spoil, mend = TROUBLES[trouble]
    for own in OWN_MOUNTS:
        if subprocess.run([*own, "sh", "-c", SMALL, "sh", tmp_path], capture_output=True, check=False).returncode == 0:
            break
    else:
        pytest.skip("this machine lets nobody mount, not even in a namespace of one's own")

    walked = subprocess.run(
        [*own, "sh", "-c", f'{SMALL} && shift && exec "$@"', "sh", tmp_path,
         sys.executable, "-c", WALK, tmp_path, spoil, mend],
        env=os.environ | {"STORAGE_URL": tmp_path.as_uri()}, cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert walked.returncode == 0, walked.stderr
    report, refused, states, taken = json.loads(walked.stdout.splitlines()[-1])
    assert report == 201
    assert refused == [503, "5", "storage.unavailable", True]
    assert states == ["expected"]
    assert taken == 201
