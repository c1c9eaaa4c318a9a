"""GET /open311/v2/services: the catalogue as services, and what each asks."""

from typing import Any

from fastapi import Request, Response

from api import georeport
from api.dependencies import CitizenSession, Now
from api.errors import wants_english
from api.open311.attributes import attributes
from api.open311.serving import Form, OurJurisdiction, georeport_router, served
from api.public.caching import ANYBODY
from api.rights import anybody
from cases import policy
from cases.models.policy import CategoryVersion
from kit.errors import NotFound

router = georeport_router()
TOLD = {**ANYBODY, "Vary": "Accept-Language"}


class NoSuchService(NotFound):
    """No category of this code is in force."""

    code = "service.unknown"
    message = "There is no such service."


@served(router, "/v2/services.{form}", name="open311_services")
@anybody
def services(form: Form, request: Request, session: CitizenSession, now: Now, _ours: OurJurisdiction) -> Response:
    """Every category in force, in the order of the lists."""
    english = wants_english(request)
    groups = {row["code"]: row for row in policy.value(session, "category_groups", now)}
    told = [_service(row, groups.get(row.group_code, {}), english=english) for row in policy.categories(session, now)]
    return georeport.answer(form, "services", told, headers=TOLD)


@served(router, "/v2/services/{service_code}.{form}", name="open311_service")
@anybody
def service(
    service_code: str, form: Form, request: Request, session: CitizenSession, now: Now, _ours: OurJurisdiction
) -> Response:
    """What one of them asks. Raises NoSuchService."""
    found = next((row for row in policy.categories(session, now) if row.category_code == service_code), None)
    if found is None:
        raise NoSuchService
    asked = attributes(found, policy.values(session, now), english=wants_english(request))
    told = {"service_code": found.category_code, "attributes": asked}
    return georeport.answer(form, "service_definition", told, headers=TOLD)


def _service(row: CategoryVersion, group: dict[str, Any], *, english: bool) -> dict[str, Any]:
    name, other = (row.en, row.zh) if english else (row.zh, row.en)
    group_name = group.get("en" if english else "zh", row.group_code)
    return {
        "service_code": row.category_code, "service_name": name,
        "description": (row.safety_text_en if english else row.safety_text_zh) or f"{group_name}: {other}",
        "metadata": True, "type": "realtime", "keywords": ",".join((other.replace(",", " "), row.initials)),
        "group": group_name,
    }  # fmt: skip
