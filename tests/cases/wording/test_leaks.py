"""What a text gives away: each rule by itself, whatever stands around it (R7, C12, C14, F69, X39, X42, X48)."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.wording import Known, leaks
from cases.wording.reading import read
from cli.demo.desk import REPLIES as OF_THE_DEMO

OUR_REPLY = "您反映的问题经现场核查属实，已责令整改并通过验收。感谢您对安全生产工作的支持。"
NOTHING = Known()
KNOWN = Known(
    handlers=frozenset({"高峰", "赵文博"}),
    officers=frozenset({"向前", "钱晓岚"}),
    persons=frozenset({"吴桂花", "王某某"}),
    numbers=frozenset({"苏A-執法-0042", "望应急罚〔2026〕7号"}),
    reference="AB2C9-K7MNP",
    public_phones=frozenset({"05125550000"}),
)
# What may stand around: no digits, and nothing that makes another find of it.
PLAIN = st.text(alphabet="的，。好以及\n ；！", max_size=12)
GAPS = st.sampled_from(["", " ", "-", "·", "\u3000", "\u200b", "\n", "—", "."])
WIDTHS = [
    str.maketrans("", ""),
    str.maketrans("0123456789", "０１２３４５６７８９"),
    str.maketrans("0123456789", "零一二三四五六七八九"),
    str.maketrans("0123456789", "〇壹贰叁肆伍陆柒捌玖"),
    str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"),
]


def codes(text: str, known: Known = NOTHING) -> list[str]:
    return [found.code for found in leaks(text, known)]


def written(draw, digits: str) -> str:
    """The digits as somebody might write them: any width, with something between."""
    digits = digits.translate(draw(st.sampled_from(WIDTHS)))
    return "".join(digit + draw(GAPS) for digit in digits[:-1]) + digits[-1]


@st.composite
def mobiles(draw):
    return written(draw, "1" + draw(st.sampled_from("3456789")) + draw(st.text("0123456789", min_size=9, max_size=9)))


@st.composite
def identity_cards(draw):
    born = draw(st.dates(min_value=date(1930, 1, 1), max_value=date(2015, 1, 1)))
    region = draw(st.text("123456789", min_size=6, max_size=6))
    order, check = draw(st.text("0123456789", min_size=3, max_size=3)), draw(st.sampled_from("0123456789Xx"))
    return f"{region}{born:%Y%m%d}{order}{check}"


@st.composite
def plates(draw):
    body = draw(st.text("ABCDEFGHJKLMNPQRSTUVWXYZ0123456789", min_size=5, max_size=6))
    return (
        draw(st.sampled_from("苏沪京粤"))
        + draw(st.sampled_from("ABE"))
        + draw(st.sampled_from(["", "·", " ", "-"]))
        + body
    )


@given(before=PLAIN, number=mobiles(), after=PLAIN)
def test_x48_a_mobile_phone_is_found_however_it_is_written_and_where(before, number, after):
    """X48."""
    found = leaks(before + number + after, Known())
    assert [one.code for one in found] == ["phone"]
    assert read((before + number + after)[found[0].start : found[0].end]).digits.strip("-·—.")[0] == "1"


@given(before=PLAIN, number=identity_cards(), after=PLAIN)
def test_f69_an_identity_card_is_found_once_and_as_what_it_is(before, number, after):
    """F69: its digits may hold a phone number, and it is told as one find."""
    assert codes(before + number + after) == ["id_number"]


@given(before=PLAIN, plate=plates(), after=PLAIN)
def test_a_plate_is_found(before, plate, after):
    """C12, F69."""
    assert "plate" in codes(before + plate + after) or "account_number" in codes(before + plate + after)


@given(text=st.text())
def test_finds_lie_in_the_text_in_order_and_apart(text):
    """Hostile input: any text at all."""
    found = leaks(text, KNOWN)
    assert all(0 <= one.start < one.end <= len(text) for one in found)
    assert all(one.end <= other.start for one, other in pairwise(found))


@given(text=st.text(), name=st.sampled_from(sorted(KNOWN.handlers | KNOWN.persons - {"王某某"})))
def test_a_name_that_is_known_is_never_overlooked(text, name):
    """C14: no handler's name, wherever it stands and however it is spaced."""
    for spelled in (name, " ".join(name), "\u200b".join(name)):
        found = leaks(text + spelled, KNOWN)
        assert any(one.start < len(text + spelled) and one.end > len(text) for one in found)


