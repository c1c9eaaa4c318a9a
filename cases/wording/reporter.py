"""What gives a reporter away without a name or a number: home, work, kin, an earlier report, "I" (C12 Q2, X40, T4).

Each rule is a shape of how people speak of themselves; with each stands what a neutral sentence would say instead.
"""

import re
from collections.abc import Callable, Iterator
from typing import Final

from cases.wording.known import Known
from cases.wording.reading import Reading, Span

# Not 自我, and not 我市: an office says that of its town.
_ME: Final = "(?:(?<!自)我(?![国省市县区镇乡])|本人|俺|咱|鄙人|笔者)"
_US: Final = f"{_ME}们?"
_PART: Final = "[^,。;!?:…]"  # within one part of a sentence
_END: Final = r"(?=$|[,。;!?:…])"
_WHEN: Final = (
    "(?:[今昨前][天日晚早]|上个?(?:周|月|星期|礼拜)|去年|前年|之前|以前|此前|先前|早先|上次|已经?|曾经?|多次|反复|一直|"
    r"再次|又|也|都|就|刚刚?|[一两二三四五六七八九十几数\d]{1,3}[次回遍])"
)
_TOLD: Final = "(?:举报|投诉|反映|上报|信访|报警|报了?警|(?:打|拨打|拨)过?(?:12345|119|110|12350|热线))"
_EARLIER: Final = (
    rf"{_US}{_PART}{{0,14}}?{_TOLD}(?:过|了){_PART}{{0,8}}?{_END}"
    rf"|{_US}{_WHEN}{{1,4}}{_PART}{{0,10}}?{_TOLD}(?!$){_PART}{{0,8}}?{_END}"
    rf"|{_WHEN}{{1,4}}(?:[向跟给]{_PART}{{1,10}}?)?(?:打|拨打)?(?:12345|电话)?{_TOLD}(?:过|了|未果|无果|无效|没人管|不管用){{1,3}}"
)
_JOBS: Final = (
    "(?:职工|员工|工人|电工|焊工|钳工|叉车工|司炉工|操作工|技术员|安全员|质检员|仓管员?|保安|保洁|保姆|护士|护工|医生|"
    "厨师|服务员|店员|收银员|会计|文员|司机|驾驶员|外卖员|快递员|骑手|学徒|实习生|临时工|农民工|小工|瓦工|木工|架子工|"
    "老师|教师|学生|家长|租户|租客|住户|业主|居民|村民|房东|商户|摊主|店主|邻居|志愿者|网格员|退休工人|退休职工|合伙人|股东|"
    "班长|组长|车间主任|主管|经理|领班|项目经理|监理|施工员|前员工|离职员工|内部员工|女工|打工的?)"
)
_INTRODUCTION: Final = (
    rf"{_ME}(?:的?名字)?(?:名?叫做?|姓|是叫){_PART}{{1,6}}?{_END}"
    rf"|(?:{_US}|家里)(?:就|也|原来|以前|都|曾)*[是系]{_PART}{{0,20}}?{_JOBS}(?:之一)?"
    rf"|{_US}(?:就|也|都|原来|以前)*是{_PART}{{1,14}}?的{_END}"
    rf"|(?:作为|身为){_PART}{{0,14}}?{_JOBS}(?:之一|一员)?"
    rf"|{_US}(?:就|曾|以前|目前|现在|也|都|一直|原来|刚)*在{_PART}{{1,20}}?"
    rf"(?:上班|工作|打工|干活|做工|务工|实习|上学|读书|就读|值班|做事|开店|摆摊|当{_JOBS}|做{_JOBS})(?:[的了]{_PART}{{0,5}}年|的)?"
    rf"|{_US}(?:当|做|干){_PART}{{0,4}}?{_JOBS}"
    rf"|{_US}(?:去|来|给|帮|跟){_PART}{{1,8}}?(?:打工|上班|干活|做工|送货|送外卖)"
)
_BESIDE: Final = (
    "(?:楼下|楼上|楼顶|隔壁|对面|对门|斜对面|门口|门前|门外|窗口|窗外|窗前|窗户|窗下|阳台|旁边|边上|附近|后面|前面|楼道|"
    "院子|院里|车库|地下室|店里|屋后|屋前|房子|楼|店|墙外|背后)"
)
_LIVES: Final = (
    rf"{_US}(?:一?家人?)?(?:就|也|一直|都|目前|现在|现|正好|刚好|又|全)*"
    rf"(?:居住在?|租住在?|租在|住在?|家在|搬到|搬进){_PART}{{1,20}}?{_END}"
    rf"|(?<![\u3400-\u9fff])(?:就|也)?住(?!户|宅|房|建|院|宿)在?{_PART}{{1,20}}?{_END}"
    rf"|(?:从|在|就在|站在|透过)?{_US}(?:自己)?家的?{_BESIDE}?(?:的?{_BESIDE})?(?:看得?(?:清清楚楚|很清楚|见|到))?"
    rf"|(?:就在|从|在)?{_US}的?{_BESIDE}"
)
_PLACES: Final = (
    "(?:单位|公司|工厂|厂里|厂区|厂|车间|班组|工地|学校|班级|班|小区|村里|村子|村|社区|单元|栋楼|幢楼|宿舍|办公室|大楼|"
    "医院|项目部|项目|仓库|市场|商场|商铺|饭店|门店|店|组|队|楼栋|园区|幼儿园|养老院|部门|科室|这栋|这里|这边|这儿|这)"
)
_OWN: Final = rf"(?:在)?{_US}的?(?:老|原)?{_PLACES}"
_KIN: Final = (
    rf"{_US}家?的?(?:妈妈?|爸爸?|母亲|父亲|父母|爹|娘|爱人|老婆|老公|媳妇|丈夫|妻子|孩子|小孩|儿子|女儿|闺女|孙[子女]|外孙女?|"
    "[哥弟姐妹](?:[哥弟姐妹]|夫)?|爷爷|奶奶|外公|外婆|姥姥|姥爷|婆婆|公公|岳[父母]|舅舅?|叔叔?|姑姑?|姨妈?|婶婶?|伯父?|"
    "[表堂][哥弟姐妹]|侄子|侄女|外甥|亲戚|家属|家人|老人|娃|宝宝|对象|男友|女友|男朋友|女朋友|朋友|同事|同学|工友|室友|舍友|"
    "邻居|房东|租客|老板|领导|师傅|徒弟|老乡|战友)"
)
_SEEN: Final = (
    "(?:看到过?|看见过?|发现|注意到|拍到|拍了|目睹|听到|听见|闻到|路过|经过|得知|了解到|碰到|碰见)"
    "(?:时|的时候)?(?:看到|看见|发现)?"
)
_ON_THE_WAY: Final = (
    "(?:[今昨前][天日晚早]|早上|早晨|清晨|上午|中午|下午|傍晚|晚上|夜里|半夜|平时|每天){0,3}"
    "(?:(?:上|下|加|值|夜)班|上学|放学|[接送]孩子|买菜|散步|遛弯|遛狗|跑步|晨练|起夜|回家|出门|取快递|扔垃圾|倒垃圾|锻炼|骑车|开车|坐车)"
    "(?:上学|放学|回家|路上|途中|路过|经过|时|的时候|后|回来)*,?"
)
_I: Final = (
    rf"(?:{_US})?{_ON_THE_WAY}{_SEEN}"
    rf"|请?[你您]?们?(?:务必|一定|帮忙)?[为替给帮对]{_US}(?:的{_PART}{{0,6}})?保密"
    rf"|{_US}(?:(?:想|要|来|特此?|实名|匿名|现)*(?:举报|投诉|反映|报告))"
    rf"|{_US}(?:亲眼|亲自|经常|天天|每天|刚刚?|多次|也|都|就|又)*{_SEEN}"
    rf"|{_US}的?"
)


