"""What the tests of photos do: promise one, look it up, send it, and read what was noted of it."""

from uuid import uuid4

from sqlalchemy import select

from cases.intake import KNOWN, Addition, SealedFile, Upload, add, asked, attach, looked_up, tracking_code
from cases.intake.submission import PromisedPhoto
from cases.models.job import Job
from cases.models.report import ReportEvent, ReportPhoto
from people.vault import SealingKey
from tests.cases.intake.test_store import submission
from tests.conftest import VAULT_PUBLIC_KEY
from tests.make import NOW

SHA = "ab" * 32
OTHER = "cd" * 32


def promise(committing, report, **facts):
    """A photo that the report names; its upload."""
    photo = Upload(report.client_id, uuid4(), SHA)
    columns = {"state": "promised", "named": True, "bytes": 10} | facts
    with committing() as session:
        session.add(
            ReportPhoto(
                report_client_id=photo.report_client_id, client_id=photo.photo_client_id, sha256=bytes.fromhex(SHA),
                **columns,
            )
        )  # fmt: skip
    return photo


def file_at(key, size):
    return SealedFile(key, b"k" * 32, SealingKey(1, bytes.fromhex(VAULT_PUBLIC_KEY)), size)


async def send(lanes, sent, key="sealed/k", size=1234):
    """As it is done: looked up, and noted if that still holds."""
    return await attach(lanes, sent, await expect(lanes, sent), file_at(key, size), now=NOW)


async def expect(lanes, sent):
    return looked_up(sent, await lanes.row(KNOWN, asked(sent)))


def noted(committing, report=None):
    """The photos with their states and keys, the kinds on the report's trail, and the jobs."""
    with committing() as session:
        photos = session.execute(select(ReportPhoto.state, ReportPhoto.storage_key).order_by(ReportPhoto.storage_key))
        entries = select(ReportEvent.seq, ReportEvent.kind, ReportEvent.body).order_by(ReportEvent.seq)
        if report is not None:
            entries = entries.where(ReportEvent.report_id == report.id)
        jobs = select(Job.step, Job.subject, Job.run_after).order_by(Job.id)
        return [list(map(tuple, rows)) for rows in (photos, session.execute(entries), session.execute(jobs))]


def id_of(committing, sent):
    with committing() as session:
        return session.scalar(select(ReportPhoto.id).where(ReportPhoto.client_id == sent.photo_client_id))


def withdraw(committing, report):
    parts = {"client_id": uuid4(), "fingerprint": b"\1" * 32, "question_id": None, "text": ""}
    with committing() as session:
        add(session, Addition(typed_code=tracking_code(report.client_id), kind="withdrawal", **parts), now=NOW)


def report_naming(sent, sha256=SHA):
    photo = PromisedPhoto(sent.photo_client_id, sha256, 1234, "camera", None)
    return submission(client_id=sent.report_client_id, photos=(photo,))
