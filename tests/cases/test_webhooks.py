"""What a newsroom may want, how it is signed, and the receiver that the document shows, as it stands there."""

import http.client
import os
import re
import socket
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from standardwebhooks.webhooks import Webhook as Verifier
from standardwebhooks.webhooks import WebhookVerificationError

from cases.models.webhook import Webhook, WebhookDelivery
from cases.webhooks import KINDS, events, signing
from kit import clock

DOCUMENT = Path(__file__).parents[2] / "docs" / "webhooks.md"


@pytest.fixture
def signed(database_url):
    """A body with its headers, signed now; gives the secret as well."""

    def _signed(body, *, at=None):
        id_, secret, now = uuid4(), signing.new_secret(), at or clock.now()
        webhook = Webhook(id=id_, secret=signing.sealed(id_, secret))
        return signing.headers(webhook, WebhookDelivery(id=uuid4(), body=body), now=now), secret

    return _signed


@pytest.mark.parametrize(
    ("asked", "got"),
    [
        ([], list(KINDS)),
        (["log.head"], ["log.head"]),
        (["exposure.published"], ["exposure.published", "exposure.withdrawn", "exposure.expired"]),
        (["exposure.withdrawn"], ["exposure.withdrawn", "exposure.expired"]),
    ],
)
def test_with_what_is_shown_comes_that_it_goes(asked, got):
    assert events.wanted(asked) == got


def test_every_kind_stands_in_the_document():
    said = set(re.findall(r"`((?:exposure|log|webhook)\.\w+)`", DOCUMENT.read_text(encoding="utf-8")))
    assert said == {*KINDS, events.TEST}


def test_the_library_for_receivers_takes_it_and_nothing_that_was_changed(signed):
    body = '{"type":"webhook.test","data":{"uri":"x"}}'
    headers, secret = signed(body)
    assert Verifier(secret).verify(body, headers)["type"] == "webhook.test"
    stale, its = signed(body, at=clock.now() - timedelta(minutes=6))
    changed = {**headers, "Webhook-Id": "msg_other"}
    for said, told, key in ((body + " ", headers, secret), (body, changed, secret), (body, stale, its),
                            (body, headers, signing.new_secret())):  # fmt: skip
        with pytest.raises(WebhookVerificationError):
            Verifier(key).verify(said, told)


def test_the_receiver_of_the_document_takes_what_is_ours_and_nothing_else(signed, tmp_path):
    (program,) = re.findall(r"```python\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL)
    assert len([line for line in program.splitlines() if line and "import" not in line]) <= 10
    body = '{"type":"exposure.withdrawn","data":{"uri":"tag:x","version":3,"url":"https://x"}}'
    headers, secret = signed(body)
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
    (tmp_path / "receiver.py").write_text(program, encoding="utf-8")
    running = subprocess.Popen(
        [sys.executable, str(tmp_path / "receiver.py")], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        env={**os.environ, "WEBHOOK_SECRET": secret, "PORT": str(port)},
    )  # fmt: skip
    try:
        assert posted(port, body, headers) == 204
        assert running.stdout.readline() == "exposure.withdrawn tag:x 3\n"
        with pytest.raises(http.client.RemoteDisconnected):
            posted(port, body.replace("withdrawn", "published"), headers)
    finally:
        running.kill()
        running.communicate()


def posted(port, body, headers):
    until = time.monotonic() + 20
    while True:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        try:
            line.request("POST", "/", body, headers)
            return line.getresponse().status
        except ConnectionRefusedError:
            assert time.monotonic() < until, "it did not start"
            time.sleep(0.1)
        finally:
            line.close()
