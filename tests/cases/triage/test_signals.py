"""What speaks against a place is weighed by the desk, and refuses nobody (T13, C13, security.md 3.7)."""

from datetime import timedelta
from secrets import token_bytes
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text

from cases import policy, triage
from cases.models.origin import Doubt, Origin
from cases.models.report import ReportPhoto
from cases.triage import signals
from cases.triage.signals import WORDS, Fix, score, too_fast
from geo.datums import Datum, from_wgs84
from geo.points import Point
from tests import make
from tests.make import IN_EAST, IN_WEST, NOW

RULE = {
    "weights": {"mock": 3, "round_accuracy": 1, "too_fast": 3, "same_point": 2, "other_zone": 1, "photo_far": 2},
    "some": 1, "strong": 4, "metres_per_s": 100, "tolerance_m": 800, "devices": 3, "hours": 24,
}  # fmt: skip
FAR_AWAY = Point(IN_WEST.lon + 0.5, IN_WEST.lat)  # some 48 km


def judged(session, at=IN_WEST, *, device=None, mock=False, other_zone=False, **facts):
    """A report that the system has judged, of a phone that said this of itself."""
    made = make.report(session, at, **{"accuracy_m": 8.3, **facts})
    if device or mock or other_zone:
        session.add(
            Origin(
                report_id=made.id, device_mark=device, mock=mock, other_zone=other_zone, received_at=made.received_at
            )
        )
        session.flush()
    triage.judge(session, made.id, now=NOW)
    return made


def found(session, report):
    kept = session.get(Doubt, report.id)
    return kept.signals if kept else []


def test_most_reports_leave_nothing(session, district):
    assert found(session, judged(session)) == []


@pytest.mark.parametrize("facts", [{"mock": True}, {"other_zone": True}])
def test_what_the_phone_says_of_itself(session, district, facts):
    report = judged(session, **facts)
    assert found(session, report) == list(facts)
    assert report.state == "accepted"  # and nothing is refused or held for it


@pytest.mark.parametrize(("metres", "method", "told"), [
    (0.0, "gps", True), (1.0, "gps", True), (5.0, "gps", True), (10.0, "gps", True), (10.2, "gps", False),
    (3.0, "gps", False), (5.0, "pin", False),
])  # fmt: skip
def test_an_accuracy_that_no_satellite_gives(session, district, metres, method, told):
    report = judged(session, accuracy_m=metres, method=method)
    assert ("round_accuracy" in found(session, report)) is told


def test_one_phone_in_two_places_too_fast(session, district):
    device = token_bytes(32)
    first = judged(session, FAR_AWAY, device=device, fix_at=NOW - timedelta(minutes=2))
    second = judged(session, device=device, fix_at=NOW)
    assert ("too_fast" in found(session, first), "too_fast" in found(session, second)) == (False, True)
    assert found(session, judged(session, device=token_bytes(32), fix_at=NOW)) == []


def test_a_queue_that_is_sent_at_once_is_no_journey(session, district):
    """The times of the fixes count, not the time of sending (promise 9)."""
    device = token_bytes(32)
    for hours in (3, 2, 1):
        report = judged(session, Point(IN_WEST.lon + 0.3 * hours, 31.01), device=device,
                        fix_at=NOW - timedelta(hours=hours))  # fmt: skip
        assert found(session, report) == []


def test_many_devices_on_the_same_seven_digits(session, district):
    here = Point(120.0123456, 31.0123456)
    reports = [judged(session, here, device=token_bytes(32)) for _ in range(3)]
    assert [found(session, report) for report in reports] == [["same_point"]] * 3
    beside = judged(session, Point(120.0123457, 31.0123456), device=token_bytes(32))
    pinned = judged(session, here, device=token_bytes(32), method="pin")
    assert found(session, beside) == found(session, pinned) == []


def test_one_device_that_stands_still_is_not_many(session, district):
    device = token_bytes(32)
    assert [found(session, judged(session, device=device)) for _ in range(4)] == [[]] * 4


