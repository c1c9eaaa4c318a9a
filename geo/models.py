"""Tables of places: units that answer for territory, editions of their boundaries, and rule zones (M01, M30, C13).

Cases and staff point at a `Unit`, which keeps its id over all editions; a polygon belongs to one edition only (X07).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from geoalchemy2 import Geometry, WKBElement
from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index, String, text
from sqlalchemy.dialects.postgresql import TSTZRANGE, ExcludeConstraint, Range
from sqlalchemy.orm import Mapped, mapped_column

from geo.points import SRID
from kit.db import Base

SCHEMA = "handling"
ADMIN, JURISDICTION = "admin", "jurisdiction"
DRAFT, LIVE, RETIRED, REJECTED = "draft", "live", "retired", "rejected"
IN_FORCE = (LIVE, RETIRED)
KINDS = ("street", "town", "township", "zone", "scenic", "district")


def _one_of(column: str, words: tuple[str, ...]) -> str:
    return f"{column} in ({', '.join(repr(word) for word in words)})"


def _areas() -> Geometry:
    return Geometry("MULTIPOLYGON", srid=SRID, spatial_index=False)


class Unit(Base):
    """A body that answers for territory: a street, town, township, special zone, scenic area or the district (M01)."""

    __tablename__ = "unit"
    __table_args__ = (
        # A division code is text, or its leading digits and later suffixes are lost (F92, X06).
        CheckConstraint("code ~ '^[0-9A-Z]{6,16}$'", name="code"),
        CheckConstraint("district_code ~ '^[0-9]{6}$'", name="district_code"),
        CheckConstraint(_one_of("kind", KINDS), name="kind"),
        CheckConstraint("closed_on > open_from", name="closes_after_it_opens"),
        CheckConstraint("successor_id <> id", name="succeeds_another"),
        Index("ix_unit_district_code", "district_code"),
        {"schema": SCHEMA},
    )

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    district_code: Mapped[str]
    kind: Mapped[str]
    name_zh: Mapped[str]
    name_en: Mapped[str] = mapped_column(server_default="")
    pinyin: Mapped[str] = mapped_column(server_default="")
    """The initials by which a list finds it: 元和街道 is `yhjd`."""
    open_from: Mapped[datetime]
    closed_on: Mapped[datetime | None]
    successor_id: Mapped[int | None] = mapped_column(ForeignKey(f"{SCHEMA}.unit.id"))


class Edition(Base):
    """One published set of boundaries of one layer of one district, with the time for which it answers (X07).

    `draft` is staged, `live` has no successor yet, `retired` answers for its own time only, `rejected` never answers.
    """

    __tablename__ = "edition"
    __table_args__ = (
        CheckConstraint("district_code ~ '^[0-9]{6}$'", name="district_code"),
        CheckConstraint(_one_of("layer", (ADMIN, JURISDICTION)), name="layer"),
        CheckConstraint(_one_of("state", (DRAFT, LIVE, RETIRED, REJECTED)), name="state"),
        CheckConstraint("not isempty(valid) and lower(valid) is not null", name="valid"),
        # Two editions of one layer never answer for the same moment.
        ExcludeConstraint(
            ("district_code", "="),
            ("layer", "="),
            ("valid", "&&"),
            name="ex_edition_one_at_a_time",
            using="gist",
            where=text(_one_of("state", IN_FORCE)),
        ),
        {"schema": SCHEMA},
    )

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    district_code: Mapped[str]
    layer: Mapped[str]
    valid: Mapped[Range[datetime]] = mapped_column(TSTZRANGE())
    state: Mapped[str]
    source_name: Mapped[str]
    source_sha256: Mapped[str] = mapped_column(String(64))
    source_crs: Mapped[str | None]
    declared_datum: Mapped[str]
    measured_datum: Mapped[str | None]
    report: Mapped[dict[str, Any]]
    imported_by: Mapped[str]
    approved_by: Mapped[str | None]
    created_at: Mapped[datetime]


class Boundary(Base):
    """The territory of one unit in one edition: whole polygons, holes and enclaves kept, never cut into pieces."""

    __tablename__ = "boundary"
    __table_args__ = (
        CheckConstraint("st_isvalid(geom) and not st_isempty(geom)", name="geom"),
        Index("ix_boundary_geom", "geom", postgresql_using="gist"),
        Index("ix_boundary_unit_id", "unit_id"),
        {"schema": SCHEMA},
    )

    edition_id: Mapped[int] = mapped_column(ForeignKey(f"{SCHEMA}.edition.id", ondelete="CASCADE"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey(f"{SCHEMA}.unit.id"), primary_key=True)
    priority: Mapped[int] = mapped_column(server_default="0")
    geom: Mapped[WKBElement] = mapped_column(_areas())


class ZoneRule(Base):
    """A rule that zones speak about, and what holds where no zone lies (M30)."""

    __tablename__ = "zone_rule"
    __table_args__ = (
        CheckConstraint(_one_of("otherwise", ("permit", "forbid")), name="otherwise"),
        {"schema": SCHEMA},
    )

    rule: Mapped[str] = mapped_column(primary_key=True)
    name_zh: Mapped[str]
    name_en: Mapped[str]
    otherwise: Mapped[str]


class Zone(Base):
    """An area in which a rule permits or forbids something for a time. Zones never take part in routing (M30)."""

    __tablename__ = "zone"
    __table_args__ = (
        CheckConstraint("district_code ~ '^[0-9]{6}$'", name="district_code"),
        CheckConstraint(_one_of("effect", ("permit", "forbid")), name="effect"),
        CheckConstraint("not isempty(valid)", name="valid"),
        CheckConstraint("st_isvalid(geom) and not st_isempty(geom)", name="geom"),
        Index("ix_zone_geom", "geom", postgresql_using="gist"),
        Index("ix_zone_rule", "rule"),
        {"schema": SCHEMA},
    )

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    district_code: Mapped[str]
    rule: Mapped[str] = mapped_column(ForeignKey(f"{SCHEMA}.zone_rule.rule"))
    effect: Mapped[str]
    name_zh: Mapped[str]
    name_en: Mapped[str] = mapped_column(server_default="")
    valid: Mapped[Range[datetime]] = mapped_column(TSTZRANGE())
    geom: Mapped[WKBElement] = mapped_column(_areas())
