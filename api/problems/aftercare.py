"""What comes after a closing: reviews, look-backs and reopenings."""

from api.problems.title import Title

TITLES: dict[str, Title] = {
    "aftercare.not_able": Title(
        "请指定部门或者安委办的在岗人员",
        "Name an active officer of a department or of the safety office",
    ),
    "look_back.unknown": Title("该案件没有这项回头看", "There is no such look-back of this case"),
    "look_back.not_yours": Title("该回头看已交由他人", "Somebody else has been asked to make this look-back"),
    "look_back.too_early": Title("尚未到回头看的时间", "This look-back is not to be made yet"),
    "look_back.overtaken": Title(
        "案件已重新办理，此项回头看不再进行",
        "The case has been opened again since this look-back was planned",
    ),
    "look_back.under_way": Title("该案件另一项回头看正在进行", "Another look-back of this case is under way"),
    "review.unknown": Title("该案件没有这项复核", "There is no such review of this case"),
    "review.not_yours": Title("该复核已交由他人", "Somebody else has been asked to make this review"),
    "review.none_open": Title("该举报件没有待决定的复核", "No review that this report asked for is open"),
    "report.review_open": Title(
        "举报人申请的复核尚未作出决定", "The review that the reporter asked for is not decided yet"
    ),
    "reopening.due_out_of_range": Title("期限超出规定范围", "The date is outside what the profile allows"),
    "reopening.too_late": Title(
        "结案已久，新的举报应当另行立案",
        "The case was closed too long ago: the new report is a case of its own",
    ),
    "reopening.no_new_finding": Title(
        "请指明结案后查实的新案件",
        "Name the case of the new report; it must have been opened since, and found true",
    ),
}
