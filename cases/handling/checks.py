"""What a visit answers to the checks of its category, and what follows from it ((d), M31, M45, M60, M115)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases import notices, policy, routing, trail
from cases.journey import Kind
from cases.lifecycle import tagging
from cases.models.case import Case
from cases.models.handling import Picture
from cases.policy import ANSWERS, NOT_APPLICABLE, Check
from people.actors import Actor

ON_SITE = "check"


@dataclass(frozen=True)
class CheckAnswer:
    """The answer to one check: one of its kind's, a measured `value`, words, a picture.

    `done` says what was done at once, `phoned` that the phone it names was called. To a permit only these two are
    said here; whether it was seen, the record's permit check says.
    """

    code: str
    answer: str = ""
    value: float | None = None
    note: str = ""
    done: str = ""
    phoned: bool = False
    picture_id: UUID | None = None


def told(checks: Sequence[Check], answers: Sequence[CheckAnswer], permit: str | None) -> list[Check]:
    """The checks from whose answers something follows, in the order of the catalogue."""
    given = _by_code(answers)
    return [each for each in checks if each.tells(*_said(each, given.get(each.code), permit))]


def missing(
    checks: Sequence[Check], answers: Sequence[CheckAnswer], permit: str | None, pictures: Collection[UUID]
) -> list[str]:
    """What the answers lack, each as checks.<code> and what of it; `pictures` are those of the case.

    A visit need not answer every check: a verdict needs them all, of all its visits together (T7).
    """
    asked = {each.code: each for each in checks if each.kind != "reminder"}
    unknown = [f"checks.{each.code}" for each in answers if each.code not in asked]
    twice = [f"checks.{code}" for code in asked if sum(each.code == code for each in answers) > 1]
    given = _by_code(answers)
    lacking = [
        f"checks.{code}{what}"
        for code, check in asked.items()
        for what in _lacks(check, given.get(code), permit, pictures)
    ]
    return unknown + twice + lacking


def follow(session: Session, case: Case, telling: Sequence[Check], *, by: Actor, now: datetime) -> None:
    """Do what follows from the answers of a completed visit: circumstances, tags, departments told and involved."""
    for check in telling:
        if check.circumstance and check.circumstance not in case.circumstances:
            routing.learn(session, case, check.circumstance, facts=check.zh, by=by, now=now)
        if check.tag:
            _tag(session, case, check, by=by, now=now)
        for kind in check.call:
            _call(session, case, check, kind, by=by, now=now)


def findings_of(telling: Sequence[Check]) -> list[str]:
    """The findings that the answers make, in words."""
    return [check.finding["zh"] for check in telling if check.finding is not None]


def stated(answers: Sequence[CheckAnswer]) -> list[dict[str, Any]]:
    """The answers as JSON values, the empty parts left out."""
    rows = [replace(each, picture_id=None).__dict__ | {"picture_id": each.picture_id and str(each.picture_id)}
            for each in answers]  # fmt: skip
    return [{name: value for name, value in row.items() if value not in ("", None, False)} for row in rows]


def _by_code(answers: Sequence[CheckAnswer]) -> Mapping[str, CheckAnswer]:
    return {each.code: each for each in answers}


def _said(check: Check, given: CheckAnswer | None, permit: str | None) -> tuple[str, float | None]:
    if check.kind == "permit":
        return permit or "", None
    return (given.answer, given.value) if given else ("", None)


def _lacks(check: Check, given: CheckAnswer | None, permit: str | None, pictures: Collection[UUID]) -> list[str]:
    """What one answer lacks; nothing where it was not answered."""
    answer, value = _said(check, given, permit)
    said = given or CheckAnswer(check.code)
    if check.is_asked and given is not None:
        if answer not in ANSWERS[check.kind]:
            return [""]
        if answer == NOT_APPLICABLE:
            return [".note"] * (not said.note.strip())
        lacking = _proof(check, said, pictures)
        if lacking:
            return lacking
    if not check.tells(answer, value):
        return []
    return [".done"] * bool(check.at_once and not said.done.strip()) + [".phoned"] * bool(
        check.phone and not said.phoned
    )


def _proof(check: Check, said: CheckAnswer, pictures: Collection[UUID]) -> list[str]:
    """A measure has its number, words are there, a photo is one of the case, a certificate that was shown is cited."""
    lacks = {
        "measure": {".value": said.value is None},
        "text": {".note": not said.note.strip()},
        "photo": {".picture_id": said.picture_id not in pictures},
        "certificate": {".note": said.answer != "not_seen" and not said.note.strip()},
    }.get(check.kind, {})
    return [what for what, lacking in lacks.items() if lacking]


def _tag(session: Session, case: Case, check: Check, *, by: Actor, now: datetime) -> None:
    if tagging.tag_of(session, case, check.tag) is not None:
        return
    reason = policy.reason(session, "tag", check.tag, now)
    tagging.put(session, case, check.tag, facts=check.zh, by=by, now=now)
    trail.record(session, case, Kind.TAGGED, by=by, now=now, tag=check.tag, facts=check.zh)
    notices.tell_district(session, check.tag, f"案件 {case.number}：{reason.zh}", now=now, case_id=case.id)


def _call(session: Session, case: Case, check: Check, kind: str, *, by: Actor, now: datetime) -> None:
    """A department that the law gives a part gets a task of its own; one that has it is told again (M60)."""
    org = routing.issuer_of_permit(session, policy.acting_kind(session, kind, now))
    if org is None or org.id == by.org_id:
        return
    goal = (check.finding or check.at_once or {"zh": check.zh})["zh"]
    if routing.involve(session, case, org, goal=goal, why=ON_SITE, by=by, now=now) is None:
        notices.tell(session, org.id, ON_SITE, f"案件 {case.number}：{goal}", now=now, case_id=case.id)


def pictures_of(session: Session, case: Case) -> set[UUID]:
    """The pictures of a case that may show something."""
    return set(session.scalars(select(Picture.id).where(Picture.case_id == case.id, Picture.state != "rejected")))
