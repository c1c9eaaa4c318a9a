"""`./jz verify-receipt`: what a reporter's receipt proves, from files alone."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError

from cases import history
from cases.intake import receipt as receipts
from cli.refusal import CannotGoOn
from kit import merkle
from kit.signed_note import public_key
from mobile_contract.v1.report import Receipt, ReportIn

RECEIPT, KEY = "The receipt as the phone got it (JSON).", "The log's public key, as /log/key tells it."
REPORT, PROOF = "The report as it was sent (JSON).", "What /log/proof?entry=… answered for the receipt's entry."
HEAD = "The head that the proof leads to, as /log/head told it."


def verify_receipt(
    receipt: Annotated[Path, typer.Argument(help=RECEIPT)],
    key: Annotated[str, typer.Option(help=KEY)] = "",
    report: Annotated[Path | None, typer.Option(help=REPORT)] = None,
    proof: Annotated[Path | None, typer.Option(help=PROOF)] = None,
    head: Annotated[Path | None, typer.Option(help=HEAD)] = None,
) -> None:
    """Say what a receipt proves; ends with 1 when it does not."""
    try:
        public = public_key(key or history.signer().verifier)[1]
        told = Receipt.model_validate_json(_read(receipt)).proof
        kept = receipts.SignedReceipt(bytes.fromhex(told.content), bytes.fromhex(told.salt), told.note)
        said = receipts.check(kept, public)
    except (ValueError, ValidationError) as wrong:
        raise CannotGoOn(f"This receipt proves nothing under this key: {wrong}.") from None
    print(f"The district has signed that it received report {said.reference} at {said.received_at.isoformat()}.")
    print(f"Its entry in the log: {said.entry.hex()}")
    if report is not None:
        if _content(report) != kept.content:
            raise CannotGoOn("The receipt is for another content than this report has.")
        print("The receipt is for this report, word for word, and for the photos of its manifest.")
    if (proof is None) != (head is None):
        raise CannotGoOn("Give --proof and --head together: a proof leads to a head.")
    if proof is not None and head is not None:
        _check_proof(json.loads(_read(proof)), _read(head), said.entry, public)
        print("The entry is in the log that this head signs.")


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as failure:
        raise CannotGoOn(f"{path} cannot be read: {failure}.") from None


def _content(path: Path) -> bytes:
    try:
        return ReportIn.model_validate_json(_read(path)).fingerprint()
    except ValidationError as wrong:
        raise CannotGoOn(f"{path} is no report as phones send it: {wrong.error_count()} faults.") from None


def _check_proof(proof: Any, note: str, entry: bytes, public: bytes) -> None:
    try:
        top = history.read_head(note, public)
        path = [bytes.fromhex(step) for step in proof["path"]]
        holds = proof["size"] == top.size and merkle.is_included(
            merkle.leaf(entry), proof["index"], top.size, path, top.root
        )
    except (ValueError, KeyError, TypeError) as wrong:
        raise CannotGoOn(f"This is no proof, or no head under this key: {wrong!r}.") from None
    if not holds:
        raise CannotGoOn("The proof does not lead from the receipt's entry to this head.")
