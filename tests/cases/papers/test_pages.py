"""What stands on the pages, read back from the PDF (M18, M39, M46, M47, F10, X57)."""

import io
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from cases import handling, papers, policy
from cases.handling import BlockAnswer, CheckAnswer, CheckIn, Receipt, Signing
from cases.models.handling import Acceptance, Order, Visit
from cases.models.penalty import Penalty
from cases.models.referral import CriminalTransfer, Referral
from cases.papers.content.persons import NoSuchSubject
from cases.papers.words import CONDITIONS
from geo.points import Point
from kit.clock import LOCAL_ZONE
from kit.paper import print_sheets
from tests import accepting, make
from tests.cases.papers.reading import BASE_URL, HOSTILE, pages, referral, squeezed, waived
from tests.walk import RECORD, Walk, all_passed

MILLIMETRE = 72 / 25.4


def ask(walk, kind, table=None):
    found = select(table.id).where(table.case_id == walk.case.id) if table else None
    subject_id = walk.session.scalars(found).first() if table else None
    return papers.ask(walk.session, walk.case, kind=kind, subject_id=subject_id, by=walk.town.officer, now=walk.now)


def visited(walk, **facts):
    """A visit whose record says this."""
    walk.signed()
    check_in = CheckIn("verification", make.IN_WEST, [walk.town.colleague.account_id], None)
    handling.start_visit(walk.session, walk.case, check_in=check_in, by=walk.town.officer, now=walk.now)
    record = replace(RECORD, **facts)
    handling.complete_visit(walk.session, walk.case, record=record, by=walk.town.officer, now=walk.now)
    return walk


def test_m47_four_copies_carry_one_hash_and_four_recipients(session, walk, district):
    visited(walk)
    text = pages(ask(walk, "visit_record", Visit))
    assert len(text) == 4
    sha256 = session.scalars(select(Visit.record_hash)).one().hex()
    for number, page in zip("一二三四", text, strict=True):
        assert sha256 in page
        assert f"第{number}联（共4联）" in page
        assert "第1页共1页" in page
    recipients = [re.search("交(被检查单位|当地政府|主管部门|安委会办公室)", page)[1] for page in text]
    assert recipients == ["被检查单位", "当地政府", "主管部门", "安委会办公室"]
    for name in (walk.town.org.name_zh, district.office.name_zh):
        assert all(name in page for page in text)


def test_m46_f10_the_record_names_the_inspected_unit_and_the_penalty(walk):
    visited(walk)
    for page in pages(ask(walk, "visit_record", Visit)):
        for said in ("被检查单位某物业公司检查地点", "被检查单位：某物业公司", "处罚意见：拟立案调查"):
            assert said in page, said


def test_a_record_of_what_nobody_operates_leaves_the_line_to_be_written_on(walk):
    visited(walk, inspected_unit="", penalty="")
    page = pages(ask(walk, "visit_record", Visit))[0]
    assert "被检查单位检查地点" in page
    assert "处罚意见" not in page


def test_m46_the_record_says_what_was_looked_at_and_what_was_done_at_once(session, walk):
    """What the checks of the category found is handling as well: it stands on all four copies ((d), F10)."""
    given = [
        CheckAnswer("building_type", "stated", note="高层住宅"), CheckAnswer("high_rise", "yes"),
        CheckAnswer("out_of_use", "yes", done="已安排专人看护"),
    ]  # fmt: skip
    visited(walk, checks=given)
    text = "".join(pages(ask(walk, "visit_record", Visit)))
    found = "安全出口上锁消防设施停用、损坏"
    for said in ("建筑类型高层住宅", "是否高层是", "消防设施是否停用、损坏是已安排专人看护", found):
        assert text.count(said) == 4, said


def test_m45_a_measure_stands_with_its_unit_and_a_permit_with_what_was_done(session, district):
    walk = Walk(session, district, category="BLD-02")
    visited(walk, checks=[CheckAnswer("area", "measured", value=400.0), CheckAnswer("storeys", "na", note="未封顶")])
    page = "".join(pages(ask(walk, "visit_record", Visit)))
    assert "建筑面积400平方米" in page
    assert "层数不适用，未封顶" in page
    walk = Walk(session, district, category="BLD-01")
    done = [CheckAnswer("permit", done="已责令停工并设警戒")]
    visited(walk, checks=done, permit_check={"outcome": "not_seen"})
    page = "".join(pages(ask(walk, "visit_record", Visit)))
    assert "已责令停工并设警戒" in page
    assert "未取得施工许可证擅自施工" in page


