"""Who may read a row: a column that row-level security compares with the office of the transaction (M11, ADR 0022).

`readers` of a case holds the responsible body and the departments that have, or had, a task; that of an operation or a
meeting the bodies that take part; ascending, each once. The database alone writes it (migrations 0057, 0058): a trigger
keeps that of the case, a foreign key with a cascade those of its rows. No mapped class has it, so that nothing of ours
can write it.
"""

from sqlalchemy import ARRAY, Column, Index, Integer, Table

from kit.db import Base

# A table whose rows have readers, and those that are read with it, beside all that name a case.
GATHERINGS = {"operation": ("operation_member", "operation_record"), "joint_meeting": ("joint_meeting_body",)}


def tables_of_a_case() -> list[Table]:
    """Every table whose rows belong to a case, by name; the case's own is not among them."""
    return [
        table for _, table in sorted(Base.metadata.tables.items())
        if table.schema == "handling" and "case_id" in table.columns
    ]  # fmt: skip


def add_readers() -> None:
    """Add the column to whatever has readers; once, when all tables are known."""
    for name, rows in {"case": (), **GATHERINGS}.items():
        whole = _table(name)
        for table in (whole, *map(_table, rows)):
            table.append_column(_readers())
        Index(f"uq_{name}_readers", whole.c.id, whole.c.readers, unique=True)
    for table in tables_of_a_case():
        table.append_column(_readers(nullable=bool(table.columns["case_id"].nullable)))  # some are about no case


def _readers(*, nullable: bool = False) -> Column[list[int]]:
    return Column("readers", ARRAY(Integer), nullable=nullable)


def _table(name: str) -> Table:
    return Base.metadata.tables[f"handling.{name}"]
