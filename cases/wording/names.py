"""Names of persons: those that are known, and what stands where a name stands (C12, C14, F69).

No list knows every name. Beside the known ones, a name is seen by its surname after a word for a person
(法定代表人王小明) or before a title (王经理). 王某 is masked already.
"""

import re
from collections.abc import Iterator
from typing import Final

from cases.wording.known import Known
from cases.wording.reading import Reading, Span, read
from cases.wording.shapes import literal

# What nine in ten people have, without 于, 和, 时, 区 and others that are words first.
_SURNAMES: Final = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏窦章苏潘葛奚范彭郎鲁韦昌马"
    "苗凤花方俞任袁柳鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐傅卞齐康伍余元卜顾孟平黄穆萧尹姚邵湛汪祁毛禹"
    "狄贝臧戴宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻贾路娄江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万柯卢莫"
    "房缪丁邓洪包左石崔吉龚程邢裴陆荣翁荀羊甄曲封储段富焦侯全仲宫宁仇栾甘厉武刘景詹叶白温庄晏柴瞿阎连艾"
    "容向古易廖耿匡文关欧聂辛简饶曾沙查肖谭涂车"
)
_SURNAME: Final = f"(?:欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|慕容|司徒|令狐|夏侯|端木|南宫|[{_SURNAMES}])"
_HAN: Final = r"[\u3400-\u9fff]"
_ROLE: Final = (
    "(?:法定代表人|法人代表|实际控制人|负责人|经营者|经营人|业主|店主|摊主|房东|老板|当事人|举报人|投诉人|"
    "司机|驾驶员|联系人|经办人|承办人|执法人员|检查人员|核查人员|核查员|工作人员|民警|交警|值班员|网格员|"
    "安全员|电工|焊工|工人|住户|居民|租户|户主|车主|姓名)"
)
_TITLE: Final = (
    "(?:先生|女士|小姐|同志|师傅|警官|律师|大爷|大妈|大叔|大姐|大哥|阿姨|老师|"
    "经理|老板|科长|处长|局长|主任|所长|队长|镇长|乡长|区长|书记|站长|股长|"
    "科员|院长|厂长|店长|村长|组长)"
)
_LINK: Final = r"(?:名叫|叫做|叫|名为|为|是|系|:|,|\(|“|\")"
# What a sentence goes on with after a name.
_NEXT: Final = (
    "的在已于将称说表到与及对向把被未无不等同一本当曾承拒配签就给应须要请因从以也均陈介反接积立现停存违涉进主再只"
)
_AFTER: Final = rf"(?=$|[^\u3400-\u9fffA-Z0-9]|[{_NEXT}])"
# 业主为金鼎公司: the name of a unit.
_NO_UNIT: Final = (
    rf"(?!(?:(?![在的该已对]){_HAN}){{0,8}}(?:公司|集团|厂|店|中心|超市|学校|医院|小区|村|合作社|经营部|商行))"
)
_STANDS: Final = (
    re.compile(rf"{_ROLE}{_LINK}{_NO_UNIT}({_SURNAME}{_HAN}{{1,2}})"),
    re.compile(rf"{_ROLE}{_NO_UNIT}({_SURNAME}{_HAN}{{1,2}}?){_AFTER}"),
    re.compile(rf"({_SURNAME}{_HAN}{{0,2}}?){_TITLE}"),
)
# How people speak of those they know: 老王, 王总, 王大妈, 王某的儿子.
_SPOKEN: Final = (
    re.compile(rf"(?<!{_HAN})(?:老|小|阿)({_SURNAME})(?![\u3400-\u9fff]*(?:区|镇|村|路|街|店|厂))"),
    re.compile(rf"(?:老板|邻居|保安|房东|工头|包工头|会计|厂长|主任|叫|是|找)(?:老|小|阿)({_SURNAME})"),
    re.compile(
        rf"({_SURNAME}{_HAN}{{0,2}}?)(?:总(?![是共之体的在部站数量会算])|工(?=[,。;!?的说在]|$)|爷爷|奶奶|大娘|婶|伯伯?|叔叔?|嫂子?|姨|"
        "哥|姐|医生|大夫|主管|会计|班长|保安|老师傅|教练|厨师|护士|电工|焊工|老太太?|老头)"
    ),
)
# Words that begin like a surname and are none.
_WORDS: Final = frozenset(
    word
    for line in (
        "方面 方已 方在 方未 许可 施工 陈述 张贴 关于 关闭 关停 关门 有关 安排 安装 安全 安监 高度",
        "高层 高处 高新 万元 任何 任务 何时 何处 马上 周边 周围 周末 项目 车间 车辆 车库 金额 温度",
        "向阳 向我 向您 向本 连续 连夜 全部 全体 全区 全面 平时 平台 常年 常住 文明 文件 石油 江边",
        "路边 路口 查封 查看 查处 查验 查实 易燃 易爆 古镇 花园 花炮 白天 余款 班组 班长 左右 房屋",
        "房间 包括 元旦 齐全 雷管 毛坯 严重 严格 严禁 严肃 曲面 封闭 封存 程序 储存 储罐 武装 景区",
        "容易 容器 柴油 沙石 沙场 涂料 乐园 水厂 田间 林场 胡同 夏季 路面 季节 席位 纪检 纪律 毕竟",
        "时任 谢绝 谢谢 费用 花店 金店 金属 苏州 华东",
    )
    for word in line.split()
)
_A_WORD: Final = 2  # signs: a name as short may be a word


def known_names(reading: Reading, known: Known) -> Iterator[Span]:
    """Names of officers. One of two signs may be a word, and counts only where its bearer had a hand in the case."""
    others = {name for name in known.officers if len(read(name).letters) > _A_WORD}
    for name in sorted(known.handlers | others):
        if _is_name(name):
            yield from literal(reading, name)


def known_persons(reading: Reading, known: Known) -> Iterator[Span]:
    """Names of other persons in the case; 王某 is masked."""
    for name in sorted(known.persons):
        if _is_name(name) and not _is_masked(name):
            yield from literal(reading, name)


def likely_persons(reading: Reading, _: Known) -> Iterator[Span]:
    """What stands where a name stands: after a word for a person, or before a title."""
    for pattern in _STANDS:
        for span, found in reading.spans(pattern, group=1):
            if found[:_A_WORD] not in _WORDS and not _is_masked(found):
                yield span


def spoken_persons(reading: Reading, _: Known) -> Iterator[Span]:
    """What people call those they know, where they speak and do not write a record."""
    for pattern in _SPOKEN:
        for span, found in reading.spans(pattern, group=1):
            if found[:_A_WORD] not in _WORDS and not _is_masked(found):
                yield span


def looks_like_a_name(words: str) -> bool:
    """Whether words that a form holds are a person's name alone, and not a unit's or a sentence."""
    letters = read(words).letters
    return bool(re.fullmatch(f"{_SURNAME}{_HAN}{{1,2}}", letters)) and letters[:_A_WORD] not in _WORDS


def _is_masked(name: str) -> bool:
    return "某" in name


def _is_name(name: str) -> bool:
    letters = read(name).letters
    return len(letters) >= (_A_WORD if re.match(_HAN, letters) else 2 * _A_WORD)
