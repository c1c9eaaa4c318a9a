"""The life of a task (M09, M15) as a table: what one body has to do for a case, signed for, answered, or taken back.

The main task of the responsible body is signed with the case (T3) and done when the case is closed (T16); a
department's is its own. A task has no version: whoever acts on it has seen the case, whose version counts.
"""

from cases.lifecycle import machine
from cases.lifecycle.machine import Move
from cases.models.case import Task
from people.actors import Actor
from people.roles import Role

_CLERKS = frozenset({Role.TOWN_CLERK, Role.TOWN_LEADER})
_DEPARTMENT = frozenset({Role.DEPT_OFFICER, Role.DEPT_LEADER})
_OFFICE = frozenset({Role.SAFETY_OFFICE})
_DISTRICT = _OFFICE | {Role.INTAKE_OFFICER}
LIVE = frozenset({"open", "signed"})

TASK_MOVES: dict[str, Move] = {
    # Signed for once more where a return was rejected, or where somebody else is to do it.
    "sign_main": Move("T3", LIVE, "signed", _CLERKS),
    "sign": Move("M15", LIVE, "signed", _DEPARTMENT),
    # Given to somebody else: whoever had it has left, or has too much (M15).
    "assign": Move("M15", frozenset({"signed"}), "signed", _CLERKS | {Role.DEPT_LEADER}),
    "answer": Move("M09", frozenset({"signed"}), "answered", _DEPARTMENT),
    # Asked for by a joint operation alone, which is called off, or goes on without this body.
    "let_go": Move("M57", LIVE, "cancelled", _OFFICE | {Role.TOWN_LEADER, Role.DEPT_LEADER}, system=True),
    # What came of a referral is the receiver's answer; so is what the safety office tracks from outside.
    "settle": Move("T12", LIVE, "answered", _DEPARTMENT | _OFFICE),
    "finish": Move("T16", LIVE, "answered", _OFFICE | {Role.TOWN_LEADER}),
    "take_back": Move("T5", LIVE, "cancelled", _DISTRICT),
    # A case that is opened again is the same bodies' again: the main task with its person, the others to be answered.
    "give_back": Move("T18", frozenset({"answered"}), "signed", _OFFICE, system=True),
    "ask_again": Move("T18", frozenset({"answered"}), "open", _OFFICE, system=True),
    # Looking at a case afterwards is no part of handling it: nobody signs for it.
    "done_after": Move("T17", frozenset({"open"}), "answered", _DEPARTMENT | _OFFICE),
    "drop_after": Move("T18", frozenset({"open"}), "cancelled", system=True),
}


def move(task: Task, name: str, *, by: Actor) -> None:
    """Make the named move on a task whose case the caller has locked; raises NotInState or NotYourRole."""
    row = TASK_MOVES[name]
    machine.check(task, row, by=by)
    machine.enter(task, row)
