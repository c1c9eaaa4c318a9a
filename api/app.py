"""create_app(): the table of contents of the API."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio.to_thread
from fastapi import APIRouter, Depends, FastAPI

from api import errors, health
from api.dependencies import CITIZENS, OFFICERS
from api.doors import Doors
from api.middleware import Frame
from api.mobile import claims, config, photos, reports, sync, tracking
from api.mobile.rules import RulesInForce
from api.officers import (
    acceptances,
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
    departments,
    desk,
    disputes,
    escalations,
    exports,
    exposures,
    extensions,
    guards,
    holds,
    look_backs,
    measures,
    merges,
    operations,
    orphan_lists,
    papers,
    penalties,
    pictures,
    queue,
    rechecks,
    referrals,
    relations,
    releases,
    reopenings,
    review_requests,
    reviews,
    rewards,
    roster,
    satisfaction,
    scans,
    second_looks,
    session,
    urging,
    views,
    visits,
    voidings,
    vouchers,
)
from api.public import exposures as public
from api.public import log
from api.words import only_known_words
from kit.lanes import Lanes

# More only fight for the interpreter: who waits for one of eight is served sooner than who shares it with forty.
THREADS = 8


def create_app() -> FastAPI:
    """The HTTP API: citizens under /m/v1, officers under /o/v1, everybody under /open; health beside them."""
    app = FastAPI(
        title="Jingzhong 警钟",
        version="1",
        lifespan=_lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        generate_unique_id_function=lambda route: route.name,
    )
    errors.install(app)
    app.add_middleware(Doors)
    app.add_middleware(Frame)  # what is added last stands outermost
    # FastAPI asks each included router in turn, and a nested one for all that it holds: so none is nested, and the
    # hot path comes first.
    _include(app, "/m/v1", reports.router, photos.router, tracking.router, claims.router, config.router, sync.router)
    _include(app, "/o/v1", case_list.router, views.router, bulk_acts.router, exports.router)  # /cases/count is no case
    _include(app, "/o/v1", session.router, queue.router, cases.router, pictures.router, desk.router, exposures.router)
    _include(app, "/o/v1", guards.router, departments.router)
    _include(app, "/o/v1", visits.router, circumstances.router, acceptances.router, certificates.router)
    _include(app, "/o/v1", second_looks.router, consequences.router, extensions.router, holds.router)
    _include(app, "/o/v1", look_backs.router, reopenings.router, reviews.router, review_requests.router)
    _include(app, "/o/v1", orphan_lists.router, rewards.router, vouchers.router)
    _include(app, "/o/v1", urging.router, roster.router, escalations.router, calendars.router)
    _include(app, "/o/v1", decisions.router, merges.router, disputes.router, voidings.router, satisfaction.router)
    _include(app, "/o/v1", rechecks.router)
    _include(app, "/o/v1", measures.router, measures.types, penalties.router, criminal_transfers.router)
    _include(app, "/o/v1", referrals.router, referrals.lists, operations.router, delegations.router)
    _include(app, "/o/v1", releases.router, relations.router)
    _include(app, "/o/v1", papers.router, papers.printed, scans.router, scans.files)
    app.include_router(public.router)
    app.include_router(log.router)
    app.include_router(health.router)
    return app


def _include(app: FastAPI, prefix: str, *routers: APIRouter) -> None:
    """Officers' lists refuse a filter that they do not have; the queue, which counts microseconds, asks by itself."""
    for router in routers:
        asks = prefix == "/o/v1" and router is not queue.router
        app.include_router(router, prefix=prefix, dependencies=[Depends(only_known_words)] if asks else [])


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    app.state.rules, app.state.mouth = RulesInForce(), reports.mouth()
    app.state.lanes = {login: Lanes(login) for login in (CITIZENS, OFFICERS)}
    anyio.to_thread.current_default_thread_limiter().total_tokens = THREADS
    await app.state.rules.start()
    app.state.mouth.start()
    yield
    for lanes in app.state.lanes.values():
        await lanes.close()
    await app.state.mouth.close()
    await app.state.rules.stop()
