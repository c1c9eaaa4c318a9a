"""What the seed files say is noted as shipped, so that the next update knows it (X32)."""

from cases.policy import shipped
from cli.fingerprints import noted


def test_what_is_shipped_now_is_noted_last_for_every_row():
    """Who changes a seed file runs `./jz fingerprints`: else no later update would know that row as shipped."""
    assert noted(shipped.shipped()) == shipped.shipped()
