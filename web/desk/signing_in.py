"""/desk/sign-in and /desk/sign-out: by the functions of /o/v1/sessions, with their throttle and their counts."""

from typing import Annotated

from fastapi import Form, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from api.dependencies import OFFICERS, Now, host_of
from api.rights import anybody
from api.signing_in import signed_in
from kit.db import unit_of_work
from people import sessions
from people.sign_in import LONGEST_PASSWORD, CodeWanted, WaitBeforeSignIn, WrongCredentials
from web.desk import words
from web.desk.door import COOKIE, HOME, SIGN_IN, let_in, let_out, place
from web.desk.frame import desk_page, desk_router, first_page

router = desk_router()
LONGEST_NAME, LONGEST_CODE, LONGEST_PLACE = 64, 32, 2000
Place = Annotated[str, Query(alias="next", max_length=LONGEST_PLACE)]


@router.get("/sign-in", name="desk_sign_in")
@anybody
async def sign_in_page(request: Request, onward: Place = HOME) -> HTMLResponse:
    """The form. Whoever came from another site is let on by a link: their browser sends the cookie only within ours."""
    return _form(request, place(onward))


@router.post("/sign-in", name="desk_signing_in")
@anybody
def sign_in(
    request: Request,
    now: Now,
    username: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    code: Annotated[str, Form()] = "",
    onward: Annotated[str, Form(alias="next")] = HOME,
) -> Response:
    """Sign in and go on to the page that was wanted. A password is never written back."""
    onward, name = place(onward), username.strip()[: LONGEST_NAME + 1]
    given = code.strip()[: LONGEST_CODE + 1] or None
    if not name or not password or len(name) > LONGEST_NAME or len(password) > LONGEST_PASSWORD:
        return _form(request, onward, name, words.WRONG, 401)
    try:
        signed = signed_in(host_of(request), name, password, given, now=now)
    except CodeWanted:
        return _form(request, onward, name, words.CODE_WANTED, 401)
    except WrongCredentials:
        return _form(request, onward, name, words.WRONG, 401)
    except WaitBeforeSignIn as slow:
        wait_s = int(slow.extra["retry_after_s"])
        told = _form(request, onward, name, words.THROTTLED.format(minutes=-(-wait_s // 60)), 429)
        told.headers["Retry-After"] = str(wait_s)
        return told
    answer = RedirectResponse(first_page(signed.actor) if onward == HOME else onward, 303)
    let_in(answer, request, signed.token)
    return answer


@router.post("/sign-out", name="desk_signing_out")
@anybody
def sign_out(request: Request, now: Now) -> RedirectResponse:
    """End the session, if one is open, at once and everywhere."""
    with unit_of_work(OFFICERS) as session:
        sessions.sign_out(session, request.cookies.get(COOKIE, ""), now=now)
    answer = RedirectResponse(SIGN_IN, 303)
    let_out(answer, request)
    return answer


def _form(request: Request, onward: str, name: str = "", fault: str = "", status: int = 200) -> HTMLResponse:
    return desk_page(request, "desk/sign_in.html", status=status, onward=onward, name=name, fault=fault)
