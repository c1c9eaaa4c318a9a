"""A photo's form is read as it arrives, in any order, whatever is in it; nothing of a refused one stays."""

import asyncio
import hashlib
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import world
from sqlalchemy import select, text

from cases.models.report import ReportPhoto
from kit.db import OWNER, unit_of_work
from kit.settings import settings
from kit.storage import store
from kit.storage.sealed import sealed_bytes

EDGE = "edgeedge"
KIND = f"multipart/form-data; boundary={EDGE}"


def part(name, content, more=""):
    if isinstance(content, str):
        content = content.encode()
    head = f'--{EDGE}\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n'
    return head.encode() + content + b"\r\n"


def fields(sha256, **changes):
    given = {"photo_id": str(uuid.uuid4()), "report_id": str(uuid.uuid4()), "sha256": sha256} | changes
    return b"".join(part(name, value) for name, value in given.items() if value is not None)


def photo_part(content, more='; filename="p.jpg"'):
    return part("file", content, more)


END = f"--{EDGE}--\r\n".encode()


def post(client, body, kind=KIND):
    return client.post("/m/v1/photos", content=body, headers={"content-type": kind})


def refused(answer):
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    told = answer.json()
    return answer.status_code, told["code"], [error["pointer"] for error in told.get("errors", [])]


@pytest.fixture
def files(built):
    """What stands in the store, finished or not, beyond what stood there before."""
    root = Path(settings().storage_url.removeprefix("file://"))

    def there():
        return {path for path in root.rglob("*") if path.is_file()}

    before = there()
    return lambda: there() - before


@pytest.mark.parametrize("order", ["before", "after", "around"])
def test_fields_may_come_before_or_after_the_file(client, files, order):
    content, sha256 = world.photo()
    ids = {"photo_id": str(uuid.uuid4()), "report_id": str(uuid.uuid4())}
    rows = [part(name, value) for name, value in (ids | {"sha256": sha256}).items()]
    at = {"before": 3, "after": 0, "around": 1}[order]
    body = b"".join([*rows[:at], photo_part(content), *rows[at:], END])

    first, again = post(client, body), post(client, body)

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert first.json() | {"state": "waiting", "bytes": len(content), "sha256": sha256} == first.json()
    assert len(files()) == 1


@pytest.mark.parametrize("kind", ["application/json", "", "image/jpeg", "multipart/mixed; boundary=edgeedge", "…/;;;"])
def test_another_kind_of_body_is_not_taken(client, kind):
    answer = client.post("/m/v1/photos", content=b"{}", headers={"content-type": kind.encode()})

    assert refused(answer) == (415, "media.unsupported", [])


CONTENT, SHA256 = world.photo()
WELL = fields(SHA256) + photo_part(CONTENT)
HOSTILE = {
    "no boundary": (WELL + END, "multipart/form-data"),
    "an empty boundary": (WELL + END, 'multipart/form-data; boundary=""'),
    "a boundary of 300": (WELL + END, f"multipart/form-data; boundary={'x' * 300}"),
    "another boundary": (WELL + END, "multipart/form-data; boundary=other"),
    "no form at all": (b"{}", KIND),
    "a header of 100 kB": (part("x", "y", "; x=" + "a" * 100_000) + WELL + END, KIND),
    "a thousand headers": (
        f"--{EDGE}\r\n".encode() + b"X-A: 1\r\n" * 1000 + b"\r\nx\r\n" + WELL + END, KIND
    ),
    "a header without a name": (f"--{EDGE}\r\n: 1\r\n\r\nx\r\n".encode() + WELL + END, KIND),
    "thousands of parts": (part("x", "") * 1 + b"".join(part(f"x{i}", "") for i in range(5000)) + WELL + END, KIND),
    "a field of 2 kB": (part("x", "a" * 2048) + WELL + END, KIND),
    "a field twice": (fields(SHA256) + part("sha256", SHA256) + photo_part(CONTENT) + END, KIND),
    "a file twice": (WELL + photo_part(CONTENT) + END, KIND),
}  # fmt: skip


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_form_is_refused_with_a_code_and_keeps_nothing(client, files, what):
    body, kind = HOSTILE[what]

    status, code, _ = refused(post(client, body, kind))

    assert (status, code) == (422, "body.invalid")
    assert not files()


