"""GeoPackage and Shapefile: encodings, missing companions, and what GDAL must not be led to open."""

import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
import shapely
from pyogrio.raw import write

from geo.loading import source
from geo.loading.reading import read
from tests.geo.drawing import square

NAMES = ("元和街道", "阳澄湖镇")
SHAPES = (square(0, 0), square(10, 0))


def table(
    path: Path, *, shapes=SHAPES, kind="Polygon", crs="EPSG:4490", layer=None, append=False, encoding=None
) -> Path:
    columns = [np.array(NAMES[: len(shapes)], dtype=object), np.array([990199001.0, 990199100.0][: len(shapes)])]
    wkb = shapely.to_wkb(np.array(shapes, dtype=object))
    how = {"geometry_type": kind, "crs": crs, "layer": layer, "append": append, "encoding": encoding}
    write(path, wkb, columns, ["name", "code"], **how)
    return path


@pytest.mark.parametrize("suffix", [".gpkg", ".shp"])
def test_a_table_is_read_with_its_names_and_crs(tmp_path, suffix):
    found = read(table(tmp_path / f"towns{suffix}"))

    assert [each.facts["name"] for each in found.features] == list(NAMES)
    assert found.crs == "EPSG:4490"
    assert found.features[1].shape.equals(SHAPES[1])


def test_a_gbk_shapefile_without_cpg_is_read(tmp_path):
    path = table(tmp_path / "towns.shp", encoding="GBK")
    (tmp_path / "towns.cpg").unlink()

    found = read(path)

    assert [each.facts["name"] for each in found.features] == list(NAMES)
    assert found.encoding == "GB18030"


@pytest.mark.parametrize("stated", ["GBK", "936", "CP936"])
def test_a_cpg_that_tells_gbk_is_believed(tmp_path, stated):
    path = table(tmp_path / "towns.shp", encoding="GBK")
    (tmp_path / "towns.cpg").write_text(stated)

    assert read(path).features[0].facts["name"] == NAMES[0]


def test_a_cpg_that_lies_is_found_out(tmp_path):
    path = table(tmp_path / "towns.shp", encoding="GBK")
    (tmp_path / "towns.cpg").write_text("UTF-8")

    assert read(path).features[0].facts["name"] == NAMES[0]


def test_an_encoding_that_a_person_gives_stands(tmp_path):
    path = table(tmp_path / "towns.shp", encoding="GBK")
    (tmp_path / "towns.cpg").unlink()

    assert read(path, encoding="GBK").features[0].facts["name"] == NAMES[0]
    with pytest.raises(source.EncodingUnknown):
        read(path, encoding="UTF-8")


def test_a_shapefile_without_prj_has_no_crs(tmp_path):
    path = table(tmp_path / "towns.shp")
    (tmp_path / "towns.prj").unlink()

    assert read(path).crs is None


def test_a_shapefile_without_its_table_is_refused(tmp_path):
    path = table(tmp_path / "towns.shp")
    (tmp_path / "towns.dbf").unlink()

    with pytest.raises(source.FileUnreadable, match=r"\.dbf"):
        read(path)


def test_a_package_with_several_tables_asks_which(tmp_path):
    path = table(tmp_path / "towns.gpkg", layer="towns")
    table(path, layer="villages", append=True)

    with pytest.raises(source.TableUnknown, match="towns, villages"):
        read(path)
    assert len(read(path, table="towns").features) == 2


def test_a_view_in_a_package_is_refused(tmp_path):
    path = table(tmp_path / "towns.gpkg", layer="towns")
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("create view endless as select * from towns")
        database.execute("insert into gpkg_contents(table_name,data_type,srs_id) values('endless','features',4490)")
        database.execute(
            "insert into gpkg_geometry_columns(table_name,column_name,geometry_type_name,srs_id,z,m)"
            " select 'endless',column_name,geometry_type_name,srs_id,z,m from gpkg_geometry_columns"
        )

    with pytest.raises(source.FileUnreadable, match="view"):
        read(path, table="endless")


@pytest.mark.parametrize("suffix", [".shp", ".gpkg", ".fgb"])
def test_another_format_in_disguise_is_refused(tmp_path, suffix):
    path = tmp_path / f"towns{suffix}"
    path.write_text("<OGRVRTDataSource><OGRVRTLayer name='x'><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer>")

    with pytest.raises(source.FormatUnknown):
        read(path)


@pytest.mark.parametrize("name", ["towns.zip", "towns.kml", "towns.vrt", "towns"])
def test_other_formats_are_refused(tmp_path, name):
    (tmp_path / name).write_bytes(b"PK\x03\x04")

    with pytest.raises(source.FormatUnknown):
        read(tmp_path / name)


def test_a_damaged_package_is_refused(tmp_path):
    whole = table(tmp_path / "towns.gpkg").read_bytes()
    (tmp_path / "half.gpkg").write_bytes(whole[: len(whole) // 3])

    with pytest.raises(source.FileUnreadable):
        read(tmp_path / "half.gpkg")


def test_points_and_lines_are_refused(tmp_path):
    path = table(tmp_path / "points.gpkg", shapes=(shapely.Point(117, 31),), kind="Point")

    with pytest.raises(source.NotPolygons):
        read(path)


def test_a_feature_without_a_geometry_is_refused(tmp_path):
    path = table(tmp_path / "towns.gpkg")
    with closing(sqlite3.connect(path)) as database, database:
        for (trigger,) in database.execute("select name from sqlite_master where type = 'trigger'").fetchall():
            database.execute(f'drop trigger "{trigger}"')
        database.execute("update towns set geom = null where fid = 2")

    with pytest.raises(source.NotPolygons, match="Feature 2"):
        read(path)


def test_heights_are_dropped(tmp_path):
    raised = shapely.force_3d(SHAPES[0], 12.0)
    path = table(tmp_path / "towns.gpkg", shapes=(raised,), kind="Polygon Z")

    assert not read(path).features[0].shape.has_z


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(source.FileUnreadable, match="no file"):
        read(tmp_path / "none.gpkg")


def test_a_shapefile_is_known_again_by_all_its_parts(tmp_path):
    path = table(tmp_path / "towns.shp")
    before = read(path).sha256
    (tmp_path / "towns.dbf").write_bytes((tmp_path / "towns.dbf").read_bytes().replace(b"990199001", b"990199002"))

    assert read(path).sha256 != before


def test_only_what_lies_in_a_box_is_read(tmp_path):
    path = table(tmp_path / "outlines.fgb", shapes=(square(0, 0), square(500, 0)))

    assert len(read(path, box=(116.9, 30.9, 117.1, 31.1)).features) == 1
