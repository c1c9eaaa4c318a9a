"""The frame around each page of the console: its router, its header with what a role may open, its own policy."""

from collections.abc import Set as AbstractSet
from typing import Any, Final, NamedTuple

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from api.rights import CASE_READERS, EVERY_OFFICER, OF_THE_DISTRICT
from people.actors import Actor
from people.roles import Role
from web.desk import words
from web.desk.door import ACCOUNT, HOME, SignedIn, own_form
from web.rendering import page

POLICY: Final = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)


class Tab(NamedTuple):
    """A page of the console that the header leads to, for some."""

    path: str
    name: str
    who: AbstractSet[Role]
    of_the_district: bool = False

    def is_for(self, actor: Actor) -> bool:
        """Whether this officer may open it, as the page's own policy says (tests/web/desk/test_rights.py)."""
        if actor.lacks == "factor" and self.path != ACCOUNT:
            return False
        return actor.has(*self.who) and (not self.of_the_district or actor.org_kind in OF_THE_DISTRICT)


TABS: Final[tuple[Tab, ...]] = (
    Tab("/desk/reports", "举报受理", frozenset({Role.INTAKE_OFFICER}), of_the_district=True),
    Tab(HOME, "待办", CASE_READERS),
    Tab("/desk/cases", "查案件", CASE_READERS),
    Tab(ACCOUNT, "账号", EVERY_OFFICER),
)


def desk_router(prefix: str = "") -> APIRouter:
    """A router of the console: it refuses what another site's page has posted."""
    return APIRouter(prefix=f"{HOME}{prefix}", include_in_schema=False, dependencies=[Depends(own_form)])


def desk_page(
    request: Request, template: str, officer: SignedIn | None = None, *, status: int = 200, **facts: Any
) -> HTMLResponse:
    """A page of the console; without an officer the header offers nothing. Nobody keeps it."""
    actor = officer.actor if officer else None
    return page(
        request, template, status=status, policy=POLICY, actor=actor, tabs=tabs(actor) if actor else (), said=words,
        **facts,
    )  # fmt: skip


def tabs(actor: Actor) -> tuple[Tab, ...]:
    """What this officer may open."""
    return tuple(tab for tab in TABS if tab.is_for(actor))


def first_page(actor: Actor) -> str:
    """Where this officer's work begins."""
    return tabs(actor)[0].path
