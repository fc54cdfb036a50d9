"""Fuzzing: whatever the bytes, a typed error or rows, every row accounted for, no time by the square.

`python -m benchmarks.reliability.fuzz --minutes 30 --seed 1`, or by `benchmarks.soak`. Each target
draws an input (files of the fixtures mutated, documents put together from what their format is
sensitive to, texts of every kind of character) and holds what comes out against what is promised;
Hypothesis makes what it finds small, and is told to look for what takes long.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import tempfile
import time
import tomllib
import traceback
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis
import polars as pl
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.errors import StopTest

from benchmarks.reliability.accidents import Tally
from benchmarks.reliability.nursery import Nursery
from flows import warehouse
from flows.containers import Limits
from flows.exports import find_exports, open_export, recognise
from flows.home import Home
from flows.members import read_members
from flows.settings import default_file, load_settings
from tests.transforms.sources.reading import FIXTURES, SOURCES, head_in, read
from transforms.errors import MememeterError, UsageError
from transforms.spec import Member
from transforms.text import cleaning, hits, language, sentences, tone
from transforms.text.lexicon import LANGUAGES
from transforms.text.spans import of_rows

Draw = Callable[[st.SearchStrategy], object]
MOST_SECONDS = 2.0
MOST_SECONDS_PER_MEGABYTE = 120.0
"""What a reader may take of a hostile file, on a slow machine; a good one takes 0.05."""


def _files() -> list[tuple[Member, bytes]]:
    return [
        (member, file.read_bytes())
        for source in SOURCES.values()
        for ok in [FIXTURES / source.name / "ok"]
        for file in sorted(ok.rglob("*"))
        if file.is_file()
        and (member := source.member_for(file.relative_to(ok).as_posix(), head_in(ok)))
    ]


FILES = _files()
SPECIAL = (
    b'"', b'""', b'"""', b"\n", b"\r\n", b"\r", b",", b";", b"\t", b"\\", b'\\"', b"{", b"}", b"[", b"]",
    b":", b"=", b"\x00", b"\xff", b"\xe9", b"\xef\xbb\xbf", b"\xff\xfe", b"\\ud83d", b"\\udc00", b"\\u0000",
    b"null", b"true", b"-1", b"1e999", b"9" * 30, b"9" * 5000, b"\xc3\x83", b"\xc3\x83\xc2\xa9",
    b"[]", b"{}", b'{"', b'":', b"  ", b"9999-99-99", b"0000-00-00 00:00:00 UTC", b"2/30/26, 1:01 AM",
    b"\xe2\x80\xa8", b"\xe2\x80\xae", b"<h1", b"</p>", b"&#", b"&#x110000;", b"&amp;", b"https://t.co/a",
    b"window.YTD.tweets.part0 = [", b'{"tweet": ', b'{"data":[', b"PK\x03\x04", b"PAR1", b"=1+1",
)  # fmt: skip
MANY = st.sampled_from([1, 1, 1, 2, 3, 10, 300, 20_000])
PIECES = st.tuples(st.sampled_from(SPECIAL) | st.binary(max_size=6), MANY)
MUTATIONS = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 60), PIECES), min_size=1, max_size=6)


def mutate(draw: Draw, content: bytes, others: list[bytes]) -> bytes:
    """The bytes with pieces put in, repeated, taken out, cut off or brought from another file."""
    for place, length, (piece, times) in draw(MUTATIONS):  # type: ignore[attr-defined]
        start = int(place * len(content))
        content = content[:start] + piece * times + content[start + length :]
    if draw(st.integers(0, 7)) == 0:
        other = draw(st.sampled_from(others))
        place = draw(st.floats(0, 1))
        content = content[: int(place * len(content))] + other[int(place * len(other)) :]  # type: ignore[operator, index, arg-type]
    if draw(st.integers(0, 3)) == 0:
        content = content[: int(draw(st.floats(0, 1)) * len(content))]  # type: ignore[operator]
    return content


@contextlib.contextmanager
def _in_time(size: int) -> Iterator[None]:
    start = time.process_time()
    yield
    seconds = time.process_time() - start
    hypothesis.target(1e6 * seconds / max(size, 1000), label="microseconds per byte")
    most = MOST_SECONDS + MOST_SECONDS_PER_MEGABYTE * size / 1e6
    assert seconds < most, f"{size:,} bytes took {seconds:.1f} s"


def member_bytes(draw: Draw) -> bool:
    """Files of the fixtures, mutated; whether any row was refused, or the file."""
    member, content = FILES[draw(st.integers(0, len(FILES) - 1))]  # type: ignore[call-overload]
    content = mutate(draw, content, [other for _, other in FILES])
    return _read(member, content)


def documents(draw: Draw) -> bool:
    """Pieces of a format, however often, after the head that a reader asks for."""
    member, content = FILES[draw(st.integers(0, len(FILES) - 1))]  # type: ignore[call-overload]
    head = content[: content.find(b"\n") + 1] or content[:40]
    pieces = draw(st.lists(PIECES, max_size=12))
    body = b"".join(piece * times for piece, times in pieces)  # type: ignore[attr-defined]
    return _read(member, head + body)


