"""`./jz up`: the whole system on this machine, in the foreground or detached."""

import json
import os
import subprocess
import sys
from typing import Annotated, Any

import typer

from cli import running
from cli.places import Places
from cli.refusal import CannotGoOn
from cli.supervise import run
from cli.terminal import Echo, say
from kit.errors import Refusal


def up(
    *,
    detach: Annotated[bool, typer.Option("--detach", "-d", help="Come back once everything is ready.")] = False,
    report_to: Annotated[int, typer.Option(hidden=True, help="A file descriptor that takes lines of JSON.")] = -1,
) -> None:
    """Run the whole system here with a demo district, until Ctrl-C (or `./jz down`)."""
    places = Places()
    places.make()
    if report_to >= 0:  # first, so that whoever waits hears every reason
        _run_reporting(places, report_to)
    elif running.is_running(places):
        _tell_that_it_runs(places, detach=detach)
    elif detach:
        _start_apart(places)
    else:
        run(places, say=say, echo=Echo())
        say("stopped.")


def _tell_that_it_runs(places: Places, *, detach: bool) -> None:
    state = running.read_state(places)
    where = f" at {state.url} ({state.phase})" if state else ""
    if detach and state and state.phase == "ready":
        say(f"already runs{where}.")
        return
    raise CannotGoOn(f"Jingzhong already runs here{where}. ./jz down stops it; ./jz status shows it.")


def _run_reporting(places: Places, descriptor: int) -> None:
    """Be the supervisor behind `--detach`: tell the one who waits how it goes, until everything is ready."""
    with open(descriptor, "w", buffering=1) as wire:

        def tell(kind: str, text: str) -> None:
            if not wire.closed:
                wire.write(json.dumps({kind: text}) + "\n")
            print(text, flush=True)

        def ready(text: str) -> None:
            tell("ready", text)
            wire.close()

        try:
            run(places, say=lambda text: tell("say", text), echo=lambda _name, _line: None, on_ready=ready)
        except (CannotGoOn, Refusal) as reason:
            tell("failed", str(reason))
            raise


def _start_apart(places: Places) -> None:
    """Start a supervisor that outlives this terminal, and wait until it is ready or has failed."""
    reader, writer = os.pipe()
    log = places.log / "supervisor.log"
    with log.open("a") as sink:
        supervisor = subprocess.Popen(
            [sys.executable, "-P", "-m", "cli", "up", "--report-to", str(writer)],
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=sink,
            pass_fds=(writer,),
            start_new_session=True,
        )
    os.close(writer)
    try:
        with open(reader) as wire:  # noqa: PTH123 - a descriptor, no path
            told = _follow(wire)
    except KeyboardInterrupt:
        supervisor.terminate()
        supervisor.wait()
        raise
    if "ready" not in told:
        supervisor.wait(timeout=120)
        raise CannotGoOn(told.get("failed") or f"It did not start; {log} says why.")
    print(told["ready"], flush=True)


def _follow(wire: Any) -> dict[str, str]:
    """Print what the supervisor says; give its last word."""
    told: dict[str, str] = {}
    for line in wire:
        told = json.loads(line)
        if "say" in told:
            say(told["say"])
        else:
            break
    return told
