"""One question, one answer, over a real unix socket; whoever says something else hears nothing."""

import contextlib
import json
import socket
import threading
import time

import pytest

from kit.wire import LONGEST, Answer, Ear, Line, NobodyAnswers, ask


@pytest.fixture
def ear(tmp_path):
    opened = Ear(tmp_path / "socket", lambda question: Answer({"heard": question}))
    threading.Thread(target=opened.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield str(tmp_path / "socket")
    opened.shutdown()
    opened.server_close()


def test_a_question_is_answered(ear):
    assert ask(ear, {"ask": "谁"}) == {"heard": {"ask": "谁"}}


def test_several_are_answered_at_once(tmp_path):
    meet = threading.Barrier(3)
    opened = Ear(tmp_path / "socket", lambda question: Answer({"met": meet.wait(5) >= 0, **question}))
    threading.Thread(target=opened.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    heard = []
    callers = [
        threading.Thread(target=lambda n=n: heard.append(ask(str(tmp_path / "socket"), {"n": n}))) for n in range(3)
    ]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    opened.shutdown()
    opened.server_close()
    assert sorted(each["n"] for each in heard) == [0, 1, 2]
    assert all(each["met"] for each in heard)


def test_only_this_user_may_open_it(ear, tmp_path):
    assert (tmp_path / "socket").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("said", [b"", b"\n", b"no json\n", b"[1]\n", b"\xff\xfe\n", b"x" * (LONGEST + 10)])
def test_what_is_no_question_gets_no_answer_and_harms_nobody(ear, said):
    with socket.socket(socket.AF_UNIX) as wire:
        wire.settimeout(5)
        wire.connect(ear)
        wire.sendall(said)
        wire.shutdown(socket.SHUT_WR)
        with contextlib.suppress(ConnectionResetError):  # it was not read to its end
            assert wire.recv(100) == b""
    assert ask(ear, {"still": "there"}) == {"heard": {"still": "there"}}


def test_an_answer_that_fails_is_no_answer(tmp_path):
    def fail(_question):
        raise RuntimeError

    opened = Ear(tmp_path / "socket", fail)
    threading.Thread(target=opened.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    with pytest.raises(NobodyAnswers):
        ask(str(tmp_path / "socket"), {})
    opened.shutdown()
    opened.server_close()
    assert not (tmp_path / "socket").exists()


def test_where_nobody_listens_or_answers_in_time_the_caller_goes_on(tmp_path):
    with pytest.raises(NobodyAnswers):
        ask(str(tmp_path / "nowhere"), {})
    with pytest.raises(NobodyAnswers):
        ask("", {})
    with socket.socket(socket.AF_UNIX) as deaf:
        deaf.bind(str(tmp_path / "deaf"))
        deaf.listen()
        began = time.monotonic()
        with pytest.raises(NobodyAnswers):
            ask(str(tmp_path / "deaf"), {}, timeout_s=0.2)
        assert time.monotonic() - began < 5


def test_an_answer_that_is_no_message_is_none(tmp_path):
    with socket.socket(socket.AF_UNIX) as liar:
        liar.bind(str(tmp_path / "liar"))
        liar.listen()

        def lie():
            with liar.accept()[0] as wire:
                wire.recv(100)
                wire.sendall(json.dumps(["no", "message"]).encode() + b"\n")

        threading.Thread(target=lie, daemon=True).start()
        with pytest.raises(NobodyAnswers):
            ask(str(tmp_path / "liar"), {})


def test_a_socket_that_an_earlier_run_left_is_replaced(tmp_path):
    (tmp_path / "socket").write_text("left")
    opened = Ear(tmp_path / "socket", Answer)
    opened.server_close()


# --- pieces after the answer


@pytest.fixture
def shouting(tmp_path):
    """Gives each piece back in capitals, and does not want an empty one."""

    def shout(piece):
        if not piece:
            raise ValueError
        return piece.upper()

    opened = Ear(tmp_path / "socket", lambda question: Answer(question, shout if question else None))
    threading.Thread(target=opened.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield str(tmp_path / "socket")
    opened.shutdown()
    opened.server_close()


def test_pieces_go_to_and_fro_after_the_answer_as_long_as_the_line_is_open(shouting):
    with Line(shouting, {"who": "me"}) as line:
        assert line.answer == {"who": "me"}
        assert [line.exchange(each) for each in (b"a", b"\n{}", b"b" * LONGEST)] == [b"A", b"\n{}", b"B" * LONGEST]


@pytest.mark.parametrize("piece", [b"", b"x" * (LONGEST + 1)])
def test_a_piece_that_is_not_wanted_or_too_long_cuts_the_line(shouting, piece):
    with Line(shouting, {"who": "me"}) as line:
        assert line.exchange(b"a") == b"A"
        with pytest.raises(NobodyAnswers):
            line.exchange(piece)
        with pytest.raises(NobodyAnswers):
            line.exchange(b"a")
    assert ask(shouting, {"still": "there"}) == {"still": "there"}


def test_where_none_are_wanted_the_line_is_cut_after_the_answer(shouting):
    with Line(shouting, {}) as line, pytest.raises(NobodyAnswers):
        line.exchange(b"a")
