"""A form of GeoReport v2, url-encoded or multipart: fields may be repeated, photos are handed on and never spooled."""

from collections.abc import AsyncIterator
from typing import Final
from urllib.parse import parse_qsl

from fastapi import Request
from python_multipart.multipart import parse_options_header

from api.middleware import BODY
from api.multipart import BadForm, Form
from kit.errors import TooLarge, Unsupported

MOST_FIELDS: Final = 200
MOST_PHOTOS: Final = 9
URLENCODED: Final = b"application/x-www-form-urlencoded"

Said = list[tuple[str, str]]


def kind_of(request: Request) -> bytes:
    """How the body is written. Raises Unsupported for neither of the two."""
    kind, _ = parse_options_header(request.headers.get("content-type"))
    if kind not in {URLENCODED, b"multipart/form-data"}:
        raise Unsupported
    return kind


async def fields_of(request: Request) -> Said:
    """What a url-encoded body says, in its order. Raises BadForm, TooLarge."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > BODY:
            raise TooLarge(limit_bytes=BODY)
    try:
        return parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError as wrong:  # that of Unicode as well
        raise BadForm from wrong


class MediaForm(Form):
    """A multipart form. Read `media()` to its end; `said` is complete then."""

    most_parts = 80
    most_field_bytes = 16 * 1024

    def __init__(self, request: Request) -> None:
        """Raises Unsupported, BadForm."""
        super().__init__(request)
        self.said: Said = []
        self._files = 0
        self._is_file = False
        self._arrived: list[tuple[int, bytes]] = []

    async def media(self) -> AsyncIterator[tuple[int, bytes]]:
        """The bytes of each file with its number, as they come; a part with a file's name is one. Raises BadForm."""
        async for chunk in self._stream:
            self._take(chunk)
            arrived, self._arrived = self._arrived, []
            for each in arrived:
                yield each
        if not self.is_whole:
            raise BadForm(reason="torn")

    def on_part_begin(self) -> None:
        """A part begins, of which nothing is known yet."""
        super().on_part_begin()
        self._is_file = False

    def on_header_end(self) -> None:
        """A header is complete; one that names a file makes its part one."""
        if self._header.lower() == b"content-disposition":
            _, options = parse_options_header(self._value)
            self._is_file = any(name.startswith(b"filename") for name in options)
        super().on_header_end()

    def on_headers_finished(self) -> None:
        """What the part is, is known now."""
        self._files += self._is_file
        if self._files > MOST_PHOTOS:
            raise BadForm(pointer="/media", reason="files")

    def on_part_data(self, data: bytes, start: int, end: int) -> None:
        """A piece of the part itself."""
        if self._is_file:
            self._arrived.append((self._files, data[start:end]))
        else:
            super().on_part_data(data, start, end)

    def on_part_end(self) -> None:
        """A part is complete; one without a name is passed over."""
        if self._name and not self._is_file:
            self.said.append((self._name, self._field.decode("utf-8", "replace")))
