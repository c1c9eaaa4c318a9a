"""POST /m/v1/tracking and /m/v1/answers: what the holder of a code may read and add."""

from datetime import date, datetime

from fastapi import Request, Response

from api.dependencies import CitizenSession, Now, host_of
from api.errors import wants_english
from api.mobile.photos import of_receipt, promised
from api.rights import reporter
from api.routes import citizens_router
from cases import intake
from cases.intake import Addition
from cases.lifecycle.replies import newest_reply
from cases.models.reply import Reply
from cases.models.report import Report, ReportEvent
from cases.models.reward import Reward
from geo.models import Unit
from kit.clock import LOCAL_ZONE
from kit.days import day
from mobile_contract.v1.answer import AnswerIn, AnswerReceipt
from mobile_contract.v1.enums import LABELS
from mobile_contract.v1.report import NextStep
from mobile_contract.v1.tracking import (
    NotAccepted,
    Outcome,
    Progress,
    Question,
    RedirectedTo,
    RewardOffer,
    ThreadLine,
    TimelineEntry,
    TrackedPhoto,
    TrackingIn,
)

router = citizens_router()
VERDICTS = {
    "substantiated": "true", "partly": "partly_true", "unsubstantiated": "not_true", "unverifiable": "cannot_verify",
}  # fmt: skip
PHOTO_STATES = {"promised": "expected", "clean": "stored", "expired": "rejected"}
LINES = {
    "received": ("已收到举报", "Your report was received"),
    "accepted": ("举报已受理", "Your report was accepted"),
    "asked": ("需要您补充情况", "We asked you for more information"),
    "answered": ("已收到您的补充", "Your answer was received"),
    "answer_missed": ("补充期限已过，将按现有材料决定", "The time to answer is over; we decide on what we have"),
    "supplemented": ("已收到您的补充", "Your addition was received"),
    "redirected": ("不属于本平台受理范围，已告知应向哪里反映", "It is for another body; you were told which"),
    "not_accepted": ("不予受理，已告知理由", "It was not accepted; you were told why"),
    "refusal_overturned": ("经复查，您的举报重新进入受理审核", "Looked at again: your report is being considered anew"),
    "withdrawn": ("您已撤回举报", "You withdrew your report"),
    "replied": ("已答复", "You were given a reply"),
    "rated": ("您已评价答复", "You rated the reply"),
    "report_closed": ("本件已办结", "Your report is closed"),
    "dispatched": ("已交责任单位", "It was given to the responsible body"),
    "signed": ("责任单位已签收", "The responsible body signed for it"),
    "verifying": ("正在现场核查", "It is being checked on site"),
    "rectifying": ("已责令整改", "Rectification was ordered"),
    "referred": ("已移送有权机关办理", "It was handed to the authority with the power to act"),
    "on_hold": ("暂缓办理，复查后继续", "Set aside for a time; it goes on after a check"),
    "resumed": ("已恢复办理", "It is being handled again"),
    "extended": ("经批准，办理期限延长至{until}", "With approval, the time to deal with it now runs until {until}"),
    "closure_review": ("处理完成，正在复核", "Handled; being reviewed"),
    "closed": ("已结案", "The case is closed"),
    "review_requested": ("已收到您的复核申请", "Your request for a review was received"),
    "review_upheld": ("复核认为应当重新办理", "The review found that it must be done again"),
    "review_dismissed": ("复核维持原处理结果", "The review found that it was handled well"),
    "reopened": ("已重新办理", "The case was opened again"),
    "reward_notified": ("举报奖励已批准，请在期限内领取", "A reward was approved; claim it in time"),
    "reward_reminded": ("举报奖励尚未领取，请留意期限", "Your reward is not claimed yet; mind the date"),
    "reward_extended": ("举报奖励的领取期限已延长", "There is more time to claim your reward"),
    "reward_claimed": ("已收到您的领奖申请", "Your claim was received"),
    "reward_paid": ("举报奖励已发放", "Your reward was paid"),
    "reward_forfeited": ("举报奖励逾期未领，视为放弃", "The time to claim your reward is over"),
    "reward_revoked": ("举报奖励已撤销", "The reward was taken back"),
    "found_otherwise": ("重新核查的结论与此前答复不同", "Checked again: the result differs from what you were told"),
}
WAITING = ("等待工作人员查看", "A person will look at it")
REVIEWING = ("由未经办的人员重新核查，结果将在此答复", "Other people look at it anew; what they find will be told here")
HANDLING = ("正在处理，有结果将在此答复", "Being handled; the result will be told here")

UNTIL_OBJECTION = (
    "案件办结且期满无异议后，本件办结",
    "Your report closes when its case is closed and this time has passed",
)
ENOUGH = ("案件办结后，本件随即办结", "Your report closes as soon as its case is closed")


