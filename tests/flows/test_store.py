"""The store: an export is in it whole or not at all, and once."""

from __future__ import annotations

import json
import stat
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from flows import store
from flows.exports import find_exports, open_export, recognise
from flows.home import Home
from flows.members import read_members
from tests.flows.exports_for_tests import linkedin_zip, message, messages_csv, some_messages
from transforms.errors import ExportError, MemberError, MememeterError
from transforms.spec import Batch
from transforms.tables import EXPORT_MEMBERS, EXPORTS

NOW = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home").create()


def add(home: Home, path: Path, now: datetime = NOW, readings=None) -> store.ExportSummary:
    (found,), _ = find_exports([path])
    with open_export(found) as opened:
        source = recognise(opened)
        members = read_members(opened, source) if readings is None else readings(opened, source)
        return store.add_export(home, opened, source, members, now=now)


def files_of(home: Home) -> list[Path]:
    return sorted(path for path in home.store.rglob("*") if path.is_file())


def test_what_was_read_comes_back(home: Home, tmp_path: Path) -> None:
    summary = add(home, linkedin_zip(tmp_path / "one.zip"))
    records = store.scan_records(home, store.manifests(home))
    messages = records["message_records"].collect()
    assert messages.height == 12
    assert set(messages["export_id"]) == {summary.export_id}
    assert set(messages["member"]) == {"messages.csv"}
    assert records["post_records"].collect().is_empty()
    assert summary.as_of == "2026-03-04T10:00:40+00:00"


def test_the_manifest_has_every_file_and_its_counts(home: Home, tmp_path: Path) -> None:
    broken = messages_csv(message(1, "fine"), message(1, "fine").replace("2026-03-02", "soon"))
    path = linkedin_zip(tmp_path / "one.zip", {"messages.csv": broken, "Odd.csv": "a\n1\n"})
    summary = add(home, path)
    assert store.manifests(home) == [summary]
    frame = store.members_frame([summary])
    handled = {row["member"]: row for row in frame.iter_rows(named=True)}
    assert (handled["messages.csv"]["rows_read"], handled["messages.csv"]["rows_rejected"]) == (
        2,
        1,
    )
    assert handled["Odd.csv"]["handling"] == "unknown"
    rejects = store.scan_records(home, [summary])["rejects"].collect()
    assert rejects.select("member", "row_number").rows() == [("messages.csv", 2)]


def test_the_frames_have_the_declared_types(home: Home, tmp_path: Path) -> None:
    summary = add(home, linkedin_zip(tmp_path / "one.zip"))
    for frame, table in (
        (store.exports_frame([summary]), EXPORTS),
        (store.members_frame([summary]), EXPORT_MEMBERS),
        (store.exports_frame([]), EXPORTS),
        (store.members_frame([]), EXPORT_MEMBERS),
    ):
        assert dict(frame.schema).items() <= dict(table.schema).items()


def test_files_are_closed_to_others_and_named_by_content(home: Home, tmp_path: Path) -> None:
    add(home, linkedin_zip(tmp_path / "one.zip"))
    before = {path: path.read_bytes() for path in files_of(home)}
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in before)
    add(home, tmp_path / "one.zip", now=NOW.replace(year=2027))
    assert {path: path.read_bytes() for path in files_of(home)} == before


def test_an_export_that_breaks_half_way_is_not_in_the_store(home: Home, tmp_path: Path) -> None:
    path = linkedin_zip(tmp_path / "one.zip")

    def cut(opened, source):
        for reading in read_members(opened, source):
            yield reading
            if reading.member == "Profile.csv":
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        add(home, path, readings=cut)
    assert store.manifests(home) == []
    assert store.scan_records(home, [])["person_records"].collect().is_empty()
    left = len(files_of(home))
    assert left > 0
    assert store.sweep(home, []) == left
    add(home, path)
    assert len(store.manifests(home)) == 1


