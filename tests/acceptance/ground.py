"""A checkout of its own for each walk through a failure, and the rule that it is held to."""

import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

HERE = Path(__file__).resolve().parents[2]
HOME = Path("/srv/walks 走查")
SETTINGS = ("DATABASE_URL", "REDIS_URL", "STORAGE_URL", "JZ_PORT", "JZ_SECRET_KEY")
PATIENCE = 300
BREATH = 15


class Checkout:
    """A copy of this checkout with its packages and none of its data, in a path with spaces and Chinese characters."""

    def __init__(self, name: str, *, owner: int = 0, packages: bool = True) -> None:
        self.folder, self.owner = HOME / name, owner
        shutil.rmtree(self.folder, ignore_errors=True)
        HOME.mkdir(parents=True, exist_ok=True)
        left_out = shutil.ignore_patterns(".venv", ".local", ".git", "__pycache__")
        shutil.copytree(HERE, self.folder, symlinks=True, ignore=left_out)
        for path in [self.folder, *self.folder.rglob("*")] if owner else []:
            os.chown(path, owner, owner, follow_symlinks=False)
        if packages:
            shutil.copytree(HERE / ".venv", self.folder / ".venv", symlinks=True, copy_function=os.link)
        self.more = {"JZ_PORT": str(free_port())}

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start `./jz` as at a terminal of its own, in which Ctrl-C reaches all of it."""
        who = ["setpriv", f"--reuid={self.owner}", f"--regid={self.owner}", "--clear-groups"] if self.owner else []
        plain = {name: value for name, value in os.environ.items() if name not in SETTINGS}
        return subprocess.Popen(
            ["env", "--default-signal=INT", *who, str(self.folder / "jz"), *arguments],  # not deaf in the background
            env={**plain, **self.more}, cwd="/", stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, start_new_session=True,
        )  # fmt: skip

    def jz(self, *arguments: str) -> tuple[int, str]:
        """Run `./jz` to its end: exit status and everything it said."""
        with self.start(*arguments) as run:
            said = run.communicate(timeout=PATIENCE)[0]
        return run.returncode, said

    def up(self) -> None:
        """It starts, and answers."""
        status, said = self.jz("up", "--detach")
        hold(status == 0, said)
        hold(self.answers(), "/readyz does not answer 200")

    def down(self) -> None:
        """It stops, and nothing is left."""
        hold(self.jz("down")[0] == 0, "down failed")
        self.is_quiet()

    def answers(self) -> bool:
        """Whether the API says that it is ready."""
        with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{self.more['JZ_PORT']}/readyz", timeout=10):
            return True
        return False

    def refuses(self, sentence: str, *arguments: str) -> None:
        """It ends with 1 and one line that holds the sentence, and nothing runs."""
        status, said = self.jz(*(arguments or ("up", "--detach")))
        last = said.strip().splitlines()[-1] if said.strip() else ""
        hold(
            status == 1 and sentence in last and "Traceback" not in said,
            f"status {status}, {sentence!r} not in:\n{said}",
        )
        self.is_quiet()

    def interrupted(self, *arguments: str, at: str, after: float = 0.3) -> str:
        """Ctrl-C once it has said something: it ends, without a traceback, and nothing runs."""
        said = ""
        with self.start(*arguments) as run:
            for line in run.stdout or ():
                said += line
                if at in line or "Jingzhong 警钟 runs" in line:  # it came too far: what was waited for was never said
                    break
            time.sleep(after)
            with suppress(ProcessLookupError):
                os.killpg(run.pid, signal.SIGINT)
            said += run.communicate(timeout=PATIENCE)[0]
        hold(at in said and "Traceback" not in said, f"status {run.returncode}, said:\n{said}")
        self.is_quiet()
        return said

    def is_quiet(self) -> None:
        """Nothing that belongs to this checkout runs, but for the last breath of what has just ended."""
        deadline = time.monotonic() + BREATH
        while left := [command for command in commands() if os.fsencode(self.folder) in command]:
            hold(time.monotonic() < deadline, f"still running: {left}")
            time.sleep(0.2)

    def pid(self, name: str) -> int:
        """The pid of a process that runs, as `status` tells it."""
        words = next(line.split() for line in self.jz("status")[1].splitlines() if line.split()[:1] == [name])
        return int(words[2])

    def supervisor(self) -> int:
        """The pid of the supervisor."""
        return int(self.jz("status")[1].split("supervisor ")[1].split(",")[0])


class Broken(Exception):
    """The rule was not held."""


def hold(condition: object, why: str) -> None:
    """Raises Broken with the reason when the condition does not hold."""
    if not condition:
        raise Broken(why)


def commands() -> Iterator[bytes]:
    """The command line of each process."""
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            yield path.read_bytes()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def mounted(folder: Path, *options: str) -> Iterator[None]:
    """Something mounted on a folder while the block lasts."""
    folder.mkdir(exist_ok=True)
    subprocess.run(["mount", *options, str(folder)], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def owner_password(checkout: Checkout) -> str:
    """The password of a private database's owner."""
    return kept(checkout, "JZ_OWNER_PASSWORD")


def secret(checkout: Checkout) -> str:
    """The secret of a private installation."""
    return kept(checkout, "JZ_SECRET_KEY")


def kept(checkout: Checkout, name: str) -> str:
    """A line of the file of secrets."""
    lines = (checkout.folder / ".local" / "secrets").read_text().splitlines()
    return next(line.partition("=")[2] for line in lines if line.startswith(f"{name}="))


def socket_folder(checkout: Checkout) -> str:
    """Where a private installation's sockets are: in /tmp, since its path is not plain."""
    code = "from cli.places import Places; print(Places().sockets)"
    return in_its_python(checkout, code)


def query(checkout: Checkout, statement: str) -> None:
    """One statement as the owner of a private database that runs."""
    in_its_python(checkout, f"""
import os
from cli.environment import installation
from cli.places import Places
with installation(Places(), {{}}).postgres.connect() as connection:
    connection.execute({statement!r})
""")  # fmt: skip


def in_its_python(checkout: Checkout, code: str) -> str:
    """What a piece of Python prints inside a checkout."""
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(checkout.folder)}
    command = [str(checkout.folder / ".venv" / "bin" / "python"), "-P", "-c", code]
    return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout.strip()
