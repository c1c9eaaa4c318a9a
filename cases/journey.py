"""What follows what. Read this first: it is the whole plot, one table.

An act leaves an entry on the trail; this table says which steps must follow it. The trail writes them as job rows in
the same transaction, and workers do them. No signals, no callbacks, no bus.
"""

from collections.abc import Mapping
from enum import StrEnum

from cases.kinds import Kind

__all__ = ["FOLLOW_UPS", "PUT_IN", "UNTOLD", "Kind", "Step"]


class Step(StrEnum):
    """What a worker can do. Each has one function in workers/steps.py (a test counts them)."""

    TRIAGE = "triage"
    LET_ON = "let_on"
    CLEAN_REPORT_PHOTO = "clean_report_photo"
    PROPOSE_MASKS = "propose_masks"
    BURN_MASKS = "burn_masks"
    CLEAN_PICTURE = "clean_picture"
    DROP_FILE = "drop_file"
    PRINT_PAPER = "print_paper"
    CLEAN_SCAN = "clean_scan"
    REVIEW_DUE = "review_due"
    ANSWER_DUE = "answer_due"
    PHOTOS_DUE = "photos_due"
    URGE_DESK = "urge_desk"
    REHOUSE_REPORTS = "rehouse_reports"
    REGISTER_FINDING = "register_finding"
    FIND_CIRCLE = "find_circle"
    MIRROR_REPORTS = "mirror_reports"
    TELL_DUTY = "tell_duty"
    FOLLOW_PROGRESS = "follow_progress"
    SETTLE_REPLIES = "settle_replies"
    HEAR_RATING = "hear_rating"
    CLOSE_REPORT = "close_report"
    TELL_DESK = "tell_desk"
    TELL_OF_READINGS = "tell_of_readings"
    TELL_OF_RETALIATION = "tell_of_retaliation"
    OPEN_REVIEW = "open_review"
    SETTLE_REVIEWS = "settle_reviews"
    PLAN_LOOK_BACKS = "plan_look_backs"
    SETTLE_REOPENING = "settle_reopening"
    REOPEN_BREACHED = "reopen_breached"
    OPEN_REWARD = "open_reward"
    NOTIFY_REWARD = "notify_reward"
    REWARD_DUE = "reward_due"
    SETTLE_REWARD = "settle_reward"
    CLIMB = "climb"
    STAND_IN = "stand_in"
    REVIEW_HOLD = "review_hold"
    WATCH_FILING = "watch_filing"
    OWE_LISTING = "owe_listing"
    RECOUNT = "recount"
    RECOUNT_REPORT = "recount_report"
    SEND_NOTICE = "send_notice"
    DELIVER = "deliver"
    SEND_WEBHOOK = "send_webhook"
    PUSH_NEWS = "push_news"
    # sweeps, put in by the schedule
    FIND_UNROUTED = "find_unrouted"
    FIND_OVERDUE = "find_overdue"
    FIND_LATE_AT_DESK = "find_late_at_desk"
    FIND_SETTLED = "find_settled"
    FIND_ABSENT = "find_absent"
    FIND_HOLDS = "find_holds"
    FIND_RECOUNTABLE = "find_recountable"
    WARN_OF_CALENDAR = "warn_of_calendar"
    EXPIRE_PHOTOS = "expire_photos"
    SEAL_ORIGINALS = "seal_originals"
    EXPIRE_EXPOSURES = "expire_exposures"
    EXPIRE_EXPORTS = "expire_exports"
    FORGET_ATTEMPTS = "forget_attempts"
    FORGET_ORIGINS = "forget_origins"
    EXPIRE_MEASURES = "expire_measures"
    FIND_ORPHANS = "find_orphans"
    FIND_LATE_RETALIATIONS = "find_late_retaliations"
    LAPSE_EXTENSIONS = "lapse_extensions"
    URGE_OPERATIONS = "urge_operations"
    LAPSE_RELEASES = "lapse_releases"
    LIST_RELEASES = "list_releases"
    GROW_LOG = "grow_log"
    TELL_NEWSROOMS = "tell_newsrooms"
    FIND_NEWS = "find_news"
    DRAW_LOOK_BACKS = "draw_look_backs"
    KEEP_NO_LONGER = "keep_no_longer"
    DRAW_RECHECKS = "draw_rechecks"
    PUBLISH_STATISTICS = "publish_statistics"


