"""Paper of a case: what an office hands out, posts and files, made from handling data alone (X38, F53)."""

from cases.papers.ask import MayNotPrint, NoSuchPaper, NotPrinted, ask, find, papers_of, printed
from cases.papers.issue import fail, sheets, store_printed
from cases.papers.kinds import PAPERS
from cases.papers.scans import MayNotScan, NewScan, NoSuchScan, add_scan, find_scan, may_scan, scans_of

__all__ = [
    "PAPERS",
    "MayNotPrint",
    "MayNotScan",
    "NewScan",
    "NoSuchPaper",
    "NoSuchScan",
    "NotPrinted",
    "add_scan",
    "ask",
    "fail",
    "find",
    "find_scan",
    "may_scan",
    "papers_of",
    "printed",
    "scans_of",
    "sheets",
    "store_printed",
]
