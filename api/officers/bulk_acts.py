"""/o/v1/bulk-acts…: one act on many cases, previewed, then done, with an answer for each."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Request, Response
from pydantic import AwareDatetime, Field

from api.dependencies import CurrentActor, Now, OfficerSession
from api.errors import title_of
from api.officers.bodies import FIRST, LAST, Body, Long
from api.rights import ACTORS, may
from api.routes import officers_router
from cases import bulk
from cases.bulk import Answer, Chosen

router = officers_router("/bulk-acts", tags=["lists"])


class ChosenIn(Body):
    """A case in the version that was seen."""

    id: UUID
    version: Annotated[int, Field(ge=1, lt=2**31)]


class SignIn(Body):
    """T3: sign, and name who does it."""

    kind: Literal["sign"]
    person_id: Annotated[int, Field(ge=1, lt=2**31)]


class UrgeIn(Body):
    """M74: urge the body that answers."""

    kind: Literal["urge"]
    level: Literal["reminder", "urge_order"]
    text: Long
    reply_due_at: Annotated[AwareDatetime, Field(ge=FIRST, lt=LAST)] | None = None


class Preview(Body):
    """What to do to which cases."""

    act: Annotated[SignIn | UrgeIn, Field(discriminator="kind")]
    cases: Annotated[list[ChosenIn], Field(min_length=1, max_length=500)]


class BulkActIn(Preview):
    """The same, with the id by which it is done once."""

    id: UUID


@router.post("/previews", name="preview_bulk_act")
@may(ACTORS)
def preview_bulk_act(
    request: Request, body: Preview, session: OfficerSession, actor: CurrentActor, now: Now
) -> dict[str, Any]:
    """What each case would answer; nothing is done."""
    return _told(request, bulk.preview(session, _act(body), _chosen(body), by=actor, now=now))


@router.post("", status_code=201, name="do_bulk_act")
@may(ACTORS)
def do_bulk_act(
    request: Request, body: BulkActIn, session: OfficerSession, actor: CurrentActor, now: Now, response: Response
) -> dict[str, Any]:
    """Do it to each case that lets it: 201, and 200 with the same answers when the id comes again."""
    answers, is_new = bulk.do(session, _act(body), _chosen(body), client_id=body.id, by=actor, now=now)
    response.status_code = 201 if is_new else 200
    return {"id": body.id, **_told(request, answers)}


def _act(body: Preview) -> bulk.Act:
    if isinstance(body.act, SignIn):
        return bulk.Sign(body.act.person_id)
    return bulk.Urge(body.act.level, body.act.text, body.act.reply_due_at)


def _chosen(body: Preview) -> list[Chosen]:
    return [Chosen(each.id, each.version) for each in body.cases]


def _told(request: Request, answers: list[Answer]) -> dict[str, Any]:
    done = sum(answer.code is None for answer in answers)
    return {
        "done": done, "refused": len(answers) - done, "results": [_answer(request, answer) for answer in answers],
    }  # fmt: skip


def _answer(request: Request, answer: Answer) -> dict[str, Any]:
    if answer.code is None:
        return {"case_id": answer.case_id, "done": True, "number": answer.number, "version": answer.version}
    title = title_of(request, answer.code) or answer.detail
    problem = {**answer.told, "code": answer.code, "title": title, "detail": answer.detail}
    return {"case_id": answer.case_id, "done": False, "problem": problem}
