"""Tables of who is who: organisations, officers' accounts, roles, sessions, and the reporters' sealed envelopes."""

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, Text, func, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kit.db import Base

HANDLING = "handling"
ACCOUNT_ENTRIES = ("suspended", "restored", "roles", "factor_reset", "password", "enrolled", "codes", "person")
RELATION_KINDS = ("kin", "worked_there", "holds_shares", "other")


class Org(Base):
    """A body that answers for something: city, district office, town or department (M11)."""

    __tablename__ = "org"
    __table_args__ = (
        CheckConstraint("kind in ('city','district','town','department','group')", name="kind"),
        # A division code belongs to one answering body, or routing would have to guess.
        Index("uq_org_unit_code", "unit_code", unique=True, postgresql_where=text("unit_code is not null")),
        {"schema": HANDLING},
    )

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    department_kind: Mapped[str | None]
    name_zh: Mapped[str]
    name_en: Mapped[str]
    unit_code: Mapped[str | None]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("handling.org.id"))
    duty_phone: Mapped[str] = mapped_column(server_default="")
    active: Mapped[bool] = mapped_column(server_default=text("true"))


class Account(Base):
    """An officer's account. What is deferred here, only the sign-in may read."""

    __tablename__ = "account"
    __table_args__ = ({"schema": HANDLING},)

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    org_id: Mapped[int] = mapped_column(ForeignKey("handling.org.id"), index=True)
    username: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    password_hash: Mapped[str] = mapped_column(deferred=True)
    active: Mapped[bool] = mapped_column(server_default=text("true"))
    # A keyed mark of the staff number, by which two accounts are known for one person's (people/persons.py).
    person_mark: Mapped[bytes | None] = mapped_column(deferred=True, index=True)

    org: Mapped[Org] = relationship(lazy="raise")
    roles: Mapped[list["AccountRole"]] = relationship(lazy="raise")


class AccountRole(Base):
    """One role of domain.md C2 that an account holds."""

    __tablename__ = "account_role"
    __table_args__ = ({"schema": HANDLING},)

    account_id: Mapped[int] = mapped_column(ForeignKey("handling.account.id"), primary_key=True)
    role: Mapped[str] = mapped_column(primary_key=True)


class SignInAttempt(Base):
    """How often a name was tried in vain, whether anybody has it or not; only a keyed mark of it is kept."""

    __tablename__ = "sign_in_attempt"
    __table_args__ = (Index("ix_sign_in_attempt_tried_at", "tried_at"), {"schema": HANDLING})

    name_mark: Mapped[bytes] = mapped_column(primary_key=True)
    failures: Mapped[int] = mapped_column(server_default="0")
    tried_at: Mapped[datetime]


class StaffSession(Base):
    """A signed-in session: only the hash of its token is kept, and it dies the moment it is revoked."""

    __tablename__ = "staff_session"
    __table_args__ = ({"schema": HANDLING},)

    token_hash: Mapped[bytes] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("handling.account.id"), index=True)
    id: Mapped[UUID] = mapped_column(unique=True, server_default=func.gen_random_uuid())  # names it to its owner
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]  # when a code of the second factor was last given in it
    limited: Mapped[bool] = mapped_column(server_default=text("false"))  # good for enrolling a second factor, only


class SecondFactor(Base):
    """The sealed secret of an account's codes; `last_step` is the newest that was used."""

    __tablename__ = "second_factor"
    __table_args__ = ({"schema": HANDLING},)

    account_id: Mapped[int] = mapped_column(ForeignKey("handling.account.id"), primary_key=True, autoincrement=False)
    secret: Mapped[bytes]
    begun_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    last_step: Mapped[int] = mapped_column(BigInteger, server_default="0")


class RecoveryCode(Base):
    """A keyed mark of a code for whoever has lost the second factor; each is good once."""

    __tablename__ = "recovery_code"
    __table_args__ = (Index("ix_recovery_code_account_id", "account_id"), {"schema": HANDLING})

    mark: Mapped[bytes] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("handling.account.id"))
    used_at: Mapped[datetime | None]


