"""The types that openapi-typescript makes of the frozen document fit the reference client, which speaks to the mock."""

import shutil
import threading
from pathlib import Path

import pytest

from mobile_contract.build import OPENAPI
from mobile_contract.mock import serve
from tests.node import ROOT, node, tsc, typed_contract

REFERENCE = ROOT / "mobile_contract" / "reference" / "typescript"
USAGE = Path(__file__).parent / "typescript"


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """The client, its types, and a use of it, in one folder."""
    folder = tmp_path_factory.mktemp("typescript")
    for source in (*REFERENCE.glob("*.ts"), *USAGE.iterdir()):
        shutil.copy(source, folder)
    typed_contract(OPENAPI, folder / "contract.d.ts")
    return folder


def test_the_compiler_takes_what_the_contract_takes_and_nothing_else(project):
    tsc(project)


def test_the_client_speaks_to_the_mock(project):
    with serve(0) as server:
        hand = threading.Thread(target=server.serve_forever)
        hand.start()
        script = f"import('./usage.ts').then(({{ main }}) => main('http://127.0.0.1:{server.server_port}')).then(console.log)"
        try:
            said = node("--input-type=module", "--eval", script, cwd=project)
        finally:
            server.shutdown()
            hand.join()

    taken = "true unchanged 201 6f1d3c52-4c5e-4b0f-9d0e-0a6f3f6f2b12"
    assert said.splitlines()[-1] == f"{taken} verifying done report.id_reused"