def test_sweep_keeps_what_a_manifest_names(home: Home, tmp_path: Path) -> None:
    add(home, linkedin_zip(tmp_path / "one.zip"))
    before = files_of(home)
    (home.store / "message_records" / ".123.part").write_bytes(b"left by a crash")
    assert store.sweep(home, store.manifests(home)) == 1
    assert files_of(home) == before


def test_an_export_of_which_nothing_can_be_read_is_refused(home: Home, tmp_path: Path) -> None:
    def all_broken(opened, source):
        for reading in read_members(opened, source):
            reading.batches = broken()
            yield reading

    def broken():
        raise MemberError("the zip is damaged here", hint="download it again")
        yield

    path = linkedin_zip(tmp_path / "one.zip")
    with pytest.raises(ExportError) as caught:
        add(home, path, readings=all_broken)
    assert caught.value.fact == (
        "one.zip: none of its files could be read; Profile.csv: the zip is damaged here"
    )
    assert store.manifests(home) == []


def test_a_member_that_breaks_off_costs_its_rest_only(home: Home, tmp_path: Path) -> None:
    def cut(opened, source):
        for reading in read_members(opened, source):
            if reading.member == "messages.csv":
                reading.batches = then_broken(reading.batches)
            yield reading

    def then_broken(batches):
        yield from batches
        raise MemberError("it ends in the middle of a row", hint="download it again")

    summary = add(home, linkedin_zip(tmp_path / "one.zip"), readings=cut)
    member = next(m for m in summary.members if m.member == "messages.csv")
    assert (member.handling, member.rows_read) == ("failed", 12)
    assert member.reason == "it ends in the middle of a row"
    assert store.scan_records(home, [summary])["message_records"].collect().height == 12


def test_large_members_become_several_files(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "PARTITION_BYTES", 1)
    path = linkedin_zip(tmp_path / "one.zip")

    def in_pieces(opened, source):
        for reading in read_members(opened, source):
            if reading.member == "messages.csv":
                reading.batches = pieces(list(reading.batches))
            yield reading

    def pieces(batches: list[Batch]):
        for batch in batches:
            for name, frame in batch.records.items():
                for start in range(0, frame.height, 5):
                    part = frame.slice(start, 5)
                    yield Batch(rows_read=part.height, records={name: part})

    summary = add(home, path, readings=in_pieces)
    parts = {member.member: member.partitions for member in summary.members}
    assert len(parts["messages.csv"]) == 3
    records = store.scan_records(home, [summary])["message_records"].collect()
    assert sorted(records["row_number"]) == list(range(1, 13))


def test_first_seen_at_survives_a_newer_reader(home: Home, tmp_path: Path) -> None:
    path = linkedin_zip(tmp_path / "one.zip")
    summary = add(home, path)
    manifest = store.manifest_path(home, summary.export_id)
    content = json.loads(manifest.read_bytes())
    manifest.write_text(json.dumps(content | {"source_version": 0}), encoding="utf-8")
    (found,), _ = find_exports([path])
    with open_export(found) as opened:
        assert not store.is_stored(home, opened.export_id, recognise(opened))
    again = add(home, path, now=NOW.replace(year=2030))
    assert again.first_seen_at == summary.first_seen_at
    assert again.source_version == summary.source_version


def test_a_damaged_manifest_names_the_file_and_the_way_out(home: Home) -> None:
    (home.manifests / "abc.json").write_text("{", encoding="utf-8")
    with pytest.raises(MememeterError) as caught:
        store.manifests(home)
    assert "abc.json in the store is damaged" in caught.value.fact
    assert "into the inbox again" in caught.value.hint


def test_the_same_rows_in_two_exports_are_kept_for_both(home: Home, tmp_path: Path) -> None:
    add(home, linkedin_zip(tmp_path / "one.zip"))
    add(home, linkedin_zip(tmp_path / "two.zip", {"messages.csv": some_messages(6)}))
    records = store.scan_records(home, store.manifests(home))["message_records"].collect()
    assert sorted(records.group_by("export_id").agg(pl.len())["len"]) == [12, 18]