def dates(draw: Draw) -> bool:
    """Cells and strings that look like dates, in every file that has some."""
    marks = st.text("0123456789-/:., TZUCAPM+", max_size=30)
    words = st.sampled_from(
        ["2026-01-01 00:00:00 UTC", "31 Feb 2026", "1/1/26, 12:00 AM", "Thu Feb 30 25:61:61 +0000 2026",
         "2023-13-45T00:00:00.000Z", "-0001-01-01", "99999-01-01", "1e10", "٢٠٢٦-٠١-٠١", "10.03.2024 09:02"]
    )  # fmt: skip
    member, content = FILES[draw(st.integers(0, len(FILES) - 1))]  # type: ignore[call-overload]
    lines = content.decode("utf-8", "replace").split("\n")
    at = draw(st.integers(0, len(lines) - 1))
    digits = [index for index, letter in enumerate(lines[at]) if letter.isdigit()]  # type: ignore[call-overload]
    if digits:
        start = digits[0]
        lines[at] = lines[at][:start] + draw(marks | words) + lines[at][digits[-1] + 1 :]  # type: ignore[call-overload, operator]
    return _read(member, "\n".join(lines).encode())


def _read(member: Member, content: bytes) -> bool:
    with _in_time(len(content)):
        whole = read(member, [content])  # checks columns, types, nulls and the accounting
    assert whole.error is None or whole.error.hint
    said = str(whole.error or "")
    assert len(said) < 8_000, f"a message of {len(said):,} characters"
    return whole.error is not None or bool(whole.rejects)


def containers(draw: Draw) -> bool:
    """Zips of the fixtures, their bytes mutated."""
    source = draw(st.sampled_from(sorted(SOURCES)))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for file in sorted((FIXTURES / str(source) / "ok").rglob("*")):
            if file.is_file():
                method = draw(st.sampled_from([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED]))
                name = file.relative_to(FIXTURES / str(source) / "ok").as_posix()
                archive.writestr(zipfile.ZipInfo(name), file.read_bytes(), method)  # type: ignore[arg-type]
    content = mutate(draw, out.getvalue(), [out.getvalue()])
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "export.zip"
        path.write_bytes(content)
        try:
            with _in_time(len(content)):
                return _read_export(path)
        except MememeterError as error:
            assert "Hint: " in str(error)  # noqa: PT017  what is said, not whether
            return True


def _read_export(path: Path) -> bool:
    found, problems = find_exports([path])
    refused = bool(problems)
    for entry in found:
        with open_export(entry, Limits(total_bytes=1 << 28)) as opened:
            for reading in read_members(opened, recognise(opened)):
                try:
                    for _ in reading.batches:
                        pass
                except MememeterError:
                    refused = True
                refused |= reading.handling == "failed"
    return refused


WORDS = st.sampled_from(
    ["http://", "www.", "a.com/", "@a", "a@b.de", "calendly.com/x", "<script>", "</a>", "<", "&lt;", "\n> ",
     "\n-- \n", "\nBest,\n", "On x wrote:\n", "From: a\nSent: b", "+49 30 ", "€ 5", "1,", ":)", ":-(", "<3", "😀",
     "\u200d", "\u202e", "\u0301", "'", "’", " ", "\n", "\t", "\u00a0", "\u2028", "-", "_", "*", "!", "?", "(!)",
     "(", "[", " dot ", "good ", "not ", "I ", "you ", "thanks ", "ß", "İ", "ﷺ", "字", "\x00", "\ufffe",
     "END-OF-SENTENCE", "n't ", "book a call ", "how are you? "]
)  # fmt: skip
TEXTS = st.one_of(
    st.text(max_size=300),
    st.lists(st.tuples(WORDS | st.text(max_size=3), MANY), max_size=8).map(
        lambda pieces: "".join(piece * times for piece, times in pieces)
    ),
)


def texts(draw: Draw) -> bool:
    """Texts of every kind of character through all that looks at texts."""
    said = pl.Series("text", draw(st.lists(TEXTS, min_size=1, max_size=4)), dtype=pl.String)
    with _in_time(sum(len(text.encode()) for text in said)):
        clean = cleaning.clean(cleaning.cut(said))
        assert len(clean) == len(said)
        tones = tone.score_texts(clean.fill_null("").to_list())
        assert all(-1 <= polarity <= 1 for polarity, _ in tones if polarity is not None)
        told = language.tell(clean.fill_null(""))
        words = sentences.tokenised(clean)
        rows = pl.DataFrame({"text": said, "language": told, "words": words})
        rows = (
            rows.filter(pl.col("language").is_in(LANGUAGES)).drop_nulls().with_row_index("text_id")
        )
        found = hits.hits(rows)
        fired = found.group_by("text_id").agg(hits=pl.struct("rule", "match"))
        spans = of_rows(rows.join(fired, "text_id", "left"))
        for text, places in spans.select("text", "spans_of_text").iter_rows():
            assert all(0 <= p["start"] <= p["stop"] <= len(text) for p in places)
    return found.height > 0


