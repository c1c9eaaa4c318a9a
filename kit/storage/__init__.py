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
from kit.storage.opening import open_store, store

__all__ = [
    "BadKey",
    "ChecksumMismatch",
    "ContentTooLarge",
    "Missing",
    "Occupied",
    "Part",
    "Reader",
    "StorageUnavailable",
    "Store",
    "Stored",
    "open_store",
    "store",
]
