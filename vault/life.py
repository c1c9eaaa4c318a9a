"""The life of the vault: it answers on its socket, and beside that sees to rotation, until it is told to stop."""

import contextlib
import threading
from collections.abc import Callable
from pathlib import Path

import structlog

from cases.releases import CannotOpen
from kit import clock
from kit.db import VAULT, unit_of_work
from kit.errors import Refusal, Unavailable
from kit.wire import Answer, Ear, Message
from vault import releasing, rotation
from vault.keyring import Keyring

TICK_S = 1.0
LOOK_AGAIN_S = 600.0  # at envelopes that did not open

log = structlog.get_logger()


def run(keyring: Keyring, path: Path, *, keep_going: Callable[[], bool], on_ready: Callable[[], None]) -> None:
    """Serve until `keep_going` says no. Raises Misconfigured, Unavailable and OSError when it cannot begin."""
    with unit_of_work(VAULT) as session:
        rotation.register(session, keyring, now=clock.now())
    ear = Ear(path, lambda question: answer(keyring, question))
    listening = threading.Thread(target=ear.serve_forever, name="ear", daemon=True)
    listening.start()
    on_ready()
    try:
        _look_after_keys(keyring, keep_going)
    finally:
        ear.shutdown()
        ear.server_close()


def answer(keyring: Keyring, question: Message) -> Answer:
    """The answer to one question of those who may open the socket."""
    if question.get("ask") == "alive":
        return Answer({"keys": keyring.numbers()})
    if question.get("ask") != "read":
        return Answer({"refused": "vault.unknown_question"})
    try:
        with unit_of_work(VAULT) as session:
            read = releasing.read(session, keyring, question, now=clock.now())
    except Refusal as refusal:
        if isinstance(refusal, CannotOpen):
            log.warning("an envelope does not open")
        return Answer({"refused": refusal.code})
    photos = [{"id": str(photo.id), "key": photo.storage_key, "bytes": photo.bytes} for photo in read.photos]
    return Answer({"identity": read.identity, "photos": photos}, releasing.Opener(read.photos) if photos else None)


def _look_after_keys(keyring: Keyring, keep_going: Callable[[], bool]) -> None:
    """Now and then see whether something is to be sealed anew; seldom again while some envelope does not open."""
    pause = 0.0
    while keep_going():
        if pause > 0:
            clock.sleep(TICK_S)
            pause -= TICK_S
            continue
        pause = TICK_S
        with contextlib.suppress(Unavailable):  # the database is away; it is asked again
            pause = LOOK_AGAIN_S if seal_anew(keyring, keep_going) else TICK_S


def seal_anew(keyring: Keyring, keep_going: Callable[[], bool] = lambda: True) -> int:
    """Everything that is not sealed to the newest key, a batch at a time; then the end of keys that nothing needs.

    Gives how many envelopes did not open. Raises Unavailable.
    """
    stuck = sum(_seal_table_anew(keyring, of, keep_going) for of in rotation.ENVELOPES)
    if stuck:
        log.error("envelopes do not open", count=stuck)
    with unit_of_work(VAULT) as session:
        rotation.retire(session, now=clock.now())
    with unit_of_work(VAULT) as session:
        useless = list(rotation.useless(session, keyring))
    for number in useless:
        keyring.destroy(number)
        log.info("an old key was destroyed", key=number)
    return stuck


def _seal_table_anew(keyring: Keyring, of: rotation.Envelopes, keep_going: Callable[[], bool]) -> int:
    """One table of envelopes, a batch at a time; how many did not open."""
    after, stuck = None, 0
    while keep_going():
        with unit_of_work(VAULT) as session:
            batch = rotation.advance(session, keyring, of, now=clock.now(), after=after)
        after, stuck = batch.last, stuck + len(batch.stuck)
        if after is None:
            break
    return stuck
