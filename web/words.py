"""What the pages say where a word depends on a state, in zh-CN; tests/web/test_words.py holds it to the API's words."""

from dataclasses import dataclass
from typing import NamedTuple

GONE = {"withdrawn": "已撤回", "expired": "已到期"}
PROGRESS = {"not_rectified": "未整改", "rectifying": "整改中", "rectified": "已整改"}
GROUNDS = {
    "A": "行政处罚决定已生效",
    "B": "依法公告的名单",
    "C": "重大隐患，责令整改后逾期",
    "D": "典型问题，经核查属实",
    "E": "政府公布的事故调查报告",
}
REPORT_STATES = {
    "submitted": "已提交",
    "in_review": "审核中",
    "need_more": "待补充",
    "accepted": "已受理",
    "not_accepted": "不予受理",
    "redirected": "请另行反映",
    "verifying": "核查处理中",
    "replied": "已答复",
    "review_requested": "复核中",
    "closed": "已办结",
    "withdrawn": "已撤回",
}
EVENTS = {
    "received": "已收到举报",
    "accepted": "举报已受理",
    "asked": "需要您补充情况",
    "answered": "已收到您的补充",
    "answer_missed": "补充期限已过，将按现有材料决定",
    "supplemented": "已收到您的补充",
    "redirected": "不属于本平台受理范围，已告知应向哪里反映",
    "not_accepted": "不予受理，已告知理由",
    "refusal_overturned": "经复查，您的举报重新进入受理审核",
    "withdrawn": "您已撤回举报",
    "replied": "已答复",
    "rated": "您已评价答复",
    "report_closed": "本件已办结",
    "dispatched": "已交责任单位",
    "signed": "责任单位已签收",
    "verifying": "正在现场核查",
    "rectifying": "已责令整改",
    "referred": "已移送有权机关办理",
    "on_hold": "暂缓办理，复查后继续",
    "resumed": "已恢复办理",
    "extended": "经批准，办理期限延长至{until}",
    "closure_review": "处理完成，正在复核",
    "closed": "已结案",
    "review_requested": "已收到您的复核申请",
    "review_upheld": "复核认为应当重新办理",
    "review_dismissed": "复核维持原处理结果",
    "reopened": "已重新办理",
    "reward_notified": "举报奖励已批准，请在期限内领取",
    "reward_reminded": "举报奖励尚未领取，请留意期限",
    "reward_extended": "举报奖励的领取期限已延长",
    "reward_claimed": "已收到您的领奖申请",
    "reward_paid": "举报奖励已发放",
    "reward_forfeited": "举报奖励逾期未领，视为放弃",
    "reward_revoked": "举报奖励已撤销",
    "found_otherwise": "重新核查的结论与此前答复不同",
}
VERDICTS = {"substantiated": "属实", "partly": "部分属实", "unsubstantiated": "不属实", "unverifiable": "无法核实"}
REWARDS = {"notified": "可领取", "claimed": "已申领", "paid": "已发放", "forfeited": "逾期未领"}
PHOTO_STATES = {
    "promised": "待上传",
    "waiting": "等待举报件",
    "stored": "已收到",
    "clean": "已收到",
    "rejected": "无法使用",
    "expired": "无法使用",
}
SENDERS = {"desk": "受理人员", "reporter": "您", "system": "平台"}
NOWHERE = "区级受理"
WAITING = "等待工作人员查看"
HANDLING = "正在处理，有结果将在此答复"
UNTIL_OBJECTION = "案件办结且期满无异议后，本件办结"
ENOUGH = "案件办结后，本件随即办结"
REVIEWING = "由未经办的人员重新核查，结果将在此答复"


@dataclass(frozen=True)
class Said:
    """How a refusal is told: a heading and one sentence on what to do."""

    title: str
    text: str