def test_the_four_copies_differ_in_nothing_but_their_recipient(walk):
    visited(walk)
    stripped = {
        re.sub("第[一二三四]联（共4联）交(被检查单位|当地政府|主管部门|安委会办公室)|（本联）", "", page)
        for page in pages(ask(walk, "visit_record", Visit))
    }
    assert len(stripped) == 1


def accepted(walk, **signing):
    """An acceptance that every finding passed, signed as said."""
    walk.completed()
    accepting.pass_(
        walk.session, walk.case, note="复查合格", findings=["另查看了应急照明"], signing=Signing(**signing),
        checks=all_passed(walk.session, walk.case), by=walk.town.colleague, now=walk.now,
    )  # fmt: skip
    return walk


def test_t15_m47_four_copies_of_an_acceptance_carry_one_hash_and_four_recipients(session, walk, district):
    accepted(walk, people_present="王某", signature="signed")
    made = session.scalars(select(Acceptance)).one()
    text = pages(ask(walk, "acceptance", Acceptance))
    assert len(text) == 4
    number = session.scalars(select(Order.number)).one()
    for name, page in zip("一二三四", text, strict=True):
        assert f"第{name}联（共4联）" in page
        for said in (
            "整改验收记录", made.record_hash.hex(), squeezed(number), "立即清理", "已整改", "安全出口上锁合格",
            "另查看了应急照明", "整改验收合格", "复查合格", walk.town.colleague.name, "王某",
            "验收人员（签名）", walk.town.org.name_zh, district.office.name_zh,
        ):  # fmt: skip
            assert said in page, said
    recipients = [re.search("交(被检查单位|当地政府|主管部门|安委会办公室)", page)[1] for page in text]
    assert recipients == ["被检查单位", "当地政府", "主管部门", "安委会办公室"]
    stripped = {
        re.sub("第[一二三四]联（共4联）交(被检查单位|当地政府|主管部门|安委会办公室)|（本联）", "", page)
        for page in text
    }
    assert len(stripped) == 1


@pytest.mark.parametrize(("point", "reason", "said"), [
    (make.IN_WEST, None, "距登记地点0米"), (None, "地下室没有信号", "未取得定位。说明：地下室没有信号"),
    (Point(make.IN_WEST.lon + 0.0031, make.IN_WEST.lat), "从后门进入", "距登记地点29[5-7]米。说明：从后门进入"),
])  # fmt: skip
def test_x20_the_record_of_an_acceptance_says_when_and_how_near_its_acceptor_was(session, walk, point, reason, said):
    walk.completed()
    who = walk.town.colleague
    handling.arrive(session, walk.case, point=point, distance_reason=reason, by=who, now=walk.now)
    make.pictures(session, walk.case, "after", by=who, at=walk.now)
    handling.pass_(
        session, walk.case, note="合格", findings=[], checks=all_passed(session, walk.case), by=who,
        now=walk.now + timedelta(minutes=9),
    )  # fmt: skip
    arrived = f"{walk.now.astimezone(LOCAL_ZONE):%Y年%-m月%-d日}"
    for page in pages(ask(walk, "acceptance", Acceptance)):
        assert f"到场签到{arrived}" in page
        assert re.search(said, page)
        assert "被检查单位某物业公司地点" in page


def test_f10_a_refusal_to_sign_an_acceptance_is_noted_and_has_a_witness(walk):
    accepted(walk, signature="refused", note="负责人称无权签字")
    for page in pages(ask(walk, "acceptance", Acceptance)):
        assert "拒绝签字" in page
        assert "负责人称无权签字" in page
        assert "见证人（签名）" in page


def test_f10_the_record_states_time_place_problems_handling_and_signatures(walk):
    visited(walk, facts="出口被锁", findings=("出口上锁", "通道堆物"), action="责令改正")
    page = pages(ask(walk, "visit_record", Visit))[0]
    for said in (
        "2026年11月24日",
        "幸福路1号",
        "出口上锁",
        "通道堆物",
        "责令改正",
        "检查人员（签名）",
        "被检查单位负责人或者现场负责人（签名）",
        walk.town.officer.name,
        walk.town.colleague.name,
    ):
        assert said in page


def test_f10_a_refusal_to_sign_is_noted_with_its_reason_and_has_a_witness(walk):
    visited(walk, signature="refused", signature_note="负责人称不在现场")
    for page in pages(ask(walk, "visit_record", Visit)):
        assert "拒绝签字" in page
        assert "负责人称不在现场" in page
        assert "见证人（签名）" in page


