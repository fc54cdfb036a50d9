"""Articles/*.html of Complete LinkedIn exports: one long article a page → a post.

Seen 2017 to 2026: the title as a link to the article inside <h1>, `Created on` and `Published on`
with a minute and no zone (taken as UTC), then the text. One that was never published has no
second date: it is a draft.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import polars as pl

from transforms.errors import MemberError
from transforms.sources._encoding import as_utf8, mend_lines
from transforms.sources._linkedin_activity import owners_posts
from transforms.sources._linkedin_dates import parse_time
from transforms.sources._linkedin_html import plain
from transforms.sources._linkedin_rows import undated
from transforms.spec import Batch, Reject

LONGEST_ARTICLE = 16 << 20
# A page of 16 MB may hold any of these a million times without its end: so each begin and each end
# is looked for by itself, and no repetition gives back what it took.
_TITLE, _TITLE_END = re.compile(r"(?i)<h1\b"), re.compile(r"(?i)</h1>")
_ANCHOR = re.compile(r"(?i)<a\b[^>]*+")
_LINK = re.compile(r"""(?i)\bhref\s*+=\s*+["']([^"']++)""")
_CREATED = re.compile(r'(?i)<p class="created">')
_PUBLISHED = re.compile(r'(?i)<p class="published">')
_PARAGRAPH_END = re.compile(r"(?i)</p>")
_PUBLISHED_ON = re.compile(r"(?i)^Published on")
_PAGE_END = re.compile(r"(?i)</body>|</html>")


def parse_article(chunks: Iterable[bytes]) -> Iterator[Batch]:
    """The one article of a page. Raises MemberError when the page is none."""
    page, repairs = _page(chunks)
    title = _between(page, _TITLE, _TITLE_END)
    created = _between(page, _CREATED, _PARAGRAPH_END)
    published = _between(page, _PUBLISHED, _PARAGRAPH_END)
    if title is None or (created is None and published is None):
        raise MemberError(
            "the page does not look like an article: it has no title or no date",
            hint="only pages as LinkedIn wrote them are read; nothing else in this export is lost",
        )
    begins = max(part.end for part in (title, created, published) if part)
    body = _PAGE_END.split(page[begins:], maxsplit=1)[0]
    links = (_LINK.search(tag.group()) for tag in _ANCHOR.finditer(title.inside))
    link = next((found for found in links if found), None)
    said = _PUBLISHED_ON.sub("", published.inside.strip()).strip() if published else None
    frame = pl.DataFrame(
        {
            "row_number": [1],
            "title": [title.inside],
            "body": [body],
            "url": [link[1].partition("?")[0] if link else None],
            "published": [said],
        },
        schema_overrides={"row_number": pl.Int64, "url": pl.String, "published": pl.String},
    ).with_columns(plain("title"), plain("body"))
    frame = frame.with_columns(
        parse_time(frame, "published").alias("at"),
        pl.concat_str("title", "body", separator="\n\n", ignore_nulls=True).alias("text"),
    ).with_columns(undated("at", "published"))
    why = None if published is None else frame["refused"][0]
    key = pl.coalesce("url", "title", pl.format("article:{}", pl.col("at").dt.timestamp("us")))
    good = frame.filter(pl.lit(published is not None and why is None))
    yield Batch(
        rows_read=1,
        records={"post_records": owners_posts(good, "post", key)},
        rejects=(Reject(1, why, (frame["title"][0] or "")[:200]),) if why else (),
        repairs=repairs if good.height else {},
        ignored={"article that was never published": 1} if published is None else {},
    )


@dataclass(frozen=True, slots=True)
class _Element:
    """What stands inside of an element, and where in the page it ends."""

    inside: str
    end: int


def _between(page: str, opens: re.Pattern[str], closes: re.Pattern[str]) -> _Element | None:
    """The first element that `opens`, up to the first end after it."""
    opened = opens.search(page)
    if opened is None:
        return None
    begins = opened.end() if opened.group().endswith(">") else page.find(">", opened.end()) + 1
    closed = closes.search(page, begins) if begins else None
    return _Element(page[begins : closed.start()], closed.end()) if closed else None


def _page(chunks: Iterable[bytes]) -> tuple[str, dict[str, int]]:
    """The text of the page, and how it had to be decoded."""
    encoding, stream = as_utf8(chunks)
    raw = b""
    for chunk in stream:
        raw += chunk
        if len(raw) > LONGEST_ARTICLE:
            raise MemberError(
                f"the page is larger than {LONGEST_ARTICLE:,} bytes",
                hint="no article is; take the file as it was downloaded",
            )
    if not raw.strip():
        raise MemberError("the file is empty", hint="download the export again")
    raw, mended = mend_lines(raw)
    repairs = {"read as windows-1252": 1} if mended else {}
    return raw.decode(), repairs if encoding == "utf-8" else {f"re-coded from {encoding}": 1}
