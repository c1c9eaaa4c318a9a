"""What every store promises, held by both: a folder, and a real S3-compatible server."""

import hashlib
import io
import json
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from botocore.exceptions import BotoCoreError, ClientError
from hypothesis import given
from hypothesis import strategies as st

from kit import clock
from kit.storage import (
    BadKey,
    ChecksumMismatch,
    ContentTooLarge,
    Missing,
    Occupied,
    StorageUnavailable,
    Store,
    Stored,
    open_store,
)
from kit.storage.contract import checked_key
from kit.storage.s3 import s3_client

ACCESS, SECRET, BUCKET = "tests-access", "tests-secret-key", "files"
MB = 1024 * 1024


def free_ports(count: int) -> list[int]:
    with ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]


@pytest.fixture(scope="session")
def s3_endpoint(tmp_path_factory) -> Iterator[str]:
    """A SeaweedFS server on loopback with one bucket; it must answer within 40 s."""
    folder: Path = tmp_path_factory.mktemp("weed")
    (folder / "data").mkdir()
    may = {"name": "t", "credentials": [{"accessKey": ACCESS, "secretKey": SECRET}], "actions": ["Admin"]}
    (folder / "s3.json").write_text(json.dumps({"identities": [may]}))
    names = ("master.port", "volume.port", "filer.port", "s3.port")
    ports = free_ports(2 * len(names))
    flags = [f"-{name}={ports[i]}" for i, name in enumerate(names)]
    flags += [f"-{name}.grpc={ports[i + len(names)]}" for i, name in enumerate(names)]
    flags += [
        "-ip=127.0.0.1",
        "-ip.bind=127.0.0.1",
        "-s3",
        "-s3.iam=false",
        "-s3.autoCreateBucket=false",
        "-s3.port.iceberg=0",
        "-s3.port.lance=0",
    ]
    flags += [
        "-master.volumeSizeLimitMB=64",
        "-volume.max=0",
        f"-dir={folder / 'data'}",
        f"-s3.config={folder / 's3.json'}",
    ]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen([Path(sys.executable).parent / "weed", "server", *flags], stdout=log, stderr=log)
        try:
            endpoint = f"http://127.0.0.1:{ports[3]}"
            wait_until_it_takes_files(endpoint, server, folder / "log")
            yield endpoint
        finally:
            server.kill()
            server.wait(10)


def wait_until_it_takes_files(endpoint: str, server: subprocess.Popen[bytes], log: Path) -> None:
    client = s3_client(endpoint, "us-east-1", ACCESS, SECRET)
    until = time.monotonic() + 40
    while True:
        try:
            client.create_bucket(Bucket=BUCKET)
            client.put_object(Bucket=BUCKET, Key="started", Body=b".")
        except (BotoCoreError, ClientError):
            if server.poll() is not None or time.monotonic() > until:
                pytest.fail(log.read_text()[-2000:])
            time.sleep(0.3)
        else:
            client.close()
            return


@pytest.fixture(params=["folder", pytest.param("bucket", marks=pytest.mark.xdist_group("s3"))])
def a_store(request, tmp_path) -> Store:
    if request.param == "folder":
        return open_store(f"file://{tmp_path}/store")
    return bucket_store(request.getfixturevalue("s3_endpoint"), tmp_path)


def bucket_store(endpoint: str, scratch: Path, *, secret_key: str = SECRET, bucket: str = BUCKET) -> Store:
    url = f"s3://{bucket}/{secrets.token_hex(8)}?endpoint={quote(endpoint)}&region=us-east-1"
    return open_store(url, access_key=ACCESS, secret_key=secret_key, scratch=scratch)


def sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def content_of(store: Store, key: str) -> bytes:
    with store.open(key) as file:
        return file.read()


def test_what_was_put_is_read_back_and_its_hash_is_told(a_store):
    content = secrets.token_bytes(3 * MB + 17)
    chunks = (content[i : i + 65536] for i in range(0, len(content), 65536))
    put = a_store.put(
        "originals/ab/one.bin", chunks, limit_bytes=4 * MB, expect_sha256=sha(content), expect_bytes=len(content)
    )
    assert put == Stored("originals/ab/one.bin", sha(content), len(content), fresh=True)
    assert content_of(a_store, "originals/ab/one.bin") == content
    assert a_store.size("originals/ab/one.bin") == len(content)
    assert a_store.exists("originals/ab/one.bin")


def test_a_reader_gives_its_bytes_in_pieces_and_then_nothing(a_store):
    a_store.put("pieces", [b"abcdefgh"], limit_bytes=8)
    with a_store.open("pieces") as file:
        assert [file.read(3), file.read(3), file.read(3), file.read(3)] == [b"abc", b"def", b"gh", b""]


def test_a_file_may_come_from_a_reader_and_may_be_empty(a_store):
    assert a_store.put("from-reader", io.BytesIO(b"abc"), limit_bytes=3).bytes == 3
    assert a_store.put("empty", [], limit_bytes=3).bytes == 0
    assert content_of(a_store, "empty") == b""


