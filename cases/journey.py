"""What follows what. Read this first: it is the whole plot, one table.

An act leaves an entry on the trail; this table says which steps must follow it. The trail writes them as job rows in
the same transaction, and workers do them. No signals, no callbacks, no bus.
"""

from collections.abc import Mapping
from enum import StrEnum


class Kind(StrEnum):
    """Kinds of entries on a trail."""

    # of a report
    RECEIVED = "received"
    PHOTO_STORED = "photo_stored"
    REVIEW_STARTED = "review_started"
    SEEN = "seen"
    WAITS = "waits"
    ASKED = "asked"
    ANSWERED = "answered"
    SUPPLEMENTED = "supplemented"
    WITHDRAWN = "withdrawn"
    ANSWER_MISSED = "answer_missed"
    RECATEGORISED = "recategorised"
    REDIRECTED = "redirected"
    REFUSAL_PROPOSED = "refusal_proposed"
    REFUSAL_REJECTED = "refusal_rejected"
    NOT_ACCEPTED = "not_accepted"
    RECHECK_DRAWN = "recheck_drawn"
    RECHECK_READ = "recheck_read"
    RECHECK_OVERDUE = "recheck_overdue"
    REFUSAL_UPHELD = "refusal_upheld"
    REFUSAL_OVERTURNED = "refusal_overturned"
    ACCEPTED = "accepted"
    MERGED = "merged"
    SEPARATED = "separated"
    BACK_ON_THE_DESK = "back_on_the_desk"
    MIRRORED = "mirrored"
    EXTRACT_CONFIRMED = "extract_confirmed"
    REPLIED = "replied"
    RATED = "rated"
    REPORT_CLOSED = "report_closed"
    REVIEW_OVERDUE = "review_overdue"
    REPLY_OVERDUE = "reply_overdue"
    DECISION_OVERDUE = "decision_overdue"
    REVIEW_REQUESTED = "review_requested"
    GROUNDS_GIVEN = "grounds_given"
    IDENTITY_ASKED = "identity_asked"
    IDENTITY_APPROVED = "identity_approved"
    IDENTITY_REFUSED = "identity_refused"
    IDENTITY_WITHDRAWN = "identity_withdrawn"
    IDENTITY_READ = "identity_read"
    IDENTITY_LAPSED = "identity_lapsed"
    # of a case
    REGISTERED = "registered"
    DISPATCHED = "dispatched"
    SIGNED = "signed"
    VISIT_STARTED = "visit_started"
    PICTURE_TAKEN = "picture_taken"
    VISIT_COMPLETED = "visit_completed"
    EVIDENCE_LINKED = "evidence_linked"
    COPY_DELIVERED = "copy_delivered"
    PAPER_ASKED = "paper_asked"
    SCAN_ADDED = "scan_added"
    VERDICT_PROPOSED = "verdict_proposed"
    VERDICT_RETURNED = "verdict_returned"
    ORDERED = "ordered"
    NOT_SUBSTANTIATED = "not_substantiated"
    SECOND_LOOK_DRAWN = "second_look_drawn"
    SECOND_LOOK_SPARED = "second_look_spared"
    SECOND_LOOK_CONFIRMED = "second_look_confirmed"
    SECOND_LOOK_RETURNED = "second_look_returned"
    EXTENSION_REQUESTED = "extension_requested"
    EXTENSION_GRANTED = "extension_granted"
    EXTENSION_REFUSED = "extension_refused"
    HOLD_REQUESTED = "hold_requested"
    HOLD_WITHDRAWN = "hold_withdrawn"
    HOLD_APPROVED = "hold_approved"
    HOLD_REFUSED = "hold_refused"
    HOLD_RENEWED = "hold_renewed"
    HOLD_ENDED = "hold_ended"
    HOLD_LAPSED = "hold_lapsed"
    CASE_HELD = "case_held"
    CASE_RESUMED = "case_resumed"
    DECISION_DEMANDED = "decision_demanded"
    DECISION_TAKEN = "decision_taken"
    LOOKED_AT_ANEW = "looked_at_anew"
    COMPLETED = "completed"
    DEADLINE_REACHED = "deadline_reached"
    ACCEPTANCE_FAILED = "acceptance_failed"
    ACCEPTANCE_PASSED = "acceptance_passed"
    TASK_SIGNED = "task_signed"
    TASK_ANSWERED = "task_answered"
    EXTRACT_RELEASED = "extract_released"
    REPLIES_DONE = "replies_done"
    CLOSED = "closed"
    LOOK_BACK_PLANNED = "look_back_planned"
    LOOK_BACK_ASSIGNED = "look_back_assigned"
    LOOK_BACK_BEGUN = "look_back_begun"
    LOOK_BACK_STARTED = "look_back_started"
    LOOK_BACK_CONFIRMED = "look_back_confirmed"
    LOOK_BACK_DROPPED = "look_back_dropped"
    STAYS_CLOSED = "stays_closed"
    REVIEW_OPENED = "review_opened"
    REVIEW_ASSIGNED = "review_assigned"
    REVIEW_UPHELD = "review_upheld"
    REVIEW_DISMISSED = "review_dismissed"
    REBOUND_FOUND = "rebound_found"
    REOPENED = "reopened"
    RETURN_REQUESTED = "return_requested"
    RETURN_REJECTED = "return_rejected"
    SENT_TO_ARBITRATION = "sent_to_arbitration"
    TASK_TAKEN_BACK = "task_taken_back"
    VOID_PROPOSED = "void_proposed"
    VOID_REJECTED = "void_rejected"
    VOIDED = "voided"
    DUTY_ALARMED = "duty_alarmed"
    OVERDUE = "overdue"
    ESCALATED = "escalated"
    URGED = "urged"
    URGE_REPLIED = "urge_replied"
    URGE_ACCEPTED = "urge_accepted"
    URGE_REJECTED = "urge_rejected"
    URGE_WITHDRAWN = "urge_withdrawn"
    INTERVIEW_PLANNED = "interview_planned"
    INTERVIEW_HELD = "interview_held"
    INTERVIEW_DROPPED = "interview_dropped"
    BULLETIN_STRUCK = "bulletin_struck"
    LISTING_PROPOSED = "listing_proposed"
    TASK_MOVED = "task_moved"
    RECOUNTED = "recounted"
    EXPOSURE_DRAFTED = "exposure_drafted"
    EXPOSURE_SUBMITTED = "exposure_submitted"
    EXPOSURE_RETURNED = "exposure_returned"
    EXPOSURE_DROPPED = "exposure_dropped"
    EXPOSURE_REVIEWED = "exposure_reviewed"
    EXPOSURE_PUBLISHED = "exposure_published"
    EXPOSURE_WITHDRAWN = "exposure_withdrawn"
    # of enforcement
    TAGGED = "tagged"
    CIRCUMSTANCE_LEARNED = "circumstance_learned"
    SAFEGUARDED = "safeguarded"
    INVOLVED = "involved"
    MEASURE_PROPOSED = "measure_proposed"
    MEASURE_APPROVED = "measure_approved"
    MEASURE_DROPPED = "measure_dropped"
    MEASURE_IN_FORCE = "measure_in_force"
    MEASURE_EXTENDED = "measure_extended"
    MEASURE_BREACHED = "measure_breached"
    LIFT_REQUESTED = "lift_requested"
    MEASURE_REVIEWED = "measure_reviewed"
    LIFT_REFUSED = "lift_refused"
    MEASURE_LIFTED = "measure_lifted"
    MEASURE_EXPIRED = "measure_expired"
    MEASURE_REPLACED = "measure_replaced"
    PENALTY_FILED = "penalty_filed"
    PENALTY_INVESTIGATED = "penalty_investigated"
    PENALTY_NOTIFIED = "penalty_notified"
    DEFENCE_HEARD = "defence_heard"
    HEARING_GRANTED = "hearing_granted"
    HEARING_HELD = "hearing_held"
    PENALTY_DECIDED = "penalty_decided"
    PENALTY_SERVED = "penalty_served"
    PENALTY_EXECUTED = "penalty_executed"
    PENALTY_PUBLISHED = "penalty_published"
    WAIVER_PROPOSED = "waiver_proposed"
    PENALTY_WAIVED = "penalty_waived"
    PENALTY_REVOKED = "penalty_revoked"
    PUBLICATION_WITHDRAWN = "publication_withdrawn"
    CASE_REFERRED = "case_referred"
    CASE_TAKEN_BACK = "case_taken_back"
    REFERRED = "referred"
    REFERRAL_ACCEPTED = "referral_accepted"
    REFERRAL_REFUSED = "referral_refused"
    REFERRAL_SETTLED = "referral_settled"
    REFERRAL_ANSWERED = "referral_answered"
    REFERRAL_TRACKED = "referral_tracked"
    REFERRAL_CHECKED = "referral_checked"
    CRIME_REPORTED = "crime_reported"
    CRIME_DECIDED = "crime_decided"
    CRIME_SENT = "crime_sent"
    CRIME_ACCEPTED = "crime_accepted"
    CRIME_DECLINED = "crime_declined"
    OPERATION_PLANNED = "operation_planned"
    OPERATION_STARTED = "operation_started"
    OPERATION_RECORDED = "operation_recorded"
    OPERATION_CLOSED = "operation_closed"


