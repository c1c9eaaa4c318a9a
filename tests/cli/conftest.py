"""What several tests of the commands stand on."""

import os
import subprocess
import tempfile
from pathlib import Path

import pytest

from cli import account, installation, postgres
from cli.processes import VAULTS
from kit.settings import settings


@pytest.fixture(scope="session")
def server():
    """A cluster of its own: the roles of the other tests' cluster are not to be touched."""
    who = account.IN_A_NAMESPACE if os.getuid() == 0 else account.AS_I_AM
    if who.prefix and subprocess.run([*who.prefix, "true"], capture_output=True, check=False).returncode:
        who = account.AS_POSTGRES
    with tempfile.TemporaryDirectory(prefix="jz-") as folder:
        home = Path(folder)
        home.chmod(0o711)
        found = installation.find()
        made = postgres.Cluster(found, home / "pg" / "data", home / "run", "of the owner", who, postgres.FOR_TESTS)
        with postgres.running(made, home / "log"):
            yield made


@pytest.fixture(autouse=True)
def _the_vaults_own_stays():
    """A command that runs here takes out of this process's environment what only the vault is given."""
    before = {name: os.environ[name] for name in VAULTS if name in os.environ}
    yield
    os.environ.update(before)
    settings.cache_clear()
