"""/desk/cases/{id}/acts/{act}: an act as a form, which says the same as /o/v1 and does it by the same function.

What is refused is told beside its field, with all that was written; a case that has changed is shown beside it.
"""

from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData

from api.rights import WRITERS, may
from kit.errors import NotFound
from web.desk.case import words
from web.desk.case.acts import THINGS, Act, Offer, acts_of, offers
from web.desk.case.forms import MORE, Form, at_fault, views
from web.desk.case.inner import ask
from web.desk.case.posted import Given, read
from web.desk.case.presets import Preset, preset
from web.desk.case.reading import facts_of
from web.desk.case.refused import STALE, Refused, refused, unread
from web.desk.case.shapes import shape_of
from web.desk.case.sources import ASKED, SOURCES, Facts, Options, sources_of
from web.desk.case.view import View
from web.desk.door import HOME, Known, SignedIn
from web.desk.frame import desk_page, desk_router

router = desk_router("/cases/{case_id}/acts")
VERSION: Final = "_version"
MOST_FIELDS: Final = 2000
_ALSO: Final = {"complete_visit": ("read_checklist",)}


class NoSuchAct(NotFound):
    """There is no act of this name on a case, or it is done to something and nothing is named."""


@dataclass(frozen=True)
class Asked:
    """Which act on which case, and on which of its things."""

    case_id: UUID
    act: Act
    thing_id: str

    @property
    def path(self) -> dict[str, str]:
        """The parameters of its route."""
        return {"case_id": str(self.case_id), **({self.act.thing: self.thing_id} if self.act.thing else {})}


@router.get("/{name}", name="desk_act")
@router.get("/{name}/{thing_id}", name="desk_act_on")
@may(WRITERS)
async def act_page(
    case_id: UUID, name: str, request: Request, officer: Known, thing_id: UUID | None = None
) -> HTMLResponse:
    """The form of an act, filled in with what is known."""
    asked = _asked(request, case_id, name, thing_id)
    facts = await _facts(request, officer, asked)
    return await _form(request, officer, asked, facts, preset(name, facts).given)


@router.post("/{name}", name="desk_do_act")
@router.post("/{name}/{thing_id}", name="desk_do_act_on")
@may(WRITERS)
async def do_act(case_id: UUID, name: str, request: Request, officer: Known, thing_id: UUID | None = None) -> Response:
    """Do it, and go on to what is due next; or show the form again with what stands against it."""
    asked = _asked(request, case_id, name, thing_id)
    given = _given(await request.form(max_fields=MOST_FIELDS, max_files=0))
    if MORE in given:
        return await _form(request, officer, asked, await _facts(request, officer, asked), given)
    shape = shape_of(asked.act.body)
    posted = read(shape, given)
    if posted.unknown:
        return await _again(request, officer, asked, given, unread(posted))
    answer = await ask(request, officer.token, name, version=_version(given), body=posted.body, path=asked.path)
    if answer.is_good:
        return RedirectResponse(await _onward(request, officer, asked, answer.body), 303)
    told = refused(shape, posted, given, answer.status, answer.body)
    return await _again(request, officer, asked, given, told)


def _asked(request: Request, case_id: UUID, name: str, thing_id: UUID | None) -> Asked:
    act = acts_of(request.app).get(name)
    if act is None or bool(act.thing) != (thing_id is not None):
        raise NoSuchAct
    return Asked(case_id, act, str(thing_id or ""))


def _given(form: FormData) -> Given:
    found: dict[str, list[str]] = {}
    for name, value in form.multi_items():
        found.setdefault(name, []).append(str(value))
    return found


def _version(given: Given) -> int | None:
    said = given.get(VERSION, [""])[0]
    return int(said) if said.isdecimal() and len(said) < len(str(2**31)) else None


async def _facts(request: Request, officer: SignedIn, asked: Asked) -> Facts:
    """What this form needs to know, and no more. Raises NoSuchAct where what it is done to is not of this case."""
    wanted = {ASKED[name] for name in sources_of(asked.act.name, shape_of(asked.act.body)).values() if name in ASKED}
    of_case = [name for name, is_of_case in wanted if is_of_case]
    of_house = [name for name, is_of_case in wanted if not is_of_case]
    facts = await facts_of(
        request, officer, asked.case_id, of_case=[*of_case, *_ALSO.get(asked.act.name, ())],
        of_house=["list_orgs", *of_house],
    )  # fmt: skip
    if asked.act.thing and _offer(facts, asked).row is None:
        raise NoSuchAct
    return facts


def _offer(facts: Facts, asked: Asked) -> Offer:
    """The act with the row that it is done to."""
    member, key = THINGS.get(asked.act.thing, ("", ""))
    rows = facts.case.get(member) or ()
    return Offer(asked.act, next((each for each in rows if str(each[key]) == asked.thing_id), None))


async def _again(request: Request, officer: SignedIn, asked: Asked, given: Given, told: Refused) -> HTMLResponse:
    facts = await _facts(request, officer, asked)
    return await _form(request, officer, asked, facts, given, told)


async def _form(
    request: Request, officer: SignedIn, asked: Asked, facts: Facts, given: Given, told: Refused | None = None
) -> HTMLResponse:
    shape, made = shape_of(asked.act.body), preset(asked.act.name, facts)
    options = await run_in_threadpool(_options, facts, sources_of(asked.act.name, shape))
    form = _drawn(asked.act.name, given, made, options, told)
    drawn, is_stale = views(form, shape), told is not None and told.status == STALE
    seen = _version(given)
    return desk_page(
        request, "desk/act.html", officer, status=told.status if told else 200, offer=_offer(facts, asked),
        view=View(facts, (), {}), case=facts.case, fields=drawn, faults=list(at_fault(drawn)),
        told=told, is_stale=is_stale,
        version=facts.case["version"] if is_stale or seen is None else seen, w=words,
    )  # fmt: skip


def _drawn(act: str, given: Given, made: Preset, options: dict[str, Options], told: Refused | None) -> Form:
    rows = made.fixed
    kept = {**given, **{f"{name}.{key}": made.given[f"{name}.{key}"] for name, keys in rows.items() for key in keys}}
    return Form(
        act, kept, told.faults if told else {}, {**options, **made.options}, made.titles, rows, frozenset(made.left_out)
    )


def _options(facts: Facts, sources: dict[str, str]) -> dict[str, Options]:
    return {path: SOURCES[name](facts) for path, name in sources.items()}


async def _onward(request: Request, officer: SignedIn, asked: Asked, said: Any) -> str:
    """The same case while something is left there for this person to do; else what is due next in their queue."""
    case = f"{HOME}/cases/{asked.case_id}"
    found = await ask(request, officer.token, "get_case", path={"case_id": str(asked.case_id)})
    done = {"done": asked.act.name, "of": str(said.get("number", ""))}
    if found.is_good and any(each.is_next for each in offers(acts_of(request.app), found.body, officer.actor)):
        return f"{case}?{urlencode(done)}"
    queue = await ask(request, officer.token, "queue", query={"limit": "20"})
    due = [each for each in (queue.body["items"] if queue.is_good else ()) if each["case"]["id"] != str(asked.case_id)]
    if due:
        return f"{HOME}/cases/{due[0]['case']['id']}?{urlencode(done)}"
    return f"{case}?{urlencode(done)}" if found.is_good else HOME
