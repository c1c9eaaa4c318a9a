"""What makes history provable: the links of a chain, and the tree over all chains (schema record, hashes only)."""

from datetime import datetime

from sqlalchemy import BigInteger, FetchedValue, Index, SmallInteger, text
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from kit.db import Base

RECORD = "record"


class Chained:
    """The columns of an entry that the database fills in itself, whatever was sent: nobody forges a link."""

    # Not asked back after an insert: nothing in an act needs them.
    __mapper_args__ = {"eager_defaults": False}  # noqa: RUF012 - SQLAlchemy's own way

    @declared_attr
    def salt(cls) -> Mapped[bytes | None]:  # noqa: N805 - a declared attribute belongs to the class
        """32 random bytes that the body was hashed with; gone when the body was erased."""
        return mapped_column(server_default=FetchedValue(), deferred=True)

    @declared_attr
    def recorded_at(cls) -> Mapped[datetime]:  # noqa: N805
        """The database's own clock, beside the time that the act claims."""
        return mapped_column(server_default=FetchedValue(), deferred=True)

    @declared_attr
    def body_commit(cls) -> Mapped[bytes]:  # noqa: N805
        """SHA-256 of salt and body."""
        return mapped_column(server_default=FetchedValue(), deferred=True)

    @declared_attr
    def prev_hash(cls) -> Mapped[bytes]:  # noqa: N805
        """The hash of the entry before it, or zeros."""
        return mapped_column(server_default=FetchedValue(), deferred=True)

    @declared_attr
    def hash(cls) -> Mapped[bytes]:  # noqa: N805
        """As `cases.history.entry` defines it."""
        return mapped_column(server_default=FetchedValue(), deferred=True)


class LogPending(Base):
    """An entry's hash that is not in the tree yet: seconds old."""

    __tablename__ = "log_pending"
    __table_args__ = ({"schema": RECORD},)

    hash: Mapped[bytes] = mapped_column(primary_key=True)


class LogNode(Base):
    """A complete subtree of 2**level leaves, the first of them leaf `index` * 2**level."""

    __tablename__ = "log_node"
    __table_args__ = (
        Index("uq_log_node_leaf", "hash", unique=True, postgresql_where=text("level = 0")),
        {"schema": RECORD},
    )

    level: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    index: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    hash: Mapped[bytes]


class LogHead(Base):
    """A signed head: what the district has put its name to, for ever."""

    __tablename__ = "log_head"
    __table_args__ = ({"schema": RECORD},)

    size: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    root: Mapped[bytes]
    signed_at: Mapped[datetime]
    note: Mapped[str]