@router.post("/tracking", name="track_report")
@reporter
def track_report(body: TrackingIn, request: Request, response: Response, session: CitizenSession, now: Now) -> Progress:
    """See how a report is doing, by its tracking code."""
    intake.slow_guessing(host_of(request), now=now)
    response.headers["Cache-Control"] = "no-store"
    found = intake.progress(session, body.tracking_code, now=now)
    report, english = found.report, wants_english(request)
    question = found.question
    return Progress(
        reference=report.reference, state=report.state, state_text=_label(report.state, english=english),
        town_words=_town(found.unit, english=english), received_on=_day(report.received_at),
        timeline=[line for event in found.events if (line := _line(event, english=english))],
        question=Question(id=question.id, text=question.text, asked_at=question.asked_at, due_at=question.due_at)
        if question else None,
        photos=[
            TrackedPhoto(id=p.client_id, state=PHOTO_STATES.get(p.state, p.state), reason=p.reason)
            for p in found.photos
        ],
        outcome=_outcome(found, english=english),
        redirected_to=_redirected_to(found.ending, english=english) if report.state == "redirected" else None,
        not_accepted=_not_accepted(found.ending, english=english) if report.state == "not_accepted" else None,
        thread=[
            ThreadLine(sender=line.sender, text=line.text, photos=line.photos, sent_at=line.sent_at)
            for line in found.thread
        ],
        next=_next(report, found.told, english=english), can=found.can, reward=_reward(found.reward),
    )  # fmt: skip


@router.post("/answers", status_code=201, name="add_answer")
@reporter
def add_answer(
    body: AnswerIn, request: Request, response: Response, session: CitizenSession, now: Now
) -> AnswerReceipt:
    """Add a supplement, answer a question, write to the desk, rate the reply, ask for a review, or withdraw."""
    intake.slow_guessing(host_of(request), now=now)
    photos = promised(body.photos, now=now)
    said = intake.fingerprint(
        body.kind, body.question_id, body.text, body.satisfaction, enough=body.enough, photos=photos
    )
    addition = Addition(
        body.id, said, body.tracking_code, body.kind, body.question_id, body.text,
        body.satisfaction, body.enough, photos,
    )  # fmt: skip
    report, answer, replay = intake.add(session, addition, now=now)
    told = newest_reply(session, report)
    response.status_code = 200 if replay else 201
    return AnswerReceipt(
        id=answer.client_id, reference=report.reference, kind=answer.kind, received_at=answer.received_at,
        state=report.state, next=_next(report, told, english=wants_english(request)),
        photos=tuple(of_receipt(intake.states_of(session, report, photos))), replay=replay,
    )  # fmt: skip


def _line(event: ReportEvent, *, english: bool) -> TimelineEntry | None:
    words = said(event, english=english)
    return TimelineEntry(day=_day(event.at), text=words) if words else None


def said(event: ReportEvent, *, english: bool) -> str | None:
    """What a reporter reads of an entry, with the day that it names; nothing where it is none of theirs."""
    words = LINES.get(str(event.body.get("stage", event.kind)))
    until = event.body.get("until", "")
    return (
        words[english].format(until=until if english or not until else day(date.fromisoformat(until)))
        if words
        else None
    )


def _label(state: str, *, english: bool) -> str:
    words = LABELS["report_state"][state]
    return words.en if english else words.zh


def _town(unit: Unit | None, *, english: bool) -> str:
    if unit is None:
        return "the district office" if english else "区级受理"
    return unit.name_en or unit.name_zh if english else unit.name_zh


def _redirected_to(told: ReportEvent | None, *, english: bool) -> RedirectedTo | None:
    if told is None:
        return None
    said = told.body
    return RedirectedTo(
        reason=said["en" if english else "zh"], body=said["body"], phone=said["phone"] or None,
        link=said["link"] or None, text=said["text"] or None, told_on=_day(told.at),
    )  # fmt: skip


def _not_accepted(told: ReportEvent | None, *, english: bool) -> NotAccepted | None:
    if told is None:
        return None
    return NotAccepted(reason=told.body["en" if english else "zh"], text=told.body["text"], told_on=_day(told.at))


def _outcome(found: intake.Progress, *, english: bool) -> Outcome | None:
    report, told = found.report, found.ending
    if told is not None:  # for apps that do not know the two members of their own yet
        parts = (
            told.body["en" if english else "zh"],
            *(told.body.get(name) for name in ("body", "phone", "link", "text")),
        )
        return Outcome(verdict=None, text="\n".join(part for part in parts if part), replied_on=_day(told.at))
    if report.reply is None or report.replied_at is None:
        return None
    return Outcome(
        verdict=VERDICTS.get((found.told.outcome if found.told else report.outcome) or ""),  # of what was told
        text=report.reply,
        replied_on=_day(report.replied_at),
        satisfaction=found.told.satisfaction if found.told else None,
    )


def _next(report: Report, told: Reply | None, *, english: bool) -> NextStep | None:
    if report.state in {"submitted", "in_review"}:
        return NextStep(text=WAITING[english], due_at=report.review_due_at)
    if report.state in {"accepted", "verifying"}:
        return NextStep(text=HANDLING[english], due_at=report.reply_due_at)
    if report.state == "replied" and told is not None:
        return NextStep(
            text=(ENOUGH if told.enough else UNTIL_OBJECTION)[english],
            due_at=None if told.enough else told.review_until,
        )
    if report.state == "review_requested":
        return NextStep(text=REVIEWING[english], due_at=report.reply_due_at)
    return None


def _reward(found: Reward | None) -> RewardOffer | None:
    if found is None or found.claim_until is None:
        return None
    return RewardOffer(state=found.state, amount_yuan=(found.amount_fen or 0) // 100, claim_until=found.claim_until)


def _day(moment: datetime) -> date:
    return moment.astimezone(LOCAL_ZONE).date()
