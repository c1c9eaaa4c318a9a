"""/o/v1/cases/{id}…: one case and the acts on it, each a noun; a stranger gets 404, a stale view 412."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Response

from api.dependencies import CurrentActor, Now, OfficerSession, SeenVersion
from api.officers import bodies
from api.officers.beside import beside_body
from api.officers.enforcement import enforcement_body
from api.officers.fields import readable
from api.officers.shapes import case_head, dossier_body
from api.rights import HEAD_READERS, may
from api.routes import officers_router
from cases import access, enforcing, handling
from cases.handling import OrderDraft
from cases.lifecycle.case import CASE_MOVES
from cases.lifecycle.checked import Criterion
from cases.lifecycle.task import TASK_MOVES
from cases.models.case import Case
from people.roles import HANDLERS

router = officers_router("/cases/{case_id}", tags=["officers"])


def the_case(case_id: UUID, session: OfficerSession, actor: CurrentActor, seen: SeenVersion) -> Case:
    """The case of the path, locked, in the version that the officer saw."""
    return access.lock(session, case_id, by=actor, expected_version=seen)


TheCase = Annotated[Case, Depends(the_case)]


@router.get("", name="get_case")
@may(HEAD_READERS)
def get_case(
    case_id: UUID, session: OfficerSession, actor: CurrentActor, now: Now, response: Response
) -> dict[str, Any]:
    """One case with everything that this officer may read of it (api/officers/fields.py)."""
    case = access.find(session, case_id, by=actor)
    response.headers["ETag"] = f'"{case.version}"'
    response.headers["Cache-Control"] = "no-store"
    whole = {
        **dossier_body(handling.dossier(session, case, by=actor), now),
        **beside_body(handling.beside(session, case)),
        **enforcement_body(enforcing.enforcement_file(session, case)),
    }
    return readable(whole, actor)


@router.post("/signatures", status_code=201, name="sign_case")
@may(CASE_MOVES["sign"], TASK_MOVES["sign"])
def sign_case(case: TheCase, body: bodies.Signature, session: OfficerSession, actor: CurrentActor, now: Now) -> Any:
    """T3: sign for the case, or for one's department's task in it."""
    if actor.org_kind == "department":
        handling.sign_task(session, case, person_id=body.person_id, task_id=body.task_id, by=actor, now=now)
    else:
        handling.sign(session, case, person_id=body.person_id, by=actor, now=now)
    return case_head(case)


@router.post("/assignments", status_code=201, name="assign_task")
@may(TASK_MOVES["assign"])
def assign_task(case: TheCase, body: bodies.Signature, session: OfficerSession, actor: CurrentActor, now: Now) -> Any:
    """M15: give what one's office has signed for to somebody else of it."""
    handling.assign_task(session, case, person_id=body.person_id, task_id=body.task_id, by=actor, now=now)
    return case_head(case)


@router.post("/task-answers", status_code=201, name="answer_task")
@may(TASK_MOVES["answer"])
def answer_task(case: TheCase, body: bodies.TaskAnswer, session: OfficerSession, actor: CurrentActor, now: Now) -> Any:
    """A department answers its task."""
    handling.answer_task(session, case, text=body.text, task_id=body.task_id, by=actor, now=now)
    return case_head(case)


@router.post("/verdicts", status_code=201, name="propose_verdict")
@may(CASE_MOVES["propose_verdict"])
def propose_verdict(
    case: TheCase, body: bodies.VerdictIn, session: OfficerSession, actor: CurrentActor, now: Now
) -> Any:
    """T7: propose what was found."""
    handling.propose(
        session, case, outcome=body.outcome, summary=body.summary, qualification=body.qualification,
        sanction=body.sanction, by=actor, now=now,
    )  # fmt: skip
    return case_head(case)


@router.post("/verdict-returns", status_code=201, name="return_verdict")
@may(CASE_MOVES["return_verdict"])
def return_verdict(case: TheCase, body: bodies.Comment, session: OfficerSession, actor: CurrentActor, now: Now) -> Any:
    """T10: send the verdict back for more."""
    handling.return_verdict(session, case, comment=body.comment, by=actor, now=now)
    return case_head(case)


@router.post("/non-findings", status_code=201, name="find_unsubstantiated")
@may(CASE_MOVES["find_unsubstantiated"])
def find_unsubstantiated(
    case: TheCase, body: bodies.Comment, session: OfficerSession, actor: CurrentActor, now: Now
) -> Any:
    """T9: approve that the facts were not found."""
    handling.find_unsubstantiated(session, case, comment=body.comment, by=actor, now=now)
    return case_head(case)


@router.post("/orders", status_code=201, name="order")
@may(CASE_MOVES["order"])
def order(case: TheCase, body: bodies.OrderIn, session: OfficerSession, actor: CurrentActor, now: Now) -> Any:
    """T8: approve the verdict and order rectification with the five items."""
    draft = OrderDraft(
        text=body.text, plan=body.plan.model_dump(exclude={"due_at"}), due_at=body.plan.due_at,
        fixed_on_spot=body.fixed_on_spot, grade=body.grade,
        criterion=Criterion(**body.criterion.model_dump()) if body.criterion else None,
        consequences={name: row.model_dump() for name, row in body.consequences.items()}, comment=body.comment,
    )  # fmt: skip
    issued = handling.order(session, case, draft=draft, by=actor, now=now)
    return {**case_head(case), "order": {"number": issued.number, "due_at": issued.due_at.isoformat()}}


@router.post("/completions", status_code=201, name="complete")
@may(CASE_MOVES["complete"])
def complete(case: TheCase, body: bodies.CompletionIn, session: OfficerSession, actor: CurrentActor, now: Now) -> Any:
    """T13: state that the order was carried out."""
    handling.complete(session, case, statement=body.statement, by=actor, now=now)
    return case_head(case)


@router.post("/copies/{copy_id}/delivery", status_code=201, name="deliver_copy")
@may(HANDLERS)
def deliver_copy(
    case: TheCase, copy_id: UUID, body: bodies.Delivery, session: OfficerSession, actor: CurrentActor, now: Now
) -> Any:
    """Note that a copy of the record reached its recipient, or that they refused it."""
    handling.deliver(session, case, copy_id=copy_id, note=body.note, by=actor, now=now)
    return case_head(case)


@router.post("/closures", status_code=201, name="close_case")
@may(CASE_MOVES["close"])
def close_case(case: TheCase, body: bodies.Closure, session: OfficerSession, actor: CurrentActor, now: Now) -> Any:
    """T16: close, when every guard holds; else 409 with the whole panel."""
    handling.close(session, case, note=body.note, by=actor, now=now)
    return case_head(case)
