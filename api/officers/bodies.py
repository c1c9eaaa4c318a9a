"""What officers send. Strict: nothing but what is listed, text in one normal form."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from mobile_contract.v1.base import TEXT, normalised

_CLEAN = AfterValidator(normalised)
Id = Annotated[int, Field(ge=1, lt=2**31)]
Short = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=TEXT), _CLEAN]
Long = Annotated[str, StringConstraints(min_length=1, max_length=4000, pattern=TEXT), _CLEAN]
Optional = Annotated[str, StringConstraints(max_length=4000, pattern=TEXT), _CLEAN]
FIRST = datetime.fromisoformat("2000-01-01T00:00:00+00:00")
LAST = datetime.fromisoformat("2100-01-01T00:00:00+00:00")


class Body(BaseModel):
    """The base of every body."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


Password = Annotated[str, StringConstraints(min_length=1, max_length=128)]
Code = Annotated[str, StringConstraints(strip_whitespace=True, min_length=6, max_length=32, pattern=TEXT)]


class SignIn(Body):
    """Name and password, and a code of the second factor or a recovery code where there is one."""

    username: Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=TEXT)]
    password: Password
    code: Code | None = None


class Signature(Body):
    """Who will do it."""

    person_id: Id
    task_id: UUID | None = None  # which of a department's tasks, where it has several


class TaskAnswer(Body):
    """A department's own result; `task_id` names one of its tasks, where it has several."""

    text: Long
    task_id: UUID | None = None


class VerdictIn(Body):
    """What was found."""

    outcome: Literal["substantiated", "partly", "unsubstantiated", "unverifiable"]
    summary: Long
    qualification: Optional = ""
    sanction: Optional = ""


class Reason(Body):
    """Why."""

    reason: Short


class Comment(Body):
    """Words that go with a decision."""

    comment: Long


class Plan(Body):
    """The five items, the date among them, and what keeps people safe until then."""

    responsible_party: Optional = ""
    measures: Optional = ""
    funding: Optional = ""
    contingency: Optional = ""
    interim: Optional = ""
    no_operator: bool = False
    due_at: Annotated[AwareDatetime, Field(ge=FIRST, le=LAST)] | None = None


class Consequence(Body):
    """One of the four consequences."""

    decided: bool
    reason: Short


class CriterionIn(Body):
    """What makes a hazard a major one: a criterion of `GET /major-criteria`, and its clause by number."""

    code: Short
    clause: Short


class OrderIn(Body):
    """Approve the verdict and order rectification."""

    text: Long
    plan: Plan = Plan()
    fixed_on_spot: bool = False
    grade: Literal["general", "major"] = "general"
    criterion: CriterionIn | None = None
    consequences: dict[Literal["suspend", "expose", "penalise", "prosecute"], Consequence]
    comment: Optional | None = None


class CompletionIn(Body):
    """The work is done."""

    statement: Long


class Delivery(Body):
    """A copy reached its recipient."""

    note: Short


class Closure(Body):
    """Close the case."""

    note: Long


class ReportAcceptance(Body):
    """Accept a report into a new case, or into one that exists: then by what it is seen to be the same matter."""

    category: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}-\d{2}$|^[A-Z]{2}-\d{2}$")] | None = None
    town_org_id: int | None = None
    join_case_id: UUID | None = None
    evidence: Optional = ""
    circumstances: Annotated[list[Short], Field(max_length=10)] = []
    official: bool = False


class Overruled(Body):
    """Finds of the redactor that are facts of the case, and why they stay."""

    codes: Annotated[
        list[Annotated[str, StringConstraints(pattern="^[a-z_]{1,40}$")]], Field(min_length=1, max_length=20)
    ]
    reason: Annotated[str, StringConstraints(min_length=4, max_length=200, pattern=TEXT), _CLEAN]


class Extract(Body):
    """What handlers may see of a report."""

    text: Long
    place: Annotated[str, StringConstraints(max_length=200, pattern=TEXT), _CLEAN] = ""
    """Where it is, in words; needed where the case has no point."""
    overruling: Overruled | None = None
    photo_ids: Annotated[list[UUID], Field(max_length=9)] = []


class QuestionIn(Body):
    """A question to the reporter."""

    text: Short


class Reply(Body):
    """The result, told to the reporter; `unreachable` says what was tried where the channel reached nobody."""

    text: Long
    channel: Literal["code", "phone", "letter", "visit"] = "code"
    unreachable: Optional = ""


class ExposureFacts(Body):
    """What an exposure says, on whatever ground."""

    title: Short
    body: Long
    entity_name: Short
    entity_workers: Annotated[int, Field(ge=0, le=1_000_000)] | None = None
    own_inspection: bool
    basis: Short
    authority: Short
    phone: Short


class ExposureText(ExposureFacts):
    """The text and facts of an exposure."""

    ground: Literal["C", "D"]


class ExposureIn(ExposureText):
    """The text and facts of an exposure, and the case that it tells of."""

    case_id: UUID


class Review(Body):
    """The four ticks of legal review."""

    basis: bool
    accuracy: bool
    privacy: bool
    proportionality: bool
    note: Optional = ""


class Release(Body):
    """From when it is public; at once where that is left out."""

    released_at: Annotated[AwareDatetime, Field(ge=FIRST, le=LAST)] | None = None


class Withdrawal(Body):
    """Why it is withdrawn; everybody reads this."""

    reason: Short