def test_what_is_missing_or_wrong_is_named(client, files):
    content, sha256 = world.photo()
    sent = photo_part(content) + END

    assert refused(post(client, fields(sha256, photo_id=None) + sent)) == (422, "body.invalid", ["/photo_id"])
    assert refused(post(client, fields(sha256, report_id="x") + sent)) == (422, "body.invalid", ["/report_id"])
    assert refused(post(client, fields(sha256.upper()) + sent)) == (422, "body.invalid", ["/sha256"])
    assert refused(post(client, fields("\x00") + sent)) == (422, "body.invalid", ["/sha256"])
    assert refused(post(client, fields(sha256) + END)) == (422, "body.invalid", ["/file"])
    assert refused(post(client, END))[:2] == (422, "body.invalid")
    assert not files()


@pytest.mark.parametrize(
    "more",
    [
        '; filename="../../etc/passwd"',
        "; filename*=UTF-8''%2e%2e%2fx",
        '; filename="a\\"b"',
        "",
        "; filename=" + "n" * 900,
    ],
)
def test_a_name_of_a_file_is_not_looked_at(client, files, more):
    content, sha256 = world.photo()

    answer = post(client, fields(sha256) + photo_part(content, more) + END)

    assert answer.status_code == 201, answer.text
    assert [path.relative_to(path.parents[2]).parts[0] for path in files()] == ["sealed"]


def test_a_form_within_a_form_is_no_photo(client, files):
    inner = b'--in\r\nContent-Disposition: form-data; name="file"\r\n\r\n' + CONTENT + b"\r\n--in--\r\n"

    answer = post(client, fields(hashlib.sha256(inner).hexdigest()) + photo_part(inner) + END)

    assert refused(answer)[:2] == (415, "photo.type")
    assert not files()


def test_a_form_that_ends_too_early_may_be_sent_again(client, files):
    for torn in (WELL[:-10], WELL, fields(SHA256) + photo_part(CONTENT)[:60]):
        answer = post(client, torn)
        assert (refused(answer)[:2], answer.json()["retryable"]) == ((422, "photo.checksum"), True)
    assert not files()


def test_more_than_20_mb_are_refused(client, files):
    content = CONTENT[:-2] + b"\0" * (20 * 1024 * 1024)

    answer = post(client, fields(SHA256) + photo_part(content) + END)

    assert refused(answer)[:2] == (413, "photo.too_large")
    eventually(lambda: not files())


def test_content_other_than_announced_leaves_nothing(client, files):
    answer = post(client, fields("ab" * 32) + photo_part(CONTENT) + END)

    assert refused(answer)[:2] == (422, "photo.checksum")
    assert not files()


def test_what_is_refused_after_its_bytes_came_leaves_nothing(client, files):
    """The file comes first here, so that only afterwards is it known that its report does not name it."""
    sent = world.report()
    client.post("/m/v1/reports", json=sent)

    answer = post(client, photo_part(CONTENT) + fields(SHA256, report_id=sent["id"]) + END)

    assert refused(answer)[:2] == (422, "photo.not_in_manifest")
    assert not files()


def test_the_same_photo_from_many_hands_is_kept_once(client, files):
    body = fields(SHA256) + photo_part(CONTENT) + END

    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda _: post(client, body), range(16)))

    assert {answer.status_code for answer in answers} <= {200, 201}
    eventually(lambda: len(files()) == 1)


def test_a_wrong_kind_is_refused_before_the_rest_has_come(client):
    body = fields(SHA256) + photo_part(b"GIF89a" + b"0" * 100_000)
    begun = [{"type": "http.request", "body": body[:2000], "more_body": True}]

    told = asyncio.run(walked(client.app, begun))

    assert told[0]["status"] == 415


@pytest.mark.parametrize("size", [500, 800_000])
def test_a_phone_that_goes_away_leaves_nothing(client, files, size):
    body = fields(SHA256) + photo_part(CONTENT[:-2] + b"\0" * 1_000_000)
    begun = [
        {"type": "http.request", "body": body[:size], "more_body": True},
        {"type": "http.disconnect"},
    ]

    told = asyncio.run(walked(client.app, begun))

    assert told == []
    eventually(lambda: not files())


def test_byte_by_byte_is_as_good_as_at_once(client):
    body = fields(SHA256) + photo_part(CONTENT) + END
    crumbs = [{"type": "http.request", "body": body[i : i + 1], "more_body": True} for i in range(len(body))]

    told = asyncio.run(walked(client.app, [*crumbs, {"type": "http.request", "body": b"", "more_body": False}]))

    assert told[0]["status"] == 201


