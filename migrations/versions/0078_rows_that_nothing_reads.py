"""Policy values that nothing reads go (X32), unless the district has said something of its own: that is kept for it.

What is no value any more is a limit for a datum that no channel leaves open, and the count of repeated cases (M89),
which comes back with the review that it opens. The limit of what is listed goes with the profile's next version, as
every update of the seeds does.
"""

import sqlalchemy as sa
from alembic import op

revision = "0078"
down_revision = "0077"

GONE = {"unknown_datum_accuracy_m": "700", "repeat_review": '{"cases": 3, "days": 30}'}


def upgrade() -> None:
    for key, shipped in GONE.items():
        op.execute(
            sa.text(
                "delete from handling.policy_value where key = :key and not exists "
                "(select from handling.policy_value own where own.key = :key and own.value <> cast(:shipped as jsonb))"
            ).bindparams(key=key, shipped=shipped)
        )


def downgrade() -> None:
    """Nothing: the seeds of the older version put in what they miss."""
