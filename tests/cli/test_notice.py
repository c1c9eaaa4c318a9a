"""A process says itself that it is ready, in systemd's words."""

import subprocess
import sys

from cli.notice import Notice, tell_ready


def test_it_is_heard_once_it_is_said(tmp_path):
    notice = Notice(tmp_path / "one.ready")
    assert not notice.has_come()

    subprocess.run(
        [sys.executable, "-c", "from cli.notice import tell_ready; tell_ready()"], env=notice.environment, check=True
    )

    assert notice.has_come()
    assert not notice.has_come()


def test_a_socket_left_by_an_earlier_run_is_replaced(tmp_path, monkeypatch):
    (tmp_path / "one.ready").touch()
    notice = Notice(tmp_path / "one.ready")
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "one.ready"))

    tell_ready()

    assert notice.has_come()


def test_without_anybody_who_listens_nothing_happens(tmp_path, monkeypatch):
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    tell_ready()
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "nobody"))
    tell_ready()