FOLLOW_UPS: Mapping[Kind, tuple[Step, ...]] = {
    Kind.RECEIVED: (Step.TRIAGE,),
    Kind.PHOTO_STORED: (Step.CLEAN_REPORT_PHOTO,),
    Kind.MASKS_CONFIRMED: (Step.BURN_MASKS,),
    Kind.WAITS: (Step.REVIEW_DUE,),
    Kind.WORK_PROVEN: (Step.LET_ON,),
    Kind.ASKED: (Step.ANSWER_DUE,),
    # What waits for the desk again has its first look, and its decision, before it anew (R2-R6).
    **dict.fromkeys(
        (
            Kind.ANSWERED,
            Kind.ANSWER_MISSED,
            Kind.REFUSAL_REJECTED,
            Kind.REFUSAL_OVERTURNED,
            Kind.BACK_ON_THE_DESK,
            Kind.HASTENED,
        ),
        (Step.REVIEW_DUE,),
    ),
    Kind.REPLIED: (Step.SETTLE_REPLIES,),
    Kind.RATED: (Step.HEAR_RATING,),
    Kind.WITHDRAWN: (Step.SETTLE_REPLIES,),
    Kind.REVIEW_REQUESTED: (Step.OPEN_REVIEW, Step.SETTLE_REPLIES),
    Kind.MESSAGE_RECEIVED: (Step.TELL_DESK,),
    Kind.SUPPLEMENTED: (Step.TELL_DESK,),
    Kind.RETALIATION_FILED: (Step.TELL_OF_RETALIATION,),
    Kind.IDENTITY_READ: (Step.TELL_OF_READINGS,),
    Kind.REVIEW_UPHELD: (Step.SETTLE_REVIEWS,),
    Kind.REVIEW_DISMISSED: (Step.SETTLE_REVIEWS,),
    Kind.REVIEW_OVERDUE: (Step.TELL_DUTY,),
    Kind.PICTURE_TAKEN: (Step.CLEAN_PICTURE,),
    Kind.PAPER_ASKED: (Step.PRINT_PAPER,),
    Kind.SCAN_ADDED: (Step.CLEAN_SCAN, Step.WATCH_FILING),
    Kind.DISPATCHED: (Step.MIRROR_REPORTS,),
    Kind.SIGNED: (Step.MIRROR_REPORTS,),
    Kind.VISIT_STARTED: (Step.MIRROR_REPORTS,),
    Kind.ORDERED: (Step.MIRROR_REPORTS, Step.FOLLOW_PROGRESS, Step.WATCH_FILING, Step.OWE_LISTING),
    Kind.NOT_SUBSTANTIATED: (Step.MIRROR_REPORTS,),
    Kind.SECOND_LOOK_CONFIRMED: (Step.MIRROR_REPORTS,),
    Kind.LOOKED_AT_ANEW: (Step.MIRROR_REPORTS,),
    Kind.ACCEPTANCE_PASSED: (Step.MIRROR_REPORTS, Step.FOLLOW_PROGRESS),
    Kind.ACCEPTANCE_FAILED: (Step.FOLLOW_PROGRESS,),
    Kind.MORE_TO_ACCEPT: (Step.FOLLOW_PROGRESS,),
    Kind.CLOSED: (Step.MIRROR_REPORTS, Step.FOLLOW_PROGRESS, Step.PLAN_LOOK_BACKS, Step.OPEN_REWARD),
    Kind.CASE_REFERRED: (Step.MIRROR_REPORTS,),
    Kind.CASE_CONCLUDED: (Step.MIRROR_REPORTS, Step.FOLLOW_PROGRESS, Step.WATCH_FILING),
    Kind.EXTENSION_GRANTED: (Step.MIRROR_REPORTS,),
    Kind.CASE_HELD: (Step.MIRROR_REPORTS,),
    Kind.CASE_RESUMED: (Step.MIRROR_REPORTS,),
    Kind.REOPENED: (
        Step.MIRROR_REPORTS,
        Step.FOLLOW_PROGRESS,
        Step.SETTLE_REOPENING,
        Step.WATCH_FILING,
        Step.OWE_LISTING,
    ),
    Kind.RETURN_REQUESTED: (Step.FIND_CIRCLE,),
    Kind.MEASURE_BREACHED: (Step.REOPEN_BREACHED,),
    # What has become immediate is not held any longer (D6).
    Kind.TAGGED: (Step.REVIEW_HOLD,),
    Kind.MADE_IMMEDIATE: (Step.REVIEW_HOLD,),
    Kind.CIRCUMSTANCE_LEARNED: (Step.REVIEW_HOLD, Step.WATCH_FILING),
    # A penalty that is owed is begun in time, or handed to whom it belongs; what falls through is owed again (M44).
    **dict.fromkeys(
        (
            Kind.PENALTY_FILED,
            Kind.PENALTY_REVOKED,
            Kind.REFERRED,
            Kind.REFERRAL_SETTLED,
            Kind.REFERRAL_TRACKED,
            Kind.REFERRAL_ANSWERED,
            Kind.CRIME_REPORTED,
            Kind.CRIME_DECIDED,
            Kind.CRIME_ACCEPTED,
            Kind.CRIME_DECLINED,
        ),
        (Step.WATCH_FILING,),
    ),
    Kind.VOIDED: (Step.REHOUSE_REPORTS,),
    Kind.REWARD_APPROVED: (Step.NOTIFY_REWARD,),
}

