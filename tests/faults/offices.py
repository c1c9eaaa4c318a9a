"""Officers who work on while everything breaks: the desk accepts and confirms, towns sign, visit and decide.

What failed is looked at anew and tried again later, as people do. `acts` is what they were told had been done.
"""

import threading
from collections.abc import Callable
from random import Random
from typing import Any
from uuid import UUID, uuid4

import world

from cases.journey import Kind
from cli.demo import field
from cli.demo.field import Team
from cli.demo.plan import Arrival, Goal, Story
from cli.demo.staff import Seat, Staff
from cli.demo.wire import Refused, Wire
from cli.demo.words import extract
from cli.refusal import CannotGoOn

ACTS: dict[str, tuple[Kind, Callable[[Team], None]]] = {
    "dispatched": (Kind.SIGNED, field.sign),
    "signed": (Kind.VISIT_STARTED, field.visit),
    "verdict_review": (Kind.ORDERED, field.order),
}
BEGUN = {"signed", "verifying", "verdict_review"}
Done = tuple[UUID, Kind]


class Office(threading.Thread):
    """One desk with everybody's accounts, doing what is to be done next, until told to stop."""

    def __init__(self, url: str, password: Callable[[str], str], seed: str) -> None:
        super().__init__(name=f"office {seed}", daemon=True)
        self.acts: list[Done] = []
        self.pictures: list[tuple[UUID, UUID, str]] = []  # case, the officer's own id of it, its hash
        self.wrong: list[str] = []
        self.enough = threading.Event()
        self._url, self._password, self._rng = url, password, Random(seed)

    def run(self) -> None:
        """Until told to stop."""
        with Wire(self._url) as wire:
            staff = Staff(wire, self._password)
            while not self.enough.wait(self._rng.uniform(0.1, 0.5)):
                try:
                    self._rng.choice((self._at_the_desk, self._in_the_field, self._in_the_field))(staff)
                except CannotGoOn:
                    continue  # nobody answers for a while
                except Refused as refused:
                    if refused.status >= 500 and refused.status != 503:
                        self.wrong.append(str(refused))

    def _at_the_desk(self, staff: Staff) -> None:
        desk = staff.seat("desk")
        which = self._rng.choice(("waiting", "to_confirm"))
        rows = desk.get(f"/desk/reports?which={which}&limit=30")["items"]
        if not rows:
            return
        path = f"/desk/reports/{self._rng.choice(rows)['id']}"
        report = desk.get(path)
        if which == "to_confirm":
            desk.act(path, "extracts", {"text": extract("FIR-01", 1), "photo_ids": []})
        elif report["state"] == "in_review":
            near = report["place"]["near"]
            town = near[0]["code"] if near else "990101001"
            in_doubt = report["waits_for"] in {"border", "outside"}
            desk.act(path, "acceptances", {"town_org_id": staff.org_of_town(town)} if in_doubt else {})

    def _in_the_field(self, staff: Staff) -> None:
        rows = [row["case"] for row in staff.seat("safety").get("/queue?limit=60")["items"]]
        if not rows:
            return
        begun = [case for case in rows if case["state"] in BEGUN]
        case = self._rng.choice(begun if begun and self._rng.random() < 0.6 else rows)
        team = self._team(staff, case)
        if case["state"] == "verifying":
            self._verify(team)
        elif case["state"] in ACTS:
            kind, act = ACTS[case["state"]]
            act(team)
            self.acts.append((UUID(case["id"]), kind))

    def _verify(self, team: Team) -> None:
        case_id = UUID(team.path.rpartition("/")[2])
        self._photograph(team.finder, case_id)
        field.write_record(team)
        field.propose(team)
        self.acts.append((case_id, Kind.VERDICT_PROPOSED))

    def _photograph(self, finder: Seat, case_id: UUID) -> None:
        """With an id of its own: however often it is sent, it is one picture."""
        content, sha256 = world.photo((90, 90, 90), noise=self._rng.randbytes(16))
        id_ = uuid4()
        fields = {"role": "near", "sha256": sha256, "client_id": str(id_)}
        finder.wire.upload(f"/o/v1/cases/{case_id}/pictures", fields, content, token=finder.token)
        self.pictures.append((case_id, id_, sha256))

    def _team(self, staff: Staff, case: dict[str, Any]) -> Team:
        whole = staff.seat("safety").get(f"/cases/{case['id']}")
        org = whole["responsible_org_id"]
        clerk, finder, other, leader = (staff.of(org, job) for job in ("clerk", "officer1", "officer2", "leader"))
        story = Story(UUID(case["id"]).int % 10**9, Arrival.PLAIN, Goal.RECTIFYING, whole["category"], "")
        penalised, other = whole["penalty_policy"] == "mandatory", field.acceptor(staff, whole, other)
        return Team(story, f"/cases/{case['id']}", clerk, finder, other, leader, whole["place"], penalised)
