"""The redactor proposes, a person confirms, and what is confirmed is looked through by the same rules (Q2, X40, T4)."""

import hashlib
from uuid import uuid4

import pytest
from sqlalchemy import select

from cases import triage
from cases.models.case import CaseEvent
from cases.models.report import Answer, ReportEvent
from cases.triage.extract import NotLinked, PlaceMissing, UnfitExtract
from cases.wording import MAY_STAY
from people.models import Account
from people.roles import Role
from tests import make
from tests.desk import accepted, case_of
from tests.make import NOW

WORDS = "我是三车间的，昨晚十点半从我家窗口看到苏A12345往江里倒油，请打13812345678"


@pytest.fixture
def report(session, district):
    return accepted(session, district, text=WORDS)


@pytest.fixture
def confirm(session, district, report):
    def _confirm(text, codes=(), reason="现场需要"):
        return triage.confirm_extract(
            session, report, case_of(session, report), text=text, photo_ids=[], by=district.intake, now=NOW,
            overruling=triage.Overruling(frozenset(codes), reason) if codes else None,
        )  # fmt: skip

    return _confirm


def entry(session, report):
    found = select(ReportEvent).where(ReportEvent.report_id == report.id, ReportEvent.kind == "extract_confirmed")
    return session.scalars(found.order_by(ReportEvent.seq.desc())).first()


def test_q2_the_proposal_begins_from_all_that_was_told_and_says_what_it_left_out(session, report):
    session.add(
        Answer(
            client_id=uuid4(), report_id=report.id, body_hash=b"\1" * 32, kind="supplement",
            text="我妈也看见了，油是黑色的", received_at=NOW,
        )
    )  # fmt: skip
    session.add(
        Answer(
            client_id=uuid4(), report_id=report.id, body_hash=b"\1" * 32, kind="retaliation",
            text="他们打了人", received_at=NOW,
        )
    )  # fmt: skip
    found = triage.redacted(session, report, now=NOW)
    assert found.source == f"{WORDS}\n我妈也看见了，油是黑色的"
    assert "油是黑色的" in found.proposal.text
    assert "打了人" not in found.source
    for secret in ("三车间", "十点半", "窗口", "苏A12345", "13812345678", "我"):
        assert secret not in found.proposal.text
    assert {mark.code for mark in found.proposal.marks} == {
        "introduction", "own_home", "time_of_day", "plate", "phone", "kin"
    }  # fmt: skip


def test_t1_the_place_in_words_is_proposed_confirmed_and_looked_through_like_the_text(session, district):
    report = accepted(session, district, text=WORDS, address="兴业路88号3幢2单元501室，我家楼下")
    case = case_of(session, report)
    assert triage.redacted(session, report, now=NOW).place.text == "兴业路某号某户，该处"

    def confirm(place, *codes):
        over = triage.Overruling(frozenset(codes), "要找得到") if codes else None
        said = {"text": "倾倒废油", "place": place, "photo_ids": [], "overruling": over}
        triage.confirm_extract(session, report, case, by=district.intake, now=NOW, **said)

    with pytest.raises(UnfitExtract) as refused:
        confirm("我家楼下")
    assert (refused.value.pointer, [each["pointer"] for each in refused.value.extra["found"]]) == ("/place", ["/place"])
    confirm("兴业路88号3幢2单元501室", "house_number")
    assert case.place_text == "兴业路88号3幢2单元501室"
    assert entry(session, report).body["stays"] == ["house_number"]
    confirm("")
    assert case.place_text == "兴业路88号3幢2单元501室"  # said once, it stays


def test_t1_a_case_without_a_point_has_its_place_in_words(session, district):
    report = make.report(session, None, address="临江镇朝阳村5组")
    triage.judge(session, report.id, now=NOW)
    placing = triage.of_report(session, report, now=NOW).placing
    triage.accept(session, report, placing, category_code="FIR-02", town=district.west.org, by=district.intake, now=NOW)
    case = case_of(session, report)
    for place in ("", "临江镇朝阳村5组"):
        said = {"text": "倾倒废油", "place": place, "photo_ids": [], "by": district.intake, "now": NOW}
        if not place:
            with pytest.raises(PlaceMissing):
                triage.confirm_extract(session, report, case, **said)
            assert case.extract is None
        else:
            assert triage.confirm_extract(session, report, case, **said).place_text == place
            assert triage.confirm_extract(session, report, case, **said | {"place": ""}).place_text == place


