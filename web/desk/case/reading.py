"""What the page of a case is drawn from: the case and the lists beside it, each asked of the API by who looks."""

import asyncio
from collections.abc import Iterable, Mapping
from typing import Any, Final
from uuid import UUID

from fastapi import Request

from cases.lifecycle.case import CASE_MOVES
from kit import errors
from kit.errors import Refusal
from people.roles import Role
from web.desk.case.inner import Answer, ask
from web.desk.case.sources import Facts
from web.desk.door import SignedIn

# What the page always shows, beside the case: routes of the case, and of the house.
OF_THE_CASE: Final = ("show_guards", "list_papers", "list_scans", "list_near_cases")
OF_THE_HOUSE: Final = ("list_orgs", "list_colleagues")
VOIDABLE: Final = CASE_MOVES["void"].source
_FAMILIES: Final[Mapping[int, type[Refusal]]] = {
    401: errors.Unidentified, 403: errors.NotAllowed, 404: errors.NotFound, 429: errors.TooMany,
    503: errors.Unavailable,
}  # fmt: skip


async def facts_of(
    request: Request, officer: SignedIn, case_id: UUID, *, of_case: Iterable[str] = OF_THE_CASE,
    of_house: Iterable[str] = OF_THE_HOUSE,
) -> Facts:  # fmt: skip
    """The case as this person reads it. Raises NotFound for what is not theirs, and whatever else keeps them out."""
    names, case = [*of_case, *of_house], {"case_id": str(case_id)}
    found = needed(await ask(request, officer.token, "get_case", path=case))
    answers = await asyncio.gather(
        *(ask(request, officer.token, name, path=case) for name in of_case),
        *(ask(request, officer.token, name) for name in of_house),
    )
    lists = {name: _rows(each) for name, each in zip(names, answers, strict=True)}
    if found["state"] in VOIDABLE and officer.actor.has(Role.INTAKE_OFFICER, Role.SAFETY_OFFICE):
        waiting = _rows(await ask(request, officer.token, "list_voidings"))
        found["voidings"] = [each for each in waiting if each["case"]["id"] == found["id"]]
    return Facts(officer.actor, found, officer.now, lists)


def needed(answer: Answer) -> Any:
    """What was answered; raises the family of the refusal where it was refused."""
    if answer.is_good:
        return answer.body
    refusal = _FAMILIES.get(answer.status, errors.Invalid)()
    refusal.code = answer.body["code"]
    raise refusal


def _rows(answer: Answer) -> Any:
    """A list, or a document that is none; nothing where it is not for this person."""
    if not answer.is_good:
        return ()
    return answer.body.get("items", answer.body)
