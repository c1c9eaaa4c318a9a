"""The judge: only the one kind of JPEG that we make passes, and not one byte more."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kit.images import NotClean, clean, prove_clean
from tests.kit.photos import carriers, encoded, exif, quarters

COPY = clean(encoded(quarters(), "PNG"))[0].data


@pytest.mark.parametrize("name", [name for name in carriers() if name.startswith("jpeg")])
def test_a_jpeg_that_carries_anything_is_not_clean(name):
    with pytest.raises(NotClean):
        prove_clean(carriers()[name])


@pytest.mark.parametrize(
    "photo",
    [
        b"",
        b"\xff\xd8\xff\xd9",
        encoded(quarters(), "PNG"),
        encoded(quarters(), "JPEG", progressive=True),
        encoded(quarters().convert("L"), "JPEG"),
        encoded(quarters(), "JPEG", dpi=(72, 72), exif=exif(orientation=1)),
        COPY + b"\x00",
        COPY[:-1],
        COPY[:-2],
        COPY[:-2] + COPY,
        COPY[:20] + COPY[2:],
        COPY[:18] + b"\x01\x01" + COPY[20:],
        COPY[:2] + COPY[20:],
    ],
)
def test_anything_but_the_one_kind_that_we_make_is_not_clean(photo):
    with pytest.raises(NotClean):
        prove_clean(photo)


@given(st.floats(0, 0.9999), st.binary(min_size=1, max_size=30))
@settings(max_examples=300)
def test_bytes_slipped_in_anywhere_before_the_scan_are_found(share, slipped):
    scan = COPY.index(b"\xff\xda")
    at = int(share * scan)
    try:
        prove_clean(COPY[:at] + slipped + COPY[at:])
    except NotClean:
        return
    # Only a table or an empty restart interval may stand there again.
    assert slipped.startswith((b"\xff\xdb", b"\xff\xc4", b"\xff\xdd"))


@given(st.binary(max_size=300))
def test_random_bytes_are_not_clean(data):
    for candidate in (data, b"\xff\xd8" + data, COPY[:-2] + data):
        try:
            prove_clean(candidate)
        except NotClean:
            continue
        assert candidate.endswith(b"\xff\xd9")
