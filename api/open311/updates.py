"""GET /open311/v2/servicerequestupdates: what changed since, for applications that follow (mySociety's extension)."""

from fastapi import Request, Response

from api import georeport
from api.dependencies import Now, PublicSession
from api.open311 import own
from api.open311.asked import Words
from api.open311.keys import PRIVATE, application
from api.open311.projection import update_of
from api.open311.serving import Form, OurJurisdiction, georeport_router, served
from api.public.caching import answer, tag
from api.rights import sender
from cases import feeds
from cases.feeds.items import item

router = georeport_router()
ROOT = "service_request_updates"


@served(router, "/v2/servicerequestupdates.{form}", name="open311_updates")
@sender
def updates(form: Form, request: Request, session: PublicSession, now: Now, _ours: OurJurisdiction) -> Response:
    """How each request of the record is that changed between two instants, the newest first; what went is told (E9).

    With a key, the steps of what its application has sent, and of nothing else.
    """
    words = Words(request.query_params)
    span, (skip, most) = words.span(now=now), words.page()
    key = words.one("api_key")
    if key is not None:
        told = own.updates(application(key, now=now), span, skip=skip, most=most)
        return georeport.answer(form, ROOT, told, headers=PRIVATE)
    wanted = feeds.Wanted(changed=span)

    def made() -> bytes:
        rows = feeds.newest(session, limit=most, skip=skip, wanted=wanted)
        return georeport.written(form, ROOT, [update_of(item(row)) for row in rows])

    etag = tag(session, now, request.url.path, request.url.query)
    return answer(request, etag, made, media_type=georeport.TYPES[form])
