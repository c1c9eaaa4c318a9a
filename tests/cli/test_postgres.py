"""A private PostgreSQL runs for every kind of user, asks for a password, and survives being interrupted."""

import dataclasses
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import psycopg
import pytest

from cli import account, installation, postgres
from cli.refusal import CannotGoOn

PASSWORD = "of the owner"
ROOT = Path(__file__).resolve().parents[2]
IS_ROOT = os.getuid() == 0


@pytest.fixture
def home():
    """A folder that another user may pass, with a short path for sockets."""
    with tempfile.TemporaryDirectory(prefix="jz-") as folder:
        Path(folder).chmod(0o711)
        yield Path(folder)


def make_cluster(home: Path, who: account.Account) -> postgres.Cluster:
    found = installation.find()
    return postgres.Cluster(found, home / "pg" / "data", home / "sockets", PASSWORD, who, postgres.FOR_TESTS)


WAYS = [account.IN_A_NAMESPACE, account.AS_POSTGRES] if IS_ROOT else [account.AS_I_AM]


@pytest.mark.parametrize("who", WAYS, ids=lambda who: (who.prefix or ("as I am",))[0])
def test_it_runs_for_root_in_a_namespace_or_as_another_user_and_for_anybody_else_as_they_are(home, who):
    if who.prefix and subprocess.run([*who.prefix, "true"], capture_output=True, check=False).returncode:
        pytest.skip(f"{who.prefix[0]} is refused here")
    cluster = make_cluster(home, who)

    with postgres.running(cluster, home / "log"):
        cluster.ensure_database("jingzhong")
        cluster.ensure_database("jingzhong")
        with cluster.connect("jingzhong") as connection:
            connection.execute("create extension postgis")
            row = connection.execute("select current_setting('listen_addresses'), postgis_lib_version()").fetchone()
            assert row is not None
            assert row[0] == ""
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(
                host=str(cluster.sockets), port=postgres.PORT, user="jz_owner", password="x", dbname="postgres"
            )
        with pytest.raises(psycopg.OperationalError, match="no password"):
            psycopg.connect(host=str(cluster.sockets), port=postgres.PORT, user="jz_owner", dbname="postgres")
    assert not cluster.is_ready()

    with postgres.running(cluster, home / "log"), cluster.connect("jingzhong") as connection:
        assert connection.execute("select 1").fetchone() == (1,)


def test_an_interrupted_making_leaves_no_half_database(home):
    cluster = make_cluster(home, account.AS_I_AM)
    broken = postgres.Cluster(
        installation.Installation(home / "no-such-bin", 15, (3, 3)), cluster.data, cluster.sockets, PASSWORD
    )
    (home / "no-such-bin").mkdir()
    (home / "no-such-bin" / "initdb").write_text(
        "#!/bin/sh\necho 'initdb: error: No space left on device' >&2\nexit 1\n"
    )
    (home / "no-such-bin" / "initdb").chmod(0o755)

    with pytest.raises(CannotGoOn, match="No space left on device"):
        broken.create()

    assert not cluster.exists
    assert list((home / "pg").iterdir()) == []


def test_a_server_left_behind_is_ended_and_another_process_with_its_pid_is_not(home):
    cluster = make_cluster(home, WAYS[0])
    assert postgres.stop_leftover(cluster.data) is False

    with postgres.running(cluster, home / "log"):
        assert postgres.stop_leftover(cluster.data) is True
        assert not cluster.is_ready()

    (cluster.data / "postmaster.pid").write_text(f"{os.getpid()}\n")
    assert postgres.stop_leftover(cluster.data) is False
    with postgres.running(cluster, home / "log"):  # which refuses to start while its file names a living process
        assert cluster.is_ready()


def test_secrets_of_another_database_are_told_at_once(home):
    cluster = make_cluster(home, WAYS[0])
    with postgres.running(cluster, home / "log"):
        pass

    stranger = dataclasses.replace(cluster, password="of another")
    with (
        pytest.raises(CannotGoOn, match=r"made with other secrets.*Put back"),
        postgres.running(stranger, home / "log"),
    ):
        pass

    with postgres.running(cluster, home / "log"):  # and nothing was left running
        assert cluster.is_ready()


