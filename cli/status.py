"""`./jz status`: what runs, since when, and whether it answers."""

from cli import answers, running
from cli.places import Places


def status() -> None:
    """What runs, since when, and where. Exit status: 0 ready, 1 not ready, 3 not running."""
    places = Places()
    state = running.read_state(places)
    if not running.is_running(places):
        print("not running" + (f"; the last time it ended because {state.failure}" if state and state.failure else ""))
        raise SystemExit(3)
    if state is None:
        print("starting")
        raise SystemExit(1)
    is_ready = state.phase == "ready" and _answers_at(state)
    phase = state.phase if is_ready or state.phase != "ready" else "not ready"
    print(f"{phase} at {state.url}, supervisor {state.pid}, since {state.since}")
    for name, started in state.processes.items():
        lives = "up" if running.identity(started.pid) == started.identity else "gone"
        again = f", started again {started.restarts} times" if started.restarts else ""
        print(f"  {name:<9} {lives:<5} {started.pid:<8} since {started.since}{again}")
    raise SystemExit(0 if is_ready else 1)


def _answers_at(state: running.State) -> bool:
    """Whether the API answers where `up` has put it, whatever the settings of this shell are."""
    return answers.answers({"JZ_HOST": state.host, "JZ_PORT": str(state.port)})
