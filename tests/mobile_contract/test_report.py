"""What a report must be before the service looks at it (R1, C13, F96)."""

import json
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from mobile_contract.v1.answer import AnswerIn
from mobile_contract.v1.base import is_plausible
from mobile_contract.v1.faults import field_errors, problem_code
from mobile_contract.v1.report import ReportIn
from mobile_contract.v1.tracking import TrackingIn

NOW = datetime(2026, 11, 24, 2, tzinfo=UTC)
DIGEST = "a" * 64


def body(**changes):
    plain = {
        "id": "6f1d3c52-4c5e-4b0f-9d0e-0a6f3f6f2b11",
        "category": "FW-01",
        "text": "学校南门旁的小卖部在卖烟花爆竹。",
        "position": position(),
        "observed_at": "2026-11-24T10:00:00+08:00",
        "emergency": {"answer": "none"},
        "notice_version": "2026-11",
        "client": "pwa/0.1.0",
    }
    merged = plain | changes
    return {key: value for key, value in merged.items() if value is not ...}


def position(**changes):
    return {"lon": 120.6, "lat": 31.3, "crs": "gcj02", "accuracy_m": 12, "method": "gps"} | changes


def photo(**changes):
    return {"id": str(uuid.uuid4()), "sha256": DIGEST, "bytes": 400_000, "capture": "camera"} | changes


def parsed(**changes):
    return ReportIn.model_validate_json(json.dumps(body(**changes)))


def fault(model=ReportIn, **changes):
    """(problem code, pointer, field code) of the one fault, the same from bytes and from parsed JSON."""
    sent = body(**changes) if model is ReportIn else changes
    told = []
    for read in (lambda: model.model_validate(sent), lambda: model.model_validate_json(json.dumps(sent))):
        with pytest.raises(ValidationError) as caught:
            read()
        rows = caught.value.errors(include_url=False)
        [error] = field_errors(rows)
        told.append((problem_code(rows), error.pointer, error.code))
    assert told[0] == told[1]
    return told[0]


def test_a_position_and_ten_characters_are_a_report():
    report = parsed()

    assert report.photos == ()
    assert report.contact is None
    assert report.emergency.deaths is False


def test_an_address_and_one_photo_are_a_report():
    assert parsed(text="", position=..., address="青石镇迎春路 18 号", photos=[photo()]).address


@pytest.mark.parametrize("text", ["", "太短", "         \n\t 短    "])
def test_a_report_says_something_or_shows_something(text):
    """R1."""
    assert fault(text=text) == ("report.nothing_to_act_on", "/text", "report.nothing_to_act_on")


@pytest.mark.parametrize("place", [{"position": ...}, {"position": None, "address": None}])
def test_a_report_has_a_place(place):
    """R1."""
    assert fault(**place) == ("report.place_missing", "/position", "report.place_missing")


def test_the_datum_has_no_default():
    """F96: the wrong one is 300-500 m off, and nobody would notice."""
    where = position()
    del where["crs"]

    assert fault(position=where) == ("body.invalid", "/position/crs", "missing")


