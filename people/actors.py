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
    lacks: str = field(default="", compare=False)  # "factor": must enrol one first; "fresh_code": gave none of late

    def has(self, *roles: Role) -> bool:
        """Whether the actor holds at least one of the roles."""
        return not self.roles.isdisjoint(roles)

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
