"""`./jz import-boundaries`: what a person sees, and what comes into force."""

import pytest
import shapely
import typer
from sqlalchemy import select
from sqlalchemy.orm import sessionmaker
from typer.testing import CliRunner

import kit.db
from cli.boundaries import import_boundaries
from cli.demo import district
from cli.refusal import CannotGoOn
from geo.models import Edition, Unit
from tests.geo.drawing import document, feature, square

APP = typer.Typer()
APP.command()(import_boundaries)
DISTRICT = "990199"


@pytest.fixture
def run(session, monkeypatch):
    """The command over the test's own transaction: it commits, and nothing stays."""
    factory = sessionmaker(session.get_bind(), join_transaction_mode="create_savepoint", expire_on_commit=False)
    monkeypatch.setattr(kit.db, "sessions", lambda _login: factory)

    def call(path, *arguments, datum="wgs84", effective="2026-12-01"):
        words = [str(path), "--datum", datum, "--effective", effective, *map(str, arguments)]
        return CliRunner().invoke(APP, words)

    return call


@pytest.fixture
def towns(tmp_path):
    path = tmp_path / "towns.geojson"
    rows = [("100", "东岸镇", square(0, 0)), ("101", "西岸镇", square(10, 0))]
    path.write_bytes(document(*[feature(area, code=DISTRICT + last, name=name) for last, name, area in rows]))
    return path


def editions(session) -> list[Edition]:
    return list(session.scalars(select(Edition).where(Edition.district_code == DISTRICT)))


def test_towns_come_into_force_from_local_midnight(run, session, towns):
    result = run(towns, "--yes")

    assert result.exit_code == 0, result.output
    (edition,) = editions(session)
    assert edition.valid.lower.isoformat() == "2026-11-30T16:00:00+00:00"
    assert edition.source_name == "towns.geojson"
    assert edition.imported_by.startswith("cli:")
    assert "(nobody) → 东岸镇" in result.output
    assert {unit.name_zh for unit in session.scalars(select(Unit).where(Unit.district_code == DISTRICT))} == {
        "东岸镇",
        "西岸镇",
    }


def test_a_dry_run_shows_and_changes_nothing(run, session, towns):
    result = run(towns, "--dry-run")

    assert result.exit_code == 0
    assert "opens: 东岸镇、西岸镇" in result.output
    assert editions(session) == []


def test_nobody_to_agree_means_no(run, session, towns):
    result = run(towns)

    assert isinstance(result.exception, CannotGoOn)
    assert "--yes" in str(result.exception)
    assert editions(session) == []


def test_errors_are_shown_with_what_to_do(run, session, towns, tmp_path):
    path = tmp_path / "bad.geojson"
    rows = [
        feature(square(0, 0), code="990199100", name="东岸镇"),
        feature(square(5, 0), code="990199101", name="西岸镇"),
    ]
    path.write_bytes(document(*rows))

    result = run(path, "--yes")

    assert "东岸镇 / 西岸镇: They overlap by" in result.output
    assert "Correct the file" in str(result.exception)
    assert editions(session) == []


def test_a_mislabelled_file_is_held_until_the_datum_is_right(run, session, tmp_path):
    path, outline = tmp_path / "towns.geojson", tmp_path / "outline.geojson"
    path.write_bytes(district.towns_geojson())
    outline.write_bytes(document(feature(shapely.union_all(list(district.towns().values())), name="望澜区")))

    held = run(path, "--trusted-outline", outline, "--dry-run", datum="gcj02")
    right = run(path, "--trusted-outline", outline, "--dry-run", datum="cgcs2000")

    assert "--accept-datum" in str(held.exception)
    assert right.exit_code == 0
    assert "agrees with outline.geojson" in right.output


def test_a_file_that_only_needs_mending_says_so(run, session, tmp_path):
    path = tmp_path / "bow.geojson"
    bow = {"type": "Polygon", "coordinates": [[[117, 31], [117.01, 31.01], [117.01, 31], [117, 31.01], [117, 31]]]}
    path.write_bytes(document(feature(bow, code="990199100", name="东岸镇")))

    assert "--repair" in str(run(path, "--yes").exception)
    assert run(path, "--yes", "--repair").exit_code == 0
    assert len(editions(session)) == 1


@pytest.mark.parametrize("day", ["tomorrow", "2026-13-01", "01.12.2026"])
def test_a_day_that_is_none_is_refused(run, towns, day):
    assert "is not a day" in str(run(towns, "--yes", effective=day).exception)


def test_a_datum_that_is_unknown_is_refused(run, towns):
    assert run(towns, "--yes", datum="beijing54").exit_code == 2
