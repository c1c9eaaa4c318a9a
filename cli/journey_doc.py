"""`journey-doc`: the diagrams of docs/journey.md, drawn from the tables that the domain itself obeys."""

from collections.abc import Iterable, Mapping, Sequence

from cases.journey import FOLLOW_UPS
from cases.lifecycle.batch import BATCH_MOVES
from cases.lifecycle.beside import NEW
from cases.lifecycle.case import CASE_MOVES
from cases.lifecycle.correction import CORRECTION_MOVES
from cases.lifecycle.criminal import CRIMINAL_MOVES
from cases.lifecycle.decision import DECISION_MOVES
from cases.lifecycle.disputes import RETURN_MOVES, VOIDING_MOVES
from cases.lifecycle.export import EXPORT_MOVES
from cases.lifecycle.exposure import EXPOSURE_MOVES
from cases.lifecycle.exposure_notice import EXPOSURE_NOTICE_MOVES
from cases.lifecycle.extension import EXTENSION_MOVES
from cases.lifecycle.hold import HOLD_MOVES
from cases.lifecycle.listing import CANDIDATE_MOVES, LISTING_WAIVER_MOVES
from cases.lifecycle.look_back import LOOK_BACK_MOVES
from cases.lifecycle.machine import Move
from cases.lifecycle.measure import MEASURE_MOVES
from cases.lifecycle.operation import OPERATION_MOVES
from cases.lifecycle.paper import PAPER_MOVES
from cases.lifecycle.penalty import PENALTY_MOVES
from cases.lifecycle.recheck import RECHECK_MOVES
from cases.lifecycle.referral import REFERRAL_MOVES
from cases.lifecycle.refusal import REFUSAL_MOVES
from cases.lifecycle.release import RELEASE_MOVES
from cases.lifecycle.report import REPORT_MOVES
from cases.lifecycle.retaliation import RETALIATION_MOVES
from cases.lifecycle.review import REVIEW_MOVES
from cases.lifecycle.reward import REWARD_MOVES, VOUCHER_MOVES
from cases.lifecycle.second_look import SECOND_LOOK_MOVES
from cases.lifecycle.task import TASK_MOVES
from cases.lifecycle.urging import INTERVIEW_MOVES, URGE_MOVES
from cases.lifecycle.visit import VISIT_MOVES
from cases.models.aftercare import LOOK_BACK_STATES, REVIEW_STATES
from cases.models.batch import BATCH_STATES
from cases.models.case import CASE_STATES, TASK_STATES
from cases.models.correction import CORRECTION_STATES
from cases.models.decisions import REFUSAL_STATES
from cases.models.dispute import RETURN_STATES, VOIDING_STATES
from cases.models.export import EXPORT_STATES
from cases.models.exposure import EXPOSURE_STATES
from cases.models.exposure_notice import EXPOSURE_NOTICE_STATES
from cases.models.handling import VISIT_STATES
from cases.models.listing import LISTING_WAIVER_STATES
from cases.models.measure import MEASURE_STATES
from cases.models.operation import OPERATION_STATES
from cases.models.paper import PAPER_STATES
from cases.models.pause import EXTENSION_STATES, HOLD_STATES
from cases.models.penalty import PENALTY_STATES
from cases.models.referral import CRIMINAL_STATES, REFERRAL_STATES
from cases.models.release import RELEASE_STATES
from cases.models.reply import RECHECK_STATES
from cases.models.report import REPORT_STATES
from cases.models.retaliation import RETALIATION_STATES
from cases.models.reward import REWARD_STATES, VOUCHER_STATES
from cases.models.second_look import DECISION_STATES, SECOND_LOOK_STATES
from cases.models.supervision import CANDIDATE_STATES, INTERVIEW_STATES, URGE_STATES
from cli.places import ROOT
from cli.refusal import CannotGoOn

