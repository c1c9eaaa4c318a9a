"""Which store an address means. The bucket's library (20 MB in every process) is loaded only where one is used."""

from functools import lru_cache
from importlib import import_module
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from kit.settings import settings
from kit.storage.contract import Store
from kit.storage.files import FileStore


def open_store(url: str, *, access_key: str = "", secret_key: str = "", scratch: Path = Path("/tmp")) -> Store:  # noqa: S108
    """The store at `file:///absolute/folder` or `s3://bucket/prefix?endpoint=http://host:port&region=name`.

    `scratch` is where an S3 store spools. Raises ValueError for an address of another form.
    """
    parts = urlsplit(url)
    if parts.scheme == "file" and parts.netloc in ("", "localhost") and parts.path.startswith("/"):
        return FileStore(Path(unquote(parts.path)))
    if parts.scheme == "s3" and parts.netloc:
        asked = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        s3 = import_module("kit.storage.s3")
        client = s3.s3_client(asked.get("endpoint"), asked.get("region", "us-east-1"), access_key, secret_key)
        prefix = parts.path.strip("/")
        store: Store = s3.S3Store(s3.Bucket(client, parts.netloc, prefix + "/" if prefix else "", scratch))
        return store
    raise ValueError(f"STORAGE_URL is neither file:///folder nor s3://bucket/prefix: {parts.scheme}://…")


@lru_cache(maxsize=1)
def store() -> Store:
    """The installation's store, as its settings name it."""
    given = settings()
    return open_store(
        given.storage_url,
        access_key=given.storage_access_key.get_secret_value(),
        secret_key=given.storage_secret_key.get_secret_value(),
        scratch=given.scratch,
    )