class Step(StrEnum):
    """What a worker can do. Each has one function in workers/steps.py (a test counts them)."""

    TRIAGE = "triage"
    CLEAN_REPORT_PHOTO = "clean_report_photo"
    CLEAN_PICTURE = "clean_picture"
    PRINT_PAPER = "print_paper"
    CLEAN_SCAN = "clean_scan"
    REVIEW_DUE = "review_due"
    ANSWER_DUE = "answer_due"
    DECISION_DUE = "decision_due"
    RECHECK_DUE = "recheck_due"
    REHOUSE_REPORTS = "rehouse_reports"
    FIND_CIRCLE = "find_circle"
    MIRROR_REPORTS = "mirror_reports"
    TELL_DUTY = "tell_duty"
    FOLLOW_PROGRESS = "follow_progress"
    SETTLE_REPLIES = "settle_replies"
    REPLY_DUE = "reply_due"
    HEAR_RATING = "hear_rating"
    CLOSE_REPORT = "close_report"
    OPEN_REVIEW = "open_review"
    SETTLE_REVIEWS = "settle_reviews"
    PLAN_LOOK_BACKS = "plan_look_backs"
    SETTLE_REOPENING = "settle_reopening"
    CLIMB = "climb"
    STAND_IN = "stand_in"
    REVIEW_HOLD = "review_hold"
    RECOUNT = "recount"
    RECOUNT_REPORT = "recount_report"
    SEND_NOTICE = "send_notice"
    DELIVER = "deliver"
    # sweeps, put in by the schedule
    FIND_UNROUTED = "find_unrouted"
    FIND_OVERDUE = "find_overdue"
    FIND_SETTLED = "find_settled"
    FIND_ABSENT = "find_absent"
    FIND_HOLDS = "find_holds"
    FIND_RECOUNTABLE = "find_recountable"
    WARN_OF_CALENDAR = "warn_of_calendar"
    EXPIRE_PHOTOS = "expire_photos"
    EXPIRE_EXPOSURES = "expire_exposures"
    EXPIRE_EXPORTS = "expire_exports"
    FORGET_ATTEMPTS = "forget_attempts"
    EXPIRE_MEASURES = "expire_measures"
    FIND_ORPHANS = "find_orphans"
    LAPSE_RELEASES = "lapse_releases"
    LIST_RELEASES = "list_releases"
    GROW_LOG = "grow_log"
    DRAW_LOOK_BACKS = "draw_look_backs"
    DRAW_RECHECKS = "draw_rechecks"


