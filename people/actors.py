"""Who acts: an officer, the system itself, or a citizen behind a tracking code. Always passed, never ambient."""

from dataclasses import dataclass, field

from people.roles import DATABASE_ROLES, Role


@dataclass(frozen=True)
class Actor:
    """Whoever an act is written down to."""

    kind: str  # officer, system, citizen
    name: str
    account_id: int | None = None
    org_id: int | None = None
    org_kind: str | None = None
    roles: frozenset[Role] = field(default_factory=frozenset)
    # The same person's other accounts, as far as their staff number tells (people/persons.py).
    also: frozenset[int] = field(default_factory=frozenset, compare=False)
    lacks: str = field(default="", compare=False)  # "factor": must enrol one first; "fresh_code": gave none of late

    def has(self, *roles: Role) -> bool:
        """Whether the actor holds at least one of the roles."""
        return not self.roles.isdisjoint(roles)

    @property
    def accounts(self) -> list[int]:
        """Every account of the same person, in order; none of what is no person's."""
        return [] if self.account_id is None else sorted({self.account_id, *self.also})

    def is_person(self, *account_ids: int | None) -> bool:
        """Whether one of these is an account of the same person: two-person acts compare people, not accounts (C2)."""
        mine = self.also | {self.account_id}
        return any(each in mine for each in account_ids if each is not None)

    @property
    def label(self) -> str:
        """How the trail names the actor: a kind and a number, no personal name."""
        return self.kind if self.account_id is None else f"{self.kind}:{self.account_id}"

    @property
    def database_role(self) -> str:
        """The database role that this actor's transactions take."""
        if Role.DISCIPLINE in self.roles:
            return "jz_discipline"
        return DATABASE_ROLES.get(self.org_kind or "", "jz_public")


SYSTEM = Actor(kind="system", name="系统")
CITIZEN = Actor(kind="citizen", name="举报人")