# What a step puts in by itself, without an entry: a sweep for each case that it finds, a notice for each way out.
PUT_IN: Mapping[Step, tuple[Step, ...]] = {
    Step.TRIAGE: (Step.PHOTOS_DUE,),
    Step.CLEAN_REPORT_PHOTO: (Step.PROPOSE_MASKS,),
    Step.CLEAN_SCAN: (Step.WATCH_FILING,),
    Step.SEAL_ORIGINALS: (Step.SEAL_ORIGINALS, Step.DROP_FILE),
    Step.FIND_UNROUTED: (Step.TRIAGE,),
    Step.FIND_OVERDUE: (Step.CLIMB,),
    Step.FIND_LATE_AT_DESK: (Step.URGE_DESK,),
    Step.FIND_SETTLED: (Step.CLOSE_REPORT,),
    Step.NOTIFY_REWARD: (Step.REWARD_DUE,),
    Step.KEEP_NO_LONGER: (Step.KEEP_NO_LONGER,),
    # What waits for the desk comes again until it is decided (M22).
    Step.REGISTER_FINDING: (Step.REGISTER_FINDING,),
    Step.CLIMB: (Step.SEND_NOTICE,),
    Step.FIND_ABSENT: (Step.STAND_IN,),
    Step.FIND_HOLDS: (Step.REVIEW_HOLD,),
    Step.FIND_RECOUNTABLE: (Step.RECOUNT, Step.RECOUNT_REPORT, Step.FIND_RECOUNTABLE),
    Step.SEND_NOTICE: (Step.DELIVER,),
    Step.TELL_NEWSROOMS: (Step.SEND_WEBHOOK,),
    Step.SEND_WEBHOOK: (Step.SEND_WEBHOOK, Step.SEND_NOTICE),
    Step.FIND_NEWS: (Step.PUSH_NEWS,),
    Step.PUSH_NEWS: (Step.PUSH_NEWS,),
}

# What an act puts in that leaves no entry: a voucher has no trail, for it names nobody's report or case; what is added
# to a report may promise photos, or none; what a newsroom asks to be sent is about no case.
UNTOLD: tuple[Step, ...] = (Step.SETTLE_REWARD, Step.PHOTOS_DUE, Step.SEND_WEBHOOK)
