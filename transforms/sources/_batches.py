"""Stretches of a file → batches of a bounded size, the good ones before the error that ends it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Protocol

from transforms.errors import MemberError
from transforms.sources._ytd import Elements
from transforms.spec import Batch

BATCH_BYTES = 16 << 20


class Pending(Protocol):
    """What was read since the last batch; `before` is the number of rows before it."""

    before: int
    size: int
    read: int

    def take(self, elements: Elements) -> None: ...

    def batch(self) -> Batch: ...


def in_batches(stretches: Iterator[Elements], fresh: Callable[[int], Pending]) -> Iterator[Batch]:
    """Batches of about BATCH_BYTES, at least one; then the MemberError of the stretches, if any."""
    pending, failure, any_yet = fresh(0), None, False
    while True:
        try:
            elements = next(stretches, None)
        except MemberError as error:
            failure, elements = error, None
        if elements is None:
            break
        pending.take(elements)
        if pending.size >= BATCH_BYTES:
            yield pending.batch()
            pending, any_yet = fresh(pending.before + pending.read), True
    if pending.size or not any_yet:
        yield pending.batch()
    if failure is not None:
        raise failure
