"""The demo's citizens: phones that send reports and photos, and use their tracking codes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, Final

from cli.demo import spots
from cli.demo.plan import Arrival, Story
from cli.demo.views import view
from cli.demo.wire import Refused, Wire
from cli.demo.words import said
from geo.points import Point
from kit.clock import LOCAL_ZONE

CLIENT: Final = "demo/1"
ADDRESSES: Final = ("老供销社旁", "客运站后面的巷子里", "中心小学往东两百米", "桥头第二个路口")
EMERGENCIES: Final = ("happening", "trapped")


@dataclass(frozen=True, slots=True)
class Sent:
    """A report that the server has: what its sender knows of it. `is_new` is False on a second run."""

    story: Story
    reference: str
    tracking_code: str
    is_new: bool


def send(wire: Wire, story: Story, *, now: datetime, notice_version: str) -> Sent | None:
    """Send a report and then its photos; None when a run of another day has sent it. Raises Refused."""
    photos = _photos(story)
    body = report(story, photos, now=now, notice_version=notice_version)
    try:
        receipt = wire.post("/m/v1/reports", body)
    except Refused as refused:
        if refused.code == "report.id_reused":  # the same story with the times of another day
            return None
        raise
    for row, content in photos:
        fields = {"photo_id": row["id"], "report_id": body["id"], "sha256": row["sha256"]}
        wire.upload("/m/v1/photos", fields, content)
    return Sent(story, receipt["reference"], receipt["tracking_code"], not receipt["replay"])


def report(
    story: Story, photos: Iterable[tuple[Mapping[str, Any], bytes]], *, now: datetime, notice_version: str
) -> dict[str, Any]:
    """The report of a story as its phone sends it: the same all day long, so that a repetition is a replay."""
    number = story.number
    morning = datetime.combine(now.astimezone(LOCAL_ZONE).date(), time(0), LOCAL_ZONE)
    body: dict[str, Any] = {
        "id": str(story.client_id),
        "category": "unsure" if story.arrival is Arrival.UNSURE and number % 2 else story.category,
        "text": said(story.category, story.number if story.of is None else story.of + 1),
        "observed_at": (morning - timedelta(minutes=37 * (number % 40) + 5)).isoformat(),
        "photos": [dict(row) for row, _ in photos],
        "emergency": {
            "answer": EMERGENCIES[number % 2] if story.arrival is Arrival.EMERGENCY else "none",
            "deaths": story.arrival is Arrival.DEATH,
        },
        "notice_version": notice_version,
        "client": CLIENT,
        "locale": "zh-CN",
    }
    where = _place(story)
    if where is not None:
        body["position"] = spots.told(where, number)
    if where is None or number % 3 == 0:
        body["address"] = ADDRESSES[number % len(ADDRESSES)]
    if number % 4 == 0:
        body["contact"] = _contact(number)
    return body


def answer(wire: Wire, sent: Sent) -> None:
    """Answer the desk's question."""
    question = wire.post("/m/v1/tracking", {"tracking_code": sent.tracking_code})["question"]
    _add(wire, sent, "answer", question_id=question["id"], text="在巷子最里面那家，门口有蓝色铁桶，晚上七点以后有人。")


def withdraw(wire: Wire, sent: Sent) -> None:
    """Take the report back."""
    _add(wire, sent, "withdrawal", text="对方已经自己清理了，不再举报。")


def supplement(wire: Wire, sent: Sent) -> None:
    """Add something to a report."""
    _add(wire, sent, "supplement", text="补充：今天又看到同样的情况，比昨天更严重。")


def _add(wire: Wire, sent: Sent, kind: str, **more: str) -> None:
    id_ = sent.story.id_of(kind)
    wire.post("/m/v1/answers", {"id": str(id_), "tracking_code": sent.tracking_code, "kind": kind, **more})


def _photos(story: Story) -> list[tuple[dict[str, Any], bytes]]:
    count = (1, 0, 2, 1, 1, 0)[story.number % 6]
    contents = [view(story.category, story.number + at) for at in range(count)]
    return [
        (
            {
                "id": str(story.id_of(f"photo-{at}")), "sha256": hashlib.sha256(content).hexdigest(),
                "bytes": len(content), "width": 1600, "height": 1200, "capture": "camera",
            },
            content,
        )
        for at, content in enumerate(contents)
    ]  # fmt: skip


def _place(story: Story) -> Point | None:
    if story.arrival is Arrival.NO_POSITION:
        return None
    if story.arrival is Arrival.BORDER:
        return spots.on_border(story.number)
    if story.arrival is Arrival.OUTSIDE:
        return spots.outside(story.number)
    first = story.number if story.of is None else story.of
    at = spots.inside(story.town, first)
    return at if story.of is None else Point(at.lon + 0.0001, at.lat)  # the same matter, seen ten metres away


def _contact(number: int) -> dict[str, Any]:
    phone = f"1990000{number:04d}"
    return {"name": "群众", "phone": phone, "real_name": True} if number % 8 == 0 else {"phone": phone}