@given(
    st.lists(
        st.sampled_from(
            [
                "您反映的",
                "经现场核查属实",
                "，",
                "。",
                "已责令整改",
                "罚款50000元",
                "2026年11月26日",
                "12345热线",
                "共3处",
            ]
        )
    )
)
def test_what_replies_are_made_of_gives_nothing_away(parts):
    assert codes("".join(parts)) == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("请联系0512-65221234", "phone"),
        ("请联系(0512)6522 1234", "phone"),
        ("电话：65221234", "phone"),
        ("可拨 400-828-1234", "phone"),
        ("打到6222020012345678901", "account_number"),
        ("卡号6222-0200-1234-5678-901", "account_number"),
        ("护照E12345678", "id_number"),
        ("写信到zhang.san@example.com", "online_contact"),
        ("加微信：zhang_san88", "online_contact"),
        ("其家住东街", "home_address"),
        ("案件2026-000123已结", "inner_number"),
        ("见8d5a7c1e-1111-4222-8333-444455556666", "inner_number"),
        ("证号苏A-執法-0042", "inner_number"),
        ("决定书望应急罚〔2026〕7号", "inner_number"),
        ("与XY2C9-K7MNP同案", "other_report"),
        ("与QQ2C9-K7MNP同案", "other_report"),  # a report's number may begin as a messenger's name does
        ("与XWX29-K7MNP同案", "other_report"),
        ("查询码ABCD-EFGH-JKMN-PQRS", "other_report"),
        ("已有3名群众举报", "other_report"),
        ("此前其他市民的举报", "other_report"),
        ("另有两人举报", "other_report"),
        ("有人举报过", "other_report"),
        ("与该处他案并案", "other_report"),
        ("高峰到场核查", "officer_name"),
        ("赵 文 博到场核查", "officer_name"),
        ("钱晓岚到场核查", "officer_name"),
        ("吴桂花已改正", "third_person"),
        ("法定代表人为欧阳锋", "person_name"),
        ("司机王伟已被约谈", "person_name"),
        ("负责人李四陈述", "person_name"),
        ("王小明所长到场", "person_name"),
        ("李女士说", "person_name"),
    ],
)
def test_each_rule_finds_its_own(text, code):
    """C12, C14, F69, X42: and the text without it is clean."""
    (found,) = leaks(text, KNOWN)
    assert (found.code, bool(found.zh), bool(found.en)) == (code, True, True)
    assert codes(text[: found.start] + text[found.end :], KNOWN) == []


@pytest.mark.parametrize(
    "text",
    [
        OUR_REPLY,
        *OF_THE_DEMO.values(),
        "您的举报AB2C9-K7MNP已办结，可拨打12345、12350，或者0512-5550000咨询。",
        "王某某配合整改，王某已签字。",
        "请注意高处坠物，向前移动三米。",
        "依据应急〔2023〕106号文件，罚款100,000.00元，2026-05-11至2026-05-12停业。",
        "项目经理、车间主任已被约谈，施工方负责人高度重视。",
        "当事人陈述申辩，业主方已整改，经营者许可证已过期，居民区高层住宅已清理。",
        "业主为金鼎公司，负责人安排专人看守，司机马上离开。",
        "您也可以通过其他举报渠道反映。您多次反映的情况我们已核实。",
    ],
)
def test_what_may_be_said_is_not_held_up(text):
    """Or replies would never be sent (M20). A name of two signs that is a word counts only for who had a hand in it."""
    assert codes(text.replace("高峰", ""), KNOWN) == []


def test_a_find_is_told_by_the_place_in_the_text_as_it_was_written():
    text = "👷 电话\u200b１３８ ００１３ ８０００。"
    (found,) = leaks(text, Known())
    assert text[found.start : found.end] == "１３８ ００１３ ８０００"
