"""POST /o/v1/cases/{id}/departments: the safety office brings a department into a case (M09, X21)."""

from typing import Any

from api.dependencies import CurrentActor, Now, OfficerSession
from api.officers.bodies import Body, Optional
from api.officers.cases import TheCase
from api.officers.shapes import case_head, plain
from api.rights import may
from api.routes import officers_router
from cases import handling
from people.roles import Role

router = officers_router("/cases/{case_id}", tags=["officers"])
TASK = "id org_id kind state goal duty_item due_at due_what"


class DepartmentIn(Body):
    """Which department is to take part, and in what, where it is not to look anew."""

    org_id: int
    goal: Optional = ""


@router.post("/departments", status_code=201, name="bring_in_department")
@may(Role.SAFETY_OFFICE)
def bring_in(case: TheCase, body: DepartmentIn, session: OfficerSession, actor: CurrentActor, now: Now) -> Any:
    """X21: others look anew, also where the body that answers has nobody else."""
    task = handling.bring_in(session, case, org_id=body.org_id, goal=body.goal, by=actor, now=now)
    return {**case_head(case), "task": plain(task, TASK)}
