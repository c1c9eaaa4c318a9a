"""/o/v1/views…: lists of cases under a name, one's own and those of one's office, with how many each shows now."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends

from api.dependencies import CurrentActor, Now, OfficerSession, SeenVersion
from api.officers.bodies import Body, Short
from api.officers.case_list import counted
from api.rights import EVERY_OFFICER, WRITERS, Scope, may
from api.routes import officers_router
from cases import lists
from cases.lists import Wanted
from cases.lists.views import SHARERS
from cases.models.view import SavedView

router = officers_router("/views", tags=["lists"])


class ViewIn(Body):
    """A name and what to look for, in the words of GET /o/v1/cases."""

    name: Short
    filter: Wanted


class SharingIn(Body):
    """Whether the office sees it."""

    shared: bool


def the_view(view_id: UUID, session: OfficerSession, actor: CurrentActor, seen: SeenVersion) -> SavedView:
    """The view of the path, locked, in the version that the officer saw."""
    return lists.lock(session, view_id, by=actor, expected_version=seen)


TheView = Annotated[SavedView, Depends(the_view)]


@router.get("", name="list_views")
@may(EVERY_OFFICER, scope=Scope.SELF)
def list_views(session: OfficerSession, actor: CurrentActor, now: Now) -> dict[str, Any]:
    """All of them, by name. `count` is bounded as that of a list, and null where it would have taken too long."""
    return {
        "items": [
            {**_told(view), "mine": view.owner_id == actor.account_id, **_count(session, view, actor, now)}
            for view in lists.views(session, by=actor)
        ]
    }


@router.post("", status_code=201, name="save_view")
@may(WRITERS, scope=Scope.SELF)
def save_view(body: ViewIn, session: OfficerSession, actor: CurrentActor, now: Now) -> dict[str, Any]:
    """Keep a view."""
    return _told(lists.save(session, body.name, body.filter, by=actor, now=now))


@router.post("/{view_id}/changes", status_code=201, name="change_view")
@may(WRITERS, scope=Scope.SELF)
def change_view(view: TheView, body: ViewIn, session: OfficerSession, actor: CurrentActor, now: Now) -> dict[str, Any]:
    """Another name, another filter."""
    return _told(lists.change(session, view, body.name, body.filter, by=actor, now=now))


@router.post("/{view_id}/sharings", status_code=201, name="share_view")
@may(SHARERS, scope=Scope.OFFICE)
def share_view(
    view: TheView, body: SharingIn, session: OfficerSession, actor: CurrentActor, now: Now
) -> dict[str, Any]:
    """Show it to the office, or no longer."""
    return _told(lists.share(session, view, shared=body.shared, by=actor, now=now))


@router.post("/{view_id}/removals", status_code=201, name="remove_view")
@may(WRITERS, scope=Scope.SELF)
def remove_view(view: TheView, actor: CurrentActor, now: Now) -> dict[str, Any]:
    """Take it away."""
    lists.remove(view, by=actor, now=now)
    return _told(view)


def _count(session: OfficerSession, view: SavedView, actor: CurrentActor, now: Now) -> dict[str, Any]:
    found = lists.counted(session, view, by=actor, now=now)
    return {"count": None, "more": None} if found is None else counted(found)


def _told(view: SavedView) -> dict[str, Any]:
    return {
        "id": view.id, "version": view.version, "name": view.name, "filter": view.filter, "shared": view.shared,
        "changed_at": view.changed_at,
    }  # fmt: skip