def test_the_same_content_again_is_a_no_op(a_store):
    first = a_store.put("same", [b"abc"], limit_bytes=10)
    again = a_store.put("same", [b"a", b"bc"], limit_bytes=10, expect_sha256=first.sha256.upper())
    assert (first.fresh, again.fresh) == (True, False)
    assert again.sha256 == first.sha256


def test_other_content_under_a_taken_key_is_refused_and_the_first_stays(a_store):
    a_store.put("taken", [b"first"], limit_bytes=10)
    with pytest.raises(Occupied):
        a_store.put("taken", [b"other"], limit_bytes=10)
    assert content_of(a_store, "taken") == b"first"


def test_of_many_that_put_other_content_at_once_one_wins_whole(a_store):
    contents = [bytes([n]) * 200_000 for n in range(8)]

    def attempt(content: bytes) -> bool:
        try:
            return a_store.put("raced", [content], limit_bytes=MB).fresh
        except Occupied:
            return False

    with ThreadPoolExecutor(8) as pool:
        won = list(pool.map(attempt, contents))
    assert won.count(True) == 1
    assert content_of(a_store, "raced") == contents[won.index(True)]


def test_of_many_that_put_the_same_content_at_once_all_succeed(a_store):
    def put(_: int) -> bool:
        return a_store.put("raced-same", [b"x" * 200_000], limit_bytes=MB).fresh

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(put, range(8))).count(True) == 1


@pytest.mark.parametrize(
    "promise", [{"expect_sha256": sha(b"abd")}, {"expect_bytes": 4}, {"expect_bytes": 2}, {"expect_sha256": ""}]
)
def test_content_that_is_not_what_was_promised_is_not_kept(a_store, promise):
    with pytest.raises(ChecksumMismatch) as refused:
        a_store.put("torn", [b"abc"], limit_bytes=10, **promise)
    assert refused.value.retryable
    assert not a_store.exists("torn")


def test_a_file_over_the_limit_is_refused_at_the_first_byte_over_it(a_store):
    def endless() -> Iterator[bytes]:
        while True:
            yield b"x" * 1000

    with pytest.raises(ContentTooLarge) as refused:
        a_store.put("large", endless(), limit_bytes=9_999)
    assert refused.value.extra == {"limit_bytes": 9_999}
    assert a_store.put("large", [b"x" * 9_999], limit_bytes=9_999).bytes == 9_999


def test_a_sender_that_breaks_off_leaves_nothing(a_store):
    def breaking() -> Iterator[bytes]:
        yield b"half"
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        a_store.put("broken-off", breaking(), limit_bytes=100)
    assert sorted(a_store.list_keys()) == []


def test_a_part_left_without_finishing_keeps_nothing(a_store):
    with a_store.begin("unfinished", limit_bytes=10) as part:
        part.write(b"abc")
    assert not a_store.exists("unfinished")


def test_pieces_that_come_together_are_one_file_in_their_order(a_store):
    """More of them than the system takes in one call, empty ones among them."""
    pieces = [b"%d," % number * (number % 3) for number in range(2_000)]
    with a_store.begin("in-pieces", limit_bytes=100_000) as part:
        part.write(*pieces[:1_500])
        part.write()
        part.write(*pieces[1_500:])
        stored = part.finish(expect_sha256=hashlib.sha256(b"".join(pieces)).hexdigest())
    with a_store.open("in-pieces") as reader:
        assert reader.read() == b"".join(pieces)
    assert stored.bytes == len(b"".join(pieces))


def test_the_limit_holds_for_pieces_that_come_together(a_store):
    with a_store.begin("large", limit_bytes=5) as part, pytest.raises(ContentTooLarge):
        part.write(b"abc", b"def")
    assert not a_store.exists("large")


def test_what_is_missing_is_told_as_missing(a_store):
    for ask in (a_store.open, a_store.size):
        with pytest.raises(Missing):
            ask("nothing/here")
    assert not a_store.exists("nothing/here")


def test_a_deleted_file_is_gone_and_deleting_it_again_is_no_fault(a_store):
    a_store.put("short-lived", [b"abc"], limit_bytes=10)
    a_store.delete("short-lived")
    a_store.delete("short-lived")
    assert not a_store.exists("short-lived")
    assert a_store.put("short-lived", [b"other"], limit_bytes=10).fresh


def test_keys_are_listed_by_prefix_and_parts_are_not_among_them(a_store):
    assert sorted(a_store.list_keys()) == []
    for key in ("b/2", "a/b/c", "b/10", "b.txt", "ba"):
        a_store.put(key, [b"."], limit_bytes=1)
    with a_store.begin("b/unfinished", limit_bytes=1) as part:
        part.write(b".")
        assert sorted(a_store.list_keys()) == ["a/b/c", "b.txt", "b/10", "b/2", "ba"]
        assert sorted(a_store.list_keys("b/")) == ["b/10", "b/2"]
        assert sorted(a_store.list_keys("b")) == ["b.txt", "b/10", "b/2", "ba"]
        assert sorted(a_store.list_keys("none/such/")) == []
        a_minute = timedelta(minutes=1)
        assert sorted(a_store.list_keys("b/", before=clock.now() + a_minute)) == ["b/10", "b/2"]
        assert sorted(a_store.list_keys("b/", before=clock.now() - a_minute)) == []


