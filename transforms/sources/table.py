"""Tables of posts or messages that other tools export: CSV, JSON Lines or Parquet, of LinkedIn or X.

How to get it: see HOW_TO_GET. Neither platform gives its users other people's posts; browser
extensions, schedulers, archives of a newsroom or a study do, each with column names of its own.

How columns are told: `[[table]]` in mememeter.toml names them; what it does not name is known by
its common names (`_table_columns.py`), and `mememeter doctor` prints what was taken for what. A
file is such a table when nothing else knows it and it has text, somebody who wrote it, and a time
(or an id or address that holds it). With a recipient and no address of its own, a row is a
message. Columns nobody needs are listed.

What is emitted: a post is keyed as the archives key it, so that both know it as one; an author by
profile address, account number or handle, and by name alone where there is nothing else, which
is said. Days: `2024-03-04`, `4 Mar 2024`, `Mar 4, 2024`, seconds since 1970 and others; 03/04/2024
only where other rows of the column or mememeter.toml say which way round it is. "3d" is no date, but
the id in the address of a post tells its time.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from transforms.sources._table import parser
from transforms.sources._table_columns import TableMapping
from transforms.sources._table_files import columns_in, says_missing
from transforms.sources._table_parquet import MAGIC
from transforms.sources.x_api import looks_like_feed
from transforms.spec import Head, Member, Source

HOW_TO_GET = (
    "From whatever tool you collect posts with: export its list as CSV, JSON Lines or Parquet, with "
    "author, text and date → put the file into the inbox; `mememeter doctor FILE` says how its "
    "columns are read."
)
_ENDING = r"\.(?:csv|tsv|jsonl?|ndjson|parquet)"


def _begins(mapping: TableMapping, head: bytes) -> bool:
    if looks_like_feed(head):
        return False
    if head.startswith(MAGIC):
        return True
    found = columns_in(head, mapping)
    if found is None:
        return False
    _, plan = found
    return not plan.missing or bool(plan.columns.keys() & mapping.columns.keys())


def _member(name: str, mapping: TableMapping) -> Member:
    files = re.escape(mapping.files).replace(r"\*", ".*").replace(r"\?", ".")
    example = mapping.files.replace("*", "feed").replace("?", "x")
    if re.search(f"{_ENDING}$", example, re.IGNORECASE) is None:
        example = f"{example}.csv"
        files = rf"{files}(?:{_ENDING})?"
    return Member(
        name=name,
        pattern=rf"(?=.*{_ENDING}$)(?:.*/)?{files}",
        feeds=("post_records", "message_records", "person_records"),
        parse=parser(mapping),
        begins=lambda head: _begins(mapping, head),
        doc="Posts of anybody, or messages, one a row.",
        example=example,
    )


def with_mappings(mappings: Sequence[TableMapping], *, guess: bool = True) -> Source:
    """The format under the user's mappings: the first that names a file is the one for it.

    With `guess`, a table that none of them names is told by the common names of its columns.
    """
    named = [_member(f"mapped_{n}", mapping) for n, mapping in enumerate(mappings, 1)]
    members = (*named, _member("table", TableMapping())) if guess else tuple(named)

    def recognises(paths: Sequence[str], head: Head) -> bool:
        return any(m.matches(p) and _is_of(m, head(p)) for m in members for p in paths)

    return Source(
        name="table",
        platform=None,
        label="table of posts or messages",
        how_to_get=HOW_TO_GET,
        recognises=recognises,
        members=members,
        ignored={},
        why_not=_why_not,
        setup=repr(tuple(mappings)) if mappings else "",
    )


def _is_of(member: Member, head: bytes) -> bool:
    return member.begins is not None and member.begins(head)


def _why_not(head: bytes) -> str | None:
    """What a table that is not mapped lacks; None when the bytes begin no table."""
    found = columns_in(head, TableMapping())
    return says_missing(found[1], found[0]) if found and found[1].missing else None


SOURCE = with_mappings(())
