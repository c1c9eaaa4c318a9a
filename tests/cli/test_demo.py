"""`./jz demo` for real: a server, somebody who does the jobs, and a shorter demo than usual."""

import re
import threading

import pytest
from sqlalchemy import func, select

from api.app import create_app
from api.public.raw_feed import RawFeed
from cases.models.case import Case
from cases.models.exposure import Exposure, PublicExposure
from cases.models.job import Job
from cases.models.report import Report
from cases.models.supervision import Bulletin, BulletinEntry, Interview, ListingCandidate, UrgeOrder
from cli.demo.command import demo
from cli.demo.past import PASTS
from cli.demo.plan import Goal, stories
from cli.demo_district import seed_demo
from cli.refusal import CannotGoOn
from kit import clock
from people.models import Certificate
from tests.serving import serving
from workers import jobs

COUNT = 10  # with every state of a case up to a closed one


@pytest.fixture
def served(committing):
    """The address of a real server over the demo district, while a thread does what the workers would."""
    seed_demo()
    stop = threading.Event()
    hand = threading.Thread(target=_work, args=(committing, stop))
    with serving(RawFeed(create_app()), log_level="warning") as port:
        hand.start()
        yield f"http://127.0.0.1:{port}"
        stop.set()
        hand.join(30)


def _work(committing, stop):
    while not stop.wait(0.1):
        now = clock.now()
        with committing() as session:
            open_ = select(Job.id).where(Job.done_at.is_(None), Job.failed_at.is_(None), Job.run_after <= now)
            due = session.scalars(open_.order_by(Job.id)).all()
        for job_id in due:
            jobs.perform(job_id, now=now)


def test_the_demo_fills_every_list_and_a_second_run_adds_nothing(served, committing, capsys):
    demo(reports=COUNT, url=served)
    told = capsys.readouterr().out
    assert re.search(rf"new reports +{COUNT}\n", told)
    with committing() as session:
        states = dict(session.execute(select(Case.state, func.count()).group_by(Case.state)).all())
        exposures = dict(session.execute(select(Exposure.state, func.count()).group_by(Exposure.state)).all())
        public = dict(
            session.execute(select(PublicExposure.status, func.count()).group_by(PublicExposure.status)).all()
        )
        reports = session.scalar(select(func.count()).select_from(Report))
    assert reports == COUNT + len(PASTS)
    wanted = {"dispatched", "signed", "verifying", "verdict_review", "rectifying", "acceptance", "closure_review"}
    assert wanted | {"closed"} == set(states)
    closed = sum(story.goal in {Goal.CLOSED, Goal.CLOSED_UNFOUND} for story in stories(COUNT))
    assert states["closed"] == closed + sum(past.ends == "closed" for past in PASTS)
    withdrawn = sum(past.ends == "withdrawn" for past in PASTS)
    assert exposures == {
        "drafting": 1, "legal_review": 1, "approved": 1, "published": len(PASTS) - withdrawn, "withdrawn": withdrawn,
    }  # fmt: skip
    assert public == {"usable": len(PASTS) - withdrawn, "withdrawn": withdrawn}

    late = what_is_late(committing)
    assert late["urge orders"] >= {"issued", "accepted", "rejected"}
    assert late["interviews"] == {"planned", "held"}
    assert late["counts"][:2] == (1, 2)  # one bulletin, and as many cases in it
    assert min(late["counts"]) > 0

    demo(reports=COUNT, url=served)
    again = capsys.readouterr().out
    assert re.search(r"new reports +0\n", again)
    assert what_is_late(committing) == late
    with committing() as session:
        assert session.scalar(select(func.count()).select_from(Report)) == reports
        assert dict(session.execute(select(Case.state, func.count()).group_by(Case.state)).all()) == states


def what_is_late(committing):
    """States of urge orders and interviews; bulletins, entries in them and for the next, candidates, certificates."""
    with committing() as session:
        criticised = select(func.count(BulletinEntry.bulletin_id))
        waiting = select(func.count()).select_from(BulletinEntry).where(BulletinEntry.bulletin_id.is_(None))
        ids = (ListingCandidate.id, Certificate.id)
        counts = [
            session.scalar(select(func.count(Bulletin.id))), session.scalar(criticised), session.scalar(waiting),
            *(session.scalar(select(func.count(column))) for column in ids),
        ]  # fmt: skip
        return {
            "urge orders": set(session.scalars(select(UrgeOrder.state))),
            "interviews": set(session.scalars(select(Interview.state))),
            "counts": tuple(counts),
        }


def test_where_nothing_runs_the_demo_says_so():
    with pytest.raises(CannotGoOn, match=r"does not answer .* \./jz up"):
        demo(reports=1, url="http://127.0.0.1:9")
