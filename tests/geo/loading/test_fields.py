"""F92, X06: which column is what, and codes that stay text."""

import pytest

from geo.loading import fields
from geo.loading.fields import BY_SPELLING, Columns
from geo.loading.source import Feature
from geo.names import in_english, initials
from tests.geo.drawing import square


def rows(*facts: dict[str, object]) -> list[Feature]:
    return [Feature(number, fact, square(number * 10, 0)) for number, fact in enumerate(facts, 1)]


def read(*facts: dict[str, object], layer="admin", columns=BY_SPELLING, district=None):
    return fields.towns(rows(*facts), layer, columns, district)[0]


@pytest.mark.parametrize(
    "facts",
    [
        {"code": "320507001", "name": "元和街道"},
        {"XZQDM": "320507001000", "XZQMC": "元和街道"},
        {"行政区划代码": 320507001, "乡镇": "元和街道"},
        {"DM": 320507001.0, "MC": "元和街道 "},
        {"FID": 7, "GB": "320507001", "LABEL": "元和街道"},
    ],
)
def test_common_spellings_are_understood(facts):
    (town,) = read(facts)

    assert (town.code, town.name_zh, town.district_code, town.kind) == ("320507001", "元和街道", "320507", "street")


def test_a_person_may_say_which_columns():
    (town,) = read(
        {"name": "wrong", "label": "元和街道", "code": "wrong", "gb": "320507001"},
        columns=Columns(code="gb", name="label"),
    )

    assert (town.code, town.name_zh) == ("320507001", "元和街道")


def test_a_column_that_is_not_there_is_refused_with_those_that_are():
    with pytest.raises(fields.NoNames) as refusal:
        read({"name": "x", "code": "320507001"}, columns=Columns(name="nom"))

    assert refusal.value.extra["fields"] == ["code", "name"]


def test_a_county_code_in_the_column_code_is_no_code_of_a_town():
    town, _ = read(
        {"code": "320507", "name": "一镇", "county_code": "320507"},
        {"code": "320507", "name": "二镇", "county_code": "320507"},
    )

    assert town.code is None
    assert town.district_code == "320507"


@pytest.mark.parametrize(
    ("last", "kind"),
    [
        ("001", "street"),
        ("099", "street"),
        ("100", "town"),
        ("199", "town"),
        ("200", "township"),
        ("399", "township"),
        ("400", "zone"),
        ("599", "zone"),
    ],
)
def test_digits_seven_to_nine_tell_the_kind(last, kind):
    assert read({"code": "320507" + last, "name": "某地"})[0].kind == kind


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("元和街道", "street"),
        ("渭塘镇", "town"),
        ("三烈乡", "township"),
        ("望澜经济开发区", "zone"),
        ("苏州高铁新城", "zone"),
        ("云台山风景区", "scenic"),
    ],
)
def test_without_a_code_the_name_tells_the_kind(name, kind):
    assert read({"name": name, "county_code": "320507"})[0].kind == kind


def test_a_stated_kind_stands_before_the_name():
    assert read({"name": "苏州高铁新城", "kind": "street", "county_code": "320507"})[0].kind == "street"


def test_only_rows_of_the_district_are_taken():
    both = ({"name": "一镇", "county_code": "320507"}, {"name": "二镇", "county_code": "500120"})

    towns, told = fields.towns(rows(*both), "admin", BY_SPELLING, "500120")

    assert [town.name_zh for town in towns] == ["二镇"]
    assert "other_districts" in {finding.code for finding in told}
    with pytest.raises(fields.NoDistrict):
        read(*both, district="990101")


def test_a_file_that_tells_no_district_needs_one():
    with pytest.raises(fields.NoDistrict):
        read({"name": "一镇"})
    assert read({"name": "一镇"}, district="990101")[0].district_code == "990101"


@pytest.mark.parametrize("facts", [{"id": 1}, {"name": None, "code": "320507001"}, {}])
def test_units_without_a_name_are_refused(facts):
    with pytest.raises(fields.NoNames):
        read(facts)


def test_names_get_english_and_initials():
    assert in_english("元和街道", "street") == "Yuanhe Subdistrict"
    assert in_english("渭塘镇", "town") == "Weitang Town"
    assert initials("元和街道") == "yhjd"
    assert read({"name": "元和街道", "name_en": "Yuan He", "county_code": "320507"})[0].name_en == "Yuan He"
