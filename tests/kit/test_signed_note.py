"""Signed notes: what is signed is read back, what is changed is not, and the key's text is the one others read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.signed_note import Forged, Signer, opened, public_key

SEED = bytes(range(32))
NAMES = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=20)
LINES = st.lists(st.text(st.characters(categories=["L", "N", "P"]), min_size=1, max_size=30), max_size=5)


@given(name=NAMES, lines=LINES)
def test_what_was_signed_is_read_back(name: str, lines: list[str]) -> None:
    signer = Signer(name, SEED)
    text = "".join(f"{line}\n" for line in [name, *lines])
    note = signer.sign(text)
    said, key = public_key(signer.verifier)
    assert (said, key) == (name, signer.public)
    assert opened(note, key) == text
    for changed in (note.replace(name, f"{name}x", 1), f"x{note}", note.replace("\n\n", "\nmore\n\n", 1)):
        with pytest.raises(Forged):
            opened(changed, key)
    with pytest.raises(Forged):
        opened(note, Signer(name, bytes(32)).public)


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8", "sum.golang.org"),
        ("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", "PeterNeumann"),
    ],
)
def test_keys_that_others_publish_are_read(line: str, name: str) -> None:
    """The key of Go's checksum database, and the example in its documentation."""
    said, key = public_key(line)
    assert (said, len(key)) == (name, 32)
    with pytest.raises(ValueError, match="not a verifier key"):
        public_key(line.replace(name, f"{name}x"))


@pytest.mark.parametrize(
    "line", ["", "a", "a+b", "a+00000000+AAAA", "+00000000+", "a+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"]
)
def test_what_is_no_key(line: str) -> None:
    with pytest.raises(ValueError, match="not a verifier key"):
        public_key(line)
