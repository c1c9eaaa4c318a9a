"""R5: a report for somebody else goes there, and its reporter is told where; and R4: filing it where it belongs."""

import pytest
from sqlalchemy import select

from cases import intake, policy, triage
from cases.intake.codes import tracking_code
from cases.lifecycle.machine import NotInState, NotYourRole
from cases.models.decisions import Redirection
from cases.models.policy import PolicyValue
from cases.models.report import ReportEvent
from cases.routing import place
from cases.triage import Receiver
from cases.triage.categorise import NotForATown
from cases.triage.redirect import InsideTheDistrict, NoReceivingBody
from people.roles import Role
from tests import make
from tests.desk import accepted, case_of, entries, notices, waiting
from tests.make import NEAR_BORDER, NOW, OUTSIDE

ELSEWHERE = Receiver("临江区应急管理局", "010-0000", "")


def redirect(session, district, report, *, reason="noise", to=None, text=""):
    where = place(session, report)
    return triage.redirect(
        session, report, where, reason=reason, to=to or Receiver(), text=text, by=district.intake, now=NOW
    )


def test_r5_the_reporter_is_told_who_takes_it_and_by_which_number(session, district):
    report = waiting(session)
    done = redirect(session, district, report, text="噪声由城管执法")
    assert (report.state, done.body, done.phone) == ("redirected", "12345政务服务便民热线", "12345")
    told = session.scalars(select(ReportEvent).where(ReportEvent.kind == "redirected")).one().body
    assert (told["zh"], told["phone"], told["text"]) == ("噪声扰民，请拨打12345", "12345", "噪声由城管执法")
    assert done.due_at.isoformat() == "2026-11-27T16:00:00+00:00"  # R5: three working days after receipt


def test_r5_another_body_is_told_with_its_own_number_and_not_the_listed_one(session, district):
    done = redirect(session, district, waiting(session), to=ELSEWHERE)
    assert (done.body, done.phone) == ("临江区应急管理局", "010-0000")
    with pytest.raises(NoReceivingBody):
        redirect(session, district, waiting(session), to=Receiver("某局"))


@pytest.mark.parametrize("to", [Receiver(), Receiver(phone="110"), Receiver(body="某局")])
def test_r5_a_reason_without_a_listed_body_must_name_one_and_how_to_reach_it(session, district, to):
    report = waiting(session)
    with pytest.raises(NoReceivingBody), session.begin_nested():
        redirect(session, district, report, reason="other_body", to=to)
    session.refresh(report)
    assert report.state == "in_review"


def test_x32_the_list_of_bodies_is_the_districts(session, district):
    bodies = {"noise": {"zh": "城管局", "en": "-", "phone": "", "link": "https://example.org"}}
    session.add(PolicyValue(key="receiving_bodies", version=2, effective_at=NOW, value=bodies, note=""))
    session.flush()
    done = redirect(session, district, waiting(session))
    assert (done.body, done.phone, done.link) == ("城管局", "", "https://example.org")


def test_c13_what_lies_inside_the_district_is_not_sent_away_as_outside(session, district):
    with pytest.raises(InsideTheDistrict):
        redirect(session, district, waiting(session), reason="outside_district", to=ELSEWHERE)
    with pytest.raises(InsideTheDistrict):
        redirect(session, district, waiting(session, NEAR_BORDER), reason="outside_district", to=ELSEWHERE)
    for at in (OUTSIDE, None):
        report = waiting(session, at)
        redirect(session, district, report, reason="outside_district", to=ELSEWHERE)
        assert report.state == "redirected"


def test_every_reason_to_redirect_is_listed_with_a_body_or_must_name_one(session, district):
    listed = policy.value(session, "receiving_bodies", NOW)
    codes = {row.code for row in policy.reasons(session, "redirect", NOW)}
    assert set(listed) == codes - {"outside_district", "other_body"}
    assert all(row["zh"] and (row["phone"] or row["link"]) for row in listed.values())


