"""Typed errors that carry their facts. Each message ends in the way out.

The command line turns them into exit codes once; nothing else catches them broadly.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


class MememeterError(Exception):
    """Base: a fact, what was expected, and a hint. `exit_code` is what the command line returns."""

    exit_code = 1

    def __init__(self, fact: str, *, hint: str) -> None:
        self.fact = fact
        self.hint = hint
        super().__init__(f"{fact}\n\nHint: {hint}")

    def __reduce__(self) -> tuple[Any, ...]:
        """As pickled on its way from another process: by its facts, not by calling it anew."""
        return _again, (type(self), self.args, dict(self.__dict__))


def _again(
    kind: type[MememeterError], args: tuple[Any, ...], facts: Mapping[str, Any]
) -> MememeterError:
    error = kind.__new__(kind, *args)
    error.__dict__.update(facts)
    return error


class DeclarationError(MememeterError):
    """A table, metric or format is declared wrongly: a mistake in this program."""


class UsageError(MememeterError):
    """The command or the configuration says something that cannot be done."""

    exit_code = 2


class NothingReadError(MememeterError):
    """No file was recognised, or none of the recognised ones could be read."""

    exit_code = 3


class ExportError(MememeterError):
    """A whole export cannot be read; the other exports go on."""

    def __init__(self, export: str, fact: str, *, hint: str) -> None:
        self.export = export
        super().__init__(f"{export}: {fact}", hint=hint)


class MemberError(MememeterError):
    """One file of an export cannot be read, or not to its end; the other files go on."""

    def __init__(
        self, fact: str, *, hint: str, member: str = "", row_number: int | None = None
    ) -> None:
        self.member = member
        self.row_number = row_number
        where = f"{member}: " if member else ""
        row = f" (after row {row_number})" if row_number is not None else ""
        super().__init__(f"{where}{fact}{row}", hint=hint)
        self.fact = f"{fact}{row}"
        self._bare = fact

    def within(self, member: str) -> MemberError:
        """The same error, by whoever knows the name of the file."""
        return MemberError(self._bare, hint=self.hint, member=member, row_number=self.row_number)


@dataclass(frozen=True, slots=True)
class Problem:
    """An error that was survived: shown by doctor, the report and last_run.json."""

    export: str
    member: str
    message: str

    @property
    def line(self) -> str:
        """The message behind the name of the file, once; an ExportError begins with the path."""
        where = f"{self.export}, {self.member}" if self.member else self.export
        head, name, rest = self.message.partition(f"{self.export}: ")
        is_path = bool(name) and not self.member and (not head or head.endswith(("/", "\\")))
        return f"{where}: {rest if is_path else self.message}"