REFUSED = {
    404: Said("没有这个页面", "地址可能有误，或者内容从来没有公布过。"),
    405: Said("不能这样打开", "请从首页进入。"),
    413: Said("内容太多", "文字请缩短；照片一次一张，不超过 20 MB。"),
    422: Said("看不懂这个请求", "请从首页重新填写。"),
    429: Said("查询太频繁", "请稍等几分钟再试。"),
    503: Said("系统暂时不能用", "资料没有丢失，请过一会儿再试。"),
}
FAILED = Said("系统出了点问题", "已经记录下来，请过一会儿再试。")
MISTYPED = "查询码似乎输错了：应为 16 位字母和数字。请对照回执再看一遍。"
UNKNOWN = "没有找到这个查询码对应的举报。请核对回执；匿名举报的查询码遗失后无法找回。"
EMPTY = "请填写查询码。"
THROTTLED = "查询太频繁了，请约 {minutes} 分钟后再试。"
SATISFACTION = {5: "非常满意", 4: "满意", 3: "一般", 2: "不满意", 1: "很不满意"}
TAKEN = {
    "answer": "已收到您的补充，谢谢。",
    "supplement": "已收到您的补充，谢谢。",
    "message": "已发给受理人员，回复将在本页显示。",
    "rating": "已收到您的评价，谢谢。",
    "review_request": "已收到您的复核申请，将由未经办的人员重新核查。",
    "withdrawal": "已撤回您的举报。",
    "retaliation": "已收到，由区安委办核查，并同时告知纪检人员；办案单位和人员看不到。如有人身危险，请立即拨打110。",
}
PHOTO_TAKEN = "已收到照片，谢谢。还有别的照片，可以接着补充。"
PHOTO_TYPE = "请选一张照片（JPEG、PNG、WebP 或 HEIC），不收录像、动图和文件。"
PHOTO_PIXELS = "这张照片太小或者太大，看不清楚，请换一张。"
PHOTO_BROKEN = "没有选照片，或者这张照片损坏了：请重新拍摄或者换一张。"
PHOTO_LARGE = "这张照片超过 20 MB，请换一张。"
PHOTO_TORN = "照片没有传完，请再发一次。"
PHOTO_ENOUGH = "这件举报的照片已经很多了，不能再加。有新的情况请用文字补充。"
LEFT_OPEN = "页面打开得太久了，请再输入一次查询码。"
NOT_OPEN = "现在不能这样做：情况已经有了变化，请看下面的最新进度。"
TOO_LONG = "请写得短一些，最多 2000 字，不要带特殊符号。"
RATE_HOW = "请先选择您的满意程度。"
UNSAID = {
    "answer": "请写下您的回答。",
    "supplement": "请写下要补充的情况。",
    "message": "请写下要告诉受理人员的话。",
    "review_request": "请写明为什么不同意答复，复核人员会据此重新核查。",
    "retaliation": "请写明发生了什么、什么时候、是什么人。",
}
SURE = "确定要撤回，请先勾选。"
ENOUGH_TODAY = "今天发的已经很多了，请明天再写。"
CLAIMED = "已登记领奖。请把下面的凭证号和领取码抄下来，凭它们领取。"
WRONG_CLAIM = "领奖密码不对。它是回执上的第二个密码，不是查询码，请对照回执再看一遍。"
UNDECLARED = "请先确认您本人和近亲属没有安全监管职责。"
WRONG_ID = "证件号码只能是 6 到 30 位的字母和数字。"
SAY_WHO = "本区的奖励须由具名的人领取，请填写领取人的证件号码。"
CAP_REACHED = "领取人本月同类举报奖励已达上限，请下个月再来领取。"
NO_CLAIM = "现在没有可以领取的奖励：可能已过期限，或者情况有了变化。"
BODIES = {
    "town": "镇街", "district": "区安委办", "group": "区级核查组", "department": "各部门", "city": "市级",
}  # fmt: skip
DUTIES = {
    "main": "承担主要职责", "assist": "配合办理", "informed": "知情", "lead": "牵头办理", "coop": "协同配合",
    "group": "组织核查", "desk": "受理和督办",
}  # fmt: skip


class Way(NamedTuple):
    """A way to follow the public record."""

    path: str
    name: str
    use: str


WAYS = (
    Way("/feeds/exposures.atom", "Atom", "阅读器订阅，撤回有墓碑条目"),
    Way("/feeds/exposures.rss", "RSS 2.0", "只支持 RSS 的阅读器"),
    Way("/feeds/exposures.json", "JSON Feed", "用程序读取最新五十条"),
    Way("/feeds/exposures.ninjs", "ninjs 3.1", "新闻编辑系统"),
    Way("/open/exposures.csv", "CSV 表格", "用 Excel 打开，可按日期和镇街筛选"),
    Way("/feeds/exposures.geojson", "GeoJSON", "地图"),
    Way("/ogc", "OGC API Features", "地图软件，可按范围查询"),
    Way("/open/changes", "变更日志", "自动跟进每一次发布、更正和撤回"),
)
