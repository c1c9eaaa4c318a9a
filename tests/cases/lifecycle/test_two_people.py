"""Two-person acts refuse the same person (C2): one table of them all, walked with whoever did the first half.

Every guard of every machine that can say SamePerson is in it; a new one that is not fails here.
"""

import inspect
from pathlib import Path
from types import SimpleNamespace

import pytest

from cases.lifecycle.guards import SamePerson
from people.actors import Actor
from people.roles import Role
from tests.cases.lifecycle.matrix import machines

ME, ANOTHER = 7, 8
ACTOR = Actor("officer", "the same", ME, 1, "district", frozenset(Role))
# The same natural person, signed in under a second account.
SECOND_ACCOUNT = Actor("officer", "the same", 9, 1, "district", frozenset(Role), also=frozenset({ME}))
TESTS = Path(__file__).parents[1]
# Machine and act: by what the first half is known, `thing.` where a column of the thing itself says it.
TABLE = {
    ("case", "order"): ("verdict.proposed_by", "visit.officer_id", "visit.companion_ids"),
    ("case", "find_unsubstantiated"): ("verdict.proposed_by", "visit.officer_id", "visit.companion_ids"),
    ("case", "return_verdict"): ("verdict.proposed_by", "visit.officer_id", "visit.companion_ids"),
    ("case", "void"): ("proposed_by",),
    ("criminal", "acknowledge"): ("thing.reported_by", "thing.sent_by"),
    ("criminal", "decline"): ("thing.reported_by", "thing.sent_by"),
    ("criminal", "approve"): ("thing.reported_by", "thing.officer_ids"),
    ("criminal", "reject"): ("thing.reported_by", "thing.officer_ids"),
    ("export", "approve"): ("thing.requested_by",),
    ("export", "refuse"): ("thing.requested_by",),
    ("extension", "grant"): ("thing.requested_by",),
    ("extension", "refuse"): ("thing.requested_by",),
    ("hold", "approve"): ("thing.requested_by",),
    ("hold", "refuse"): ("thing.requested_by",),
    ("hold", "renew"): ("thing.requested_by",),
    ("listing_waiver", "confirm"): ("thing.proposed_by",),
    ("measure", "approve"): ("thing.proposed_by",),
    ("measure", "begin_review"): ("thing.proposed_by", "thing.officer_ids"),
    ("penalty", "decide"): ("thing.filed_by", "thing.officer_ids", "thing.former_ids"),
    ("penalty", "waive"): ("thing.waived_by", "thing.filed_by", "thing.officer_ids", "thing.former_ids"),
    ("penalty", "refuse_waiver"): ("thing.waived_by", "thing.filed_by", "thing.officer_ids", "thing.former_ids"),
    ("referral", "accept"): ("thing.sent_by",),
    ("referral", "conclude"): ("thing.result_by",),
    ("release", "approve"): ("thing.asked_by",),
    ("release", "refuse"): ("thing.asked_by",),
    ("reward", "review"): ("thing.proposed_by",),
    ("reward", "approve"): ("thing.proposed_by", "thing.reviewed_by"),
    ("reward", "revoke"): ("thing.approved_by",),
    ("voucher", "pay"): ("thing.prepared_by",),
}  # fmt: skip
# Who had a hand in it is asked of the database: tried with real cases there.
ASKED_OF_THE_DATABASE = {
    ("case", "begin_acceptance"): "handling", ("case", "fail_acceptance"): "handling",
    ("case", "pass_acceptance"): "handling",
    ("look_back", "assign"): "aftercare", ("review", "assign"): "aftercare", ("review", "uphold"): "aftercare",
    ("review", "dismiss"): "aftercare", ("recheck", "confirm"): "triage", ("recheck", "overturn"): "triage",
    ("second_look", "confirm"): "handling", ("second_look", "return"): "handling",
}  # fmt: skip
# The other way round: only the same person may.
ONE_PERSON = {("export", "allow_small"), ("export", "download"), ("release", "withdraw")}
FIELDS = {
    "thing": ("reported_by", "requested_by", "proposed_by", "filed_by", "waived_by", "asked_by", "reviewed_by",
              "approved_by", "prepared_by", "sent_by", "result_by"),
    "verdict": ("proposed_by",), "visit": ("officer_id",),
}  # fmt: skip


def guards_that_part_people(machine: str, act: str) -> list:
    return [each for each in machines()[machine][act].guards if "SamePerson" in inspect.getsource(each)]


def facts(first_half: str) -> dict:
    """Everything was done by another, but this."""
    told = {name: SimpleNamespace(**dict.fromkeys(fields, ANOTHER)) for name, fields in FIELDS.items()}
    told["thing"].officer_ids, told["visit"].companion_ids, told["thing"].by_leader = [ANOTHER], [ANOTHER], True
    told["thing"].to_org_id, told["thing"].police_org_id = None, ACTOR.org_id + 1  # the sender enters the slip
    told["thing"].former_ids, told["proposed_by"] = [ANOTHER], ANOTHER
    told["clock"] = SimpleNamespace(kind="verify")
    told["case"], told["session"] = SimpleNamespace(source="report"), None  # who found one on patrol: test_patrols.py
    if first_half == "proposed_by":
        told["proposed_by"] = ME
    elif first_half:
        whose, _, name = first_half.partition(".")
        setattr(told[whose], name, [ME] if name.endswith("_ids") else ME)
    return told


def test_every_act_that_parts_people_is_in_the_table():
    found = {
        (machine, act) for machine, moves in machines().items() for act in moves
        if guards_that_part_people(machine, act)
    }  # fmt: skip
    assert found == TABLE.keys() | ASKED_OF_THE_DATABASE.keys() | ONE_PERSON


@pytest.mark.parametrize(
    ("machine", "act", "first_half"), [(*key, each) for key, halves in TABLE.items() for each in halves]
)
@pytest.mark.parametrize("who", [ACTOR, SECOND_ACCOUNT], ids=["one account", "two accounts"])
def test_the_same_person_is_refused_and_another_is_not(machine, act, first_half, who):
    (guard,) = guards_that_part_people(machine, act)
    with pytest.raises(SamePerson):
        guard(by=who, **facts(first_half))
    guard(by=who, **facts(""))


def test_nothing_that_parts_people_compares_accounts():
    """What asks for another person asks `is_person`, or `persons`: an account is not a person."""
    for path in sorted((TESTS.parents[1] / "cases").rglob("*.py")):
        lines = path.read_text(encoding="utf-8").splitlines()
        for number, line in enumerate(lines[1:], start=1):
            if "raise SamePerson" in line and "!=" not in lines[number - 1]:
                before = " ".join(lines[number - 3 : number])
                assert "is_person(" in before or "persons.meet(" in before, f"{path.name}:{number}"


@pytest.mark.parametrize(("key", "folder"), ASKED_OF_THE_DATABASE.items())
def test_what_is_asked_of_the_database_is_tried_with_real_cases(key, folder):
    assert any("SamePerson" in path.read_text(encoding="utf-8") for path in (TESTS / folder).glob("test_*.py")), key
