"""The tracking code: one wrong symbol is always seen, and how it is typed does not matter (Q8)."""

from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.intake import Mistyped, grouped, mark_of, tracking_code
from cases.intake.codes import (
    ALPHABET,
    CODE_SYMBOLS,
    REFERENCE_SYMBOLS,
    _check_symbol,
    _spelled,
    mark_of_code,
    reference,
)
from kit.secrets import mark

pytestmark = pytest.mark.usefixtures("database_url")  # the secret that codes are derived from
IDS = st.uuids()


@given(IDS)
def test_a_retry_gets_the_same_code_and_the_code_is_sixteen_symbols(client_id):
    code = tracking_code(client_id)
    assert code == tracking_code(UUID(str(client_id)))
    assert len(code) == CODE_SYMBOLS + 1
    assert set(code) <= set(ALPHABET)


@given(IDS, st.integers(0, CODE_SYMBOLS), st.sampled_from(ALPHABET))
def test_one_wrong_symbol_is_always_seen(client_id, place, symbol):
    code = tracking_code(client_id)
    wrong = code[:place] + symbol + code[place + 1 :]
    if wrong == code:
        mark_of(wrong)
    else:
        with pytest.raises(Mistyped):
            mark_of(wrong)


@given(IDS, st.integers(0, CODE_SYMBOLS - 1))
def test_a_swap_of_neighbours_is_seen_but_for_one_pair(client_id, place):
    code = tracking_code(client_id)
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    if swapped != code and {code[place], code[place + 1]} != {ALPHABET[0], ALPHABET[-1]}:
        with pytest.raises(Mistyped):
            mark_of(swapped)


@given(IDS, st.randoms(use_true_random=False))
def test_a_code_is_read_in_any_case_and_grouping_and_with_the_letters_people_confuse(client_id, random):
    code = tracking_code(client_id)
    typed = code.replace("0", random.choice("0oO")).replace("1", random.choice("1iIlL"))
    typed = "".join(random.choice([letter.lower(), letter]) + random.choice(["", "-", " "]) for letter in typed)
    assert mark_of(typed) == mark_of(code) == mark_of(grouped(code))


@given(st.text(max_size=20))
def test_whatever_else_is_typed_is_mistyped_and_never_a_failure(typed):
    try:
        mark = mark_of(typed)
    except Mistyped:
        return
    assert len(mark) == 32


@given(st.text(ALPHABET, min_size=1, max_size=30))
def test_every_body_has_exactly_one_check_symbol(body):
    assert _check_symbol(body) in ALPHABET


def test_a_code_is_grouped_in_fours():
    assert grouped("0123456789ABCDEF") == "0123-4567-89AB-CDEF"


def test_codes_of_neighbouring_ids_have_nothing_in_common_and_do_not_count_up():
    """X37: a code that can be guessed from another is none."""
    codes = {tracking_code(UUID(int=number)) for number in range(500)}
    assert len(codes) == 500
    assert all(len({code[place] for code in codes}) == 32 for place in range(CODE_SYMBOLS))


def test_the_reference_says_nothing_of_the_code():
    client_id = uuid4()
    assert reference(client_id).replace("-", "") not in tracking_code(client_id)
    assert len(reference(client_id)) == 11


def test_neither_id_nor_code_is_kept_but_a_keyed_mark():
    client_id = uuid4()
    assert tracking_code(client_id).encode() not in mark_of(tracking_code(client_id))


@given(st.uuids(), st.sampled_from([CODE_SYMBOLS, REFERENCE_SYMBOLS]))
def test_a_code_is_spelled_five_bits_at_a_time_from_the_lowest(client_id, symbols):
    """How it is computed may change; what phones already hold may not."""
    number = int.from_bytes(mark("tracking-code", client_id.bytes), "big")
    body = "".join(ALPHABET[(number >> (5 * place)) & 31] for place in range(symbols))
    values = [ALPHABET.index(letter) * (2 - place % 2) for place, letter in enumerate(reversed(body))]
    check = ALPHABET[-sum(value // 32 + value % 32 for value in values) % 32]
    assert _spelled(mark("tracking-code", client_id.bytes), symbols) == body + check


@given(st.uuids())
def test_what_is_stored_of_a_code_finds_it_as_typed(client_id):
    code = tracking_code(client_id)
    assert mark_of_code(code) == mark_of(code.lower())
