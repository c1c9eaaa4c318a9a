"""Being the supervisor of an installation: check, start, write down what runs, tell where it is, stop."""

import os
from collections.abc import Callable, Mapping

from cli import answers, before, running, stack
from cli.accounts import Accounts
from cli.environment import Installation, installation
from cli.places import Places
from cli.refusal import CannotGoOn
from cli.supervisor import Supervisor
from kit import clock

Say = Callable[[str], None]


def run(places: Places, *, say: Say, echo: Callable[[str, str], None], on_ready: Say | None = None) -> None:
    """Be the supervisor until a signal asks for the end. `on_ready` gets the text that tells where everything is.

    Raises CannotGoOn with the reason when it cannot start, or when a process keeps dying.
    """
    with running.the_only_one(places) as alone:
        if not alone:
            raise CannotGoOn("Another ./jz up has just started here. ./jz status shows it.")
        found = _prepare(places, say)
        since = clock.now().isoformat(timespec="seconds")
        host, port = answers.address(found.settings)
        state = running.State(os.getpid(), "starting", _url(found.settings), since, host, port)

        def note(supervisor: Supervisor) -> None:
            _note(state, supervisor)
            running.write_state(places, state)

        def ready() -> None:
            state.phase = "ready"
            running.write_state(places, state)
            (on_ready or say)(_where(found.settings, accounts.told()))

        accounts = Accounts(places, found.settings)
        supervisor = Supervisor(places.log, say=say, echo=echo, changed=note)
        try:
            supervisor.run(stack.stages(places, found, say, beside=accounts.ask), on_ready=ready)
        except CannotGoOn as reason:
            state.failure = str(reason)
            raise
        finally:
            accounts.close()
            state.phase = "stopped"
            running.write_state(places, state)


def _prepare(places: Places, say: Say) -> Installation:
    """Check everything that can be checked first, and end what an earlier supervisor left behind."""
    left = running.read_state(places)
    ended = running.end_leftovers(left) if left else []
    if ended:
        say(f"ended what an interrupted run had left: {', '.join(ended)}.")
    found = installation(places, os.environ, make=True)
    given = before.check_settings(found.settings)
    before.check_room(places, is_new=bool(found.postgres and not found.postgres.exists))
    before.check_port(given.host, given.port)
    before.check_store(given)
    if found.redis is None:
        before.check_broker(given.redis_url)
    return found


def _note(state: running.State, supervisor: Supervisor) -> None:
    """Bring the state up to date; a process that was known before keeps its moment."""
    moment = clock.now().isoformat(timespec="seconds")
    known = state.processes
    state.processes = {}
    for name, child in supervisor.children.items():
        pid = child.process.pid
        old = known.get(name)
        if old is None or old.pid != pid:
            old = running.Started(pid, running.identity(pid), moment)
        old.restarts = supervisor.restarts.get(name, 0)
        state.processes[name] = old


def _url(settings: Mapping[str, str]) -> str:
    host, port = answers.address(settings)
    public = settings.get("JZ_PUBLIC_URL", "").rstrip("/")
    return public or f"http://{'127.0.0.1' if host in answers.EVERYWHERE else host}:{port}"


def _where(settings: Mapping[str, str], accounts: str) -> str:
    """The addresses to open and the accounts to try."""
    url = _url(settings)
    lines = [
        "",
        f"Jingzhong 警钟 runs at {url}",
        f"  {url}/                        citizens: whom to call, follow a report",
        f"  {url}/app/                    citizens: report, also without a network",
        f"  {url}/desk                    officers: the console, for the accounts below",
        f"  {url}/exposures               the public board",
        f"  {url}/feeds/exposures.atom    the feed",
        f"  {url}/m/v1/config             the phone's contract; officers speak {url}/o/v1",
        *(["", accounts] if accounts else []),
        "",
        "Logs: ./jz logs [NAME] -f    State: ./jz status    Stop: Ctrl-C or ./jz down",
    ]
    return "\n".join(lines)