@pytest.mark.parametrize(
    ("changes", "pointer", "code"),
    [
        ({"id": "12"}, "/id", "format"),
        ({"id": ...}, "/id", "missing"),
        ({"surprise": 1}, "/surprise", "unknown"),
        ({"category": "烟花"}, "/category", "format"),
        ({"category": "x" * 33}, "/category", "format"),
        ({"text": "字" * 2001}, "/text", "length"),
        ({"text": 12}, "/text", "type"),
        ({"address": "路"}, "/address", "length"),
        ({"address": "迎春路\n18 号"}, "/address", "format"),
        ({"position": position(lon=True)}, "/position/lon", "type"),
        ({"position": position(lon="120.6")}, "/position/lon", "type"),
        ({"position": position(lat=90.5)}, "/position/lat", "range"),
        ({"position": position(lon=-181)}, "/position/lon", "range"),
        ({"position": position(lat=float("nan"))}, "/position/lat", "range"),
        ({"position": position(accuracy_m=float("inf"))}, "/position/accuracy_m", "range"),
        ({"position": position(accuracy_m=50_001)}, "/position/accuracy_m", "range"),
        ({"position": position(accuracy_m=-1)}, "/position/accuracy_m", "range"),
        ({"position": position(crs="unknown")}, "/position/crs", "choice"),
        ({"position": position(method="exif")}, "/position/method", "choice"),
        ({"position": position(captured_at="2026-11-24")}, "/position/captured_at", "time"),
        ({"photos": [photo(bytes=20 * 1024 * 1024 + 1)]}, "/photos/0/bytes", "range"),
        ({"photos": [photo(bytes=True)]}, "/photos/0/bytes", "type"),
        ({"photos": [photo(), photo(sha256="A" * 64)]}, "/photos/1/sha256", "format"),
        ({"photos": [photo(capture="screen")]}, "/photos/0/capture", "choice"),
        ({"photos": [photo(width=0)]}, "/photos/0/width", "range"),
        ({"photos": [photo() for _ in range(10)]}, "/photos", "length"),
        ({"photos": [photo(id="6f1d3c52-4c5e-4b0f-9d0e-0a6f3f6f2b11")] * 2}, "/photos", "repeated"),
        ({"emergency": ...}, "/emergency", "missing"),
        ({"emergency": {"answer": "maybe"}}, "/emergency/answer", "choice"),
        ({"emergency": {"answer": "none", "deaths": "no"}}, "/emergency/deaths", "type"),
        ({"emergency": {"answer": "none", "deaths": 0}}, "/emergency/deaths", "type"),
        ({"contact": {}}, "/contact", "missing"),
        ({"contact": {"name": "李"}, "locale": "fr"}, "/locale", "choice"),
        ({"contact": {"phone": "13800000000", "real_name": True}}, "/contact/real_name", "missing"),
        ({"contact": {"phone": "１３８"}}, "/contact/phone", "format"),
        ({"notice_version": ""}, "/notice_version", "length"),
        ({"client": "pwa"}, "/client", "format"),
    ],
)
def test_a_fault_is_told_by_its_pointer(changes, pointer, code):
    assert fault(**changes) == ("body.invalid", pointer, code)


@pytest.mark.parametrize("bad", ["\x00", "\x07", "\x1b", "\x7f", "\x85", "\u202e", "\u2066", "\ufffe", "\uffff"])
def test_text_has_no_characters_that_deceive_or_break(bad):
    assert fault(text=f"小学门口有人卖烟花{bad}爆竹") == ("body.invalid", "/text", "format")
    assert fault(address=f"迎春路{bad}18 号") == ("body.invalid", "/address", "format")


def test_a_lone_surrogate_is_refused():
    with pytest.raises(ValidationError):
        ReportIn.model_validate(body(text="小学门口有人卖烟花爆竹\ud83d"))
    with pytest.raises(ValidationError):
        ReportIn.model_validate_json(json.dumps(body(text="小学门口有人卖烟花爆竹\ud83d")))


def test_text_is_kept_composed_and_with_plain_line_ends():
    assert (
        parsed(text="Café 门口堆满煤气瓶。\r\n第二行\r第三行\t末").text == "Café 门口堆满煤气瓶。\n第二行\n第三行\t末"
    )


def test_text_that_grows_when_composed_is_still_limited():
    assert fault(text="\ufb2c" * 1999)[:2] == ("body.invalid", "/text")


@given(st.text(max_size=300))
def test_any_text_is_kept_or_refused_and_never_breaks_the_parser(text):
    try:
        kept = ReportIn.model_validate(body(text=text, photos=[photo()])).text
    except ValidationError:
        return
    assert not any(ord(c) < 32 and c not in "\n\t" for c in kept)
    kept.encode("utf-8")


@pytest.mark.parametrize(
    "moment",
    [
        "2026-11-24T10:00:00",
        "2026-11-24",
        "24.11.2026 10:00",
        "1763949600",
        1763949600,
        1763949600.5,
        None,
        "2026-11-24T10:00:00+8:00",
        "2026-13-24T10:00:00Z",
        "2026-11-24T10:00:00+99:00",
    ],
)
def test_a_time_says_its_offset(moment):
    assert fault(observed_at=moment) == ("body.invalid", "/observed_at", "time")


@pytest.mark.parametrize("moment", ["9999-12-31T23:59:59+08:00", "1970-01-01T00:00:00Z", "0001-01-01T00:00:00Z"])
def test_a_year_that_breaks_calendars_is_refused(moment):
    assert fault(observed_at=moment) == ("body.invalid", "/observed_at", "range")


