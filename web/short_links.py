"""/q/n/{code}: where the code on a posted notice leads, without sign-in and from any network (M18, X41)."""

from typing import Annotated

from fastapi import APIRouter, Path
from fastapi.responses import RedirectResponse

from web.front import NOTICE

router = APIRouter(include_in_schema=False)


@router.get("/q/n/{code}", name="notice_link")
def notice_link(code: Annotated[str, Path(pattern=r"^[0-9a-f]{16}$")]) -> RedirectResponse:
    """The public page, told which notice was read. Any well-made code is let through: nobody learns which exist."""
    return RedirectResponse(f"/?source={NOTICE}{code}", 303, {"Cache-Control": "no-store"})
