"""X04: a file that lies about its datum is found out, against an outline or the edition in force."""

import json

import pytest
import shapely

from cli.demo import district
from geo.datums import Datum, from_wgs84
from geo.loading import plan, reading
from geo.loading.findings import errors
from geo.models import Edition
from geo.points import Point
from tests.geo.drawing import bring_in, document, feature, order, square


def in_datum(document: bytes, datum: Datum) -> reading.Source:
    """The same file with its coordinates in another datum."""
    content = json.loads(document)
    for row in content["features"]:
        shape = shapely.geometry.shape(row["geometry"])
        shifted = shapely.transform(shape, lambda pairs: [from_wgs84(Point(*pair), datum) for pair in pairs])
        row["geometry"] = shapely.geometry.mapping(shifted)
    return reading.read_geojson("file.geojson", json.dumps(content).encode())


def outline(area=None, **facts) -> reading.Source:
    whole = area or shapely.union_all(list(district.towns().values()))
    return reading.read_geojson("outline.geojson", document(feature(whole, name="望澜区", **facts)))


def datum_finding(thought: plan.Plan):
    return next(each for each in thought.findings if each.code.startswith(("datum", "outline")))


@pytest.mark.parametrize("real", [Datum.WGS84, Datum.GCJ02, Datum.BD09])
@pytest.mark.parametrize("declared", list(Datum))
def test_the_real_datum_is_measured_whatever_is_declared(session, real, declared):
    thought = plan.prepare(session, in_datum(district.towns_geojson(), real), order(declared), outline=outline())

    agrees = real is declared or {real, declared} == {Datum.WGS84, Datum.CGCS2000}
    assert thought.measured.best is real
    assert datum_finding(thought).code == ("datum_measured" if agrees else "datum_mismatch")
    assert bool(errors(thought.findings)) is not agrees


def test_a_held_file_does_not_come_into_force_unless_a_person_insists(session, now):
    mislabelled = in_datum(district.towns_geojson(), Datum.GCJ02)
    held = plan.prepare(session, mislabelled, order(Datum.WGS84), outline=outline())
    insisted = plan.prepare(session, mislabelled, order(Datum.WGS84, accept_datum=True), outline=outline())

    with pytest.raises(plan.DatumHeld):
        plan.carry_out(session, held, imported_by="a", approved_by="b", now=now)
    (edition,) = plan.carry_out(session, insisted, imported_by="a", approved_by="b", now=now)

    assert (edition.declared_datum, edition.measured_datum) == ("wgs84", "gcj02")
    assert datum_finding(insisted).grade == "warning"


def test_without_an_outline_it_says_not_measured(session, now):
    source = reading.read_geojson("file.geojson", district.towns_geojson())
    (edition,) = bring_in(session, source, now=now)

    assert edition.measured_datum is None
    assert "datum_not_measured" in {each["code"] for each in session.get_one(Edition, edition.id).report["findings"]}


def test_the_edition_in_force_serves_as_the_outline(wanglan, now):
    mislabelled = in_datum(district.towns_geojson(), Datum.GCJ02)

    thought = plan.prepare(wanglan, mislabelled, order(Datum.WGS84, now))

    assert thought.measured.outline == "the edition in force"
    assert thought.measured.best is Datum.GCJ02
    assert thought.preview is None


def test_an_outline_of_another_place_is_told(session):
    thought = plan.prepare(
        session, in_datum(district.towns_geojson(), Datum.WGS84), order(), outline=outline(square(0, 0))
    )

    assert datum_finding(thought).code == "outline_elsewhere"


def test_the_outline_of_the_right_district_is_chosen_by_its_code(session):
    whole = shapely.union_all(list(district.towns().values()))
    rows = [feature(whole, code="990101"), feature(shapely.affinity.translate(whole, 0.3), code="990102")]
    both = reading.read_geojson("outlines.geojson", document(*rows))

    thought = plan.prepare(session, in_datum(district.towns_geojson(), Datum.WGS84), order(), outline=both)

    assert thought.measured.differences[Datum.WGS84] < 0.001


def test_special_jurisdictions_are_not_measured(wanglan, now):
    source = reading.read_geojson("zones.geojson", district.jurisdictions_geojson())

    assert plan.prepare(wanglan, source, order(effective_at=now, layer="jurisdiction")).measured is None
