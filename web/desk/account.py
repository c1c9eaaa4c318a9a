"""/desk/account: one's second factor, password and open sessions, by the functions of /o/v1/me."""

from collections.abc import Callable
from typing import Annotated
from uuid import UUID

from fastapi import Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from markupsafe import Markup

from api import own_account
from api.dependencies import OFFICERS
from api.rights import EVERY_OFFICER, Scope, may
from kit.db import unit_of_work
from kit.errors import Refusal
from people import second_factor, sessions
from people.models import Account, Org
from people.second_factor import EnrolledAlready, NotEnrolling, WrongCode
from people.sign_in import LONGEST_PASSWORD, WaitBeforeSignIn, WeakPassword, WrongPassword
from web.desk import words
from web.desk.door import ACCOUNT, HOME, SIGN_IN, Known, let_out, place
from web.desk.frame import desk_page, desk_router
from web.desk.signing_in import LONGEST_CODE, Place

router = desk_router()
FAULTS: dict[type[Refusal], str] = {
    WrongPassword: words.NOT_THE_ONE, WrongCode: words.WRONG_CODE, WeakPassword: words.TOO_SHORT,
    EnrolledAlready: words.ENROLLED, NotEnrolling: words.NOT_ENROLLED, WaitBeforeSignIn: words.WAIT,
}  # fmt: skip
Password = Annotated[str, Form(max_length=LONGEST_PASSWORD)]
Code = Annotated[str, Form(max_length=LONGEST_CODE)]


@router.get("/account", name="desk_account")
@may(EVERY_OFFICER, scope=Scope.SELF, enrolling=True)
def account_page(request: Request, officer: Known) -> HTMLResponse:
    """Who is signed in, with what, and where else."""
    return _page(request, officer)


@router.post("/account/second-factor", name="desk_begin_factor")
@may(EVERY_OFFICER, scope=Scope.SELF, enrolling=True)
def begin(request: Request, officer: Known, password: Password = "") -> Response:
    """The square for an authenticator, on the page that takes its first code."""
    return _tried(request, officer, lambda: _begun(request, officer, password))


@router.post("/account/second-factor/confirmation", name="desk_confirm_factor")
@may(EVERY_OFFICER, scope=Scope.SELF, enrolling=True)
def confirm(request: Request, officer: Known, code: Code = "") -> Response:
    """Enrol; the recovery codes are shown this once. Whoever mistypes begins anew, with a new square."""
    return _tried(request, officer, lambda: _confirmed(request, officer, code))


@router.post("/account/password", name="desk_change_password")
@may(EVERY_OFFICER, scope=Scope.SELF, enrolling=True)
def change_password(
    request: Request, officer: Known, password: Password = "", new: Password = "", again: Password = ""
) -> Response:
    """A new password. All sessions end, this one too."""
    if new != again:
        return _page(request, officer, fault=words.DIFFERENT, status=422)
    return _tried(request, officer, lambda: _changed(request, officer, password, new))


@router.post("/account/sessions/ending", name="desk_end_sessions")
@may(EVERY_OFFICER, scope=Scope.SELF, enrolling=True)
def end_others(officer: Known) -> RedirectResponse:
    """End all of one's sessions but this one."""
    with unit_of_work(OFFICERS) as session:
        sessions.end_others(session, officer.token, by=officer.actor, now=officer.now)
    return RedirectResponse(ACCOUNT, 303)


@router.post("/account/sessions/{session_id}/ending", name="desk_end_session")
@may(EVERY_OFFICER, scope=Scope.SELF, enrolling=True)
def end_one(session_id: UUID, officer: Known) -> RedirectResponse:
    """End one of one's sessions."""
    with unit_of_work(OFFICERS) as session:
        sessions.end_one(session, session_id, by=officer.actor, now=officer.now)
    return RedirectResponse(ACCOUNT, 303)


@router.get("/fresh-code", name="desk_fresh_code")
@may(EVERY_OFFICER, scope=Scope.SELF)
def fresh_code_page(request: Request, officer: Known, onward: Place = HOME) -> HTMLResponse:
    """Where the gravest acts are opened for five minutes."""
    return desk_page(request, "desk/fresh_code.html", officer, onward=place(onward), fault="")


@router.post("/fresh-code", name="desk_giving_fresh_code")
@may(EVERY_OFFICER, scope=Scope.SELF)
def give_fresh_code(
    request: Request, officer: Known, code: Code = "", onward: Annotated[str, Form(alias="next")] = HOME
) -> Response:
    """Give a code of now, and go back to what it is for."""
    try:
        own_account.give_fresh_code(officer.token, code.strip(), by=officer.actor, now=officer.now)
    except (WrongCode, WaitBeforeSignIn, NotEnrolling) as refusal:
        fault = FAULTS[type(refusal)]
        return desk_page(
            request, "desk/fresh_code.html", officer, status=422, onward=place(onward), fault=fault
        )  # fmt: skip
    return RedirectResponse(place(onward), 303)


def _begun(request: Request, officer: Known, password: str) -> HTMLResponse:
    begun = own_account.begin_factor(password, by=officer.actor, now=officer.now)
    square = Markup(begun.square)  # noqa: S704 - drawn by segno, with nothing of a person's in it
    return desk_page(request, "desk/factor.html", officer, secret=begun.secret, square=square)


def _confirmed(request: Request, officer: Known, code: str) -> HTMLResponse:
    codes = own_account.confirm_factor(officer.token, code.strip(), by=officer.actor, now=officer.now)
    return desk_page(request, "desk/recovery_codes.html", officer, codes=codes)


def _changed(request: Request, officer: Known, password: str, new: str) -> Response:
    own_account.change_password(password, new, by=officer.actor, now=officer.now)
    answer = RedirectResponse(SIGN_IN, 303)
    let_out(answer, request)
    return answer


def _tried(request: Request, officer: Known, act: Callable[[], Response]) -> Response:
    """What the act shows, or the page again with what is at fault."""
    try:
        return act()
    except tuple(FAULTS) as refusal:
        return _page(request, officer, fault=FAULTS[type(refusal)], status=422)


def _page(request: Request, officer: Known, *, fault: str = "", status: int = 200) -> HTMLResponse:
    account_id = officer.actor.account_id or 0
    with unit_of_work(OFFICERS) as session:
        return desk_page(
            request, "desk/account.html", officer, status=status, fault=fault,
            office=session.get_one(Org, officer.actor.org_id).name_zh,
            username=session.get_one(Account, account_id).username,
            enrolled=second_factor.enrolled(session, account_id) is not None,
            codes_left=second_factor.left(session, account_id),
            open_sessions=sessions.open_sessions(session, by=officer.actor, now=officer.now),
            this_one=sessions.token_hash(officer.token),
        )  # fmt: skip