def test_marks_of_devices_are_gone_after_a_day_and_the_signals_stay(session, district):
    report = judged(session, device=token_bytes(32), mock=True)
    triage.forget_origins(session, now=NOW + timedelta(hours=23))
    assert session.get(Origin, report.id) is not None
    triage.forget_origins(session, now=NOW + timedelta(hours=24, seconds=1))
    session.expire_all()
    assert session.get(Origin, report.id) is None
    assert found(session, report) == ["mock"]


def test_the_desk_reads_a_score_with_what_photos_tell(session, district):
    report = judged(session, mock=True)
    assert triage.of_report(session, report, now=NOW).score == signals.Score(3, signals.SOME, ("mock",))
    session.add(
        ReportPhoto(
            report_client_id=report.client_id, client_id=uuid4(), sha256=bytes(32), bytes=1, named=True, state="clean",
            place_grade="far",
        )
    )  # fmt: skip
    session.flush()
    told = triage.of_report(session, report, now=NOW).score
    assert told == signals.Score(5, signals.STRONG, ("mock", "photo_far"))


@pytest.mark.parametrize("role", ["jz_town", "jz_department", "jz_discipline", "jz_public", "jz_district", "jz_api"])
def test_no_role_that_a_person_takes_reads_the_mark_of_a_device(session, district, role):
    """Q6, Q1: the desk reads signals, handlers neither."""
    reads = text("select has_table_privilege(:role, :name, 'select')")
    assert not session.scalar(reads, {"role": role, "name": "intake.origin"})
    assert session.scalar(reads, {"role": role, "name": "intake.doubt"}) is (role == "jz_district")


def test_every_signal_has_a_weight_in_the_shipped_policy(session):
    shipped = policy.value(session, "spoof_signals", NOW)
    assert set(shipped["weights"]) == set(WORDS)
    assert set(shipped) == set(RULE)


Signals = st.lists(st.sampled_from([*WORDS, "no such signal"]), max_size=12)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(Signals, Signals)
def test_a_score_grows_with_its_signals_and_counts_each_once(some, more):
    one, both = score(some, RULE), score([*some, *more], RULE)
    order = (signals.NONE, signals.SOME, signals.STRONG)
    assert one.points <= both.points
    assert order.index(one.band) <= order.index(both.band)
    assert both.points == sum(RULE["weights"][name] for name in both.signals)
    assert score([*some, *some], RULE) == one
    assert (one.band == signals.NONE) == (one.points < RULE["some"])


@given(Signals)
def test_without_weights_there_is_no_score(some):
    assert score(some, {**RULE, "weights": {}}) == signals.Score(0, signals.NONE, ())


@given(
    st.floats(-0.004, 0.004), st.floats(-0.004, 0.004), st.integers(0, 86_400),
    st.sampled_from([Datum.GCJ02, Datum.WGS84]),
)  # fmt: skip
def test_a_datum_that_was_named_wrongly_is_no_speed(east, north, seconds, meant):
    """GCJ-02 taken for WGS 84 is hundreds of metres off: within the tolerance nobody was anywhere too fast."""
    true = Point(IN_WEST.lon, IN_WEST.lat)
    said = from_wgs84(true, meant) if meant is not Datum.WGS84 else (true.lon + east, true.lat + north)
    one, other = Fix(true, NOW), Fix(Point(*said[:2]), NOW + timedelta(seconds=seconds))
    assert not too_fast(one, other, RULE)


@given(st.floats(0.001, 1.0), st.integers(0, 86_400))
def test_too_fast_is_a_matter_of_distance_and_time_alone(east, seconds):
    one = Fix(IN_EAST, NOW)
    other = Fix(Point(IN_EAST.lon + east, IN_EAST.lat), NOW + timedelta(seconds=seconds))
    metres = one.at.metres_to(other.at)
    assert too_fast(one, other, RULE) == (metres - 800 > 100 * max(seconds, 1))
    assert too_fast(one, other, RULE) == too_fast(other, one, RULE)


def test_the_worker_alone_forgets_and_keeps(session, district):
    allowed = text("select has_table_privilege('jz_worker', :name, :right)")
    assert session.scalar(allowed, {"name": "intake.origin", "right": "delete"})
    assert not session.scalar(allowed, {"name": "intake.origin", "right": "update"})
    assert session.scalars(select(Origin)).all() == []