@pytest.mark.parametrize(
    ("ahead", "plausible"),
    [
        (timedelta(minutes=5), True),
        (timedelta(minutes=5, seconds=1), False),
        (timedelta(days=-731), True),
        (timedelta(days=-733), False),
    ],
)
def test_a_claimed_time_lies_within_two_years_and_five_minutes(ahead, plausible):
    assert is_plausible(NOW + ahead, now=NOW) is plausible


def test_the_first_implausible_time_is_told_by_its_pointer():
    late = "2026-11-24T11:00:00+08:00"

    assert parsed().implausible_time(now=NOW) is None
    assert parsed(observed_at=late).implausible_time(now=NOW) == "/observed_at"
    assert parsed(position=position(captured_at=late)).implausible_time(now=NOW) == "/position/captured_at"
    assert parsed(photos=[photo(), photo(taken_at=late)]).implausible_time(now=NOW) == "/photos/1/taken_at"


def test_a_category_that_this_server_does_not_know_is_no_fault():
    """An old or a new app must get its report in; the server files it as OTH-01."""
    assert parsed(category="XYZ-99").category == "XYZ-99"
    assert parsed(category="unsure").category == "unsure"


def test_any_version_of_uuid_is_taken():
    for made in (uuid.uuid1(), uuid.uuid4(), uuid.uuid5(uuid.NAMESPACE_DNS, "x")):
        assert parsed(id=str(made)).id == made


def test_an_error_never_repeats_what_was_sent():
    with pytest.raises(ValidationError) as caught:
        ReportIn.model_validate(body(contact={"phone": "一三八零零零零一二三四"}))

    assert "一三八" not in str(caught.value)
    assert "一三八" not in str(field_errors(caught.value.errors()))


def test_a_retry_has_the_fingerprint_of_the_first_try():
    first = parsed(photos=[photo(id="a4b7c9c2-8a1e-4f0e-8a53-2f9f61f0d001")])
    again = parsed(photos=[photo(id="a4b7c9c2-8a1e-4f0e-8a53-2f9f61f0d001")], client="pwa/0.2.0", locale="en")

    assert again.fingerprint() == first.fingerprint()


def test_what_is_at_its_default_counts_as_absent():
    assert parsed(photos=[], address=None, emergency={"answer": "none", "deaths": False}).fingerprint() == (
        parsed().fingerprint()
    )


def test_another_content_has_another_fingerprint():
    assert parsed(text="学校北门旁的小卖部在卖烟花爆竹。").fingerprint() != parsed().fingerprint()


def test_the_fingerprint_gives_no_contact_away():
    assert parsed(contact={"phone": "13800000000"}).fingerprint() == parsed().fingerprint()


@pytest.mark.parametrize("source", ["notice:0123456789abcdef", "notice:unknown", "poster_7", "x" * 64])
def test_m18_any_source_that_is_well_formed_is_taken_and_is_no_part_of_what_is_said(source):
    """M18. An app that was opened otherwise between two tries sends the same report again."""
    assert parsed(source=source).source == source
    assert parsed(source=source).fingerprint() == parsed().fingerprint()


@pytest.mark.parametrize("source", ["", "x" * 65, "notice 1", "告示", "notice:<b>", 7])
def test_a_source_that_no_code_could_be_is_a_fault_of_that_field(source):
    assert fault(source=source)[1] == "/source"


def test_the_fingerprint_stays_the_same_over_versions():
    """A queued report is sent again after the server was updated: it must not look like another one."""
    assert parsed().fingerprint().hex() == ("2ee739323539771047af14f147812be54b45d146e19fbf5eaa4ba4f03e0e7660")


def test_an_answer_names_its_question_and_says_something():
    plain = {"id": str(uuid.uuid4()), "tracking_code": "7K3M", "kind": "answer", "text": "在北侧。"}

    assert fault(AnswerIn, **plain) == ("body.invalid", "/question_id", "missing")
    assert fault(AnswerIn, **plain | {"kind": "supplement", "text": "  "}) == ("body.invalid", "/text", "missing")
    assert AnswerIn.model_validate(plain | {"kind": "withdrawal", "text": ""}).question_id is None


def test_a_tracking_code_may_be_typed_in_many_ways():
    assert TrackingIn(tracking_code="7k3m 9qxt-2vwb—5rdm").tracking_code
    assert fault(TrackingIn, tracking_code="") == ("body.invalid", "/tracking_code", "length")
    assert fault(TrackingIn, tracking_code="7K3M\x00") == ("body.invalid", "/tracking_code", "format")
