"""GET /open311/discovery: where the endpoint is, what it speaks, and who gives keys (Open311 Service Discovery)."""

from fastapi import Response

from api import georeport
from api.dependencies import CitizenSession, Now
from api.open311.serving import Form, georeport_router, served
from api.public.caching import ANYBODY
from api.rights import anybody
from cases import policy
from kit.settings import settings

router = georeport_router()
CHANGED = "2026-11-28T00:00:00+08:00"  # the day of the newest change of what is served here
SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"


@served(router, "/discovery.{form}", name="open311_discovery")
@served(router, "/v2/discovery.{form}", name="open311_discovery_below")
@anybody
def discovery(form: Form, session: CitizenSession, now: Now) -> Response:
    """One endpoint."""
    district = policy.value(session, "district", now)["name"]
    office = f"{district['zh']}安全生产委员会办公室 {district['en']} Work Safety Commission Office"
    base = settings().base_url
    return georeport.answer(form, "discovery", {
        "changeset": CHANGED,
        "contact": f"{office}, {base}/",
        "key_service": f"密钥由{office}发给，一应用一把，一年内有效 Ask that office for a key of your own, {base}/",
        "endpoints": [{
            "specification": SPECIFICATION, "url": f"{base}/open311/v2", "changeset": CHANGED, "type": "production",
            "formats": ["text/xml", "application/json"],
        }],
    }, headers=ANYBODY)  # fmt: skip