def test_m31_m34_the_record_shows_the_permit_and_every_block_of_the_checklist(walk):
    blocks = (
        BlockAnswer("industry", "clear"), BlockAnswer("posts", "na", "个人住宅"),
        BlockAnswer("equipment", "problem", "灭火器过期"), BlockAnswer("hazards", "problem", "出口上锁"),
    )  # fmt: skip
    visited(walk, permit_check={"outcome": "not_seen", "note": "称遗失"}, checklist=blocks)
    page = pages(ask(walk, "visit_record", Visit))[0]
    for said in (
        "许可证件未出示。称遗失",
        "未发现问题",
        "不适用：个人住宅",
        "发现问题：灭火器过期",
        "发现问题：出口上锁",
    ):
        assert said in page


def test_m39_the_order_shows_the_five_headings_with_what_was_decided(walk):
    walk.ordered()
    text = "".join(pages(ask(walk, "order", Order)))
    for heading, said in (
        ("责任到位", "某公司"),
        ("措施到位", "清理"),
        ("资金到位", "自筹"),
        ("时限到位", "2026年12月"),
        ("预案到位", "专人看守"),
    ):
        assert heading + said in text
    for said in (
        "责令限期整改指令书",
        f"责改〔{walk.case.number}〕1号",
        "安全出口上锁",
        "行政复议",
        "送达回证",
        "印章",
    ):
        assert said in text


def test_f10_the_order_shows_how_it_was_delivered_in_a_new_edition(walk):
    """An edition of before says nothing of it, and prints as it did; the receipt is another one."""
    walk.ordered()
    before = ask(walk, "order", Order)
    empty = "".join(pages(before))
    (issued,) = walk.session.scalars(select(Order))
    receipt = Receipt(
        "left", walk.now, recipient="王某", capacity="店长", witnesses=["李某"], filmed=True,
        note="拒绝签收，留置于前台",
    )  # fmt: skip
    handling.deliver_order(
        walk.session, walk.case, order_id=issued.id, receipt=receipt, by=walk.town.officer, now=walk.now
    )
    after = ask(walk, "order", Order)
    assert (before.edition, after.edition) == (1, 2)
    text = "".join(pages(after))
    for said in (
        "留置送达",
        "王某（店长）",
        "李某；送达过程已拍照、录像",
        "拒绝签收，留置于前台",
        walk.town.officer.name,
    ):
        assert said in text
    assert "留置" not in empty
    del before.content["delivered"]  # as it was kept before there were receipts
    assert "".join(pages(before)) == empty


def test_m69_f22_the_guidance_notice_says_why_there_is_no_penalty_and_what_to_mind(walk):
    """The reason with each of its conditions, and the education that the law asks for."""
    walk.ordered()
    waived(walk.session, walk)
    text = "".join(pages(ask(walk, "guidance", Penalty)))
    told = ["不予行政处罚指导告知书", "某公司：", "锁闭安全出口", "初次违法且危害后果轻微并及时改正", "当场打开出口"]
    conditions = [CONDITIONS[one] for one in ("first", "slight_harm", "corrected")]
    for said in (*told, *conditions, "讲解疏散通道要求", "签收"):
        assert said in text


@pytest.mark.parametrize(
    "change", [{"state": "filed"}, {"state": "revoked"}, {"state": "filed", "reviewed_by": None, "reviewed_at": None}]
)
def test_m69_nobody_is_told_of_a_waiver_that_no_lawyer_confirmed(walk, change):
    walk.ordered()
    waived(walk.session, walk, **change)
    with pytest.raises(NoSuchSubject):
        ask(walk, "guidance", Penalty)


def test_m69_every_condition_of_policy_has_words(session):
    wanted = policy.value(session, "no_penalty_conditions", make.NOW)
    assert {name for names in wanted.values() for name in names} == set(CONDITIONS)


def test_the_closing_sheet_shows_the_panel_the_outcome_the_days_and_the_persons(walk):
    walk.closable()
    handling.close(walk.session, walk.case, note="同意结案", by=walk.town.leader, now=walk.now)
    text = "".join(pages(ask(walk, "closing")))
    for said in (
        "属实",
        "一般隐患",
        "G-REP",
        "G-PEN",
        "G-DOC",
        "已满足",
        "同意结案",
        "验收合格",
        "现场检查",
        "下达整改指令",
        walk.town.leader.name,
        walk.town.officer.name,
        walk.town.colleague.name,
        "2026年11月24日",
    ):
        assert said in text


def test_t11_the_transfer_letter_says_what_why_and_with_which_materials(session, walk):
    walk.proposed()
    made = referral(session, walk)
    text = "".join(pages(ask(walk, "transfer", Referral)))
    for said in (
        "案件移送函", made.number, walk.district.police.name_zh, "安全出口上锁", "幸福路1号", "处罚事项移送",
        "处罚权属于公安机关", "治安管理处罚法第三十九条", "检查记录一份", "现场照片四张", "回执", walk.town.leader.name,
    ):  # fmt: skip
        assert said in text


