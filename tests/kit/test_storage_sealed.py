"""A sealed file opens whole, under its own name and with its own key, or not at all (security.md 3.1.3)."""

import hashlib
import secrets

import pytest

from kit.storage import ChecksumMismatch, ContentTooLarge, DoesNotOpen, Missing, Opened, begin_sealed, new_data_key
from kit.storage.sealed import PIECE_BYTES, TAG_BYTES, Opening, pieces_of, sealed_bytes
from tests.kit.test_storage import a_store, content_of, s3_endpoint, sha  # noqa: F401 - fixtures

NAME, LIMIT = "sealed/ab/one", 1 << 20
WHOLE = PIECE_BYTES + TAG_BYTES
LENGTHS = (0, 1, PIECE_BYTES - 1, PIECE_BYTES, PIECE_BYTES + 1, 3 * PIECE_BYTES, 3 * PIECE_BYTES + 5)


def put(store, content, key, name=NAME, chunks=None, **expected):
    with begin_sealed(store, name, key, limit_bytes=LIMIT) as part:
        part.write(*(chunks or [content]))
        return part.finish(**expected)


def opened(store, key, name=NAME):
    with store.open(name) as file:
        return b"".join(Opened(file, name, key))


def overwrite(store, content, name=NAME):
    store.delete(name)
    store.put(name, [content], limit_bytes=2 * LIMIT)


@pytest.fixture
def three(a_store):  # noqa: F811
    """A store with a file of three pieces, its content and its key."""
    content, key = secrets.token_bytes(3 * PIECE_BYTES), new_data_key()
    put(a_store, content, key)
    return a_store, content, key


@pytest.mark.parametrize("length", LENGTHS)
@pytest.mark.parametrize("step", [7_001, PIECE_BYTES, 1 << 20])
def test_what_was_written_in_whatever_pieces_is_read_back_and_its_own_hash_is_told(a_store, length, step):  # noqa: F811
    content, key = secrets.token_bytes(length), new_data_key()
    chunks = [content[at : at + step] for at in range(0, length, step)] or [b""]
    told = put(a_store, content, key, chunks=chunks, expect_sha256=sha(content), expect_bytes=length)
    assert (told.sha256, told.bytes, told.fresh) == (sha(content), length, True)
    assert opened(a_store, key) == content
    assert a_store.size(NAME) == sealed_bytes(length)


def test_nothing_of_the_content_lies_there_and_the_same_content_twice_looks_different(a_store):  # noqa: F811
    content = b"EXIF 13800001111 " * 20_000
    for name in ("sealed/ab/one", "sealed/ab/two"):
        put(a_store, content, new_data_key(), name)
    one, two = (content_of(a_store, name) for name in ("sealed/ab/one", "sealed/ab/two"))
    assert b"13800001111" not in one
    assert one[:64] != two[:64]


def test_the_hash_of_the_file_as_it_lies_there_is_known_after_reading(three):
    store, _content, key = three
    with store.open(NAME) as file:
        read = Opened(file, NAME, key)
        assert sum(map(len, read)) == 3 * PIECE_BYTES
    assert read.sha256 == hashlib.sha256(content_of(store, NAME)).digest()


@pytest.mark.parametrize(
    "change",
    [
        lambda f: f[:100] + bytes([f[100] ^ 1]) + f[101:],  # a bit
        lambda f: f[:-1],  # the end
        lambda f: f[: 2 * WHOLE],  # a whole piece at the end
        lambda f: f[WHOLE:],  # and at the beginning
        lambda f: f[:0],
        lambda f: f + b"\0",
        lambda f: f + f[-WHOLE:],
        lambda f: f[WHOLE : 2 * WHOLE] + f[:WHOLE] + f[2 * WHOLE :],  # two exchanged
        lambda f: f[:WHOLE] * 3,
    ],
    ids=["bit", "byte", "last", "first", "empty", "longer", "twice", "exchanged", "repeated"],
)
def test_a_file_that_was_changed_cut_or_put_together_anew_does_not_open(three, change):
    store, content, key = three
    overwrite(store, change(content_of(store, NAME)))
    found = []
    with store.open(NAME) as file, pytest.raises(DoesNotOpen):
        found.extend(Opened(file, NAME, key))
    assert content.startswith(b"".join(found)), "what came before was as it was written"


def test_another_key_or_another_name_does_not_open_it(three):
    store, _content, key = three
    with pytest.raises(DoesNotOpen):
        opened(store, new_data_key())
    store.put("sealed/ab/moved", [content_of(store, NAME)], limit_bytes=LIMIT)
    with pytest.raises(DoesNotOpen):
        opened(store, key, "sealed/ab/moved")


def test_each_piece_opens_once_and_in_its_turn(three):
    store, content, key = three
    with store.open(NAME) as file:
        pieces = list(pieces_of(file))
    assert [last for _, last in pieces] == [False, False, True]
    with pytest.raises(DoesNotOpen):
        Opening(NAME, key).open(pieces[1][0], last=False)
    opening = Opening(NAME, key)
    assert b"".join(opening.open(piece, last=last) for piece, last in pieces) == content
    with pytest.raises(DoesNotOpen):
        opening.open(pieces[2][0], last=True)


def test_what_is_not_as_announced_or_too_long_leaves_nothing(a_store):  # noqa: F811
    with pytest.raises(ChecksumMismatch):
        put(a_store, b"x" * 100_000, new_data_key(), expect_sha256=sha(b"y"))
    with pytest.raises(ContentTooLarge):
        put(a_store, b"x" * (LIMIT + 1), new_data_key())
    assert not a_store.exists(NAME)
    assert put(a_store, b"x" * LIMIT, new_data_key()).bytes == LIMIT


def test_a_key_that_is_not_there_is_missing(a_store):  # noqa: F811
    with pytest.raises(Missing):
        opened(a_store, new_data_key())
