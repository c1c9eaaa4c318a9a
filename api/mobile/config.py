"""GET /m/v1/config and /m/v1/towns: what an app needs before its first screen. Cacheable, with an ETag."""

import hashlib
import json
from datetime import date, datetime

from fastapi import Request, Response
from geoalchemy2 import functions as st
from pydantic import BaseModel
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from api.dependencies import CitizenSession, Now
from api.rights import anybody
from api.routes import citizens_router
from cases import policy
from cases.models.policy import CategoryVersion
from geo.datums import Datum
from geo.models import Boundary, Edition, Unit
from kit import web_push
from kit.clock import LOCAL_ZONE
from mobile_contract.v1 import config as told
from mobile_contract.v1 import towns as places
from mobile_contract.v1.base import Words

router = citizens_router()
POLL_S = 300
OUTLINE_DEGREES = 0.0003  # some 30 m: what a small map can show
OUTLINE_DIGITS = 4
KINDS = {"street": "subdistrict", "town": "town", "township": "township"}
LIMITS = told.Limits(
    photos=9, photo_bytes=20 * 1024 * 1024, photo_pixels=64_000_000,
    photo_types=["image/jpeg", "image/png", "image/webp"], text_chars=2000, text_chars_without_photo=10,
    address_chars=200, uploads_at_once=3, shrink_to_px=1600,
)  # fmt: skip


@router.get("/config", response_model=told.Config, name="get_config")
@anybody
def get_config(request: Request, session: CitizenSession, now: Now) -> Response:
    """Catalogue, limits, notice and numbers."""
    values = policy.values(session, now)
    notice = values["notice"]
    config = told.Config(
        version="",
        district=told.District(code=values["district"]["code"], name=Words(**values["district"]["name"])),
        groups=[told.CategoryGroup(**row) for row in values["category_groups"]],
        categories=[_category(row) for row in policy.categories(session, now)],
        limits=LIMITS,
        crs=[str(datum) for datum in Datum],
        emergency_numbers=[told.EmergencyNumber(**row) for row in values["emergency_numbers"]],
        emergency_text=Words(**values["emergency_text"]),
        photo_guidance=Words(**values["photo_guidance"]),
        banner=_banner(values["app_banner"]),
        minimum_versions=values["app_minimum_versions"],
        basemap=told.Basemap(kind="none"),
        features=told.Features(photos=True, video=False),
        push=told.Push(web_push_key=web_push.own_public_key()),
        notice=told.Notice(
            version=notice["version"], effective_on=date.fromisoformat(notice["effective_on"]),
            text=Words(zh=notice["zh"], en=notice["en"]),
        ),
        poll_after_s=POLL_S,
    )  # fmt: skip
    return tagged(request, config.model_copy(update={"version": _digest(config)}))


@router.get("/towns", response_model=places.Towns, name="get_towns")
@anybody
def get_towns(request: Request, session: CitizenSession, now: Now) -> Response:
    """The towns a report may fall to, and the special jurisdictions that take precedence."""
    return tagged(request, places.Towns(edition=_edition(session, now), items=_towns(session, now)))


def tagged(request: Request, answer: BaseModel) -> Response:
    """The answer with its ETag, or 304 when the client has it."""
    content = answer.model_dump_json().encode()
    tag = f'"{hashlib.sha256(content).hexdigest()[:24]}"'
    headers = {"ETag": tag, "Cache-Control": "public, max-age=60"}
    if tag in request.headers.get("if-none-match", ""):
        return Response(None, 304, headers)
    return Response(content, 200, headers, "application/json")


def _banner(row: dict[str, str]) -> told.Banner | None:
    return told.Banner(level=row["level"], text=Words(zh=row["zh"], en=row["en"])) if row else None


def _category(row: CategoryVersion) -> told.Category:
    return told.Category(
        code=row.category_code, group=row.group_code, zh=row.zh, en=row.en, initials=row.initials,
        icon=row.group_code, danger=row.danger,
        safety_text=Words(zh=row.safety_text_zh, en=row.safety_text_en) if row.safety_text_zh else None,
    )  # fmt: skip


def _edition(session: Session, now: datetime) -> places.Edition:
    newest = select(Edition.id, func.lower(Edition.valid)).where(Edition.valid.op("@>")(now), Edition.state != "draft")
    row = session.execute(newest.order_by(Edition.id.desc()).limit(1)).one_or_none()
    if row is None:
        return places.Edition(number=0, effective_on=now.astimezone(LOCAL_ZONE).date())
    return places.Edition(number=row[0], effective_on=row[1].astimezone(LOCAL_ZONE).date())


def _towns(session: Session, now: datetime) -> list[places.Town]:
    label = st.ST_PointOnSurface(Boundary.geom)
    box = (st.ST_XMin(Boundary.geom), st.ST_YMin(Boundary.geom), st.ST_XMax(Boundary.geom), st.ST_YMax(Boundary.geom))
    simple = st.ST_Multi(st.ST_SimplifyPreserveTopology(Boundary.geom, OUTLINE_DEGREES))
    rows = session.execute(
        select(Unit, st.ST_X(label), st.ST_Y(label), *box, st.ST_AsGeoJSON(simple, OUTLINE_DIGITS))
        .join(Boundary, Boundary.unit_id == Unit.id)
        .join(Edition, Edition.id == Boundary.edition_id)
        .where(Edition.valid.op("@>")(now), Edition.state.in_(("live", "retired")))
        .order_by(Unit.code)
    )
    return [
        places.Town(
            code=unit.code, name=unit.name_zh, kind=KINDS.get(unit.kind, "zone"),
            label_point=places.LonLat(lon=lon, lat=lat), bbox=places.Box(west=w, south=s, east=e, north=n),
            outline=json.loads(drawn)["coordinates"],
        )
        for unit, lon, lat, w, s, e, n, drawn in rows
    ]  # fmt: skip


def _digest(config: told.Config) -> str:
    return hashlib.sha256(config.model_dump_json().encode()).hexdigest()[:12]
