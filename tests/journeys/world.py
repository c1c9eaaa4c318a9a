"""A small world for journeys: two towns side by side, a district office, departments, and their people."""

import hashlib
import io
import secrets
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from PIL import Image
from sqlalchemy import text

from cli.demo.answers import answers
from kit import clock
from kit.db import OWNER, unit_of_work
from people import sign_in
from people.models import Org
from people.roles import Role

PASSWORD = "a-password-for-tests"
CENTRE = (117.35, 31.15)
BORDER = (117.4, 31.15)
OUTSIDE = (119.0, 33.0)
PEOPLE = {
    "desk": ("district", [Role.INTAKE_OFFICER]),
    "safety": ("district", [Role.SAFETY_OFFICE]),
    "publisher": ("district", [Role.PUBLISHER]),
    "lawyer": ("district", [Role.LEGAL_REVIEWER]),
    "discipline": ("district", [Role.DISCIPLINE]),
    "keeper": ("district", [Role.CUSTODIAN]),
    "cashier": ("district", [Role.FINANCE]),
    "cashier-second": ("district", [Role.FINANCE]),
    "clerk": ("west", [Role.TOWN_CLERK]),
    "officer": ("west", [Role.TOWN_OFFICER]),
    "second": ("west", [Role.TOWN_OFFICER]),
    "leader": ("west", [Role.TOWN_LEADER]),
    "east-clerk": ("east", [Role.TOWN_CLERK]),
    "fire": ("fire", [Role.DEPT_OFFICER]),
    "fire-second": ("fire", [Role.DEPT_OFFICER]),
}


def build() -> None:
    """Put the world in, once for each database."""
    with unit_of_work(OWNER) as session:
        session.execute(
            text(
                """insert into handling.unit (code, district_code, kind, name_zh, name_en, open_from)
                values ('990101001', '990101', 'street', '望西街道', 'West', '2020-01-01'),
                       ('990101101', '990101', 'town', '望东镇', 'East', '2020-01-01')"""
            )
        )
        session.execute(
            text(
                """insert into handling.edition (district_code, layer, valid, state, source_name, source_sha256,
                    declared_datum, report, imported_by, created_at)
                values ('990101', 'admin', '[2020-01-01,)', 'live', 'test', repeat('0', 64), 'wgs84', '{}', 'test',
                        now())"""
            )
        )
        session.execute(
            text(
                """insert into handling.boundary (edition_id, unit_id, priority, geom)
                select e.id, u.id, 0, st_multi(st_makeenvelope(w, 31.1, w + 0.1, 31.2, 4326))
                from handling.edition e, (values ('990101001', 117.3), ('990101101', 117.4)) as box(code, w)
                join handling.unit u using (code)"""
            )
        )
        orgs = {
            "district": Org(code="D", kind="district", name_zh="区安委办", name_en="Safety office"),
            "group": Org(code="G", kind="group", name_zh="区核查组", name_en="County group"),
            "west": Org(code="W", kind="town", name_zh="望西街道办", name_en="West", unit_code="990101001"),
            "east": Org(code="E", kind="town", name_zh="望东镇政府", name_en="East", unit_code="990101101"),
            "fire": Org(code="F", kind="department", department_kind="fire", name_zh="消防大队", name_en="Fire"),
        }
        session.add_all(orgs.values())
        session.flush()
        for username, (org, roles) in PEOPLE.items():
            sign_in.create_officer(
                session, org=orgs[org], username=f"walk-{username}", name=username, password=PASSWORD, roles=roles
            )


def report(place: tuple[float, float] = CENTRE, **changes: Any) -> dict[str, Any]:
    """A report that a phone could send."""
    return {
        "id": str(uuid.uuid4()),
        "category": "FIR-01",
        "text": "消防通道被电动车堵死了，出不去",
        "position": {"lon": place[0], "lat": place[1], "crs": "wgs84", "accuracy_m": 8.0, "method": "gps"},
        "observed_at": clock.now().astimezone(UTC).isoformat(),
        "emergency": {"answer": "none"},
        "notice_version": "2026-11",
        "client": "tests/1",
    } | changes