def test_the_file_of_a_server_stays_while_a_process_of_it_may_live(home):
    cluster = make_cluster(home, WAYS[0])
    cluster.data.mkdir(parents=True)
    note = cluster.data / "postmaster.pid"
    note.write_text(f"{os.getpid()}\n")

    with subprocess.Popen(["sleep", "60"], cwd=cluster.data) as orphan:
        assert postgres.stop_leftover(cluster.data) is False
        assert note.exists()
        orphan.kill()
    assert postgres.stop_leftover(cluster.data) is False
    assert not note.exists()


@pytest.mark.skipif(not IS_ROOT, reason="only root can become a user without a name")
def test_a_user_without_a_name_gets_one_in_a_namespace_or_is_told(tmp_path):
    code = """import os, sys
from pathlib import Path
from cli import account
os.setgroups([]); os.setgid(54321); os.setuid(54321)
os.environ["PATH"] = sys.argv[1]
print(account.for_data(Path("/x"), Path("/y"))[0].prefix[:2])
"""

    def as_nobody(path):
        command = [sys.executable, "-P", "-c", code, path]
        return subprocess.run(command, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False)

    probe = ["setpriv", "--reuid=54321", *account.NAMESPACE, "true"]
    if subprocess.run(probe, capture_output=True, check=False).returncode == 0:
        assert as_nobody(os.environ["PATH"]).stdout == "('unshare', '--user')\n"
    assert "No user of this system has the number 54321" in as_nobody("/nowhere").stderr


def test_durable_settings_never_give_up_fsync():
    assert "fsync" not in postgres.DURABLE
    assert "synchronous_commit" not in postgres.DURABLE
    assert "full_page_writes" not in postgres.DURABLE


def test_data_of_a_version_that_is_gone_is_named_in_one_sentence():
    with pytest.raises(CannotGoOn, match="made by PostgreSQL 7, which is not installed"):
        installation.find(major=7)


def test_the_major_version_of_data_is_read_from_it(tmp_path):
    assert installation.major_of(tmp_path) is None

    (tmp_path / "PG_VERSION").write_text("15\n")

    assert installation.major_of(tmp_path) == 15


def test_no_source_names_a_version_of_postgresql():
    for path in (Path("jz"), *Path("cli").glob("*.py")):
        assert "postgresql-1" not in path.read_text(), path
        assert "postgresql/1" not in path.read_text(), path


@pytest.mark.skipif(not IS_ROOT, reason="only root has two ways")
def test_what_exists_decides_the_way_round_for_root(tmp_path, monkeypatch):
    can = {account.NAMESPACE: True, account.IDENTITY: True}
    monkeypatch.setattr(account, "_works", lambda prefix: can[prefix])
    data, elsewhere = tmp_path / "data", tmp_path / "elsewhere"
    assert account.for_data(data, elsewhere) == (account.IN_A_NAMESPACE, data)

    can[account.NAMESPACE] = False
    assert account.for_data(data, elsewhere) == (account.AS_POSTGRES, elsewhere / "data")

    can[account.NAMESPACE] = True
    (elsewhere / "data").mkdir(parents=True)
    (elsewhere / "data" / "PG_VERSION").write_text("15")
    assert account.for_data(data, elsewhere) == (account.AS_POSTGRES, elsewhere / "data")

    data.mkdir()
    (data / "PG_VERSION").write_text("15")
    assert account.for_data(data, elsewhere) == (account.IN_A_NAMESPACE, data)

    can[account.NAMESPACE] = False
    with pytest.raises(CannotGoOn, match="user namespace, which this system now refuses"):
        account.for_data(data, elsewhere)


@pytest.mark.skipif(not IS_ROOT, reason="only root has two ways")
def test_a_strangers_folder_never_becomes_the_database(tmp_path, monkeypatch):
    monkeypatch.setattr(account, "_works", lambda prefix: prefix == account.IDENTITY)
    (tmp_path / "elsewhere").mkdir()
    os.chown(tmp_path / "elsewhere", 12345, 12345)

    with pytest.raises(CannotGoOn, match="made by somebody else"):
        account.for_data(tmp_path / "data", tmp_path / "elsewhere")