def earlier_reports(reading: Reading, _: Known) -> Iterator[Span]:
    """That the same person has told it before, and whom: somebody remembers who that was."""
    return _where(_EARLIER, reading)


def introductions(reading: Reading, _: Known) -> Iterator[Span]:
    """Who somebody says they are: 我叫…, 我是三车间的, 作为员工, 我在…上班."""
    return _where(_INTRODUCTION, reading)


def own_homes(reading: Reading, _: Known) -> Iterator[Span]:
    """Where they live, and what is seen from there: 我住…, 我家楼下, 我对门."""
    return _where(_LIVES, reading)


def own_places(reading: Reading, _: Known) -> Iterator[Span]:
    """What they belong to: 我们单位, 我们小区."""
    return _where(_OWN, reading)


def kin(reading: Reading, _: Known) -> Iterator[Span]:
    """Who belongs to them: 我妈, 我邻居, 我同事."""
    return _where(_KIN, reading)


def first_persons(reading: Reading, _: Known) -> Iterator[Span]:
    """What is left of "I" and "we"."""
    return _where(_I, reading)


def nothing(_words: str) -> str:
    """What is best left out."""
    return ""


def the_place(words: str) -> str:
    """该小区 for 我们小区."""
    named = re.search(f"{_PLACES}$", words)
    return "该处" if named is None or named[0].startswith("这") else f"该{named[0]}"


def neutral(words: str) -> str:
    """A sentence that nobody in particular says."""
    if re.search("(?:举报|投诉|反映|报告)$", words):
        return "反映"
    if words.endswith("保密"):
        return ""
    return "发现" if re.search(f"{_SEEN}$", words) else "有人"


def always(words: str) -> Callable[[str], str]:
    """The same, whatever stood there."""
    return lambda _words: words


def _where(pattern: str, reading: Reading) -> Iterator[Span]:
    return (span for span, _found in reading.spans(pattern))
