"""/o/v1/joint-meetings…: minutes of joint meetings, with the tasks that came of them (M09)."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import Response
from pydantic import Field

from api.cursors import bound
from api.dependencies import CurrentActor, Now, OfficerSession
from api.officers.bodies import Body, Long, Optional, Short
from api.officers.enforcement import plain
from api.paging import Page
from api.rights import CASE_READERS, Scope, may
from api.routes import officers_router
from cases import handling
from cases.handling import ActionItem, MeetingFile, Minutes
from cases.handling.meeting import CONVENERS, SIGNERS
from cases.models.meeting import JointMeeting

router = officers_router("/joint-meetings", tags=["officers"])
Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2100, 1, 1))]
OrgId = Annotated[int, Field(ge=1, lt=2**31)]


class ItemIn(Body):
    """What a department does for a case, until the end of a day."""

    case_id: UUID
    org_id: OrgId
    text: Long
    due_on: Day


class MeetingIn(Body):
    """The minutes: when, which bodies, what was said and decided, and who does what."""

    title: Short
    held_on: Day
    present_org_ids: Annotated[list[OrgId], Field(min_length=1, max_length=50)]
    minutes: Long
    decisions: Optional = ""
    items: Annotated[list[ItemIn], Field(default_factory=list, max_length=100)]


@router.get("", name="list_joint_meetings")
@may(CASE_READERS, scope=Scope.OFFICE)
def list_joint_meetings(session: OfficerSession, actor: CurrentActor, page: Page) -> dict[str, Any]:
    """The meetings that one's body had a part in, the newest first."""
    whose = bound("joint-meetings", actor.org_id)
    rows = handling.meetings(session, by=actor, limit=page.limit, after=page.after(whose))
    return {
        "items": [_head(row) for row in rows],
        "next": page.next(whose, rows, lambda row: (row.recorded_at, row.id)),
    }


@router.get("/{meeting_id}", name="get_joint_meeting")
@may(CASE_READERS, scope=Scope.OFFICE)
def get_joint_meeting(
    meeting_id: UUID, session: OfficerSession, actor: CurrentActor, response: Response
) -> dict[str, Any]:
    """One meeting: its minutes, who has signed them, and its action items in the cases that one may see."""
    response.headers["Cache-Control"] = "no-store"
    return _told(handling.find_meeting(session, meeting_id, by=actor))


@router.post("", status_code=201, name="hold_joint_meeting")
@may(CONVENERS, scope=Scope.OFFICE)
def hold_joint_meeting(body: MeetingIn, session: OfficerSession, actor: CurrentActor, now: Now) -> dict[str, Any]:
    """Keep the minutes; each action item becomes a task with a clock of its own."""
    held = Minutes(
        body.title, body.held_on, body.present_org_ids, body.minutes, body.decisions,
        [ActionItem(**each.model_dump()) for each in body.items],
    )  # fmt: skip
    meeting = handling.hold_meeting(session, held, by=actor, now=now)
    return _told(handling.find_meeting(session, meeting.id, by=actor))


@router.post("/{meeting_id}/signatures", status_code=201, name="sign_joint_meeting")
@may(SIGNERS, scope=Scope.OFFICE)
def sign_joint_meeting(meeting_id: UUID, session: OfficerSession, actor: CurrentActor, now: Now) -> dict[str, Any]:
    """A leader signs the minutes for a body that was present."""
    handling.sign_minutes(session, meeting_id, by=actor, now=now)
    return _told(handling.find_meeting(session, meeting_id, by=actor))


def _head(meeting: JointMeeting) -> dict[str, Any]:
    return plain(meeting) | {"minutes_hash": meeting.minutes_hash.hex()}


def _told(found: MeetingFile) -> dict[str, Any]:
    return {
        **_head(found.meeting),
        "bodies": [plain(row) for row in found.bodies],
        "items": [plain(row) for row in found.items],
    }
