"""Photos as they came are opened by the vault alone, piece by piece, by the leave that two people gave (Q4, X39)."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text, update

from cases import releases
from cases.models.release import Release
from cases.models.report import Report, ReportPhoto
from cases.models.vault import VaultEvent
from cases.releases.asking import NothingSealed, Wish
from cases.releases.pieces import Piece, framed
from kit import clock
from kit.storage import DoesNotOpen, pieces_of, store
from people.models import SealedIdentity, SealedOriginal
from people.vault import SealingKey
from tests.cases.releases.conftest import WORDS
from tests.sealing import sealed_photo
from tests.vault.test_releasing import Ground

FIRST, SECOND = b"first" * 30_000, b"second" * 20_000  # of several pieces


class Gallery(Ground):
    """The same report with two photos."""

    def __init__(self, committing, keyring):
        super().__init__(committing, keyring)
        with committing() as session:
            made = [self.add(session, content) for content in (FIRST, SECOND)]
            self.photos = {photo.id: content for photo, content in zip(made, (FIRST, SECOND), strict=True)}
            self.keys = [photo.storage_key for photo in made]

    def add(self, session, content, state="clean"):
        return sealed_photo(session, self.report, content, state=state, sealing=SealingKey(1, self.keyring.public(1)))

    def execute(self, statement, **values):
        with self.committing() as session:
            session.execute(text(statement), values)


@pytest.fixture
def gallery(committing, keyring):
    return Gallery(committing, keyring)


def sealed_pieces(key):
    with store().open(key) as file:
        return list(pieces_of(file))


def content(answered, number, key):
    return b"".join(answered.pieces(framed(Piece(number, last, sealed))) for sealed, last in sealed_pieces(key))


def replaced(key, content):
    store().delete(key)
    store().put(key, [content], limit_bytes=len(content) + 1)


def raw(key):
    with store().open(key) as file:
        return file.read()


def test_they_are_read_once_as_they_came_and_both_logs_say_so(gallery):
    release = gallery.approve(["photos"])
    answered = gallery.answered(release)
    told = answered.message
    assert told["identity"] == {}
    found = {each["id"]: content(answered, number, each["key"]) for number, each in enumerate(told["photos"])}
    assert found == {str(id_): came for id_, came in gallery.photos.items()}
    assert {each["bytes"] for each in told["photos"]} == {len(FIRST), len(SECOND)}
    assert gallery.read(release) == {"refused": "case.not_in_state"}
    assert gallery.events(VaultEvent, VaultEvent.kind)[-1] == "release_read"
    assert gallery.events(VaultEvent, VaultEvent.body)[-1]["fields"] == ["photos"]


def test_what_is_told_holds_no_key(gallery):
    answered = gallery.answered(gallery.approve(["photos", "phone"]))
    assert answered.message["identity"] == {"phone": "13800001111"}
    assert {frozenset(each) for each in answered.message["photos"]} == {frozenset({"id", "key", "bytes"})}
    with gallery.committing() as session:
        assert "data_key" not in repr(session.scalars(select(SealedOriginal)).all())


def test_whoever_was_not_let_read_photos_reads_none(gallery):
    answered = gallery.answered(gallery.approve(["phone"]))
    assert (answered.message["photos"], answered.pieces) == ([], None)


@pytest.mark.parametrize("who", ["keeper", "other"])
def test_nobody_but_the_reader_opens_any(gallery, who):
    answered = gallery.answered(gallery.approve(["photos"]), getattr(gallery, who))
    assert (answered.message, answered.pieces) == ({"refused": "release.not_the_reader"}, None)


def test_what_one_person_asked_for_and_nobody_agreed_to_stays_closed(gallery):
    with gallery.committing() as session:
        wish = Wish("contact_facts", WORDS, ("photos",))
        asked = releases.ask(
            session, session.get_one(Report, gallery.report.id), wish, by=gallery.asker, now=clock.now()
        )
    answered = gallery.answered(asked.id)
    assert (answered.message, answered.pieces) == ({"refused": "case.not_in_state"}, None)


def test_after_a_quarter_of_an_hour_it_is_too_late(gallery):
    late = gallery.approve(["photos"], now=clock.now() - timedelta(minutes=15))
    assert gallery.read(late) == {"refused": "release.over"}


@pytest.mark.parametrize(
    "change",
    [
        "update vault.original set envelope = decode(repeat('00', 80), 'hex') where storage_key = :first",
        # the two envelopes, exchanged
        """update vault.original as o set envelope = other.envelope from vault.original as other
           where o.storage_key <> other.storage_key""",
        # the two files, exchanged in the rows
        """update intake.photo as p set storage_key = other.storage_key from intake.photo as other
           where p.id <> other.id""",
        # and the envelopes told of it as well
        """with swapped as (update intake.photo as p set storage_key = other.storage_key from intake.photo as other
               where p.id <> other.id returning 1)
           update vault.original as o set photo_id = other.photo_id from vault.original as other
           where o.storage_key <> other.storage_key""",
        "delete from vault.original where storage_key = :first",
        "update intake.photo set storage_key = 'originals/aa/clear' where storage_key = :first",
    ],
    ids=["changed", "envelopes exchanged", "files exchanged", "both exchanged", "erased", "in clear"],
)
def test_what_was_exchanged_or_changed_behind_everybody_s_back_does_not_open_and_uses_up_nothing(gallery, change):
    release = gallery.approve(["photos"])
    gallery.execute(change, **({"first": gallery.keys[0]} if ":first" in change else {}))
    assert gallery.read(release) == {"refused": "vault.cannot_open"}
    with gallery.committing() as session:
        assert session.get_one(Release, release).state == "approved"


@pytest.mark.parametrize(
    "change",
    [
        lambda mine, _other: mine[:70_000] + bytes([mine[70_000] ^ 1]) + mine[70_001:],
        lambda mine, _other: mine[: 65_536 + 16],
        lambda mine, _other: mine[65_536 + 16 :],
        lambda _mine, other: other,
    ],
    ids=["a bit", "cut behind", "cut before", "another's file"],
)
def test_a_file_that_was_changed_gives_nothing_from_there_on(gallery, change):
    key, other = gallery.keys
    replaced(key, change(raw(key), raw(other)))
    answered = gallery.answered(gallery.approve(["photos"]))
    number = next(at for at, each in enumerate(answered.message["photos"]) if each["key"] == key)
    with pytest.raises(DoesNotOpen):
        content(answered, number, key)


def test_a_piece_opens_once_and_in_its_turn_whoever_asks(gallery):
    answered = gallery.answered(gallery.approve(["photos"]))
    key = answered.message["photos"][0]["key"]
    (first, _), (second, _), *_rest = sealed_pieces(key)
    with pytest.raises(DoesNotOpen):
        answered.pieces(framed(Piece(0, False, second)))
    answered.pieces(framed(Piece(0, False, first)))
    for hostile in (
        framed(Piece(0, False, first)),
        framed(Piece(1, False, second)),
        framed(Piece(7, False, first)),
        b"",
    ):
        with pytest.raises((DoesNotOpen, IndexError, ValueError)):
            answered.pieces(hostile)


def test_photos_alone_may_be_asked_of_a_report_without_a_name_and_nothing_where_there_is_neither(gallery):
    gallery.execute("delete from vault.identity")
    assert gallery.read(gallery.approve(["photos"]))["photos"]
    with gallery.committing() as session:
        session.execute(update(ReportPhoto).values(storage_key=None))
        report = session.get_one(Report, gallery.report.id)
        wish = Wish("contact_facts", WORDS, ("photos", "phone"))
        with pytest.raises(NothingSealed):
            releases.ask(session, report, wish, by=gallery.asker, now=clock.now())


def test_photos_that_were_let_go_between_leave_who_it_was(gallery):
    release = gallery.approve(["photos", "phone"])
    gallery.execute("update intake.photo set storage_key = null")
    assert gallery.read(release) == {"identity": {"phone": "13800001111"}, "photos": []}
    with gallery.committing() as session:
        assert session.scalars(select(SealedIdentity.report_id)).one() == gallery.report.id
