"""Public statistics of a month: counted once it is over, small figures told together, kept as they are (Q12)."""

from cases.statistics.months import Table, newest, publish, published, table

__all__ = ["Table", "newest", "publish", "published", "table"]
