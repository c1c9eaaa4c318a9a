"""create_app(): the table of contents of the API."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import anyio.to_thread
from fastapi import FastAPI
from starlette.types import Receive, Scope, Send

from api import errors, health
from api.dependencies import CITIZENS, OFFICERS
from api.doors import Doors
from api.middleware import Frame
from api.mobile import claims, config, photos, reports, subscriptions, sync, tracking, works
from api.mobile.counting import Counting
from api.mobile.retiring import Retiring
from api.mobile.rules import RulesInForce
from api.officers import (
    acceptances,
    accounts,
    bulk_acts,
    calendars,
    case_list,
    cases,
    certificates,
    circumstances,
    consequences,
    criminal_transfers,
    decisions,
    delegations,
    deliveries,
    departments,
    desk,
    desk_photos,
    disputes,
    escalations,
    exports,
    exposure_batches,
    exposure_corrections,
    exposure_notices,
    exposure_refusals,
    exposures,
    extensions,
    floods,
    guards,
    holds,
    joint_meetings,
    key_periods,
    listing_waivers,
    look_backs,
    major_criteria,
    measures,
    media_keys,
    media_webhooks,
    merges,
    messages,
    near_cases,
    operations,
    orphan_lists,
    papers,
    parties,
    patrol_findings,
    penalties,
    pictures,
    posted_notices,
    queue,
    rechecks,
    referrals,
    relations,
    releases,
    reopenings,
    retaliations,
    review_requests,
    reviews,
    rewards,
    roster,
    satisfaction,
    scans,
    second_factor,
    second_looks,
    session,
    urging,
    views,
    visits,
    voidings,
    vouchers,
)
from api.open311 import discovery, sending, services, updates
from api.open311 import requests as open311_requests
from api.public import changes, duties, log, ogc, own_key, statistics, table, webhooks
from api.public import exposures as public
from api.public import feeds as public_feeds
from api.routes import add
from api.strict_json import StrictJson
from kit.lanes import Lanes

# More only fight for the interpreter: who waits for one of eight is served sooner than who shares it with forty.
THREADS = 8


def create_app() -> FastAPI:
    """The HTTP API: citizens under /m/v1, officers under /o/v1, everybody under /open; Open311, health."""
    app = _App(
        title="Jingzhong 警钟",
        version="1",
        lifespan=_lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
    )
    errors.install(app)
    app.add_middleware(StrictJson)
    # Routes are asked in their order: the hot path comes first.
    add(app, reports.router, photos.router, tracking.router, claims.router, config.router, sync.router, works.router)
    add(app, subscriptions.router)
    add(app, case_list.router, views.router, bulk_acts.router, exports.router)  # /cases/count is no case
    add(app, second_factor.router, accounts.router)
    add(
        app,
        session.router,
        queue.router,
        cases.router,
        pictures.router,
        desk.router,
        desk_photos.router,
        exposures.router,
    )
    add(app, guards.router, near_cases.router, departments.router)
    add(app, exposure_refusals.router, exposure_corrections.router, exposure_batches.router, exposure_notices.router)
    add(app, visits.router, circumstances.router, parties.router, acceptances.router, certificates.router)
    add(app, deliveries.router)
    add(app, second_looks.router, consequences.router, extensions.router, holds.router)
    add(app, look_backs.router, reopenings.router, reviews.router, review_requests.router)
    add(app, orphan_lists.router, posted_notices.router, rewards.router, vouchers.router)
    add(app, listing_waivers.router, major_criteria.router)
    add(app, urging.router, roster.router, escalations.router, calendars.router, key_periods.router)
    add(app, decisions.router, merges.router, disputes.router, voidings.router, satisfaction.router)
    add(app, rechecks.router, floods.router, patrol_findings.router)
    add(app, measures.router, measures.types, penalties.router, criminal_transfers.router)
    add(app, referrals.router, referrals.lists, operations.router, delegations.router)
    add(app, joint_meetings.router)
    add(app, releases.router, relations.router, messages.router, retaliations.router)
    add(app, papers.router, papers.printed, scans.router, scans.files)
    add(app, media_keys.router, media_webhooks.router, own_key.router, webhooks.router)
    add(app, table.router, public.router, changes.router, public_feeds.router, ogc.router)
    add(app, discovery.router, services.router, open311_requests.router, updates.router, sending.router)
    add(app, duties.router, statistics.router, log.router, health.router)
    return app


class _App(FastAPI):
    """The frame and the doors stand before all that the framework does for any request."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self._front = Frame(Retiring(Doors(super().__call__)))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["app"] = self
        await self._front(scope, receive, send)


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    app.state.rules, app.state.mouth, app.state.counting = RulesInForce(), reports.mouth(), Counting()
    app.state.lanes = {login: Lanes(login) for login in (CITIZENS, OFFICERS)}
    anyio.to_thread.current_default_thread_limiter().total_tokens = THREADS
    await app.state.rules.start()
    app.state.mouth.start()
    app.state.counting.start()
    yield
    for lanes in app.state.lanes.values():
        await lanes.close()
    await app.state.mouth.close()
    await app.state.counting.stop()
    await app.state.rules.stop()
