"""C3, TRN-01, F93: one spelling for what names a vehicle or an enterprise, however it was written; never a person's."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cases.wording import identifiers
from cases.wording.identifiers import has_check_sign

LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
SIGNS = "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789"
WIDE = str.maketrans({chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)})
GAPS = st.sampled_from(["", " ", "-", "·", "\u3000", "\u200b", "—", ".", "・", "："])
PLAIN = st.text(alphabet="的，。好以及车\n ；！", max_size=12)


def plates(text):
    return [each.value for each in identifiers(text) if each.kind == "plate"]


def codes(text):
    return [each.value for each in identifiers(text) if each.kind == "uscc"]


def written(draw, value, *, gaps=True):
    """As somebody might write it: any width and size of letters, with something between."""
    signs = [draw(st.sampled_from([sign, sign.lower(), sign.translate(WIDE)])) for sign in value]
    return "".join(sign + (draw(GAPS) if gaps else "") for sign in signs[:-1]) + signs[-1]


@st.composite
def usual(draw):
    city = draw(st.sampled_from("京津沪苏粤桂琼")) + draw(st.sampled_from("ABCDEFGHJKLMNOPQRSTUVWXYZ"))
    value = city + draw(
        st.one_of(
            st.text(SIGNS, min_size=5, max_size=5),
            st.builds(
                lambda tail, last: tail + last, st.text(SIGNS, min_size=4, max_size=4), st.sampled_from("挂学警港澳领")
            ),
        )
    )
    return value, written(draw, value)


@st.composite
def new_energy(draw):
    city = draw(st.sampled_from("京津沪苏粤")) + draw(st.sampled_from("ABCDE"))
    digits = st.text("0123456789", min_size=4, max_size=4)
    small = st.builds(
        lambda kind, second, rest: kind + second + rest, st.sampled_from("DF"), st.sampled_from(SIGNS), digits
    )
    large = st.builds(
        lambda first, rest, kind: first + rest + kind, st.sampled_from("0123456789"), digits, st.sampled_from("DF")
    )
    value = city + draw(st.one_of(small, large))
    return value, written(draw, value)


@st.composite
def companies(draw):
    """Codes whose check sign fits; some of it, as on many signs, in groups."""
    body = draw(st.sampled_from(["91", "92", "93", "11", "52"])) + draw(st.text("0123456789", min_size=6, max_size=6))
    body += draw(st.text(LETTERS, min_size=9, max_size=9))
    value = next(body + last for last in LETTERS if has_check_sign(body + last))
    return value, written(draw, value, gaps=False)


@given(before=PLAIN, plate=usual(), after=PLAIN)
def test_trn_01_a_plate_has_one_spelling_however_it_is_written(before, plate, after):
    """TRN-01."""
    value, words = plate
    assert plates(before + words + after) == [value]


@given(before=PLAIN, plate=new_energy(), after=PLAIN)
def test_trn_01_a_plate_of_new_energy_has_eight_signs(before, plate, after):
    """TRN-01. Where the last one stands apart it may be of what comes after: both are read."""
    value, words = plate
    found = plates(before + words + after)
    assert found in ([value], [value[:7], value])


@given(words=st.text("苏粤AB12345D挂 -·，的两三", max_size=40))
def test_whatever_is_read_is_a_plate_and_is_read_again_as_itself(words):
    for value in plates(words):
        assert plates(value) == [value]
        assert value[0] in "苏粤"
        assert len(value) in (7, 8)


@given(before=PLAIN, code=companies(), after=PLAIN)
def test_f93_a_code_has_one_spelling_and_its_check_sign_fits(before, code, after):
    """F93."""
    value, words = code
    assume(value[6:8] not in {"18", "19", "20"})
    (found,) = [each for each in identifiers(before + words + after) if each.kind == "uscc"]
    assert (found.value, found.doubtful) == (value, False)


@given(code=companies(), other=st.sampled_from(LETTERS))
def test_x28_a_check_sign_that_does_not_fit_is_a_warning_and_hides_nothing(code, other):
    """X28: some genuine codes do not fit."""
    value, _ = code
    assume(value[6:8] not in {"18", "19", "20"})
    (found,) = identifiers("信用代码" + value[:-1] + other)
    assert found.doubtful is (other != value[-1])


def test_x28_every_sum_has_a_check_sign():
    """X28: thirty-one less a sum that is nothing is nothing, and not past the end."""
    bodies = [f"91350100M00010{number:03d}" for number in range(200)]
    fitting = {next(last for last in LETTERS if has_check_sign(body + last)) for body in bodies}
    assert fitting == set(LETTERS)
    assert has_check_sign("91350100M000100Y43")


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("苏A12345 3辆", ["苏A12345"]),
        ("苏A12345两辆车", ["苏A12345"]),
        ("苏A1234两辆车", []),
        ("苏A12345挂车", ["苏A12345"]),
        ("苏A1234挂车", ["苏A1234挂"]),
        ("苏A12345 D座", ["苏A12345", "苏A12345D"]),
        ("苏A12345D座", ["苏A12345D"]),
        ("苏A123456", []),
        ("苏A1234567890", []),
        ("苏A1234I", []),
        ("苏A12345、苏a·12345和粤B54321", ["苏A12345", "粤B54321"]),
        ("云A区12号楼", []),
        ("", []),
    ],
)
def test_what_stands_around_is_no_part_of_a_plate(words, found):
    assert plates(words) == found


@pytest.mark.parametrize(
    "words", ["320102199001011234", "身份证 32010219900101123X", "320102-19900101-123x", "910102199001011234"]
)
def test_f69_nobodys_identity_number_is_kept_as_an_enterprises(words):
    assert identifiers(words) == []


@pytest.mark.parametrize(
    "words", ["91350100M000100Y4", "91350100M000100Y433", "A91350100M000100Y43", "1234567890123456789"]
)
def test_what_is_longer_or_shorter_is_no_code(words):
    assert codes(words) == []


def test_of_one_text_no_more_is_read_than_anybody_names():
    assert len(identifiers(" ".join(f"苏A{number:05d}" for number in range(100)))) == 20
