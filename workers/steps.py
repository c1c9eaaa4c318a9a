"""Step → the function that does it. Complete by test: the domain says what follows, this says who does it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from cases import (
    aftercare,
    disputes,
    enforcing,
    exposure,
    handling,
    history,
    lists,
    releases,
    rewarding,
    statistics,
    subscriptions,
    supervision,
    triage,
    webhooks,
)
from cases.journey import Step
from cases.supervision import deliveries
from people import sign_in
from workers import clocks, duty, masking, mirroring, originals, paper, photos, reopenings, sending, sweeps


@dataclass(frozen=True)
class Work:
    """One job as its step sees it."""

    subject: UUID | None
    args: Mapping[str, Any]

    @property
    def about(self) -> UUID:
        """The subject of a job that has one."""
        if self.subject is None:
            raise ValueError("this job has no subject")
        return self.subject


Do = Callable[[Session, Work, datetime], object]
AfterFailure = Callable[[Session, Work, Exception, bool, datetime], None]

STEPS: dict[Step, Do] = {
    Step.TRIAGE: lambda session, work, now: triage.judge(session, work.about, now=now),
    Step.LET_ON: lambda session, work, now: triage.let_on(session, work.about, now=now),
    Step.REVIEW_DUE: lambda session, work, now: triage.review_due(session, work.about, now=now),
    Step.ANSWER_DUE: lambda session, work, now: triage.answer_due(session, work.about, now=now),
    Step.PHOTOS_DUE: lambda session, work, now: triage.photos_due(session, work.about, now=now),
    Step.URGE_DESK: lambda session, work, now: triage.urge_desk(session, work.about, now=now),
    Step.REHOUSE_REPORTS: lambda session, work, now: triage.rehouse(session, work.about, now=now),
    Step.REGISTER_FINDING: lambda session, work, now: triage.register_finding(session, work.about, now=now),
    Step.FIND_CIRCLE: lambda session, work, now: disputes.find_circle(session, work.about, now=now),
    Step.MIRROR_REPORTS: lambda session, work, now: mirroring.mirror_reports(session, work.about, now=now),
    Step.OPEN_REVIEW: lambda session, work, now: aftercare.open_review(session, work.about, now=now),
    Step.SETTLE_REVIEWS: lambda session, work, now: aftercare.settle_reviews(session, work.about, now=now),
    Step.PLAN_LOOK_BACKS: lambda session, work, now: aftercare.plan(session, work.about, now=now),
    Step.SETTLE_REOPENING: lambda session, work, now: reopenings.settle(session, work.about, now=now),
    Step.REOPEN_BREACHED: lambda session, work, now: aftercare.reopen_breached(session, work.about, now=now),
    Step.OPEN_REWARD: lambda session, work, now: rewarding.open_reward(session, work.about, now=now),
    Step.NOTIFY_REWARD: lambda session, work, now: rewarding.notify(session, work.about, now=now),
    Step.REWARD_DUE: lambda session, work, now: rewarding.due(session, work.about, now=now),
    Step.SETTLE_REWARD: lambda session, work, now: rewarding.settle(session, work.about, now=now),
    Step.SETTLE_REPLIES: lambda session, work, now: triage.settle_replies(session, work.about, now=now),
    Step.HEAR_RATING: lambda session, work, now: triage.hear_rating(session, work.about, now=now),
    Step.CLOSE_REPORT: lambda session, work, now: triage.close_settled(session, work.about, now=now),
    Step.TELL_DESK: lambda session, work, now: triage.tell_desk(session, work.about, now=now),
    Step.TELL_OF_READINGS: lambda session, work, now: triage.tell_of_readings(session, work.about, now=now),
    Step.TELL_OF_RETALIATION: lambda session, work, now: triage.tell_of_retaliation(session, work.about, now=now),
    Step.FIND_LATE_RETALIATIONS: lambda session, _work, now: triage.find_late_retaliations(session, now=now),
    Step.FOLLOW_PROGRESS: lambda session, work, now: exposure.follow_progress(session, work.about, now=now),
    Step.TELL_DUTY: lambda session, work, now: duty.tell_duty(session, work.about, now=now),
    Step.CLEAN_REPORT_PHOTO: lambda session, work, now: photos.clean_report_photo(session, work.about, now=now),
    Step.PROPOSE_MASKS: lambda session, work, _now: masking.propose_masks(session, work.about),
    Step.BURN_MASKS: lambda session, work, _now: masking.burn_masks(session, work.about),
    Step.CLEAN_PICTURE: lambda session, work, _now: photos.clean_picture(session, work.about),
    Step.DROP_FILE: lambda session, work, _now: originals.drop_file(session, **work.args),
    Step.CLIMB: lambda session, work, now: clocks.climb(session, work.about, now=now),
    Step.STAND_IN: lambda session, work, now: clocks.stand_in(session, work.about, now=now),
    Step.REVIEW_HOLD: lambda session, work, now: clocks.review_hold(session, work.about, now=now),
    Step.WATCH_FILING: lambda session, work, now: clocks.watch_filing(session, work.about, now=now),
    Step.OWE_LISTING: lambda session, work, now: clocks.owe_listing(session, work.about, now=now),
    Step.RECOUNT: lambda session, work, now: clocks.recount(session, work.about, now=now),
    Step.RECOUNT_REPORT: lambda session, work, now: clocks.recount_report(session, work.about, now=now),
    Step.SEND_NOTICE: lambda session, work, now: sending.send_notice(session, **work.args, now=now),
    Step.DELIVER: lambda session, work, now: sending.deliver(session, work.about, now=now),
    Step.SEND_WEBHOOK: lambda session, work, now: webhooks.deliver(session, work.about, now=now),
    Step.PUSH_NEWS: lambda session, work, now: subscriptions.tell(session, work.about, now=now),
    Step.PRINT_PAPER: lambda session, work, now: paper.print_paper(session, work.about, now=now),
    Step.CLEAN_SCAN: lambda session, work, now: paper.clean_scan(session, work.about, now=now),
    Step.FIND_UNROUTED: lambda session, _work, now: sweeps.find_unrouted(session, now=now),
    Step.FIND_OVERDUE: lambda session, _work, now: sweeps.find_overdue(session, now=now),
    Step.FIND_LATE_AT_DESK: lambda session, _work, now: sweeps.find_late_at_desk(session, now=now),
    Step.FIND_SETTLED: lambda session, _work, now: sweeps.find_settled(session, now=now),
    Step.EXPIRE_PHOTOS: lambda session, _work, now: sweeps.expire_photos(session, now=now),
    Step.SEAL_ORIGINALS: lambda session, work, now: originals.seal_originals(session, **work.args, now=now),
    Step.DRAW_LOOK_BACKS: lambda session, _work, now: aftercare.draw(session, now=now),
    Step.DRAW_RECHECKS: lambda session, _work, now: triage.draw_rechecks(session, now=now),
    Step.EXPIRE_MEASURES: lambda session, _work, now: sweeps.expire_measures(session, now=now),
    Step.EXPIRE_EXPOSURES: lambda session, _work, now: sweeps.expire_exposures(session, now=now),
    Step.EXPIRE_EXPORTS: lambda session, _work, now: lists.expire(session, now=now),
    Step.KEEP_NO_LONGER: lambda session, _work, now: sweeps.keep_no_longer(session, now=now),
    Step.FIND_ABSENT: lambda session, _work, now: sweeps.find_absent(session, now=now),
    Step.FIND_HOLDS: lambda session, _work, now: sweeps.find_holds(session, now=now),
    Step.FIND_RECOUNTABLE: lambda session, _work, now: sweeps.find_recountable(session, now=now),
    Step.WARN_OF_CALENDAR: lambda session, _work, now: supervision.warn(session, now=now),
    Step.FIND_ORPHANS: lambda session, _work, now: aftercare.find_orphans(session, now=now),
    Step.LAPSE_EXTENSIONS: lambda session, _work, now: handling.lapse_extensions(session, now=now),
    Step.URGE_OPERATIONS: lambda session, _work, now: enforcing.urge_operations(session, now=now),
    Step.LAPSE_RELEASES: lambda session, _work, now: releases.lapse(session, now=now),
    Step.PUBLISH_STATISTICS: lambda session, _work, now: statistics.publish(session, now=now),
    Step.LIST_RELEASES: lambda session, _work, now: releases.list_week(session, now=now),
    Step.GROW_LOG: lambda session, _work, now: history.put_in(session, now=now),
    Step.TELL_NEWSROOMS: lambda session, _work, now: webhooks.tell(session, now=now),
    Step.FIND_NEWS: lambda session, _work, now: subscriptions.find_news(session, now=now),
    Step.FORGET_ATTEMPTS: lambda session, _work, now: sign_in.forget_attempts(session, now=now),
    Step.FORGET_ORIGINS: lambda session, _work, now: triage.forget_origins(session, now=now),
}

# What a failed try leaves where people look, in the transaction that postpones or gives up its job.
AFTER_FAILURE: dict[str, AfterFailure] = {
    Step.DELIVER: lambda session, work, failure, gives_up, now: deliveries.note_failure(
        session, work.about, failure, gives_up=gives_up, now=now
    ),
}