BESIDE: dict[str, tuple[Mapping[str, Move], Sequence[str]]] = {
    "task": (TASK_MOVES, TASK_STATES),
    "visit": (VISIT_MOVES, VISIT_STATES),
    "measure": (MEASURE_MOVES, MEASURE_STATES),
    "penalty": (PENALTY_MOVES, PENALTY_STATES),
    "referral": (REFERRAL_MOVES, REFERRAL_STATES),
    "criminal transfer": (CRIMINAL_MOVES, CRIMINAL_STATES),
    "second look": (SECOND_LOOK_MOVES, SECOND_LOOK_STATES),
    "decision": (DECISION_MOVES, DECISION_STATES),
    "extension": (EXTENSION_MOVES, EXTENSION_STATES),
    "hold": (HOLD_MOVES, HOLD_STATES),
    "review": (REVIEW_MOVES, REVIEW_STATES),
    "look-back": (LOOK_BACK_MOVES, LOOK_BACK_STATES),
    "batch of exposures": (BATCH_MOVES, BATCH_STATES),
    "notice of an exposure": (EXPOSURE_NOTICE_MOVES, EXPOSURE_NOTICE_STATES),
    "correction of an exposure": (CORRECTION_MOVES, CORRECTION_STATES),
    "joint operation": (OPERATION_MOVES, OPERATION_STATES),
    "refusal": (REFUSAL_MOVES, REFUSAL_STATES),
    "re-check": (RECHECK_MOVES, RECHECK_STATES),
    "return request": (RETURN_MOVES, RETURN_STATES),
    "voiding": (VOIDING_MOVES, VOIDING_STATES),
    "urge order": (URGE_MOVES, URGE_STATES),
    "interview": (INTERVIEW_MOVES, INTERVIEW_STATES),
    "listing waiver": (LISTING_WAIVER_MOVES, LISTING_WAIVER_STATES),
    "listing candidate": (CANDIDATE_MOVES, CANDIDATE_STATES),
    "reward": (REWARD_MOVES, REWARD_STATES),
    "voucher": (VOUCHER_MOVES, VOUCHER_STATES),
    "export": (EXPORT_MOVES, EXPORT_STATES),
    "retaliation report": (RETALIATION_MOVES, RETALIATION_STATES),
    "release of who reported": (RELEASE_MOVES, RELEASE_STATES),
}
DOCUMENT = ROOT / "docs" / "journey.md"


def journey_doc() -> None:
    """Write the diagrams of docs/journey.md anew."""
    before = DOCUMENT.read_text(encoding="utf-8")
    after = drawn(before)
    DOCUMENT.write_text(after, encoding="utf-8")
    print("docs/journey.md is as it was." if after == before else "wrote docs/journey.md")


def drawn(text: str) -> str:
    """The document with each diagram put between its marks. Raises CannotGoOn when a mark is missing."""
    for name, diagram in diagrams().items():
        begin, end = f"<!-- drawn: {name} -->\n", f"<!-- end: {name} -->"
        if begin not in text or end not in text:
            raise CannotGoOn(f"docs/journey.md lacks the marks of the diagram `{name}`.")
        head, rest = text.split(begin, 1)
        text = f"{head}{begin}\n{diagram}\n{end}{rest.split(end, 1)[1]}"
    return text


def diagrams() -> dict[str, str]:
    """Every diagram by its name, as Markdown."""
    return {
        "report": _machine(REPORT_MOVES, REPORT_STATES),
        "case": _machine(CASE_MOVES, CASE_STATES),
        "exposure": _machine(EXPOSURE_MOVES, EXPOSURE_STATES),
        **{name: _machine(moves, _from_the_first(moves, states)) for name, (moves, states) in BESIDE.items()},
        "paper": _machine(PAPER_MOVES, PAPER_STATES),
        "follow-ups": _follow_ups(),
    }


def _from_the_first(moves: Mapping[str, Move], states: Sequence[str]) -> Sequence[str]:
    """The states in order, after `new` where a move begins the thing; other things begin in their first state."""
    return (NEW, *states) if any(NEW in move.source for move in moves.values()) else states


def _machine(moves: Mapping[str, Move], states: Sequence[str]) -> str:
    """A state diagram, its moves as a table, and the states whose moves are not built yet."""
    used = {state for move in moves.values() for state in (*move.source, *move.targets)}
    ends = [state for state in states if state in used and not any(state in move.source for move in moves.values())]
    lines = ["stateDiagram-v2", f"    [*] --> {states[0]}"]
    lines += [
        f"    {source} --> {target}: {name} ({move.rule})"
        for name, move in moves.items()
        for source in sorted(move.source, key=states.index)
        for target in sorted(move.leads_to(source), key=states.index)
    ]
    lines += [f"    {state} --> [*]" for state in ends]
    later = [f"`{state}`" for state in states if state not in used]
    waiting = [f"\nWithout a move so far: {', '.join(later)}.\n"] if later else []
    return "\n".join([_fenced(lines), _table(moves), *waiting])


def _table(moves: Mapping[str, Move]) -> str:
    rows = ["| move | rule | who | guards |", "| --- | --- | --- | --- |"]
    for name, move in moves.items():
        guards = ", ".join(f"`{guard.__name__}`" for guard in move.guards)
        rows.append(f"| {name} | {move.rule} | {', '.join(_who(move))} | {guards} |")
    return "\n".join(rows) + "\n"


def _who(move: Move) -> Iterable[str]:
    yield from sorted(move.by)
    yield from (name for name in ("citizen", "system") if getattr(move, name))


def _follow_ups() -> str:
    lines = ["flowchart LR"]
    lines += [f"    {kind}([{kind}]) --> {step}[{step}]" for kind, steps in FOLLOW_UPS.items() for step in steps]
    return _fenced(lines)


def _fenced(lines: Iterable[str]) -> str:
    return "\n".join(["```mermaid", *lines, "```", ""])
