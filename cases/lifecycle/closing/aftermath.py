"""G-LOOK, G-DEC: nothing waits for the safety office, and what follows a failed acceptance was decided and begun."""

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from cases.lifecycle.closing.shut import Shut, at
from cases.models.case import Case
from cases.models.measure import Measure
from cases.models.policy import MeasureType
from cases.models.referral import Referral
from cases.models.second_look import DecisionTask, SecondLook


def looked_at_again(session: Session, case: Case) -> Shut | None:
    """G-LOOK (T9, X21): no verdict of this case waits for its second look."""
    waits = exists().where(SecondLook.case_id == case.id, SecondLook.state == "waiting")
    if not session.scalar(select(waits)):
        return None
    return Shut(
        "second_look_waits", "查否结论待安委办抽查复核", "A second look by the safety office is open",
        at(case, "second-looks"),
    )  # fmt: skip


def decision_followed(session: Session, case: Case) -> Shut | None:
    """G-DEC (M40): no decision is open, and what was decided has not been dropped since."""
    states = set(session.scalars(select(DecisionTask.state).where(DecisionTask.case_id == case.id)))
    link = at(case, "consequences")
    if "open" in states:
        return Shut(
            "decision_open", "验收不合格，停产停业、提请关闭或者移送尚未决定",
            "It is not decided whether to suspend, to close or to refer", link,
        )  # fmt: skip
    if states and not _begun(session, case):
        return Shut("decision_not_followed", "决定的措施或者移送未落实", "What was decided has been dropped", link)
    return None


def _begun(session: Session, case: Case) -> bool:
    stops = MeasureType.stops_business
    of_its_type = (MeasureType.code == Measure.type_code) & (MeasureType.version == Measure.type_version)
    measured = select(Measure.id).join(MeasureType, of_its_type)
    measured = measured.where(Measure.case_id == case.id, Measure.state != "dropped", stops)
    referred = select(Referral.id).where(Referral.case_id == case.id, Referral.state != "returned")
    return bool(session.scalar(select(measured.exists() | referred.exists())))
