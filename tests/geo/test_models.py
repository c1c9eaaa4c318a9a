"""X07: what the database itself forbids of boundaries."""

from datetime import UTC, datetime

import pytest
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.exc import IntegrityError

from geo.models import Boundary, Edition, Unit
from geo.shapes import stored
from tests.geo.drawing import DISTRICT, EFFECTIVE, bring_in, square, towns_file


def edition(valid: Range[datetime], state: str = "live", layer: str = "admin") -> Edition:
    facts = {"source_name": "x", "source_sha256": "0" * 64, "declared_datum": "wgs84", "report": {}, "imported_by": "x"}
    return Edition(district_code=DISTRICT, layer=layer, valid=valid, state=state, created_at=EFFECTIVE, **facts)


def test_two_editions_of_a_layer_cannot_answer_for_one_moment(session, now):
    bring_in(session, towns_file({"100": square(0, 0)}), now=now)
    session.add(edition(Range(now, None)))

    with pytest.raises(IntegrityError, match="ex_edition_one_at_a_time"):
        session.flush()


@pytest.mark.parametrize(("state", "layer"), [("draft", "admin"), ("rejected", "admin"), ("live", "jurisdiction")])
def test_drafts_and_other_layers_may_stand_beside(session, now, state, layer):
    bring_in(session, towns_file({"100": square(0, 0)}), now=now)
    session.add(edition(Range(now, None), state, layer))

    session.flush()


@pytest.mark.parametrize("valid", [Range(None, None), Range(empty=True)])
def test_an_edition_without_a_beginning_is_refused(session, valid):
    session.add(edition(valid))

    with pytest.raises(IntegrityError, match="ck_edition_valid"):
        session.flush()


def test_an_invalid_polygon_never_becomes_a_boundary(session, now):
    unit = Unit(code="990199100", district_code=DISTRICT, kind="town", name_zh="x", open_from=EFFECTIVE)
    draft = edition(Range(datetime(2020, 1, 1, tzinfo=UTC), None), "draft")
    session.add_all([unit, draft])
    session.flush()
    bow = square(0, 0)
    corners = list(bow.exterior.coords)
    corners[1], corners[2] = corners[2], corners[1]
    session.add(Boundary(edition_id=draft.id, unit_id=unit.id, geom=stored(type(bow)(corners))))

    with pytest.raises(IntegrityError, match="ck_boundary_geom"):
        session.flush()


@pytest.mark.parametrize("code", ["12345", "99019 100", "990199-1"])
def test_a_code_that_is_no_division_code_is_refused(session, code):
    session.add(Unit(code=code, district_code=DISTRICT, kind="town", name_zh="x", open_from=EFFECTIVE))

    with pytest.raises(IntegrityError, match="ck_unit_code"):
        session.flush()
