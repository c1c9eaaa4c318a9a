"""The roles of domain.md C2, and which database role stands behind an organisation's people."""

from enum import StrEnum


class Role(StrEnum):
    """What an account may do. An account holds one or more; separation rules compare persons, not roles."""

    INTAKE_OFFICER = "intake_officer"
    HOTLINE_CLERK = "hotline_clerk"
    CUSTODIAN = "custodian"
    TOWN_CLERK = "town_clerk"
    TOWN_OFFICER = "town_officer"
    TOWN_LEADER = "town_leader"
    DEPT_OFFICER = "dept_officer"
    DEPT_LEADER = "dept_leader"
    SAFETY_OFFICE = "safety_office"
    LEGAL_REVIEWER = "legal_reviewer"
    PUBLISHER = "publisher"
    DISCIPLINE = "discipline_readonly"
    FINANCE = "finance"
    SYSADMIN = "sysadmin"


# Those who handle cases: the people of a town or a department. The safety office supervises them (M07).
HANDLERS = frozenset({Role.TOWN_CLERK, Role.TOWN_OFFICER, Role.TOWN_LEADER, Role.DEPT_OFFICER, Role.DEPT_LEADER})

# Which transaction role an organisation's people take; row-level security is written for these.
DATABASE_ROLES = {
    "town": "jz_town",
    "group": "jz_town",
    "department": "jz_department",
    "district": "jz_district",
    "city": "jz_district",
}