def test_a_letter_to_a_body_outside_names_it(session, walk):
    walk.proposed()
    referral(session, walk, to_org_id=None, to_external="邻区应急管理局", scope="case")
    assert "邻区应急管理局：" in "".join(pages(ask(walk, "transfer", Referral)))


def test_f30_a_suspected_crime_has_its_own_letter_once_it_was_sent(session, walk):
    walk.proposed()
    crime = CriminalTransfer(
        case_id=walk.case.id, org_id=walk.town.org.id, state="approved", suspicion="刑法第一百三十四条之一",
        facts="强令他人违章冒险作业", officer_ids=[walk.town.officer.account_id, walk.town.colleague.account_id],
        reported_by=walk.town.officer.account_id, reported_at=walk.now, materials=["案件调查报告"],
        decided_by=walk.town.leader.account_id, decided_at=walk.now, reasons="涉嫌危险作业罪",
        police_org_id=walk.district.police.id,
    )  # fmt: skip
    session.add(crime)
    session.flush()
    with pytest.raises(NoSuchSubject):
        ask(walk, "transfer", CriminalTransfer)
    crime.state, crime.sent_at = "sent", walk.now
    session.flush()
    text = "".join(pages(ask(walk, "transfer", CriminalTransfer)))
    for said in ("涉嫌犯罪案件移送书", "刑法第一百三十四条之一", "强令他人违章冒险作业", "案件调查报告"):
        assert said in text


def test_an_open_guard_is_shown_as_open(walk):
    walk.accepted()
    assert "检查记录、验收记录四联已全部送达，处罚决定书已存档未满足" in "".join(pages(ask(walk, "closing")))


def test_m18_x41_the_notice_is_one_a3_page_with_two_phones_and_a_public_address(session, walk, district):
    district.office.duty_phone, walk.town.org.duty_phone = "0990-5550001", "0990-5550011"
    walk.signed()
    paper = ask(walk, "notice")
    reader = PdfReader(io.BytesIO(print_sheets(papers.sheets(paper, base_url=BASE_URL)).pdf))
    (page,) = reader.pages
    assert [round(side / MILLIMETRE) for side in page.mediabox.upper_right] == [297, 420]
    text = squeezed(page.extract_text())
    for said in ("告示", "检查目的", "检查内容", "0990-5550001", "0990-5550011", f"{BASE_URL}/q/n/{paper.code}"):
        assert said in text
    assert "反映隐患，请打上面的电话" in text
    assert "随手举报" not in text  # the page behind the code takes no report
    assert paper.asked_at.isoformat()[:10].replace("-", "") in reader.metadata["/CreationDate"]


@pytest.mark.parametrize("kind", ["visit_record", "order"])
def test_hostile_words_are_printed_as_words(session, walk, kind):
    if kind == "visit_record":
        visited(
            walk,
            facts=HOSTILE,
            findings=(HOSTILE,),
            action=HOSTILE,
            place=HOSTILE,
            people_present=HOSTILE,
            permit_check={"outcome": "not_seen", "note": HOSTILE},
        )
        text = pages(ask(walk, kind, Visit))[0]
    else:
        walk.ordered()
        order = session.scalars(select(Order)).one()
        order.text = order.measures = order.responsible_party = HOSTILE
        session.flush()
        text = "".join(pages(ask(walk, kind, Order)))
    assert text.count("<script>alert(1)</script>&../../etc/passwd{{7*7}}[U+202E]反转[U+200B]㙍𠮷") >= 3


def test_fifty_long_findings_and_long_names_fit_on_their_pages(walk):
    findings = tuple(f"第{number}项" + "电气线路私拉乱接，未穿管保护；" * 15 + "A" * 150 for number in range(1, 51))
    visited(walk, findings=findings, place="很长的路名" * 40, people_present="买买提江·" * 40)
    paper = ask(walk, "visit_record", Visit)
    reader = PdfReader(io.BytesIO(print_sheets(papers.sheets(paper, base_url=BASE_URL)).pdf))
    text = "".join(squeezed(page.extract_text()) for page in reader.pages)
    assert text.count("第50项") == 4
    assert len(reader.pages) % 4 == 0
    assert text.count(f"第{len(reader.pages) // 4}页共{len(reader.pages) // 4}页") == 4


def test_what_nobody_filled_in_is_shown_as_empty(session, walk):
    visited(walk, people_present="", facts="")
    assert "（未填写）" in pages(ask(walk, "visit_record", Visit))[0]


def test_the_same_paper_printed_again_is_the_same_bytes(session, district):
    paper = ask(Walk(session, district).ordered(), "order", Order)
    session.refresh(paper)
    first, second = (print_sheets(papers.sheets(paper, base_url=BASE_URL)) for _ in range(2))
    assert first == second