def test_q2_until_a_person_confirms_the_case_has_no_word_of_it(session, report):
    triage.redacted(session, report, now=NOW)
    case = case_of(session, report)
    assert (case.extract, case.extract_confirmed_at, entry(session, report)) == (None, None, None)


def test_q2_the_reports_trail_says_who_confirmed_what_and_whether_it_was_proposed(session, district, report, confirm):
    proposed = triage.redacted(session, report, now=NOW).proposal.text
    confirm(proposed)
    row = entry(session, report)
    assert (row.actor, row.at) == (district.intake.label, NOW)
    assert row.body == {
        "sha256": hashlib.sha256(proposed.encode()).hexdigest(), "as_proposed": True, "stays": [], "reason": None,
    }  # fmt: skip
    confirm("有人向江中倾倒废油")
    assert entry(session, report).body["as_proposed"] is False
    bodies = session.scalars(select(CaseEvent.body).where(CaseEvent.kind == "extract_released"))
    assert list(bodies) == [{"pictures": 0}, {"pictures": 0}]  # the case's trail says nothing of words


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("请打一三八 1234 5678", "phone"), ("证件11010519491231002X", "id_number"), ("我家楼下倒油", "own_home"),
        ("我是厂里的员工", "introduction"), ("我妈看见的", "kin"), ("加微信zhang_san88", "online_contact"),
        ("我上周举报过", "earlier_report"), ("我们单位倒油", "own_place"), ("另有居民举报", "other_report"),
        ("卡号6222020012345678901", "account_number"), ("家住东街", "home_address"),
    ],
)  # fmt: skip
def test_x40_what_may_never_stay_is_refused_by_its_code_whatever_reason_is_given(session, report, confirm, text, code):
    for overruled in ((), (code, *MAY_STAY)):
        with pytest.raises(UnfitExtract) as refused:
            confirm(text, overruled)
        (found,) = refused.value.extra["found"]
        assert (found["code"], found["may_stay"], found["pointer"]) == (code, False, "/text")
        assert text[found["start"] : found["end"]]
    assert case_of(session, report).extract is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("苏A12345向江中倒油", "plate"), ("幸福路12号囤油", "house_number"), ("王老板的作坊", "person_name"),
        ("每晚22:30卸油", "time_of_day"), ("我们发现倒油", "first_person"), ("罐号12345678泄漏", "long_number"),
        ("案件2026-000123", "inner_number"),
    ],
)  # fmt: skip
def test_q2_what_may_be_a_fact_of_the_case_stays_for_a_reason_that_is_kept(session, report, confirm, text, code):
    with pytest.raises(UnfitExtract) as refused:
        confirm(text)
    assert [(one["code"], one["may_stay"]) for one in refused.value.extra["found"]] == [(code, True)]
    with pytest.raises(UnfitExtract):
        confirm(text, {"phone"})  # another code says nothing of this one
    assert confirm(text, {code, "phone"}).extract == text
    assert (entry(session, report).body["stays"], entry(session, report).body["reason"]) == ([code], "现场需要")


def test_a_reason_for_nothing_is_not_kept(session, report, confirm):
    confirm("有人倒油", {"plate"})
    assert (entry(session, report).body["stays"], entry(session, report).body["reason"]) == ([], None)


def test_an_officer_who_is_named_is_found_by_name(session, district, report, confirm):
    named = session.get_one(Account, make.officer(session, district.west.org, Role.TOWN_OFFICER).account_id)
    named.name = "欧阳建设"
    with pytest.raises(UnfitExtract) as refused:
        confirm("欧阳 建设收了钱")
    assert [one["code"] for one in refused.value.extra["found"]] == ["officer_name"]


def test_phones_that_everybody_has_may_stay(session, report, confirm, monkeypatch):
    monkeypatch.setattr("cases.triage.extract.public_phones", lambda *_: frozenset({"05125550000"}))
    assert confirm("公示牌电话0512-5550000无人接听").extract


def test_nothing_is_confirmed_for_a_case_that_the_report_has_not_joined(session, district, report):
    other = make.case(session, district.west.org)
    with pytest.raises(NotLinked):
        triage.confirm_extract(session, report, other, text="x", photo_ids=[], by=district.intake, now=NOW)
