"""A stream of bytes read ahead, and how refused rows are shown."""

from __future__ import annotations

import re
from collections.abc import Iterator

from transforms.errors import MemberError

EXCERPT_LENGTH = 200
_EMAIL = re.compile(r"[^\s,;<>\"']+@[\w-]+(\.[\w-]+)+")
# As account.js of an X archive names them.
_PRIVATE_FIELD = re.compile(r'("(?:email|phoneNumber|\w*Ip)"\s*:\s*)("[^"]*"?|\d+)')


def excerpt(text: str) -> str:
    """The first 200 characters on one line, addresses and numbers left out: never stored."""
    line = " ".join(text[: 2 * EXCERPT_LENGTH].split())
    line = _PRIVATE_FIELD.sub(r'\1"[left out]"', _EMAIL.sub("[e-mail]", line))
    return line[:EXCERPT_LENGTH]


class ReadAhead:
    """Bytes read ahead; `ended` when there is no more, with the error that ended it, if any."""

    def __init__(self, stream: Iterator[bytes]) -> None:
        self._stream = stream
        self._buffer = b""
        self._start = 0
        self.ended = False
        self.error: MemberError | None = None

    @property
    def data(self) -> bytes:
        """Everything that was read ahead; a copy after each `drop`, so ask for a `head` in loops."""
        if self._start:
            self._buffer, self._start = self._buffer[self._start :], 0
        return self._buffer

    @data.setter
    def data(self, data: bytes) -> None:
        self._buffer, self._start = data, 0

    def __len__(self) -> int:
        return len(self._buffer) - self._start

    def head(self, size: int) -> bytes:
        """The first bytes of what was read ahead."""
        return self._buffer[self._start : self._start + size]

    def fill(self, size: int) -> None:
        if len(self) >= size or self.ended:
            return
        parts, length = [self.data], len(self)
        while length < size and not self.ended:
            try:
                chunk = next(self._stream, None)
            except MemberError as error:
                self.error, chunk = error, None
            if chunk is None:
                self.ended = True
            else:
                parts.append(chunk)
                length += len(chunk)
        self.data = b"".join(parts)

    def drop(self, size: int) -> None:
        self._start = min(self._start + size, len(self._buffer))
