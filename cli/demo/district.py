"""望澜区, a district that does not exist: twelve towns, an enclave, a development zone, and fireworks zones.

Everything is made here, so that the demo ships no real map. It goes in through the same door as a customer's file.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final

import shapely
from shapely import MultiPolygon, Polygon
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from cli.demo.borders import Metres, ring
from geo import zones
from geo.datums import Datum
from geo.loading import plan, reading
from geo.loading.preview import editions_in_force
from geo.models import ADMIN, JURISDICTION, Zone
from geo.points import Point
from geo.shapes import metres_per_degree, stored

DISTRICT_CODE: Final = "990101"
DISTRICT_NAME: Final = ("望澜区", "Wanglan District")
CENTRE: Final = Point(117.3, 31.1)
IN_FORCE_FROM: Final = datetime(2019, 12, 31, 16, tzinfo=UTC)  # the first day of 2020 in China


@dataclass(frozen=True, slots=True)
class Place:
    """A unit of the demo district: its code, names and kind, and the junctions its border runs through."""

    code: str
    name_zh: str
    name_en: str
    kind: str
    junctions: str


# Metres east and north of the centre.
JUNCTIONS: Final[Mapping[str, Metres]] = {
    "01": (-1300, 2400), "02": (2200, 2100), "03": (900, -2200), "04": (-2000, -1800), "05": (-6700, 1600),
    "06": (-3500, 4700), "07": (-3800, -2700), "08": (-6200, -1100), "09": (3500, 2900), "10": (5600, 2300),
    "11": (6800, -1900), "12": (3800, -5000), "13": (-2800, 9200), "14": (-1500, 8600), "15": (600, 9800),
    "16": (3700, -5900), "17": (-3400, -8500), "18": (-12800, 4500), "19": (-11500, 8000), "20": (-6000, 10200),
    "21": (3000, 10900), "22": (8800, 10000), "23": (10900, 7200), "24": (12000, 5600), "25": (13600, 1000),
    "26": (13000, -2900), "27": (12500, -5200), "28": (11000, -9800), "29": (6800, -10900), "30": (5200, -11800),
    "31": (1200, -13600), "32": (-2700, -12400), "33": (-4700, -10700), "34": (-8200, -10100), "35": (-11200, -6200),
    "36": (-11900, -4600), "37": (-12600, -2300), "38": (-13500, 2300),
    "e1": (-900, 7300), "e2": (-100, 7500), "e3": (500, 6900), "e4": (300, 6100), "e5": (-600, 5900),
    "e6": (-1200, 6500), "z1": (4300, 1200), "z2": (6300, 1700), "z3": (8600, 1300), "z4": (9100, -900),
    "z5": (7400, -1300), "z6": (5000, -900),
}  # fmt: skip
TOWNS: Final = (
    Place("990101001", "云锦街道", "Yunjin Subdistrict", "street", "01 02 03 04"),
    Place("990101002", "西渡街道", "Xidu Subdistrict", "street", "05 06 01 04 07 08"),
    Place("990101003", "东篱街道", "Dongli Subdistrict", "street", "03 02 09 10 11 12"),
    Place("990101004", "澜北街道", "Lanbei Subdistrict", "street", "06 13 14 15 09 02 01"),
    Place("990101100", "南埠镇", "Nanbu Town", "town", "12 16 17 07 04 03"),
    Place("990101101", "青檀镇", "Qingtan Town", "town", "06 05 18 19 20 13"),
    Place("990101102", "鹭洲镇", "Luzhou Town", "town", "10 09 15 21 22 23"),
    Place("990101103", "双桥铺镇", "Shuangqiaopu Town", "town", "11 10 23 24 25 26"),
    Place("990101104", "枫渡镇", "Fengdu Town", "town", "16 12 11 26 27 28 29"),
    Place("990101105", "石碾镇", "Shinian Town", "town", "17 16 29 30 31 32 33"),
    Place("990101200", "竹岭乡", "Zhuling Township", "township", "08 07 17 33 34 35 36"),
    Place("990101201", "茶坞乡", "Chawu Township", "township", "05 08 36 37 38 18"),
)
ENCLAVE: Final = ("990101102", "990101004", "e1 e2 e3 e4 e5 e6")  # a part of 鹭洲镇 that lies inside 澜北街道
JURISDICTIONS: Final = (
    Place("990101401", "望澜经济开发区", "Wanglan Economic Development Zone", "zone", "z1 z2 z3 z4 z5 z6"),
)
FIREWORKS: Final = (
    ("fireworks_use", zones.FORBID, "城区禁放区", "No-fireworks zone of the town centre",
     [(-4300, 3600), (-600, 5400), (3900, 4300), (5600, 300), (3900, -3500), (-500, -4300), (-4600, -2500)]),
    ("fireworks_sale", zones.PERMIT, "石碾烟花爆竹销售点规划区", "Fireworks sale zone of Shinian",
     [(800, -9300), (2600, -9000), (2900, -10600), (900, -10800)]),
    ("fireworks_sale", zones.PERMIT, "青檀烟花爆竹销售点规划区", "Fireworks sale zone of Qingtan",
     [(-8700, 6900), (-7000, 7100), (-6900, 5700), (-8600, 5500)]),
)  # fmt: skip


def load(session: Session, now: datetime) -> None:
    """Bring the demo district into force where none is: boundaries of both layers, and zones. Repeating is harmless."""
    for layer, document in ((ADMIN, towns_geojson()), (JURISDICTION, jurisdictions_geojson())):
        if editions_in_force(session, [DISTRICT_CODE], now, layer):
            continue
        source = reading.read_geojson(f"wanglan_{layer}.geojson", document)
        order = plan.Order(Datum.WGS84, IN_FORCE_FROM, layer=layer, district=DISTRICT_CODE)
        plan.carry_out(session, plan.prepare(session, source, order), imported_by="demo", approved_by="demo", now=now)
    zones.keep_rules(session)
    _declare_zones(session)


def _declare_zones(session: Session) -> None:
    present = set(session.scalars(select(Zone.name_zh).where(Zone.district_code == DISTRICT_CODE)))
    for rule, effect, name_zh, name_en, corners in FIREWORKS:
        if name_zh in present:
            continue
        zones.declare(
            session,
            Zone(
                district_code=DISTRICT_CODE,
                rule=rule,
                effect=effect,
                name_zh=name_zh,
                name_en=name_en,
                valid=Range(IN_FORCE_FROM, None),
                geom=stored(Polygon(_in_degrees(corners))),
            ),
        )


@lru_cache(maxsize=1)
def towns() -> dict[str, MultiPolygon]:
    """The territory of each town by its code, WGS-84; they share their borders exactly, and leave no gap."""
    inner = Polygon(_through(ENCLAVE[2]))
    drawn = {place.code: MultiPolygon([Polygon(_through(place.junctions))]) for place in TOWNS}
    owner, around = ENCLAVE[0], ENCLAVE[1]
    drawn[owner] = MultiPolygon([*drawn[owner].geoms, inner])
    drawn[around] = MultiPolygon([Polygon(drawn[around].geoms[0].exterior, [inner.exterior])])
    return drawn


def jurisdictions() -> dict[str, MultiPolygon]:
    """The territory of each special zone by its code, WGS-84: they lie over the towns, and take precedence."""
    return {place.code: MultiPolygon([Polygon(_through(place.junctions))]) for place in JURISDICTIONS}


def responsible() -> dict[str, MultiPolygon]:
    """Who answers where: the towns without what lies beneath a special zone, and the zones."""
    special = jurisdictions()
    above = shapely.union_all(list(special.values()))
    return {code: MultiPolygon(_parts(area - above)) for code, area in towns().items()} | special


def towns_geojson() -> bytes:
    """The towns as a file that a customer might bring."""
    return _document(TOWNS, towns())


def jurisdictions_geojson() -> bytes:
    """The special zones as a file that a customer might bring."""
    return _document(JURISDICTIONS, jurisdictions())


def _document(places: Iterable[Place], areas: Mapping[str, MultiPolygon]) -> bytes:
    features = [_feature(place, areas[place.code]) for place in places]
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False).encode()


def _feature(place: Place, area: MultiPolygon) -> dict[str, Any]:
    facts = {"code": place.code, "name": place.name_zh, "name_en": place.name_en, "kind": place.kind}
    return {"type": "Feature", "properties": facts, "geometry": shapely.geometry.mapping(area)}


def _through(junctions: str) -> list[tuple[float, float]]:
    return _in_degrees(ring(junctions.split(), JUNCTIONS))


def _in_degrees(corners: Sequence[Metres]) -> list[tuple[float, float]]:
    along, across = metres_per_degree(CENTRE.lat)
    return [(round(CENTRE.lon + east / along, 6), round(CENTRE.lat + north / across, 6)) for east, north in corners]


def _parts(area: MultiPolygon | Polygon) -> list[Polygon]:
    return [part for part in shapely.get_parts(area) if isinstance(part, Polygon)]
