"""POST /m/v1/reports: a phone sends a report. The one asynchronous endpoint; everything it needs is at hand."""

import re
from datetime import datetime

from fastapi import Request, Response
from psycopg import AsyncConnection

from api.dependencies import Now, host_of
from api.mobile.photos import of_receipt, promised
from api.mobile.rules import RulesInForce
from api.rights import reporter
from api.routes import citizens_router
from api.strict_json import check
from cases import intake
from cases.intake import IdReused, Received, Rules, Sender, Submission, grouped
from cases.intake.codes import claim_secret
from cases.intake.submission import Origin, SentFrom
from kit.batch import Batcher, Connection
from kit.db import url_for
from kit.errors import Invalid, Unsupported
from mobile_contract.v1.report import EmergencyCall, NextStep, Receipt, ReportIn, SignedReceipt, TownName
from mobile_contract.v1.work import WorkWanted

router = citizens_router()
Mouth = Batcher[tuple[Submission, Rules], Received | IdReused]
NOTICE = re.compile(r"notice:([0-9a-f]{16})")
DISTRICT_WORDS = {"zh-CN": "区级受理", "en": "the district office"}
NEXT = {
    "zh-CN": ("工作人员将在下列时间前查看您的举报", "正在通知值班人员，请同时拨打紧急电话"),
    "en": (
        "A person will have looked at your report by",
        "The duty officers are being alarmed; call the emergency line",
    ),
}


class TimeOutOfRange(Invalid):
    """A time that a phone claims lies too far back or ahead."""

    code = "time.out_of_range"


def mouth() -> Mouth:
    """The batcher that stores reports, on a connection of its own."""
    return Batcher(_connect, intake.store)


@router.post("/reports", status_code=201, response_model=Receipt, name="send_report")
@reporter
async def send_report(request: Request, now: Now) -> Response:
    """Send a report. The same id with the same content gets the same receipt again, with 200."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise Unsupported
    body = await request.body()
    check(body)
    report = ReportIn.model_validate_json(body)
    pointer = report.implausible_time(now=now)
    if pointer is not None:
        raise TimeOutOfRange(pointer=pointer)
    rules: RulesInForce = request.app.state.rules
    values = rules.current.values
    phone = report.contact.phone if report.contact else None
    sent_by = intake.sender(host_of(request), device=report.device, phone=phone, now=now)
    sent = _submission(report, now, lane=intake.lane_of(sent_by, values, now=now), device=sent_by.device)
    stored = await store(request, sent, sent_by, now=now)
    receipt = _receipt(report, stored, rules.current)
    if stored.unproven:
        asked = intake.challenge(stored.client_id, values["proof_of_work"], standing=sent_by.standing, now=now)
        receipt = receipt.model_copy(update={"work": WorkWanted.model_validate(asked)})
    return Response(
        receipt.model_dump_json(), 200 if stored.replay else 201, {"Cache-Control": "no-store"}, "application/json"
    )


async def store(request: Request, sent: Submission, sent_by: Sender, *, now: datetime) -> Received:
    """The one way in, for whichever channel has read a report. Raises IdReused, Unavailable."""
    rules = request.app.state.rules.current
    stored: Received | IdReused = await request.app.state.mouth.submit((sent, rules))
    if isinstance(stored, IdReused):
        raise stored
    if not stored.replay and sent_by.marks:
        intake.count_report(sent_by, rules.values, now=now)
        request.app.state.counting.wake()
    return stored


async def _connect() -> Connection:
    address = url_for("jz_intake").set(drivername="postgresql").render_as_string(hide_password=False)
    connection = await AsyncConnection.connect(
        address, autocommit=True, connect_timeout=5, prepare_threshold=1, options="-c timezone=UTC -c jit=off"
    )
    await connection.execute("set plan_cache_mode = force_generic_plan")
    return connection


def _submission(report: ReportIn, now: Now, *, lane: str | None, device: bytes | None) -> Submission:
    at, there = report.position, report.sent_from
    calls = report.emergency.answer != "none" or report.emergency.deaths
    return Submission(
        client_id=report.id, fingerprint=report.fingerprint(), channel="phone", received_at=now,
        observed_at=report.observed_at, category=report.category, text=report.text, address=report.address,
        emergency=report.emergency.answer, deaths=report.emergency.deaths,
        lon=at.lon if at else None, lat=at.lat if at else None, crs=at.crs if at else None,
        accuracy_m=at.accuracy_m if at else None, method=at.method if at else None,
        fix_at=at.captured_at if at else None,
        photos=promised(report.photos, now=now),
        contact=report.contact.model_dump(exclude_none=True) if report.contact else None,
        notice_version=report.notice_version, client=report.client, locale=report.locale,
        sent_from=SentFrom(there.lon, there.lat, there.crs, there.accuracy_m, there.captured_at) if there else None,
        lane=None if calls else lane,  # who floods may be right once, and then a person comes anyway (X33, X60)
        notice_code=notice_of(report.source),
        origin=Origin.of(device=device, mock=at is not None and at.mock, seen=report.observed_at),
    )  # fmt: skip


def notice_of(source: str | None) -> str | None:
    """The code of a posted notice; None for what is not one. Whether there is such a notice is not asked here (X41)."""
    found = NOTICE.fullmatch(source or "")
    return found[1] if found else None


def _receipt(report: ReportIn, stored: Received, rules: Rules) -> Receipt:
    english = report.locale == "en"
    unit = rules.units.get(stored.unit_id) if stored.unit_id is not None else None
    name = (unit.en or unit.zh if english else unit.zh) if unit else None
    numbers = rules.values["emergency_numbers"] if stored.emergency else []
    calls = [EmergencyCall(number=row["number"], label=row["en" if english else "zh"]) for row in numbers]
    return Receipt(
        id=stored.client_id, reference=stored.reference, tracking_code=grouped(stored.tracking_code),
        claim_secret=grouped(claim_secret(stored.client_id)),
        received_at=stored.received_at, town=TownName(code=unit.code, name=name) if unit and name else None,
        town_words=name or DISTRICT_WORDS[report.locale], emergency_call=calls,
        next=NextStep(text=NEXT[report.locale][bool(calls)], due_at=stored.review_due_at),
        photos=of_receipt(stored.photos), replay=stored.replay,
        proof=SignedReceipt(
            content=stored.proof.content.hex(), salt=stored.proof.salt.hex(), note=stored.proof.note
        ),
    )  # fmt: skip
