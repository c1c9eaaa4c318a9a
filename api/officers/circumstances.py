"""/o/v1/cases/{id}/circumstances and …/safeguards: what makes a case graver, and what has been made safe ((d))."""

from typing import Any, Literal
from uuid import UUID

from api.dependencies import CurrentActor, Now, OfficerSession
from api.officers.bodies import Body, Long, Short
from api.officers.cases import TheCase
from api.officers.shapes import case_head
from api.rights import CASE_READERS, may
from api.routes import officers_router
from cases import access, handling, policy
from cases.models.policy import CategoryVersion
from people.roles import HANDLERS, Role

router = officers_router("/cases/{case_id}", tags=["officers"])


class CircumstanceIn(Body):
    """A circumstance by its name in the catalogue, and the facts that show it."""

    when: Short
    facts: Long


class SafeguardIn(Body):
    """What has been made safe; a cordon and a stop of work are shown by a picture."""

    kind: Literal["relay", "cordon", "stop_work"]
    note: Long
    picture_id: UUID | None = None


@router.get("/circumstances", name="read_circumstances")
@may(CASE_READERS)
def read_circumstances(case_id: UUID, session: OfficerSession, actor: CurrentActor) -> dict[str, Any]:
    """Every circumstance that the category knows, with what it says, and whether it holds for this case."""
    case = access.find(session, case_id, by=actor)
    category = policy.category_version(session, case.category_code, case.category_version)
    return {"items": [{**row, "holds": row["when"] in case.circumstances} for row in circumstances_of(category)]}


@router.post("/circumstances", status_code=201, name="note_circumstance")
@may(HANDLERS, Role.INTAKE_OFFICER)
def note_circumstance(
    case: TheCase, body: CircumstanceIn, session: OfficerSession, actor: CurrentActor, now: Now
) -> Any:
    """Note a circumstance: the case may become more urgent, its penalty mandatory, and more departments take part."""
    handling.note_circumstance(session, case, when=body.when, facts=body.facts, by=actor, now=now)
    return {**case_head(case), "penalty_policy": case.penalty_policy, "circumstances": case.circumstances}


@router.post("/safeguards", status_code=201, name="safeguard")
@may(HANDLERS, Role.INTAKE_OFFICER)
def safeguard(case: TheCase, body: SafeguardIn, session: OfficerSession, actor: CurrentActor, now: Now) -> Any:
    """Say that the police have been told, the place cordoned off or the work stopped; its clock ends."""
    handling.safeguard(
        session, case, kind=body.kind, note=body.note, picture_id=body.picture_id, by=actor, now=now
    )  # fmt: skip
    return case_head(case)


def circumstances_of(category: CategoryVersion) -> list[dict[str, Any]]:
    """What a person chooses from: names, words, and what only the desk may find."""
    return [
        {"when": row["when"], "zh": row["zh"], "en": row["en"], "desk_only": bool(row.get("desk"))}
        for row in category.variants
    ]
