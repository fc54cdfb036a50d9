"""A redacted report holds no name, no word and no address of anybody."""

from __future__ import annotations

import base64
import gzip
import re
import time

import polars as pl

from dashboards.redact import redact_frames
from dashboards.report import render_report
from tests.dashboards.conftest import GENERATED_AT, Frames
from tests.dashboards.synthetic import CAST


def everything_in(page: str) -> str:
    packed = re.findall(r'<script type="text/plain"[^>]*>([^<]*)</script>', page)
    unpacked = [gzip.decompress(base64.b64decode(text)).decode() for text in packed if text]
    return "\n".join([page, *unpacked])


def test_redacted_report_names_and_quotes_nobody(frames: Frames) -> None:
    shown = everything_in(render_report(frames, generated_at=GENERATED_AT, redact=True))
    for name, headline, _, _ in CAST:
        assert name not in shown
        assert not headline or headline not in shown
    for words in ("Mira Okonkwo", "autopilot", "bumping", "Graz", "person-1", "LinkedInDataExport"):
        assert words not in shown
    assert "Nobody" in shown
    assert "M. O." in shown


def test_plain_report_does_name_and_quote(frames: Frames) -> None:
    shown = everything_in(render_report(frames, generated_at=GENERATED_AT))
    assert "Brent Halloway" in shown
    assert "autopilot" in shown


def test_people_stay_apart_and_links_between_frames_hold(frames: Frames) -> None:
    redacted = redact_frames(frames)
    people = redacted["people"]["identity_id"]
    assert people.n_unique() == frames["people"].height
    assert set(redacted["flags"]["identity_id"]) <= set(people)
    before = frames["flags"].join(frames["people"], on="identity_id").height
    assert redacted["flags"].join(redacted["people"], on="identity_id").height == before


def test_names_inside_sentences_become_initials(frames: Frames) -> None:
    flags = frames["flags"].with_columns(
        statement=pl.lit("Brent Halloway wrote what Maybelle wrote.")
    )
    redacted = redact_frames({**frames, "flags": flags})
    assert set(redacted["flags"]["statement"]) == {"B. H. wrote what Maybelle wrote."}


def test_a_name_of_thousands_of_letters_takes_no_time_and_is_not_quoted(frames: Frames) -> None:
    name = "Nadezhda " * 2_000
    people = frames["people"].with_columns(pl.lit(name).alias("name"))
    flags = frames["flags"].with_columns(
        pl.format("{} wrote twice.", pl.lit(name)).alias("statement")
    )
    started = time.process_time()
    redacted = redact_frames({**frames, "people": people, "flags": flags})
    assert time.process_time() - started < 2
    assert redacted["flags"]["statement"].null_count() == flags.height


def test_names_of_metrics_are_not_names_of_people(frames: Frames) -> None:
    assert redact_frames(frames)["catalogue"].equals(frames["catalogue"])
