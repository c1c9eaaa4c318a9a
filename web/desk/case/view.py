"""A case as its page tells it: rows and sentences, made from what the API said. Nothing of a report is in reach."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cases.words import GRADES, OUTCOMES, STATES, TAGS, URGENCIES
from web.desk.case import words
from web.desk.case.acts import Offer
from web.desk.case.moments import minute
from web.desk.case.sources import Facts
from web.desk.case.trail_words import SAYS, told
from web.desk.due import Due, running

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Line:
    """One entry of the timeline: when, who, what happened, and in whose words."""

    at: str
    who: str
    says: str
    quotes: Sequence[str]


@dataclass(frozen=True)
class Clock:
    """One clock in words, with its deadline, and the first one where it was extended."""

    due: Due
    at: str
    first: str
    provisional: bool


NAME = 40
_NAMES = ("recipient", "number", "party", "text", "reason", "note", "suspicion", "goal", "new_due_at", "grounds")
_ANCHORS = frozenset(
    {
        "findings", "orders", "tasks", "measures", "penalties", "referrals", "criminal_transfers", "second_looks",
        "decisions", "listing_waivers", "look_backs", "reviews", "copies", "verdicts", "holds",
    }
)  # fmt: skip


class View:
    """What the template asks for."""

    def __init__(self, facts: Facts, offers: Sequence[Offer], categories: Mapping[str, str]) -> None:
        self.case, self.facts, self.offers = facts.case, facts, offers
        self._categories = categories
        self._orgs = {each["id"]: each["name_zh"] for each in facts.of("list_orgs")}
        self._people = {each["id"]: each["name"] for each in facts.of("list_colleagues")}

    def __getattr__(self, member: str) -> Any:
        """A member of the case; empty where this person does not read it."""
        return self.case.get(member) or ()

    def org(self, id_: int | None) -> str:
        """The name of a body."""
        return self._orgs.get(id_, "") if id_ else ""

    def person(self, id_: int | None) -> str:
        """Somebody of one's own office by name, somebody else by number."""
        if not id_:
            return ""
        return self._people.get(id_) or f"人员 {id_}"

    @property
    def category(self) -> str:
        """What the category is called."""
        return self._categories.get(self.case["category"], self.case["category"])

    def category_of(self, code: str) -> str:
        """What a category is called."""
        return self._categories.get(code, code)

    def when(self, moment: str | None) -> str:
        """A moment in the district's time."""
        return minute(moment) if moment else ""

    def named(self, offer: Offer) -> str:
        """In a few words, what an act is done to."""
        row = offer.row or {}
        said = next((str(row[key]) for key in _NAMES if row.get(key)), "")
        return words.COPIES.get(said, said[:NAME])

    def anchor(self, link: str | None) -> str:
        """Where on the page that which a guard points at stands."""
        member = (link or "").partition("#/")[2].partition("/")[0]
        return member if member in _ANCHORS else "to-do"

    @property
    def nearby(self) -> list[Row]:
        """Other cases at the place, as far as this person sees them."""
        return list(self.facts.of("list_near_cases"))

    @property
    def papers(self) -> list[Row]:
        """Papers that were asked for, the newest first."""
        return list(self.facts.of("list_papers"))

    @property
    def scans(self) -> list[Row]:
        """Scanned copies, the newest first."""
        return list(self.facts.of("list_scans"))

    @property
    def state(self) -> str:
        """What its state is called."""
        return _word(STATES, self.case["state"])

    @property
    def urgency(self) -> str:
        """How urgent it is."""
        return _word(URGENCIES, self.case["urgency"])

    @property
    def grade(self) -> str:
        """How grave the hazard is, once it is graded."""
        return _word(GRADES, self.case.get("grade") or "")

    @property
    def outcome(self) -> str:
        """What was found."""
        return _word(OUTCOMES, self.case.get("outcome") or "")

    @property
    def waits(self) -> str:
        """What it waits for, and for whom."""
        return words.WAITS.get(self.case["state"], "")

    @property
    def tagged(self) -> list[str]:
        """Its tags."""
        return [_word(TAGS, each["code"]) for each in self.case.get("tags", ())]

    @property
    def place_words(self) -> str:
        """Where it is, in words."""
        place = self.case.get("place")
        return (place.get("text") or "") if isinstance(place, Mapping) else (place or "")

    @property
    def point(self) -> Row | None:
        """Where it is on a map, with its accuracy."""
        place = self.case.get("place")
        return place if isinstance(place, Mapping) and place.get("lon") is not None else None

    @property
    def clocks(self) -> list[Clock]:
        """The clocks that run, the next due first."""
        rows = sorted(self.case.get("clocks", ()), key=lambda each: str(each["due_at"]))
        return [_clock(each, self.facts.now) for each in rows]

    @property
    def lines(self) -> list[Line]:
        """The trail, the newest first."""
        return [
            Line(minute(each["at"]), each["by"], SAYS.get(each["kind"], each["kind"]), told(each["body"]))
            for each in reversed(self.case.get("trail", ()))
        ]

    @property
    def now(self) -> list[Offer]:
        """What is to be done next, by this person."""
        return [each for each in self.offers if each.is_next]

    @property
    def besides(self) -> dict[str, list[Offer]]:
        """What else may be done, by heading; papers have a place of their own."""
        found: dict[str, list[Offer]] = {}
        for each in self.offers:
            if not each.is_next and each.act.name != "ask_paper":
                found.setdefault(each.act.called.group, []).append(each)
        return found

    @property
    def guards(self) -> Sequence[Row]:
        """The closing guards, each with its reason."""
        panel = self.facts.lists.get("show_guards")
        return panel["guards"] if isinstance(panel, Mapping) else ()

    @property
    def shut(self) -> int:
        """How many of them do not hold."""
        return sum(not each["holds"] for each in self.guards)

    @property
    def may_print(self) -> bool:
        """Whether this person may ask for papers."""
        return any(each.act.name == "ask_paper" for each in self.offers)

    @property
    def signed_papers(self) -> list[tuple[str, str]]:
        """What a scanned copy may be of: ids with words."""
        named = (
            ("orders", "整改指令", "number"), ("copies", "检查记录", "recipient"), ("penalties", "行政处罚", "party"),
            ("referrals", "移送", "basis"), ("criminal_transfers", "涉嫌犯罪移送", "suspicion"),
        )  # fmt: skip
        return [
            (each["id"], f"{title} {words.COPIES.get(each[key], each[key])}")
            for member, title, key in named
            for each in self.case.get(member, ())
        ]

    @property
    def to_print(self) -> list[tuple[str, str, str]]:
        """What there is to print: kind, id of what it is about, and words."""
        visits = [("visit_record", each["id"], f"现场检查记录（{minute(each['completed_at'])}）")
                  for each in self.case.get("visits", ()) if each["state"] == "completed"]  # fmt: skip
        orders = [("order", each["id"], f"责令整改指令书 {each['number']}") for each in self.case.get("orders", ())]
        accepted = [("acceptance", each["id"], f"验收记录（{minute(each['accepted_at'])}）")
                    for each in self.case.get("acceptances", ())]  # fmt: skip
        sent = [("transfer", each["id"], "移送书") for each in self.case.get("referrals", ())]
        closing = [("closing", "", "结案表")] if self.case.get("closed_at") else []
        return [*visits, *orders, *accepted, *sent, *closing]


def _word(table: Mapping[str, str], code: str) -> str:
    """What a code is called; itself where nobody has said."""
    return table.get(code) or code


def _clock(clock: Row, now: datetime) -> Clock:
    at = clock["due_at"]
    first = minute(clock["original_due_at"]) if clock["extended_at"] else ""
    due = running(datetime.fromisoformat(at), clock["kind"], clock["colour"], now=now)
    return Clock(due, minute(at), first, clock["provisional"])
