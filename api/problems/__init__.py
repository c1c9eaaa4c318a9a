"""What officers read of each refusal, in both languages: one table, a file for each part of the work.

The citizens' own problems are the contract's (`mobile_contract/errors.py`) and are not said again here. A code is never
renamed: the console, and whoever writes against `/o/v1`, decides on it. That every code that can be raised stands here,
and none besides, is held by `tests/architecture/test_problems.py`.
"""

from api.problems import (
    aftercare,
    cases,
    desk,
    enforcement,
    everywhere,
    lists,
    papers,
    public,
    rewards,
    staff,
    supervision,
    vault,
)
from api.problems.title import Title

TITLES: dict[str, Title] = {
    **everywhere.TITLES, **lists.TITLES, **staff.TITLES, **desk.TITLES, **cases.TITLES, **enforcement.TITLES,
    **papers.TITLES, **aftercare.TITLES, **rewards.TITLES, **supervision.TITLES, **public.TITLES, **vault.TITLES,
}  # fmt: skip

__all__ = ["TITLES", "Title"]
