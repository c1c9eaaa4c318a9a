"""GET /duties: whose duty is what, as the list in force says (M06)."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.dependencies import CitizenSession, Now
from cases import policy
from web.rendering import page

router = APIRouter(include_in_schema=False)


@router.get("/duties", name="duties_page")
def duties_page(request: Request, session: CitizenSession, now: Now) -> HTMLResponse:
    """The list, each duty with the body that has it and what it rests on."""
    kinds = policy.department_kinds(session)
    rows = policy.public_duties(session, now)
    return page(request, "duties.html", cache="public, max-age=300", rows=rows, kinds=kinds)