@pytest.mark.parametrize(
    "key",
    [
        *("", "/etc/passwd", "..", "a/../b", "a/..", "../a", "a//b", "a/", "./a", ".parts/x", "a/.hidden"),
        *("A", "a b", "a\n", "a\x00b", "a\\b", "ä", "a/" * 8 + "b", "x" * 129, "a?b", "a%2e", "~a", "-a", "a:b"),
    ],
)
def test_a_key_that_is_not_ours_reaches_nothing(a_store, key):
    with pytest.raises(BadKey):
        a_store.put(key, [b"x"], limit_bytes=1)
    for ask in (a_store.open, a_store.size, a_store.exists, a_store.delete):
        with pytest.raises(BadKey):
            ask(key)


@pytest.mark.parametrize("prefix", ["..", "/", "a/../", "../a", ".parts", "a//"])
def test_a_prefix_that_is_not_ours_lists_nothing(a_store, prefix):
    with pytest.raises(BadKey):
        a_store.list_keys(prefix).__next__()


@given(st.text(st.sampled_from("ab0./_-\\\x00A~"), max_size=12))
def test_whatever_the_key_it_names_a_place_below_or_is_refused(key):
    try:
        checked_key(key)
    except BadKey:
        return
    assert key
    assert all(segment[0] in "ab0" for segment in key.split("/"))


def test_a_store_in_order_is_healthy(a_store):
    assert a_store.healthy()
    assert sorted(a_store.list_keys()) == []


@pytest.mark.parametrize(
    "url", ["", "/srv/files", "file:relative", "file://other-host/x", "http://x/y", "s3://", "ftp://x"]
)
def test_an_address_of_another_kind_is_no_store(url):
    with pytest.raises(ValueError, match="STORAGE_URL"):
        open_store(url)


@pytest.mark.xdist_group("s3")
class TestTheBucket:
    def test_an_object_changed_behind_our_back_is_told_from_ours(self, s3_endpoint, tmp_path):
        store = bucket_store(s3_endpoint, tmp_path)
        client = s3_client(s3_endpoint, "us-east-1", ACCESS, SECRET)
        store.put("known", [b"abc"], limit_bytes=3)
        name = next(
            entry["Key"]
            for entry in client.list_objects_v2(Bucket=BUCKET)["Contents"]
            if entry["Key"].endswith("/known")
        )
        client.put_object(Bucket=BUCKET, Key=name, Body=b"abc")  # copied here, without our metadata
        assert not store.put("known", [b"abc"], limit_bytes=3).fresh
        client.put_object(Bucket=BUCKET, Key=name, Body=b"xyz")
        with pytest.raises(Occupied):
            store.put("known", [b"abc"], limit_bytes=3)
        client.close()

    def test_keys_on_many_pages_are_all_listed(self, s3_endpoint, tmp_path, monkeypatch):
        monkeypatch.setattr("kit.storage.s3.LISTED_AT_ONCE", 4)
        store = bucket_store(s3_endpoint, tmp_path)
        for n in range(11):
            store.put(f"many/{n:04d}", [b""], limit_bytes=0)
        assert sorted(store.list_keys("many/")) == [f"many/{n:04d}" for n in range(11)]

    def test_a_wrong_secret_or_a_missing_bucket_is_unavailable_and_not_healthy(self, s3_endpoint, tmp_path):
        for store in (
            bucket_store(s3_endpoint, tmp_path, secret_key="wrong"),
            bucket_store(s3_endpoint, tmp_path, bucket="not-there"),
        ):
            assert not store.healthy()
            with pytest.raises(StorageUnavailable):
                store.put("x", [b"abc"], limit_bytes=3)

    def test_a_server_that_is_away_is_unavailable(self, tmp_path):
        store = bucket_store(f"http://127.0.0.1:{free_ports(1)[0]}", tmp_path)
        assert not store.healthy()
        with pytest.raises(StorageUnavailable) as away:
            store.put("x", [b"abc"], limit_bytes=3)
        assert (away.value.code, away.value.retryable) == ("storage.unavailable", True)
        for ask in (store.open, store.size, store.exists, store.delete):
            with pytest.raises(StorageUnavailable):
                ask("x")

    def test_its_free_space_is_unknown_and_it_has_nothing_to_sweep(self, s3_endpoint, tmp_path, now_at):
        store = bucket_store(s3_endpoint, tmp_path)
        assert store.free_share() is None
        assert store.sweep(now_at) == 0


@pytest.fixture
def now_at():
    return datetime(2026, 11, 24, 2, tzinfo=UTC)
