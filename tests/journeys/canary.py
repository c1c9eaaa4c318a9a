"""A canary reporter: a report with everything in it, handled, told, closed, rewarded; and what must be nowhere (Q6)."""

import time
import uuid
from datetime import UTC, timedelta
from typing import Any

import world
from sqlalchemy import text
from test_a_report_reaches_the_feed import dispatched, handled
from test_a_reward_is_paid import GENERAL, act, claim, rewards
from test_told_satisfied_closed import TEXT, closed

from kit import clock
from kit.clock import LOCAL_ZONE
from kit.db import OWNER, unit_of_work

WORDS = "我是三车间的，从我家楼下看得清清楚楚"
CONTACT = {"name": "卡纳丽", "phone": "13912345678"}
FROM = {"lon": 117.3654321, "lat": 31.1512345, "crs": "wgs84", "accuracy_m": 9.0}
ID_NUMBER = "99010119900101123X"
SAID_LATER = "补充：我妈昨晚也在那里"
EXTRACT = "某小区通道被占用"


def walk(client: Any, work: Any, sign_in: Any) -> tuple[str, dict[str, str]]:
    """All the way; gives the case and what must be nowhere, each by a name."""
    photo, sha256 = world.photo(noise=b"canary")
    promised = {"id": str(uuid.uuid4()), "sha256": sha256, "bytes": len(photo), "capture": "camera"}
    seen = (clock.now() - timedelta(hours=3)).replace(second=37, microsecond=0)
    desk = sign_in("desk")

    def a_moment_later() -> int:
        time.sleep(1.1)  # so that the second of sending is not the second of opening
        return int(work())

    receipt, report_id, case_id = dispatched(
        client, a_moment_later, desk, text=WORDS, contact=CONTACT, sent_from=FROM, photos=[promised],
        observed_at=seen.astimezone(UTC).isoformat(), address="北门第七根柱子旁",
    )  # fmt: skip
    taken = client.post(
        "/m/v1/photos", data={"photo_id": promised["id"], "report_id": receipt["id"], "sha256": sha256},
        files={"file": ("IMG_canary_3chejian.jpg", photo, "image/jpeg")},
    )  # fmt: skip
    assert taken.status_code == 201, taken.text
    later = {
        "id": str(uuid.uuid4()), "tracking_code": receipt["tracking_code"], "kind": "supplement", "text": SAID_LATER,
    }  # fmt: skip
    assert client.post("/m/v1/answers", json=later).status_code == 201
    work()
    (shown,) = desk.get(f"/desk/reports/{report_id}").json()["photos"]
    assert desk.desk(report_id, f"photos/{shown['id']}/maskings", {"regions": []}).status_code == 201
    clerk, leader = handled(sign_in, case_id)
    work()
    released = desk.desk(report_id, "extracts", {"text": EXTRACT, "photo_ids": [shown["id"]]})
    assert released.status_code == 201, released.text
    assert desk.desk(report_id, "replies", {"text": TEXT, "channel": "phone"}).status_code == 201
    work()
    closed(sign_in, work, clerk, leader, case_id)
    (reward,) = rewards(desk, "eligible")
    for username, noun, body in (
        ("desk", "proposal", GENERAL),
        ("lawyer", "review", None),
        ("safety", "approval", None),
    ):
        reward = act(sign_in(username), reward, noun, body).json()
    work()
    assert claim(client, receipt, id_number=ID_NUMBER).status_code == 201
    secrets = {
        "words": WORDS, "later": SAID_LATER, "address": "北门第七根柱子旁", "name": CONTACT["name"],
        "phone": CONTACT["phone"], "lon": str(FROM["lon"]), "lat": str(FROM["lat"]), "id number": ID_NUMBER,
        "code": receipt["tracking_code"], "bare code": receipt["tracking_code"].replace("-", ""),
        "claim secret": receipt["claim_secret"], "bare claim secret": receipt["claim_secret"].replace("-", ""),
        "reference": receipt["reference"], "client id": receipt["id"], "report id": report_id,
        "photo": promised["id"], "photo's row": shown["id"], "photo's hash": sha256, "file name": "IMG_canary",
    }  # fmt: skip
    return case_id, secrets | _instants(report_id)


def _instants(report_id: str) -> dict[str, str]:
    """When it was seen and sent, to the second, in the district's time and in UTC."""
    with unit_of_work(OWNER) as session:
        row = session.execute(
            text("select observed_at, received_at from intake.report where id = :id"), {"id": report_id}
        ).one()
    zones = {"UTC": UTC, "local": LOCAL_ZONE}
    return {
        f"{name} ({zone})": f"{moment.astimezone(of):%H:%M:%S}"
        for name, moment in (("seen", row.observed_at), ("sent", row.received_at))
        for zone, of in zones.items()
    }
