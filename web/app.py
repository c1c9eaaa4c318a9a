"""install(): put the public pages beside the API in one application."""

from fastapi import FastAPI

from web import (
    acting,
    adding,
    assets,
    board,
    citizen_app,
    claiming,
    duties,
    front,
    refusals,
    short_links,
    tracking,
    transparency,
)
from web.desk import account, report_acts, reports, signing_in
from web.desk import cases as desk_cases
from web.desk import queue as desk_queue
from web.desk.case import act_page, uploads
from web.desk.case import page as case_page


def install(app: FastAPI) -> None:
    """Add the pages, their files, and the telling of refusals as pages. Call it when the API is complete."""
    for router in (
        front.router,
        tracking.router,
        acting.router,
        adding.router,
        claiming.router,
        board.router,
        duties.router,
        transparency.router,
        assets.router,
        citizen_app.router,
        short_links.router,
        signing_in.router,
        desk_queue.router,
        desk_cases.router,
        reports.router,
        report_acts.router,
        account.router,
        case_page.router,
        case_page.files,
        act_page.router,
        uploads.router,
    ):
        app.include_router(router)
    refusals.install(app)
