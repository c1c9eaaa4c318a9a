"""The closed list of problem codes: status, whether to retry, both languages, and what the app should do.

`v1/problems.json` is made from it. A code is never renamed, removed or given another status inside v1.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ProblemRow:
    """One code. `zh` and `en` are the titles people read; `action` tells the app's author what to do."""

    code: str
    status: int
    retryable: bool
    zh: str
    en: str
    action: str

    @property
    def type(self) -> str:
        """The link in the problem's `type`."""
        return f"/problems/{self.code}"


_ROWS = (
    # the request as such
    ProblemRow(
        "path.unknown", 404, False, "没有这个地址", "There is nothing at this address",
        "A fault of the app: check the path against openapi.json. Keep the item, report the fault.",
    ),
    ProblemRow(
        "method.not_allowed", 405, False, "不支持这种请求方式", "This method is not allowed here",
        "A fault of the app: GET and POST only, as in openapi.json.",
    ),
    ProblemRow(
        "body.invalid", 422, False, "提交的内容有误", "The content is not valid",
        "Mark the fields named in `errors` and let the person correct them. Do not send the same again.",
    ),
    ProblemRow(
        "body.too_large", 413, False, "提交的内容过大", "The content is too large",
        "Report and answer bodies stay under the stated limit; shorten and send again with the same id.",
    ),
    ProblemRow(
        "media.unsupported", 415, False, "不支持这种内容格式", "This kind of content is not taken",
        "Send application/json, or multipart/form-data for photos.",
    ),
    ProblemRow(
        "rate.limited", 429, True, "请求过于频繁，请稍后再试", "Too many requests; try again later",
        "Keep it in the queue; wait Retry-After seconds.",
    ),
    ProblemRow(
        "internal", 500, True, "系统出错，请稍后再试", "Something went wrong here",
        "Keep it in the queue; try again with growing pauses. Show request_id when the person asks for help.",
    ),
    ProblemRow(
        "service.unavailable", 503, True, "服务暂不可用，请稍后再试", "Temporarily unavailable",
        "Keep it in the queue; wait Retry-After seconds.",
    ),
    ProblemRow(
        "storage.unavailable", 503, True, "暂时无法保存文件，请稍后再试", "Files cannot be stored just now",
        "Keep the photo in the queue; the report itself may already be in.",
    ),
    # reports
    ProblemRow(
        "report.nothing_to_act_on", 422, False, "请至少拍一张照片，或写 10 个字以上的说明",
        "Give at least one photo, or 10 characters of text",
        "Ask for a photo or more words.",
    ),
    ProblemRow(
        "report.place_missing", 422, False, "请给出位置或地址", "Give a position or an address",
        "Ask for a point on the map, or for the place in words.",
    ),
    ProblemRow(
        "position.out_of_range", 422, False, "位置不在地球上", "The position is no place on the earth",
        "A fault of the app: longitude first, in degrees, in the datum that `crs` names.",
    ),
    ProblemRow(
        "report.id_reused", 422, False, "该编号已用于另一份举报", "This id belongs to another report",
        "Make a new id and send once more. If the person edited a queued report, it must have got a new id.",
    ),
    ProblemRow(
        "report.withdrawn", 409, False, "该举报已撤回", "This report has been withdrawn",
        "Drop what is queued for it; show the progress page.",
    ),
    ProblemRow(
        "time.out_of_range", 422, False, "时间超出合理范围，请检查手机时钟",
        "A time is out of range; check the phone's clock",
        "Correct observed_at by the server's Date header and send again; leave out a captured_at or taken_at at fault.",
    ),
    ProblemRow(
        "intake.busy", 503, True, "提交人数较多，请稍后自动重试", "Many people are reporting just now",
        "Keep it in the queue; wait Retry-After seconds, then send the same again.",
    ),
    ProblemRow(
        "work.invalid", 422, False, "验证结果无效", "This is not the work that was asked for",
        "Drop it, and keep the report's receipt: the report is in, and a person reads it first.",
    ),
    ProblemRow(
        "work.expired", 422, False, "验证已过期", "The time for this work is over",
        "Drop it, and keep the report's receipt: the report is in, and a person reads it first.",
    ),
    # photos
    ProblemRow(
        "photo.not_in_manifest", 422, False, "该照片不在举报的照片清单中", "The report does not name this photo",
        "Drop the upload; a photo can only join the manifest that was sent with the report.",
    ),
    ProblemRow(
        "photo.checksum", 422, True, "照片传输不完整", "The file does not match its SHA-256",
        "Send again. After three tries hash the file anew; if that is not the manifest's, drop it and tell the person.",
    ),
    ProblemRow(
        "photo.too_large", 413, False, "照片过大", "The photo is too large",
        "Shrink before the report is sent (limits in /m/v1/config); this photo cannot be taken.",
    ),
    ProblemRow(
        "photo.type", 415, False, "不支持这种图片格式", "This kind of image is not taken",
        "Send JPEG, PNG or WebP; convert on the phone before the report is sent.",
    ),
    ProblemRow(
        "photo.broken", 422, False, "照片无法打开", "The photo cannot be opened",
        "Drop it and ask for another one in a supplement.",
    ),
    ProblemRow(
        "photo.pixels", 422, False, "照片像素过多或过少", "The photo has too many or too few pixels",
        "Shrink before the report is sent; this photo cannot be taken.",
    ),
    ProblemRow(
        "photo.waits", 503, True, "暂时无法处理照片，请稍后再试", "The photo cannot be looked at just now",
        "Keep the photo in the queue; nothing is known against it.",
    ),
    ProblemRow(
        "photo.id_reused", 422, False, "该照片编号已用于另一张照片", "This id belongs to another photo",
        "Make a new id for the photo; the stored one stays.",
    ),
    ProblemRow(
        "photo.quota", 429, True, "待匹配的照片过多，请先提交举报", "Too many photos wait for their report",
        "Send the report first, then this photo again.",
    ),
    # tracking and answers
    ProblemRow(
        "tracking.unknown", 404, False, "没有查到，请核对查询码", "Nothing found under this code",
        "Ask to check the code. Unknown, expired and mistyped look alike on purpose.",
    ),
    ProblemRow(
        "claim.nothing_to_claim", 409, False, "该举报现在没有可领取的奖励", "There is no reward to claim here",
        "Say so. `track_report` tells in `reward` when there is one.",
    ),
    ProblemRow(
        "claim.too_late", 409, False, "领取期限已过", "The time to claim is over",
        "Say so, with the phone number of the safety office; it may extend the time for a good reason.",
    ),
    ProblemRow(
        "claim.undeclared", 422, False, "请声明本人及近亲属不负有监管职责", "Declare that you have no such duty",
        "Show the declaration, and send again once the person has agreed.",
    ),
    ProblemRow(
        "claim.id_number_missing", 422, False, "本地规定须填写领取人证件号码", "Say who collects the reward",
        "Ask for the number of an identity document. Only a mark of it is kept.",
    ),
    ProblemRow(
        "claim.cap_reached", 409, False, "本月领取金额已达上限，请下月再领", "This month's limit is reached",
        "Say so, and offer it again next month, if that is before `claim_until`.",
    ),
    ProblemRow(
        "tracking.mistyped", 422, False, "查询码输入有误，请核对", "The code is mistyped",
        "Mark the field; nothing was looked up.",
    ),
    ProblemRow(
        "tracking.throttled", 429, True, "查询过于频繁，请稍后再试", "Too many tries; wait a little",
        "Wait Retry-After seconds; do not try other codes.",
    ),
    ProblemRow(
        "answer.not_open", 409, False, "现在已不能补充或回答", "Nothing can be added here any more",
        "Load the progress page again; offer a supplement instead.",
    ),
    ProblemRow(
        "answer.id_reused", 422, False, "该编号已用于另一次补充", "This id belongs to another addition",
        "Make a new id and send once more.",
    ),
    ProblemRow(
        "answer.too_many_photos", 409, False, "该举报的照片已达上限", "This report takes no more photos",
        "Send it without photos, in words.",
    ),
    # being told
    ProblemRow(
        "push.address", 422, False, "无法向该设备推送", "This device cannot be told",
        "Subscribe anew with `push.web_push_key`; if that is refused too, do without: tracking tells everything.",
    ),
    ProblemRow(
        "push.too_many", 409, False, "该举报订阅的设备已达上限", "This report tells as many devices as it may",
        "Say so, and offer to end the other devices by `unsubscribe` without `endpoint`.",
    ),
    # sync
    ProblemRow(
        "sync.cursor_invalid", 422, False, "同步位置无效", "This cursor is not ours",
        "Drop the cache and start without cursor.",
    ),
    ProblemRow(
        "sync.cursor_expired", 410, False, "同步位置已过期", "This cursor is too old",
        "Drop the cache and start without cursor.",
    ),
    # shared with the officers' API
    ProblemRow(
        "case.changed", 412, False, "内容已被他人更新", "It was changed meanwhile",
        "Show `current` beside the person's entry; send again with its version if they still want to.",
    ),
    ProblemRow(
        "precondition.required", 428, False, "须说明所见版本", "Say which version you saw",
        "Send If-Match or expected_version.",
    ),
)  # fmt: skip
PROBLEMS: dict[str, ProblemRow] = {row.code: row for row in _ROWS}