LINES = st.sampled_from(
    [*default_file().split("\n"), "[[table]]", 'files = "*.csv"', "[words.pitch]", 'en = ["x"]', "x = 1",
     "a = " + "[" * 3000, '"" = ""', "[run]", "timeout_minutes = -1", "same = [[1]]", "dates = 1979-05-27"]
)  # fmt: skip


def config(draw: Draw) -> bool:
    """mememeter.toml of any lines, with examples taken for settings."""
    lines = draw(st.lists(LINES, max_size=10))
    content = "\n".join(line.removeprefix("# ") for line in lines)  # type: ignore[attr-defined]
    if draw(st.booleans()):
        content = mutate(draw, content.encode(), [b"[watch]\npatterns = []"]).decode("latin-1")
    with tempfile.TemporaryDirectory() as scratch:
        home = Home(Path(scratch))
        home.config.write_bytes(content.encode("utf-8"))
        try:
            load_settings(home)
        except UsageError as error:
            assert "Hint: " in str(error)  # noqa: PT017
            return True
    with contextlib.suppress(tomllib.TOMLDecodeError):
        return bool(tomllib.loads(content))
    return False


class WholeRuns:
    """Mutated exports through `doctor` and `run`, each in a process of its own."""

    def __init__(self, nursery: Nursery, folder: Path) -> None:
        self._nursery, self._folder = nursery, folder

    def __call__(self, draw: Draw) -> bool:
        source = str(draw(st.sampled_from(sorted(SOURCES))))
        with tempfile.TemporaryDirectory(dir=self._folder) as scratch:
            home = Home(Path(scratch) / "home").create()
            export = home.inbox / "export"
            for file in sorted((FIXTURES / source / "ok").rglob("*")):
                if file.is_file():
                    target = export / file.relative_to(FIXTURES / source / "ok")
                    target.parent.mkdir(parents=True, exist_ok=True)
                    content = file.read_bytes()
                    if draw(st.integers(0, 2)) == 0:
                        content = mutate(draw, content, [other for _, other in FILES])
                    target.write_bytes(content)
            examined = self._call("doctor", home, "--json")
            return self._call("run", home, "--engine", "plain", "--quiet") or examined

    def _call(self, command: str, home: Home, *more: str) -> bool:
        ended = self._nursery.run([command, *more, "--home", home.path])
        assert ended.code in {0, 3}, f"{command} ended with {ended.code}: {ended.output}"
        assert "Traceback" not in ended.output, ended.output
        failure = home.work / "failure.txt"
        assert not failure.exists(), failure.read_text()
        if command == "run" and ended.code == 0:
            sums = warehouse.query(home.database, "FROM reconciliation")
            assert sums["rows_unaccounted"].sum() == 0, sums
        return ended.code != 0


TARGETS: dict[str, Callable[[Draw], bool]] = {
    "files": member_bytes,
    "documents": documents,
    "dates": dates,
    "zips": containers,
    "texts": texts,
    "config": config,
}


def attempt(name: str, target: Callable[[Draw], bool], examples: int, seed: int) -> Tally:
    """So many inputs of one target; the same for the same seed. Whole runs are not made smaller."""
    tally = Tally(f"fuzzed {name}")

    @hypothesis.seed(seed)
    @settings(
        max_examples=examples, deadline=None, database=None, report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck), print_blob=False,
        phases=(Phase.generate, Phase.target, *([Phase.shrink] if name in TARGETS else [])),
    )  # fmt: skip
    @hypothesis.given(st.data())
    def once(data: st.DataObject) -> None:
        tally.tried += 1
        tally.hit += target(data.draw)

    try:
        with contextlib.redirect_stdout(io.StringIO()):
            once()
    except (StopTest, KeyboardInterrupt):
        raise
    except BaseException as error:  # noqa: BLE001  every failure is the finding, Rust's panics too
        notes = [f"{note:.300}" for note in getattr(error, "__notes__", ())]
        where = traceback.extract_tb(error.__traceback__)[-1]
        fact = f"{type(error).__name__}: {str(error)[:1000]} ({where.name}, line {where.lineno})"
        tally.wrong.append("\n".join([fact, *notes[:30]]))
    return tally


def run(minutes: float, seed: int) -> list[Tally]:
    """All targets in turn until the time is over, each with new inputs every time."""
    end = time.monotonic() + 60 * minutes
    totals: dict[str, Tally] = {}
    with Nursery(short_page=True) as nursery, tempfile.TemporaryDirectory() as folder:
        targets = TARGETS | {"whole runs": WholeRuns(nursery, Path(folder))}
        while time.monotonic() < end:
            for name, target in targets.items():
                found = attempt(name, target, 10 if name == "whole runs" else 150, seed)
                total = totals.setdefault(name, Tally(found.kind))
                total.tried += found.tried
                total.hit += found.hit
                total.wrong += found.wrong
                if time.monotonic() > end:
                    break
            seed += 1
    return list(totals.values())


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    tallies = run(asked.minutes, asked.seed)
    for each in tallies:
        print(each)
        for wrong in each.wrong:
            print("   ", wrong.replace("\n", "\n    "))
    raise SystemExit(any(each.wrong for each in tallies))
