"""The processes of an installation, as one table: the supervisor, docker-compose.yml and the tests all follow it."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Process:
    """One process: `command` stands behind `python -m cli`; `stop_seconds` is what a clean end may take.

    `secrets` are settings that nobody else is given; without one that is not `needed` the others do their work. Only
    those that work `as_owner` of the database are told its password.
    """

    name: str
    command: str
    purpose: str
    stop_seconds: int = 10
    ends: bool = False
    secrets: tuple[str, ...] = ()
    needed: bool = True
    as_owner: bool = False
    environment: Mapping[str, str] = field(default_factory=dict)
    """What Python itself is told."""


# Texts for people who read the code, six megabytes of them in the API's libraries, are left out of its memory.
NO_DOCSTRINGS = {"PYTHONOPTIMIZE": "2"}
VAULT_PASSWORD = "JZ_VAULT_PASSWORD"  # noqa: S105 - the name of a secret
VAULT_KEYS = "JZ_VAULT_KEYS"
VAULTS = (VAULT_PASSWORD, VAULT_KEYS, "JZ_VAULT_PASSPHRASE")
MIGRATE = Process(
    "migrate",
    "migrate",
    "Brings the database to the newest schema, then ends.",
    ends=True,
    secrets=(VAULT_PASSWORD,),
    as_owner=True,
)
SEED = Process("seed", "seed-demo", "Loads the fictional demo district, then ends.", ends=True, as_owner=True)
PREPARE = Process("prepare", "prepare", "Does both for `./jz up`, unless that is done already, then ends.", ends=True,
                  secrets=(VAULT_PASSWORD,), as_owner=True)  # fmt: skip
PROCESSES = (
    Process("api", "serve", "Answers phones, officers, media and browsers.", stop_seconds=15,
            environment=NO_DOCSTRINGS),
    Process("worker", "worker", "Does the jobs: triage, dispatch, photos, clocks.", stop_seconds=20),
    Process("relay", "relay", "Hands due jobs to the workers."),
    Process("beat", "beat", "Writes the jobs that the calendar asks for."),
    Process("vault", "vault", "Holds the keys to who reported, and opens by two people's word.", secrets=VAULTS,
            needed=False),
)  # fmt: skip
# What every process needs to be told. Further settings have defaults (kit/settings.py).
NEEDED = ("DATABASE_URL", "REDIS_URL", "STORAGE_URL", "JZ_SECRET_KEY", "JZ_VAULT_PUBLIC_KEY")