def photo(colour: tuple[int, int, int] = (180, 40, 40), *, noise: bytes = b"") -> tuple[bytes, str]:
    """A small JPEG and its hash; `noise` makes it an image of its own."""
    out = io.BytesIO()
    Image.new("RGB", (640, 480), colour).save(out, "JPEG", comment=noise)
    return out.getvalue(), hashlib.sha256(out.getvalue()).hexdigest()


@dataclass
class Officer:
    """An officer at a keyboard."""

    client: Any
    token: str

    def get(self, path: str, **kwargs: Any) -> Any:
        return self.client.get(f"/o/v1{path}", headers=self.headers, **kwargs)

    def post(self, path: str, body: dict[str, Any] | None = None, *, seen: int | None = None) -> Any:
        extra = {} if seen is None else {"If-Match": f'"{seen}"'}
        return self.client.post(f"/o/v1{path}", json=body or {}, headers=self.headers | extra)

    def act(self, case_id: str, noun: str, body: dict[str, Any]) -> Any:
        """Do something to a case in the version that is there now."""
        seen = self.get(f"/cases/{case_id}").json()["version"]
        return self.post(f"/cases/{case_id}/{noun}", body, seen=seen)

    def desk(self, report_id: str, noun: str, body: dict[str, Any]) -> Any:
        """Do something to a report in the version that is there now."""
        seen = self.get(f"/desk/reports/{report_id}").json()["version"]
        return self.post(f"/desk/reports/{report_id}/{noun}", body, seen=seen)

    def edit(self, exposure_id: str, noun: str, body: dict[str, Any] | None = None) -> Any:
        """Do something to an exposure in the version that is there now."""
        seen = self.get(f"/exposures/{exposure_id}").json()["version"]
        return self.post(f"/exposures/{exposure_id}/{noun}", body, seen=seen)

    def take_picture(self, case_id: str, role: str, *, client_id: str = "", content: bytes = b"") -> Any:
        """Each a new image, unless a content is given."""
        content = content or photo((len(role) * 20, 90, 120), noise=secrets.token_bytes(8))[0]
        fields = {"role": role, "sha256": hashlib.sha256(content).hexdigest()} | (
            {"client_id": client_id} if client_id else {}
        )
        return self.client.post(
            f"/o/v1/cases/{case_id}/pictures", headers=self.headers, data=fields,
            files={"file": ("a.jpg", content, "image/jpeg")},
        )  # fmt: skip

    def write_record(self, case_id: str, record: dict[str, Any]) -> Any:
        """The record of a visit, with an answer to each check of the category from which nothing follows."""
        asked = self.get(f"/cases/{case_id}/checklist").json()["checks"]
        return self.act(case_id, "visit-records", {"checks": answers(asked)} | record)

    def accept_all(self, case_id: str, **body: Any) -> Any:
        """Go there, and pass every finding of a case, one by one (T15)."""
        self.be_there(case_id)
        findings = self.get(f"/cases/{case_id}").json()["findings"]
        checks = [{"finding_id": each["id"], "result": "pass"} for each in findings]
        return self.act(case_id, "acceptances", {"result": "pass", "note": "合格", "checks": checks} | body)

    def be_there(self, case_id: str) -> None:
        """Check in at the place of a case that waits for acceptance, and take a photo there; refused ones go on."""
        self.act(case_id, "acceptance-arrivals", {"distance_reason": "按地址到场"})
        self.take_picture(case_id, "after")

    @property
    def me(self) -> dict[str, Any]:
        return self.get("/me").json()

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


def future(days: int) -> str:
    """An instant some days ahead."""
    return datetime.fromtimestamp(clock.now().timestamp() + days * 86_400, UTC).isoformat()


CONSEQUENCES = {
    name: {"decided": False, "reason": "情节轻微"} for name in ("suspend", "expose", "penalise", "prosecute")
}
PLAN = {
    "responsible_party": "某物业公司 王某", "measures": "清理通道", "funding": "自筹", "contingency": "专人值守",
    "interim": "设置警戒",
}  # fmt: skip
RECORD = {
    "place": "某小区3号楼", "people_present": "物业张某", "findings": ["通道堵塞"], "facts": "通道被电动车占用",
    "action": "责令清理", "signature": "signed", "inspected_unit": "某物业公司", "penalty": "拟立案调查",
    "checklist": [{"block": block, "answer": "clear"} for block in ("industry", "posts", "equipment", "hazards")],
}  # fmt: skip
