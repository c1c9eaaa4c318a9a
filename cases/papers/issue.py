"""The worker's side of a paper: its sheets from the content that was kept, and what became of them."""

from datetime import datetime

from cases.lifecycle import paper as machine
from cases.models.paper import Paper
from cases.papers import marks
from cases.papers.kinds import PAPERS
from cases.papers.writing import write
from people.actors import SYSTEM


def sheets(paper: Paper, *, base_url: str) -> list[str]:
    """The sheets of a paper as HTML: four for a record, one for each recipient (M47); otherwise one.

    Depends on the row and the address of this installation only, so that printing again gives the same bytes.
    """
    facts = {
        "paper": paper, "title": PAPERS[paper.kind].title, "content": paper.content,
        "address": f"{base_url}/q/n/{paper.code}" if paper.code else "",
    }  # fmt: skip
    if paper.code:
        facts["qr"] = marks.qr_rows(str(facts["address"]))
    recipients = paper.content.get("recipients")
    if recipients is None:
        return [write(paper.kind, facts)]
    return [
        write(paper.kind, {**facts, "copy": number, "copies": len(recipients), "recipient": recipient})
        for number, recipient in enumerate(recipients, start=1)
    ]


def store_printed(paper: Paper, *, key: str, sha256: str, size: int, pages: int, now: datetime) -> None:
    """Note that a locked paper's PDF stands in the store."""
    paper.storage_key, paper.sha256, paper.bytes_, paper.pages = key, bytes.fromhex(sha256), size, pages
    paper.printed_at = now
    machine.move(paper, "print", by=SYSTEM)


def fail(paper: Paper, *, reason: str) -> None:
    """Note that a locked paper cannot be printed; its office may ask again once the content has changed."""
    paper.reason = reason
    machine.move(paper, "fail", by=SYSTEM)
