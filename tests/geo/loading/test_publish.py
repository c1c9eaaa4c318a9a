"""X07: editions follow each other; units keep their ids; what would change is shown before it does."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from cli.demo import district
from geo.loading import plan, publish, reading
from geo.loading.findings import errors
from geo.models import Boundary, Edition, Unit
from geo.shapes import area_m2
from tests.geo.drawing import DISTRICT, EFFECTIVE, bring_in, document, feature, order, square, towns_file

BEFORE = {"100": square(0, 0), "101": square(10, 0)}
AFTER = {"100": square(0, 0, 5), "101": square(5, 0, 15)}


def unit(session, last: str) -> Unit:
    return session.scalars(select(Unit).where(Unit.code == DISTRICT + last)).one()


def changes(thought: plan.Plan) -> list[tuple[str | None, str | None]]:
    return [(each.from_name, each.to_name) for each in thought.preview.changes]


def test_a_first_edition_opens_its_units(session, now):
    thought = plan.prepare(session, towns_file(BEFORE), order())

    (edition,) = plan.carry_out(session, thought, imported_by="ann", approved_by="bob", now=now)

    assert (edition.state, edition.imported_by, edition.approved_by) == ("live", "ann", "bob")
    assert edition.valid.lower == EFFECTIVE
    assert edition.valid.upper is None
    assert thought.preview.opened == ("第100镇", "第101镇")
    assert unit(session, "100").kind == "town"
    assert unit(session, "100").pinyin == "d100z"


def test_the_new_edition_begins_where_the_old_one_ends(session, now):
    (old,) = bring_in(session, towns_file(BEFORE), now=now)
    (new,) = bring_in(session, towns_file(AFTER), order(effective_at=now), now=now)

    assert old.valid.upper == new.valid.lower == now
    assert (old.state, new.state) == ("retired", "live")


def test_units_keep_their_ids_and_the_preview_tells_the_territory(session, now):
    bring_in(session, towns_file(BEFORE), now=now)
    kept = unit(session, "101").id
    asked = []

    def open_cases(unit_id, area):
        asked.append((unit_id, round(area_m2(area))))
        return 7

    thought = plan.prepare(session, towns_file(AFTER), order(effective_at=now), open_cases=open_cases)
    plan.carry_out(session, thought, imported_by="a", approved_by="b", now=now)

    (change,) = thought.preview.changes
    assert (change.from_name, change.to_name, change.open_cases) == ("第100镇", "第101镇", 7)
    assert change.km2 == pytest.approx(area_m2(square(5, 0, 5)) / 1e6, rel=1e-3)
    assert asked == [(unit(session, "100").id, round(area_m2(square(5, 0, 5))))]
    assert unit(session, "101").id == kept


def test_a_unit_that_is_left_out_closes_and_its_heir_is_who_gets_most(session, now):
    bring_in(session, towns_file({**BEFORE, "102": square(20, 0)}), now=now)
    merged = {"100": square(0, 0, 12), "102": square(12, 0, 18)}
    thought = plan.prepare(session, towns_file(merged), order(effective_at=now))
    plan.carry_out(session, thought, imported_by="a", approved_by="b", now=now)

    assert thought.preview.closed == ("第101镇",)
    assert unit(session, "101").closed_on == now
    assert unit(session, "101").successor_id == unit(session, "102").id


def test_a_unit_that_comes_back_is_open_again(session, now):
    bring_in(session, towns_file(BEFORE), now=now)
    bring_in(session, towns_file({"100": square(0, 0, 20)}), order(effective_at=now), now=now)
    again = now + timedelta(days=1)
    bring_in(session, towns_file(AFTER), order(effective_at=again), now=again)

    assert unit(session, "101").closed_on is None


def test_a_renamed_unit_and_a_new_code_are_the_same_unit(session, now):
    bring_in(session, towns_file(BEFORE), now=now)
    ids = [unit(session, "100").id, unit(session, "101").id]
    renamed = towns_file({"100": square(0, 0), "109": square(10, 0)}, names={"100": "新名镇", "109": "第101镇"})

    thought = plan.prepare(session, renamed, order(effective_at=now))
    plan.carry_out(session, thought, imported_by="a", approved_by="b", now=now)

    assert thought.preview.renamed == (("第100镇", "新名镇"),)
    assert thought.preview.recoded == ((DISTRICT + "101", DISTRICT + "109"),)
    assert changes(thought) == []
    assert [unit(session, "100").id, unit(session, "109").id] == ids


def test_the_same_file_twice_is_refused(session, now):
    bring_in(session, towns_file(BEFORE), now=now)

    with pytest.raises(plan.AlreadyInForce):
        bring_in(session, towns_file(BEFORE), order(effective_at=now), now=now)


def test_what_has_answered_cannot_be_replaced(session, now):
    bring_in(session, towns_file(BEFORE), now=now)

    for day in (EFFECTIVE, EFFECTIVE - timedelta(days=1)):
        with pytest.raises(publish.EffectiveTooEarly):
            bring_in(session, towns_file(AFTER), order(effective_at=day), now=now)
    assert session.scalars(
        select(Edition.state).where(Edition.state == "live", Edition.district_code == DISTRICT)
    ).all()


def test_an_edition_that_was_to_begin_later_is_set_aside(session, now):
    (first,) = bring_in(session, towns_file(BEFORE), now=now)
    (planned,) = bring_in(session, towns_file(AFTER), order(effective_at=now + timedelta(days=30)), now=now)
    (sooner,) = bring_in(
        session, towns_file({"100": square(0, 0, 20)}), order(effective_at=now + timedelta(days=10)), now=now
    )

    assert (first.state, planned.state, sooner.state) == ("retired", "rejected", "live")
    assert first.valid.upper == now + timedelta(days=10)


def test_a_preview_that_is_out_of_date_is_refused(session, now):
    bring_in(session, towns_file(BEFORE), now=now)
    seen = plan.prepare(session, towns_file(AFTER), order(effective_at=now + timedelta(days=2)))
    bring_in(session, towns_file({"100": square(0, 0, 20)}), order(effective_at=now + timedelta(days=1)), now=now)

    with pytest.raises(publish.ChangedMeanwhile):
        plan.carry_out(session, seen, imported_by="a", approved_by="b", now=now)


def test_a_faulty_file_does_not_come_into_force(session, now):
    overlapping = plan.prepare(session, towns_file({"100": square(0, 0), "101": square(5, 0)}), order())

    assert [each.code for each in errors(overlapping.findings)] == ["overlap"]
    with pytest.raises(plan.Faulty) as refusal:
        plan.carry_out(session, overlapping, imported_by="a", approved_by="b", now=now)
    assert refusal.value.extra["findings"][0]["units"] == ("第100镇", "第101镇")


def test_a_file_of_two_districts_becomes_two_editions(session, now):
    rows = [feature(square(0, 0), code="990198100", name="甲镇"), feature(square(10, 0), code="990199100", name="乙镇")]
    source = file_of(*rows)

    editions = bring_in(session, source, now=now)

    assert [each.district_code for each in editions] == ["990198", "990199"]


def test_a_file_without_codes_is_known_by_names(session, now):
    def file(second: str):
        rows = [("甲镇", square(0, 0)), (second, square(10, 0))]
        return file_of(*[feature(area, name=name, county_code=DISTRICT) for name, area in rows])

    bring_in(session, file("乙镇"), now=now)
    first = {
        each.name_zh: (each.id, each.code)
        for each in session.scalars(select(Unit).where(Unit.district_code == DISTRICT))
    }
    bring_in(session, file("丙镇"), order(effective_at=now), now=now)
    second = {
        each.name_zh: (each.id, each.code)
        for each in session.scalars(select(Unit).where(Unit.district_code == DISTRICT))
    }

    assert {code for _, code in first.values()} == {DISTRICT + "X01", DISTRICT + "X02"}
    assert second["甲镇"] == first["甲镇"]
    assert second["丙镇"][1] == DISTRICT + "X03"


def test_a_zone_takes_its_territory_from_the_towns_beneath_it(session, now):
    bring_in(session, towns_file(BEFORE), now=now)
    source = file_of(feature(square(8, 2, 4, 4), code=DISTRICT + "401", name="某开发区"))

    thought = plan.prepare(session, source, order(effective_at=now, layer="jurisdiction"))
    (edition,) = plan.carry_out(session, thought, imported_by="a", approved_by="b", now=now)

    assert sorted(changes(thought)) == [("第100镇", "某开发区"), ("第101镇", "某开发区")]
    assert session.scalars(select(Boundary.priority).where(Boundary.edition_id == edition.id)).all() == [10]
    assert thought.preview.closed == ()


def test_a_draft_answers_nothing_and_can_be_rejected(session, now):
    towns = plan.prepare(session, towns_file(BEFORE), order()).towns
    facts = {"source_name": "x", "source_sha256": "0" * 64, "declared_datum": "wgs84", "report": {}, "imported_by": "x"}
    (draft,) = publish.stage(session, towns, facts=facts, layer="admin", effective_at=EFFECTIVE, now=now)

    publish.reject(session, draft.id)

    assert draft.state == "rejected"
    with pytest.raises(publish.NotADraft):
        publish.reject(session, draft.id)
    with pytest.raises(publish.NotADraft):
        publish.publish(session, [draft], approved_by="x")
    with pytest.raises(publish.NoSuchEdition):
        publish.reject(session, 0)


def test_the_demo_district_loads_once(wanglan, now):
    before = wanglan.scalars(select(Edition.id).where(Edition.district_code == district.DISTRICT_CODE)).all()

    district.load(wanglan, now + timedelta(days=400))

    assert wanglan.scalars(select(Edition.id).where(Edition.district_code == district.DISTRICT_CODE)).all() == before
    assert len(before) == 2
    assert datetime(2026, 1, 1, tzinfo=UTC) > district.IN_FORCE_FROM


def file_of(*rows: object):
    return reading.read_geojson("made_up.geojson", document(*rows))
