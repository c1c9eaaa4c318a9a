"""`./jz contract build|check|baseline|mock`: the frozen mobile contract, and a server of its examples."""

import contextlib
import json
from typing import Any

import typer

from api.app import create_app
from cli.refusal import CannotGoOn
from kit.clock import now
from mobile_contract.build import ALLOWED, BASELINE, OPENAPI, freeze, stale
from mobile_contract.compat import breaking_changes, not_allowed, read_allowed
from mobile_contract.mock import serve

contract = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None)


@contract.command()
def build() -> None:
    """Write openapi.json, problems.json, enums.json and push.json from the app."""
    written = freeze(create_app().openapi())
    print("\n".join(f"wrote {path.name}" for path in written) or "nothing to write")


@contract.command()
def check() -> None:
    """Fail when a generated file is stale, or when the contract breaks apps built against baseline.json."""
    old = stale(create_app().openapi())
    if old:
        raise CannotGoOn(f"Stale: {', '.join(path.name for path in old)}. Run ./jz contract build and commit.")
    _refuse_breaks()
    print("The contract is fresh, and breaks nothing.")


@contract.command()
def baseline() -> None:
    """At a release: what openapi.json says now is what apps are built against from here on."""
    check()
    BASELINE.write_bytes(OPENAPI.read_bytes())
    print("baseline.json moved; write a line into mobile_contract/CHANGELOG.md.")


@contract.command()
def mock(port: int = 8010) -> None:
    """Serve the examples on the loopback address, for app teams who have no service yet."""
    with serve(port) as server:
        print(f"The examples answer at http://127.0.0.1:{port}/m/v1/config. Ctrl-C ends it.", flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            server.serve_forever()


def _refuse_breaks() -> None:
    findings = breaking_changes(_read(BASELINE), _read(OPENAPI))
    left = not_allowed(findings, read_allowed(_read(ALLOWED)), today=now().date())
    if left:
        raise CannotGoOn("\n".join(["This breaks apps that are already out there:", *(f"BREAKING {f}" for f in left)]))


def _read(path: Any) -> Any:
    """A JSON file; an empty document when it is not there yet."""
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
