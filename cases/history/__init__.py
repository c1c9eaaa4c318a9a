"""History that cannot be rewritten unseen (promise 8): chains, one tree over them, signed heads, and their auditor."""

from cases.history.audit import Fault, Found, audit
from cases.history.copying import as_dumped
from cases.history.dump import NoDump
from cases.history.head import read as read_head
from cases.history.head import signer
from cases.history.proofs import Proof, Unknown, consistency, inclusion, newest, of_the_day
from cases.history.tree import put_in

__all__ = [
    "Fault",
    "Found",
    "NoDump",
    "Proof",
    "Unknown",
    "as_dumped",
    "audit",
    "consistency",
    "inclusion",
    "newest",
    "of_the_day",
    "put_in",
    "read_head",
    "signer",
]
