"""What every message metric promises, on texts nobody thought of: type, range and null rule."""

from __future__ import annotations

import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.transforms.worlds import at, ledger, message, records
from transforms import measure
from transforms.content import Word, content_tables
from transforms.metrics import metrics_of
from transforms.text.tone import score_texts

PHRASES = (
    "Hi {{first_name}}, loved your profile!", "Book a call: https://calendly.com/x/30min",
    "I I I me my book", "Only €99 today!!!", "How did that go?", "US", "¿Tienes tiempo?",
    "Wir helfen Unternehmen", "😀", "\u202eabc", "> quoted", "-- \nsignature", "+1 555 0100",
    "unsubscribe", "a@b.test", "これは日本語です", "\x00", "’", "#ad",
)  # fmt: skip
texts = st.lists(st.sampled_from(PHRASES) | st.text(max_size=30), max_size=6).map(" ".join)
threads = st.lists(
    st.tuples(texts | st.none(), st.sampled_from(["ada", "bob", "owner"]), st.integers(0, 40)),
    min_size=1,
    max_size=10,
)


def measured(thread: list[tuple[str | None, str, int]]) -> pl.DataFrame:
    frames = records(
        e={
            "message_records": [
                message(text, who, sent_at=at(f"2025-03-{1 + n // 3:02d} 09:{minute:02d}"))
                for n, (text, who, minute) in enumerate(thread)
            ]
        }
    )
    content, _ = content_tables(
        frames, ledger(frames), Word(owners={"linkedin": ["linkedin:in/owner"]})
    )
    prepared = measure.prepare_messages(
        content["messages"],
        content["message_recipients"],
        content["people"],
        content["connections"],
    ).with_columns(
        template_id=pl.lit(None, pl.String),
        template_senders=pl.lit(None, pl.Int64),
        template_recipients=pl.lit(None, pl.Int64),
    )
    distinct = measure.texts_for_tone(prepared)
    scores = score_texts(distinct.to_list())
    tone = pl.DataFrame(
        {
            "clean": distinct,
            "polarity": [score[0] for score in scores],
            "subjectivity": [score[1] for score in scores],
        },
        schema={"clean": pl.String, "polarity": pl.Float64, "subjectivity": pl.Float64},
    )
    return measure.message_metrics(prepared, tone)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(threads)
def test_every_message_metric_keeps_its_promises(thread: list[tuple[str | None, str, int]]) -> None:
    frame = measured(thread)
    for metric in metrics_of("message"):
        values = frame[metric.name]
        assert values.dtype == metric.column.dtype, metric.name
        if metric.null_when is None:
            assert values.null_count() == 0, metric.name
        known = values.drop_nulls()
        if values.dtype.is_float():
            assert known.is_finite().all(), metric.name
        if metric.low is not None:
            assert (known >= metric.low).all(), metric.name
        if metric.high is not None:
            assert (known <= metric.high).all(), metric.name
        if metric.values:
            assert known.is_in(list(metric.values)).all(), metric.name


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(threads)
def test_every_span_lies_in_its_text(thread: list[tuple[str | None, str, int]]) -> None:
    frame = measured(thread)
    spans = frame.select("message_id", "spans").explode("spans").unnest("spans").drop_nulls()
    assert (spans["start"] >= 0).all()
    assert (spans["stop"] > spans["start"]).all()
    longest = max(len(text or "") for text, _, _ in thread)
    assert spans.is_empty() or spans["stop"].max() <= longest
