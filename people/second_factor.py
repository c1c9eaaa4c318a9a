"""The second factor: time-based codes (RFC 6238), each good for one sign-in, and ten recovery codes for a lost phone.

The secret is sealed under a key of the installation, so that a dump of the database makes no codes; recovery codes are
kept as keyed marks. A code that was used, or an older one, is refused for ever (security.md §3.8).
"""

import secrets
from datetime import datetime, timedelta

import pyotp
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from kit.errors import Conflict, NotAllowed
from kit.secrets import mark, seal, unseal
from people.actors import Actor
from people.models import Account, RecoveryCode, SecondFactor, StaffSession

STEP, DIGITS = 30, 6
FRESH = timedelta(minutes=5)
ISSUER = "Jingzhong 警钟"
PURPOSE = "second factor"
RECOVERY_CODES = 10
# Neither I, L, O nor U: what is read from paper and typed.
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


class EnrolledAlready(Conflict):
    """The account has a second factor; whoever lost it has it reset, or signs in with a recovery code."""

    code = "second_factor.enrolled"
    message = "You have a second factor already."


class NotEnrolling(Conflict):
    """There is nothing to confirm: no secret was asked for."""

    code = "second_factor.none"
    message = "Ask for a secret first."


class WrongCode(NotAllowed):
    """The code is wrong, or was used."""

    code = "second_factor.wrong"
    message = "The code is wrong, or was used before."


def enrolled(session: Session, account_id: int) -> SecondFactor | None:
    """The confirmed second factor of an account, if it has one, locked: a code is looked at by one at a time."""
    found = session.get(SecondFactor, account_id, with_for_update=True, populate_existing=True)
    return found if found is not None and found.confirmed_at is not None else None


def begin(session: Session, account_id: int, *, now: datetime) -> str:
    """A new secret, as the address that an authenticator reads from a square. Raises EnrolledAlready."""
    if enrolled(session, account_id) is not None:
        raise EnrolledAlready
    account = session.get_one(Account, account_id)
    secret = pyotp.random_base32()
    session.merge(
        SecondFactor(account_id=account_id, secret=seal(PURPOSE, str(account_id), secret), begun_at=now, last_step=0)
    )
    session.flush()
    return pyotp.TOTP(secret).provisioning_uri(name=account.username, issuer_name=ISSUER)


def confirm(session: Session, account_id: int, code: str, *, now: datetime) -> list[str]:
    """Enrol with a first code; the recovery codes, told this once. Raises EnrolledAlready, NotEnrolling, WrongCode."""
    factor = session.get(SecondFactor, account_id, with_for_update=True, populate_existing=True)
    if factor is None:
        raise NotEnrolling
    if factor.confirmed_at is not None:
        raise EnrolledAlready
    if not _is_new(factor, code, now):
        raise WrongCode
    factor.confirmed_at = now
    session.flush()
    return new_recovery_codes(session, account_id)


def new_recovery_codes(session: Session, account_id: int) -> list[str]:
    """Ten fresh recovery codes, told this once; the older ones are void."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))
    codes = ["".join(secrets.choice(_LETTERS) for _ in range(16)) for _ in range(RECOVERY_CODES)]
    session.add_all(RecoveryCode(account_id=account_id, mark=_mark(account_id, code)) for code in codes)
    session.flush()
    return ["-".join((code[:4], code[4:8], code[8:12], code[12:])) for code in codes]


def left(session: Session, account_id: int) -> int:
    """How many recovery codes are unused."""
    unused = select(func.count()).where(RecoveryCode.account_id == account_id, RecoveryCode.used_at.is_(None))
    return session.scalars(unused).one()


def passes(session: Session, factor: SecondFactor, code: str, *, now: datetime) -> bool:
    """Whether this is the code of now, or an unused recovery code; either is used up by it."""
    if _is_new(factor, code, now):
        return True
    plain = code.upper().replace("-", "").replace(" ", "")
    used = (
        update(RecoveryCode)
        .where(RecoveryCode.mark == _mark(factor.account_id, plain), RecoveryCode.used_at.is_(None))
        .values(used_at=now)
    )
    return session.execute(used.returning(RecoveryCode.account_id)).one_or_none() is not None


def forget(session: Session, account_id: int) -> bool:
    """Take the second factor and its recovery codes away; whether there was one."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))
    gone = delete(SecondFactor).where(SecondFactor.account_id == account_id).returning(SecondFactor.account_id)
    return session.execute(gone).one_or_none() is not None


def made_fresh(session: Session, token_hash: bytes, *, by: Actor, now: datetime) -> None:
    """Note that the holder of a session has just shown the factor: it is whole, and the gravest acts are open."""
    session.execute(
        update(StaffSession)
        .where(StaffSession.token_hash == token_hash, StaffSession.account_id == by.account_id)
        .values(confirmed_at=now, limited=False)
    )


def _is_new(factor: SecondFactor, code: str, now: datetime) -> bool:
    """Whether this is the code of this step, or of a neighbour for a clock that is wrong, and of none used before."""
    if len(code) != DIGITS or not code.isascii() or not code.isdecimal():
        return False
    totp, step = pyotp.TOTP(_secret(factor)), int(now.timestamp()) // STEP
    for candidate in (step - 1, step, step + 1):
        if candidate > factor.last_step and secrets.compare_digest(totp.generate_otp(candidate), code):
            factor.last_step = candidate
            return True
    return False


def _secret(factor: SecondFactor) -> str:
    return unseal(PURPOSE, str(factor.account_id), bytes(factor.secret))


def _mark(account_id: int, code: str) -> bytes:
    return mark("recovery code", str(account_id).encode(), code.encode("utf-8", "surrogatepass"))