FOLLOW_UPS: Mapping[Kind, tuple[Step, ...]] = {
    Kind.RECEIVED: (Step.TRIAGE,),
    Kind.PHOTO_STORED: (Step.CLEAN_REPORT_PHOTO,),
    Kind.WAITS: (Step.REVIEW_DUE,),
    Kind.ASKED: (Step.ANSWER_DUE,),
    Kind.REFUSAL_PROPOSED: (Step.DECISION_DUE,),
    Kind.RECHECK_DRAWN: (Step.RECHECK_DUE,),
    Kind.REFUSAL_OVERTURNED: (Step.REVIEW_DUE,),
    Kind.REPLIED: (Step.SETTLE_REPLIES,),
    Kind.RATED: (Step.HEAR_RATING,),
    Kind.WITHDRAWN: (Step.SETTLE_REPLIES,),
    Kind.REVIEW_REQUESTED: (Step.OPEN_REVIEW, Step.SETTLE_REPLIES),
    Kind.REVIEW_UPHELD: (Step.SETTLE_REVIEWS,),
    Kind.REVIEW_DISMISSED: (Step.SETTLE_REVIEWS,),
    Kind.REVIEW_OVERDUE: (Step.TELL_DUTY,),
    Kind.PICTURE_TAKEN: (Step.CLEAN_PICTURE,),
    Kind.PAPER_ASKED: (Step.PRINT_PAPER,),
    Kind.SCAN_ADDED: (Step.CLEAN_SCAN,),
    Kind.DISPATCHED: (Step.MIRROR_REPORTS,),
    Kind.SIGNED: (Step.MIRROR_REPORTS,),
    Kind.VISIT_STARTED: (Step.MIRROR_REPORTS,),
    Kind.ORDERED: (Step.MIRROR_REPORTS, Step.FOLLOW_PROGRESS),
    Kind.NOT_SUBSTANTIATED: (Step.MIRROR_REPORTS,),
    Kind.SECOND_LOOK_CONFIRMED: (Step.MIRROR_REPORTS,),
    Kind.LOOKED_AT_ANEW: (Step.MIRROR_REPORTS,),
    Kind.ACCEPTANCE_PASSED: (Step.MIRROR_REPORTS, Step.FOLLOW_PROGRESS),
    Kind.ACCEPTANCE_FAILED: (Step.FOLLOW_PROGRESS,),
    Kind.CLOSED: (Step.MIRROR_REPORTS, Step.FOLLOW_PROGRESS, Step.PLAN_LOOK_BACKS),
    Kind.CASE_HELD: (Step.MIRROR_REPORTS,),
    Kind.CASE_RESUMED: (Step.MIRROR_REPORTS,),
    Kind.REOPENED: (Step.MIRROR_REPORTS, Step.FOLLOW_PROGRESS, Step.SETTLE_REOPENING),
    Kind.RETURN_REQUESTED: (Step.FIND_CIRCLE,),
    # What has become immediate is not held any longer (D6).
    Kind.TAGGED: (Step.REVIEW_HOLD,),
    Kind.CIRCUMSTANCE_LEARNED: (Step.REVIEW_HOLD,),
    Kind.VOIDED: (Step.REHOUSE_REPORTS,),
}

# What a step puts in by itself, without an entry: a sweep for each case that it finds, a notice for each way out.
PUT_IN: Mapping[Step, tuple[Step, ...]] = {
    Step.FIND_UNROUTED: (Step.TRIAGE,),
    Step.FIND_OVERDUE: (Step.CLIMB,),
    Step.FIND_SETTLED: (Step.CLOSE_REPORT,),
    Step.MIRROR_REPORTS: (Step.REPLY_DUE,),
    Step.CLIMB: (Step.SEND_NOTICE,),
    Step.FIND_ABSENT: (Step.STAND_IN,),
    Step.FIND_HOLDS: (Step.REVIEW_HOLD,),
    Step.FIND_RECOUNTABLE: (Step.RECOUNT, Step.RECOUNT_REPORT, Step.FIND_RECOUNTABLE),
    Step.SEND_NOTICE: (Step.DELIVER,),
}
