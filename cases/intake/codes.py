"""Codes: 15 Crockford symbols (75 bits) and a check symbol of the same 32 letters (Luhn mod 32).

Those of a report, for its progress and for its reward, are derived from its id, so that a retry gets the same ones;
of the first only a keyed mark is stored, of the second nothing.
"""

from hmac import compare_digest
from uuid import UUID

from kit.errors import Invalid
from kit.secrets import mark

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_SYMBOLS = 15
REFERENCE_SYMBOLS = 9
_VALUE = {letter: number for number, letter in enumerate(ALPHABET)}
_DOUBLED = {letter: number * 2 // 32 + number * 2 % 32 for letter, number in _VALUE.items()}
# Ten bits at a time, the low five first: a code is made for every report.
_PAIRS = [low + high for high in ALPHABET for low in ALPHABET]
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1", " ": None, "-": None})


class Mistyped(Invalid):
    """The check symbol does not fit: a typing error, told without asking the database."""

    code = "tracking.mistyped"
    message = "This code is mistyped."
    pointer = "/tracking_code"


def tracking_code(report_client_id: UUID) -> str:
    """The code of a report, 16 symbols without grouping."""
    return _spelled(mark("tracking-code", report_client_id.bytes), CODE_SYMBOLS)


def claim_secret(report_client_id: UUID) -> str:
    """The second secret of a report, without grouping: whoever saw the first over a shoulder is paid nothing (C11)."""
    return _spelled(mark("claim-secret", report_client_id.bytes), CODE_SYMBOLS)


def is_claim_secret(typed: str, report_client_id: UUID) -> bool:
    """Whether somebody typed the second secret of a report, in any case and grouping."""
    return compare_digest(read_as(typed).encode(), claim_secret(report_client_id).encode())


def collection_code(voucher_id: UUID) -> str:
    """What whoever collects a voucher says, without grouping."""
    return _spelled(mark("collection-code", voucher_id.bytes), CODE_SYMBOLS)


def voucher_number(voucher_id: UUID) -> str:
    """The number of a voucher: no secret, not counting up."""
    return _spelled(mark("voucher-number", voucher_id.bytes), REFERENCE_SYMBOLS)


def reference(report_client_id: UUID) -> str:
    """A short number to talk about a report: no secret, not counting up."""
    symbols = _spelled(mark("reference", report_client_id.bytes), REFERENCE_SYMBOLS)
    return f"{symbols[:5]}-{symbols[5:]}"


def read_as(typed: str) -> str:
    """A code as it was meant: upper case, no grouping, letters that look like digits as digits."""
    return typed.upper().translate(_READ_AS)


def grouped(code: str) -> str:
    """The code as people read it: XXXX-XXXX-XXXX-XXXX."""
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))


def number_as_read(number: str) -> str:
    """A voucher's number as people read it, in two halves."""
    return f"{number[:5]}-{number[5:]}"


def mark_of(typed: str) -> bytes:
    """The stored mark of a code as somebody typed it, in any case and grouping. Raises Mistyped."""
    code = read_as(typed)
    if len(code) != CODE_SYMBOLS + 1 or set(code) - set(ALPHABET) or _check_symbol(code[:-1]) != code[-1]:
        raise Mistyped
    return mark_of_code(code)


def mark_of_code(code: str) -> bytes:
    """The stored mark of a code as `tracking_code` gives it."""
    return mark("tracking-mark", code.encode())


def _spelled(random: bytes, symbols: int) -> str:
    number = int.from_bytes(random, "big") & ((1 << 5 * symbols) - 1)
    body = "".join([_PAIRS[number >> shift & 1023] for shift in range(0, 5 * symbols, 10)])[:symbols]
    return body + _check_symbol(body)


def _check_symbol(body: str) -> str:
    """Luhn mod 32: every single wrong symbol is seen, and all but one swap of neighbours."""
    total = sum([_DOUBLED[letter] for letter in body[::-2]]) + sum([_VALUE[letter] for letter in body[-2::-2]])
    return ALPHABET[-total % 32]
