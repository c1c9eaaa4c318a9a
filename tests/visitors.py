"""Who looks reports up: every test client is in one and the same place, whose look-ups are counted."""

from uuid import uuid4

import pytest

from cases.intake import guessing
from kit.buckets import Bucket


def unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test begins as a visitor who has not asked for anything yet; for a fixture."""
    monkeypatch.setattr(guessing, "GUESSES", Bucket(f"test-{uuid4()}", burst=120, per_hour=600))
