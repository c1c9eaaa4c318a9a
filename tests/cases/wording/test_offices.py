"""M16: an office, and whoever is of it, is told from a company; each rule tried on names put together at random."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.wording import names_an_office
from cases.wording.offices import aliases

BODIES = (
    "望澜区应急管理局", "望澜区市场监督管理局", "望澜区住房和城乡建设局", "望澜区消防救援大队", "望澜区公安分局",
    "望澜区城市管理综合执法局", "望澜区安全生产委员会办公室", "东里镇人民政府", "南河街道办事处",
)  # fmt: skip
SHORT = ("应急局", "市场监管局", "住建局", "消防大队", "公安局", "安委办", "东里镇政府", "南河街道办")
SURNAMES = st.sampled_from("王李张刘陈杨赵黄周吴石金")
GIVEN = st.text(alphabet="伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂", min_size=1, max_size=2)
PEOPLE = st.builds("{}{}".format, SURNAMES, GIVEN)
OFFICES = st.sampled_from([*BODIES, *SHORT])
TITLES = st.sampled_from(["", "局长", "副主任", "同志", "科长"])
TRADES = st.sampled_from(["烟花店", "食品厂", "物业管理有限公司", "加油站", "石料厂", "养殖合作社", "饭店", "商行"])
BLANKS = st.sampled_from(["", " ", "\u3000", "（", "、", "·"])


def is_refused(party, *officers):
    return names_an_office(party, officers=officers, bodies=BODIES)


@pytest.mark.parametrize("party", [*BODIES, *SHORT, "应急管理局", " 应急 局 ", "城管执法局", "望澜区住建局"])
def test_a_body_is_known_by_its_name_and_by_its_short_ones(party):
    assert is_refused(party)


@pytest.mark.parametrize(
    "party",
    [
        "张三",
        "应急局张三",
        "张三（应急局）",
        "应急局执法科张三",
        "东里镇张三",
        "张三局长",
        "住建局 张 三 同志",
        "李四（公安局）",
    ],
)
def test_an_officer_is_known_with_the_office_before_or_after(party):
    assert is_refused(party, "张三", "李四")


@pytest.mark.parametrize("party", ["应急局赵六", "公安局王小明警官", "东里镇政府安监办陈平"])
def test_somebody_of_an_office_is_none_that_the_platform_must_know(party):
    assert is_refused(party)


@pytest.mark.parametrize(
    "party",
    [
        "某公司", "张三丰食品厂", "张三饭店", "东里镇供销社", "东里镇人民政府石料厂", "东里镇幸福烟花店", "供电公司",
        "张记烟花店 张四", "应急局家属院物业公司", "公安局招待所", "望澜区第一中学", "王建国", "幸福路1号住户",
        "消防器材销售有限公司", "应急救援装备公司", "东里镇东里村村民委员会",
    ],
)  # fmt: skip
def test_a_company_a_school_and_a_neighbour_are_no_office(party):
    assert not is_refused(party, "张三", "王建")


@given(OFFICES, PEOPLE, TITLES, BLANKS, st.booleans())
def test_m16_whoever_carries_an_office_is_of_it(office, person, title, blank, first):
    party = f"{office}{blank}{person}{title}" if first else f"{person}{title}{blank}{office}"
    assert is_refused(party, person)


@given(PEOPLE, TITLES, BLANKS)
def test_m16_an_officer_alone_is_refused_however_the_name_is_spaced(person, title, blank):
    assert is_refused(f"{blank}{person[0]}{blank}{person[1:]}{title}", person)


@given(PEOPLE, GIVEN, TRADES, st.sampled_from(["", "东里镇", "望澜区", "南河街道"]))
def test_m16_a_company_that_shares_a_surname_or_a_name_is_no_officer(person, given, trade, place):
    """The owner bears an officer's surname, or all of the name, and so does the shop."""
    assert not is_refused(f"{place}{person}{trade}", person, f"{person[0]}{given}")


@given(PEOPLE, GIVEN)
def test_m16_another_person_of_the_surname_is_no_officer(person, given):
    other = f"{person[0]}{given}"
    assert is_refused(other, person) == (other == person)


@given(st.sampled_from(BODIES))
def test_every_short_name_is_shorter_and_refused(body):
    for alias in aliases(body):
        assert len(alias) <= len(body)
        assert is_refused(alias)
