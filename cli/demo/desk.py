"""The demo's intake desk: waits for triage, looks, asks, accepts, joins, confirms extracts, replies."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

from cli.demo.citizens import Sent
from cli.demo.plan import Arrival, Goal
from cli.demo.staff import Seat, Staff
from cli.demo.words import extract
from cli.refusal import CannotGoOn
from kit import clock

TRIAGE_WITHIN_S: Final = 300
PHOTOS_WITHIN_S: Final = 90
LOOKS_A_SECOND: Final = 5
OUTCOME_WITHIN_S: Final = 90
LEFT_ON_THE_DESK: Final = {Goal.UNSEEN, Goal.WAITS}
REPLIES: Final = {
    "substantiated": "您反映的问题经现场核查属实，已依法处理。感谢您对安全生产工作的支持。",
    "partly": "您反映的问题经现场核查部分属实，属实的部分已依法处理。感谢您对安全生产工作的支持。",
    "unsubstantiated": "经现场核查，未发现您反映的情况，该处已列入日常巡查。感谢您对安全生产工作的支持。",
    "unverifiable": "经现场核查，您反映的情况暂时无法核实，已列入日常巡查；如有新情况，欢迎继续补充。",
}


@dataclass(frozen=True, slots=True)
class Desk:
    """The intake officer with the colleagues' help."""

    seat: Seat
    staff: Staff

    def triaged(self, sent: Collection[Sent]) -> dict[str, str]:
        """The id of each report by its reference, once the worker has dispatched it or let it wait for the desk."""
        wanted, found = {one.reference for one in sent}, dict[str, str]()
        for _ in range(TRIAGE_WITHIN_S):
            found = {
                row["reference"]: row["id"]
                for which in ("waiting", "to_confirm")
                for row in self.seat.pages(f"/desk/reports?which={which}")
                if row["reference"] in wanted
            }
            if len(found) == len(wanted):
                return found
            clock.sleep(1)
        raise CannotGoOn(
            f"{len(wanted) - len(found)} of {len(wanted)} reports were not triaged within {TRIAGE_WITHIN_S} s. "
            "Is the worker running? ./jz status shows it, ./jz logs worker says more."
        )

    def decide(self, sent: Sent, report_id: str) -> str | None:
        """Do with a report what its story asks of the desk; gives the id of its case, None where there is none."""
        story = sent.story
        if story.goal is Goal.UNSEEN:
            return None
        path = f"/desk/reports/{report_id}"
        report = self.seat.get(path)
        if story.goal in LEFT_ON_THE_DESK or story.goal is Goal.WITHDRAWN:
            return None
        if story.goal in {Goal.ASKED, Goal.ANSWERED}:
            self.seat.act(path, "questions", {"text": "请补充具体位置，例如门牌号、楼层，以及一般什么时间出现？"})
            return None
        if report["state"] == "in_review":
            report = self._accept(sent, path, report)
        case_id = str(report.get("case_id") or report["case"]["id"])
        if story.goal not in {Goal.DISPATCHED, Goal.JOINED}:
            self._release(sent, path)
        return case_id

    def reply(self, report_id: str) -> bool:
        """Tell the reporter the outcome, once it has come over from the case; False when it does not come."""
        path = f"/desk/reports/{report_id}"
        for _ in range(OUTCOME_WITHIN_S):
            outcome = self.seat.get(path)["outcome"]
            if outcome:
                self.seat.act(path, "replies", {"text": REPLIES[outcome]})
                return True
            clock.sleep(1)
        return False

    def _accept(self, sent: Sent, path: str, report: dict[str, Any]) -> dict[str, Any]:
        story = sent.story
        body: dict[str, Any] = {}
        if story.arrival is Arrival.UNSURE:
            body["category"] = "FIR-01"
        if story.of is not None and report["possible_duplicates"]:
            body |= {"join_case_id": report["possible_duplicates"][0]["id"], "evidence": "同一地点、同一情形"}
        elif story.arrival in {Arrival.BORDER, Arrival.OUTSIDE, Arrival.NO_POSITION}:
            near = report["place"]["near"]
            body["town_org_id"] = self.staff.org_of_town(near[0]["code"] if near else story.town)
        accepted: dict[str, Any] = self.seat.act(path, "acceptances", body)
        return accepted

    def _release(self, sent: Sent, path: str) -> None:
        """Confirm the extract, with the photos that have been cleaned by now and what is hidden of them."""
        photos = self._masked(path, self._clean_photos(path))
        place = self.seat.get(path)["extract"]["place"]
        body = {"text": extract(sent.story.category, sent.story.number), "place": place, "photo_ids": photos}
        self.seat.act(path, "extracts", body)

    def _clean_photos(self, path: str) -> list[str]:
        for _ in range(PHOTOS_WITHIN_S):
            photos = self.seat.get(path)["photos"]
            if all(photo["state"] in {"clean", "rejected"} for photo in photos):
                return [photo["id"] for photo in photos if photo["state"] == "clean"]
            clock.sleep(1)
        return []

    def _masked(self, path: str, photos: list[str]) -> list[str]:
        """Confirm what is proposed to be hidden, and wait until it is: in drawings, whatever the models find."""
        for photo_id in photos:
            proposed = self._row(path, photo_id)["masking"]["proposed"]
            self.seat.act(path, f"photos/{photo_id}/maskings", {"regions": proposed or []})
        for _ in range(PHOTOS_WITHIN_S * LOOKS_A_SECOND):
            if all(self._row(path, photo_id)["masking"]["burnt"] for photo_id in photos):
                return photos
            clock.sleep(1 / LOOKS_A_SECOND)
        return []

    def _row(self, path: str, photo_id: str) -> Any:
        return next(photo for photo in self.seat.get(path)["photos"] if photo["id"] == photo_id)
