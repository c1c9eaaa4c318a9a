"""G-LOOK, G-DEC: nothing waits for the safety office, and what follows a failed acceptance was decided and begun.

What was decided before the case was reopened is neither asked for nor counted (T18).
"""

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from cases.lifecycle.closing.shut import Shut, at
from cases.lifecycle.rounds import of_this_round
from cases.models.aftercare import OPEN_REVIEW, Review
from cases.models.case import Case
from cases.models.measure import HOLDING, Measure
from cases.models.policy import MeasureType
from cases.models.referral import Referral
from cases.models.second_look import DecisionTask, SecondLook


def looked_at_again(session: Session, case: Case) -> Shut | None:
    """G-LOOK (T9, X21, R8): no verdict of this case waits for its second look, and no review of it is open.

    A town does not see a review that is open; G-REP holds its case open meanwhile, for a reply waits for it.
    """
    if session.scalar(select(exists().where(SecondLook.case_id == case.id, SecondLook.state == "waiting"))):
        return Shut(
            "second_look_waits", "查否结论待安委办抽查复核", "A second look by the safety office is open",
            at(case, "second_looks"),
        )  # fmt: skip
    if session.scalar(select(exists().where(Review.case_id == case.id, Review.state.in_(OPEN_REVIEW)))):
        return Shut("review_open", "复核尚未作出决定", "A review of the case is open", at(case, "reviews"))
    return None


def decision_followed(session: Session, case: Case) -> Shut | None:
    """G-DEC (M40): no decision is open, and what was decided has not been dropped since."""
    asked = (DecisionTask.case_id == case.id, of_this_round(case, DecisionTask.opened_at))
    states = set(session.scalars(select(DecisionTask.state).where(*asked)))
    link = at(case, "decisions")
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
    now_or_still = or_(of_this_round(case, Measure.proposed_at), Measure.state.in_(HOLDING))
    measured = measured.where(Measure.case_id == case.id, Measure.state != "dropped", stops, now_or_still)
    sent = (Referral.case_id == case.id, of_this_round(case, Referral.sent_at))
    referred = select(Referral.id).where(*sent, Referral.state != "returned")
    return bool(session.scalar(select(measured.exists() | referred.exists())))
