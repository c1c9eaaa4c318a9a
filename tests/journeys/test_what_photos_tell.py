"""EXIF grades and lookalikes (security.md 3.5, T12): for the desk, and for nobody who handles the case (X38, X42)."""

import hashlib
import uuid

import world
from sqlalchemy import select

from cases.models.report import Report, ReportCase
from geo.points import Point
from kit import clock
from kit.db import OWNER, unit_of_work
from tests.cases.photos.taken import exif_at
from tests.kit.photos import encoded, scene


def send(client, content):
    """A report with this photo; the report's id of our own."""
    sha256, photo_id = hashlib.sha256(content).hexdigest(), str(uuid.uuid4())
    sent = world.report(photos=[{"id": photo_id, "sha256": sha256, "bytes": len(content), "capture": "camera"}])
    client.post("/m/v1/reports", json=sent)
    form = {"photo_id": photo_id, "report_id": sent["id"], "sha256": sha256}
    taken = client.post("/m/v1/photos", data=form, files={"file": ("x.jpg", content, "image/jpeg")})
    assert taken.status_code == 201, taken.text
    with unit_of_work(OWNER) as session:
        return session.scalars(select(Report.id).where(Report.client_id == sent["id"])).one()


def test_the_desk_reads_grades_and_where_a_photo_was_seen_and_handlers_read_neither(client, work, sign_in):
    noted = exif_at(Point(*world.CENTRE), clock.now())
    first = send(client, encoded(scene(), "JPEG", exif=noted))
    second = send(client, encoded(scene().resize((600, 450)), "JPEG"))
    work()

    desk = sign_in("desk")
    reports = {each: desk.get(f"/desk/reports/{each}").json() for each in (first, second)}
    (near,), (bare,) = (reports[each]["photos"] for each in (first, second))
    assert (near["state"], near["place_grade"], near["time_grade"]) == ("clean", "under_100m", "under_1h")
    assert (bare["place_grade"], bare["time_grade"]) == ("none", "none")
    assert near["seen_before"] == [
        {"report_id": str(second), "reference": reports[second]["reference"], "mirrored": False}
    ]
    assert [seen["report_id"] for seen in bare["seen_before"]] == [str(first)]

    with unit_of_work(OWNER) as session:
        case_id = session.scalars(select(ReportCase.case_id).where(ReportCase.report_id == first)).one()
    case = sign_in("clerk").get(f"/cases/{case_id}")
    assert case.status_code == 200
    assert not any(word in case.text for word in ("place_grade", "time_grade", "seen_before", "likeness", str(first)))
