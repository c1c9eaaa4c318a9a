"""The processes of an installation, as one table: the supervisor, docker-compose.yml and the tests all follow it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Process:
    """One process: `command` stands behind `python -m cli`; `stop_seconds` is what a clean end may take."""

    name: str
    command: str
    purpose: str
    stop_seconds: int = 10
    ends: bool = False


MIGRATE = Process("migrate", "migrate", "Brings the database to the newest schema, then ends.", ends=True)
SEED = Process("seed", "seed-demo", "Loads the fictional demo district, then ends.", ends=True)
PREPARE = Process("prepare", "prepare", "Does both for `./jz up`, unless that is done already, then ends.", ends=True)
PROCESSES = (
    Process("api", "serve", "Answers phones, officers, media and browsers.", stop_seconds=15),
    Process("worker", "worker", "Does the jobs: triage, dispatch, photos, clocks.", stop_seconds=20),
    Process("relay", "relay", "Hands due jobs to the workers."),
    Process("beat", "beat", "Writes the jobs that the calendar asks for."),
)
# What every process needs to be told. Further settings have defaults (kit/settings.py).
NEEDED = ("DATABASE_URL", "REDIS_URL", "STORAGE_URL", "JZ_SECRET_KEY", "JZ_VAULT_PUBLIC_KEY")