def test_an_officers_picture_goes_the_same_way(client, work, sign_in, files):
    client.post("/m/v1/reports", json=world.report())
    work()
    clerk = sign_in("clerk")
    case_id = clerk.get("/queue?limit=1").json()["items"][0]["case"]["id"]
    path = f"/o/v1/cases/{case_id}/pictures"

    def sent(body, officer=clerk):
        return client.post(path, content=body, headers=officer.headers | {"content-type": KIND})

    photo = photo_part(CONTENT)
    late = sent(photo + part("role", "near") + part("sha256", SHA256) + END)
    assert late.status_code == 201, late.text
    assert len(files()) == 1
    assert refused(sent(part("role", "selfie") + part("sha256", SHA256) + photo + END))[2] == ["/role"]
    assert refused(sent(part("role", "near") + part("sha256", SHA256) + photo_part(b"GIF89a") + END))[0] in (415, 422)
    assert refused(sent(part("role", "near") + part("sha256", "ab" * 32) + photo + END))[1] == "photo.checksum"
    stranger = sign_in("east-clerk")
    assert sent(part("role", "near") + part("sha256", SHA256) + photo + END, stranger).status_code == 404
    refused_late = sent(photo + part("role", "near") + part("sha256", SHA256) + END, sign_in("discipline"))
    assert refused_late.status_code in (403, 404)
    assert len(files()) == 1


def eventually(holds):
    """A thread may still be letting go of what was refused."""
    ended = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < ended
        time.sleep(0.01)


async def walked(app, messages):
    """What the application says to these messages; it must not ask for more than there are."""
    waiting, told = list(messages), []
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "path": "/m/v1/photos",
        "raw_path": b"/m/v1/photos", "query_string": b"", "scheme": "http", "root_path": "",
        "headers": [(b"content-type", KIND.encode())], "client": ("127.0.0.1", 1), "server": ("x", 80), "state": {},
    }  # fmt: skip

    async def receive():
        return waiting.pop(0)

    async def send(message):
        told.append(message)

    await app(scope, receive, send)
    return told


def test_each_photo_is_noted_under_its_own_key(client):
    ids = str(uuid.uuid4())
    post(client, fields(SHA256, report_id=ids) + photo_part(CONTENT) + END)
    with unit_of_work(OWNER) as session:
        row = session.scalars(select(ReportPhoto).where(ReportPhoto.report_client_id == uuid.UUID(ids))).one()
        assert (store().size(row.storage_key), row.bytes) == (sealed_bytes(len(CONTENT)), len(CONTENT))


DIES = """
create function intake.die() returns trigger language plpgsql security definer as
    $$ begin perform pg_terminate_backend(pg_backend_pid()); return null; end $$;
create constraint trigger die after insert or update on intake.photo deferrable initially deferred
    for each row when (new.storage_key is not null) execute function intake.die();
"""


@pytest.fixture
def the_database_dies_with_each_photo(built):
    """In the commit itself: nobody can know any more whether it was done."""
    with unit_of_work(OWNER) as session:
        session.execute(text(DIES))
    yield
    with unit_of_work(OWNER) as session:
        session.execute(text("drop trigger if exists die on intake.photo; drop function if exists intake.die()"))


@pytest.mark.usefixtures("the_database_dies_with_each_photo")
def test_a_photo_whose_noting_failed_keeps_its_file_and_may_be_sent_again(client, files):
    """Between file and row nothing is certain: the phone is told to try again, and its file is not taken from it."""
    sent = world.report(
        photos=[{"id": str(uuid.uuid4()), "sha256": SHA256, "bytes": len(CONTENT), "capture": "camera"}]
    )
    client.post("/m/v1/reports", json=sent)
    body = fields(SHA256, report_id=sent["id"], photo_id=sent["photos"][0]["id"]) + photo_part(CONTENT) + END

    lost = post(client, body)

    assert (lost.status_code, lost.json()["retryable"]) == (503, True)
    assert len(files()) == 1
    with unit_of_work(OWNER) as session:
        session.execute(text("drop trigger die on intake.photo"))
    assert [post(client, body).status_code for _ in range(2)] == [201, 200]
    with unit_of_work(OWNER) as session:
        row = session.scalars(select(ReportPhoto).where(ReportPhoto.report_client_id == uuid.UUID(sent["id"]))).one()
    assert (row.state, store().size(row.storage_key)) == ("stored", sealed_bytes(len(CONTENT)))
