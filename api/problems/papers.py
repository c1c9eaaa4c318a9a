"""Papers that are printed, and scanned copies."""

from api.problems.title import Title

TITLES: dict[str, Title] = {
    "paper.unknown": Title("没有这份文书", "There is no such paper"),
    "paper.subject_unknown": Title(
        "没有可打印的记录，或记录不完整",
        "There is no such record to print, or it is not complete",
    ),
    "paper.copies_differ": Title("各联内容与记录不一致", "The copies of this record do not agree with it"),
    "paper.no_phone": Title("请先登记本单位的值班电话", "Put the duty phone of the office on record first"),
    "paper.not_closing": Title("案件尚未进入办结审核", "The case is not at its closing yet"),
    "paper.not_printed": Title("该文书尚未生成", "This paper is not printed"),
    "scan.unknown": Title("没有这份扫描件", "There is no such scanned copy"),
    "scan.subject_unknown": Title("本案件没有这份文书、记录或决定", "This case has no such paper, record or order"),
    "scan.type": Title(
        "只接收 JPEG、PNG、WebP、HEIC 照片和 PDF 文件",
        "Only photos in JPEG, PNG, WebP or HEIC, and PDF files are taken",
    ),
}