class AccountEntry(Base):
    """One line of what was done to an account, by whom and why; never changed (M78)."""

    __tablename__ = "account_entry"
    __table_args__ = (
        CheckConstraint(f"kind in {ACCOUNT_ENTRIES}", name="kind"),
        CheckConstraint("by_id <> account_id or kind in ('password', 'enrolled', 'codes')", name="somebody_else"),
        Index("ix_account_entry_account_id", "account_id", "id"),
        Index("ix_account_entry_by_id", "by_id", "id"),
        {"schema": HANDLING},
    )

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("handling.account.id"))
    kind: Mapped[str]
    by_id: Mapped[int] = mapped_column(ForeignKey("handling.account.id"))
    at: Mapped[datetime]
    reason: Mapped[str]
    roles: Mapped[list[str] | None] = mapped_column(ARRAY(Text))  # what it holds from here on


class Certificate(Base):
    """An officer's enforcement certificate (M61, F21): entered once, ended with a reason, never rewritten."""

    __tablename__ = "certificate"
    __table_args__ = (
        CheckConstraint("valid_to >= valid_from", name="ends_after_it_begins"),
        CheckConstraint("cardinality(scope) > 0", name="has_scope"),
        {"schema": HANDLING},
    )

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("handling.account.id"), index=True)
    number: Mapped[str] = mapped_column(unique=True)
    scope: Mapped[list[str]] = mapped_column(ARRAY(Text))  # groups of categories, or `all`
    valid_from: Mapped[date]
    valid_to: Mapped[date]  # its last day
    entered_by: Mapped[int | None] = mapped_column(ForeignKey("handling.account.id"))
    entered_at: Mapped[datetime]
    ended_on: Mapped[date | None]  # the first day on which it no longer counts
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("handling.account.id"))
    end_reason: Mapped[str | None]


class DeclaredRelation(Base):
    """One unit or person that an officer is related to, as a name that may stand in a report."""

    __tablename__ = "declared_relation"
    __table_args__ = (
        CheckConstraint(f"kind in {RELATION_KINDS}", name="kind"),
        CheckConstraint("char_length(name) >= 2", name="says_a_name"),
        Index("ix_declared_relation_account_id", "account_id"),
        {"schema": HANDLING},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    account_id: Mapped[int] = mapped_column(ForeignKey("handling.account.id"))
    name: Mapped[str]
    kind: Mapped[str]
    declared_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Envelope(Base):
    """What every envelope of the vault has: to which key it is sealed, how, and since when."""

    __abstract__ = True

    key_id: Mapped[int]
    alg: Mapped[int]
    envelope: Mapped[bytes]
    created_on: Mapped[date]

    of: ClassVar[str]  # the column that names what it is of

    @property
    def about(self) -> UUID:
        """The report or the photo that it is of: under this the vault's log tells of it."""
        subject: UUID = getattr(self, self.of)
        return subject


class SealedIdentity(Envelope):
    """One sealed envelope per report; whoever may insert it cannot read it (security.md §3.1.3)."""

    __tablename__ = "identity"
    __table_args__ = (Index("ix_identity_key_id", "key_id"), {"schema": "vault"})
    of = "report_id"

    report_id: Mapped[UUID] = mapped_column(primary_key=True)


class SealedOriginal(Envelope):
    """The sealed key of one file: a citizen's photo as it came. Without this row nobody ever opens that file again."""

    __tablename__ = "original"
    __table_args__ = (Index("ix_original_key_id", "key_id"), {"schema": "vault"})
    of = "photo_id"

    storage_key: Mapped[str] = mapped_column(primary_key=True)
    photo_id: Mapped[UUID]


class VaultKey(Base):
    """A public key that identities are sealed to; `mark` shows who entered it, its private half is never here."""

    __tablename__ = "key"
    __table_args__ = ({"schema": "vault"},)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    public: Mapped[bytes] = mapped_column(unique=True)
    mark: Mapped[bytes]
    made_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]
