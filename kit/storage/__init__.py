"""Files under keys, in a folder or in a bucket: written once, durable when they are said to be stored."""

from kit.storage.contract import (
    BadKey,
    ChecksumMismatch,
    ContentTooLarge,
    Missing,
    Occupied,
    Part,
    Reader,
    StorageUnavailable,
    Store,
    Stored,
)
from kit.storage.kept import Kept, open_kept, put_kept
from kit.storage.opening import open_store, store
from kit.storage.sealed import DoesNotOpen, Opened, Opening, begin_sealed, new_data_key, pieces_of

__all__ = [
    "BadKey",
    "ChecksumMismatch",
    "ContentTooLarge",
    "DoesNotOpen",
    "Kept",
    "Missing",
    "Occupied",
    "Opened",
    "Opening",
    "Part",
    "Reader",
    "StorageUnavailable",
    "Store",
    "Stored",
    "begin_sealed",
    "new_data_key",
    "open_kept",
    "open_store",
    "pieces_of",
    "put_kept",
    "store",
]
