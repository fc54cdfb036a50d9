"""Errors say the same wherever they are read, also in another process."""

from __future__ import annotations

import pickle

import pytest

from transforms.errors import ExportError, MemberError, MememeterError, NothingReadError

ERRORS = [
    NothingReadError("nothing was read", hint="look again"),
    ExportError("mine.zip", "it is cut off", hint="ask for it again"),
    MemberError("row too long", hint="mend it", member="messages.csv", row_number=7),
]


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_an_error_of_a_worker_arrives_whole(error: MememeterError) -> None:
    arrived = pickle.loads(pickle.dumps(error))
    assert type(arrived) is type(error)
    assert str(arrived) == str(error)
    assert vars(arrived) == vars(error)
    assert arrived.exit_code == error.exit_code