@pytest.mark.parametrize("state", ["submitted", "need_more", "accepted", "replied", "withdrawn", "redirected"])
def test_r5_only_a_report_in_review_is_redirected(session, district, state):
    with pytest.raises(NotInState):
        redirect(session, district, make.report(session, state=state))
    assert session.scalars(select(Redirection)).all() == []


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.INTAKE_OFFICER])
def test_r5_nobody_but_the_intake_desk_redirects(session, district, role):
    who = make.officer(session, district.office, role)
    report = waiting(session)
    with pytest.raises(NotYourRole):
        triage.redirect(session, report, place(session, report), reason="noise", to=ELSEWHERE, text="", by=who, now=NOW)


def test_what_ended_takes_no_more_about_the_matter_but_still_a_question_and_word_of_retaliation(session, district):
    report = waiting(session)
    redirect(session, district, report)
    found = intake.progress(session, tracking_code(report.client_id), now=NOW)
    assert (found.can, found.ending.kind) == (["message", "retaliation"], "redirected")


# --- filing under another category


def categorise(session, district, report, code):
    triage.categorise(session, report, category_code=code, reason="看图", by=district.intake, now=NOW)


def test_r4_another_category_brings_its_own_urgency_and_keeps_what_was_chosen_on_the_trail(session, district):
    report = waiting(session, category="OTH-01", emergency="none")
    assert report.urgency == "normal"
    version = report.version
    categorise(session, district, report, "PUB-01")
    assert (report.category_code, report.urgency, report.version) == ("PUB-01", "immediate", version + 1)
    body = session.scalars(select(ReportEvent.body).where(ReportEvent.kind == "recategorised")).one()
    assert (body["before"], body["after"]) == ("OTH-01", "PUB-01")


def test_an_emergency_stays_immediate_under_any_category(session, district):
    report = waiting(session, urgency="immediate")
    categorise(session, district, report, "FIR-05")
    assert report.urgency == "immediate"


def test_r4_a_report_accepted_under_another_category_opens_its_case_with_that_ones_urgency(session, district):
    report = waiting(session, category="OTH-01", emergency="none")
    case = triage.accept(session, report, place(session, report), category_code="PUB-01", by=district.intake, now=NOW)
    assert (case.category_code, case.urgency, report.category_code) == ("PUB-01", "immediate", "PUB-01")
    assert "recategorised" in entries(session, report)


def test_r4_a_dispatched_report_is_not_filed_anew_by_the_desk_alone(session, district):
    with pytest.raises(NotInState):
        categorise(session, district, accepted(session, district), "FIR-05")


def test_x34_m117_a_report_of_deaths_is_never_filed_where_a_town_is_sent_out(session, district):
    report = waiting(session, category="CCL-01", deaths=True)
    with pytest.raises(NotForATown):
        categorise(session, district, report, "FIR-02")
    with pytest.raises(NotForATown), session.begin_nested():
        triage.accept(session, report, place(session, report), category_code="FIR-02", by=district.intake, now=NOW)
    session.refresh(report)
    assert (report.category_code, report.state) == ("CCL-01", "in_review")


def test_x34_m117_whatever_it_is_filed_under_deaths_go_to_the_group_and_the_town_is_only_told(session, district):
    report = waiting(session, deaths=True)
    assert report.category_code == "FIR-02"
    with pytest.raises(NotForATown), session.begin_nested():
        triage.accept(
            session, report, place(session, report), category_code="FIR-02", by=district.intake, now=NOW,
            town=district.west.org,
        )  # fmt: skip
    session.refresh(report)
    case = triage.accept(session, report, place(session, report), category_code="FIR-02", by=district.intake, now=NOW)
    assert case.responsible_org_id == district.group.id
    (told,) = notices(session, "group_case")
    assert (told.org_id, told.case_id) == (district.west.org.id, None)
    assert case.number not in told.text


def test_x34_a_report_of_deaths_joins_no_case_of_a_town(session, district):
    case = case_of(session, accepted(session, district))
    report = waiting(session, category="CCL-01", deaths=True)
    where = place(session, report)
    with pytest.raises(NotForATown):
        triage.merge(session, report, case.id, where, evidence="同一地点", by=district.intake, now=NOW)
    assert report.state == "in_review"
