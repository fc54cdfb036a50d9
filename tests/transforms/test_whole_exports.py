"""Exports of several eras of one life: one world comes out, whatever arrived first."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.transforms.sources.editions import ERAS, Era, Said, Somebody, World, export, utc
from tests.transforms.sources.reading import SOURCES, read
from tests.transforms.sources.test_round_trips import worlds
from tests.transforms.worlds import ledger
from transforms.content import Word, content_tables
from transforms.records import RECORD_TABLES

SOURCE = SOURCES["linkedin_archive"]
BY_NAME = {era.name: era for era in ERAS}
# All that follows from records but not from the order in which they came.
DUMPED = ("people", "person_aliases", "connections", "conversations", "messages",
          "message_recipients", "posts", "interactions")  # fmt: skip


def records_of(exports: Mapping[str, Mapping[str, bytes]]) -> dict[str, pl.DataFrame]:
    """export name → {file → content} as complete record frames."""
    frames: dict[str, list[pl.DataFrame]] = {name: [] for name in RECORD_TABLES}
    for name, files in exports.items():
        for path, content in files.items():
            member = SOURCE.member_for(path)
            assert member is not None
            for table, frame in read(member, [content]).records.items():
                where = (pl.lit(name).alias("export_id"), pl.lit(path).alias("member"))
                frames[table].append(RECORD_TABLES[table].conform(frame.with_columns(where)))
    return {
        name: pl.concat([RECORD_TABLES[name].empty(), *parts]) for name, parts in frames.items()
    }


def content(
    exports: Mapping[str, Mapping[str, bytes]], arrival: Sequence[str] | None = None
) -> dict[str, pl.DataFrame]:
    frames = records_of(exports)
    shuffled = {n: f.sample(fraction=1, shuffle=True, seed=3) for n, f in frames.items()}
    told = ledger(frames, arrival=list(arrival) if arrival else None)
    return content_tables(shuffled, told, Word())[0]


LIFE = World(
    (
        Somebody("Mee", "Owner", "mee-owner"),
        Somebody("Ada", "Lovelace", "ada", "Engines", date(2020, 1, 2)),
        Somebody("Bo", "Li, Ph.D.", "bö-li", "Acme", date(2021, 3, 4)),
        Somebody("Kim", "Lee", "kim-1", "", date(2019, 1, 1)),
        Somebody("Kim", "Lee", "kim-2", "", date(2019, 5, 1)),
        Somebody("Silent", "One", "silent", "Quiet Inc", date(2020, 7, 7)),
    ),
    (
        Said(1, (0,), utc("2020-01-02 10:00"), "Hello, I would like to connect"),
        Said(0, (5,), utc("2020-07-06 10:00"), "Let us connect, Silent"),
        Said(0, (3,), utc("2018-07-06 10:00"), "Hi Kim"),
        Said(4, (0,), utc("2018-07-06 10:00"), "Hi from the other Kim"),
        Said(1, (0,), utc("2020-01-03 10:00"), 'Line one\nline two, "quoted"', "t1"),
        Said(0, (1,), utc("2020-01-03 11:00"), "N/A", "t1"),
        Said(2, (0, 1), utc("2021-03-05 11:00:01"), "+1", "t2"),
        Said(2, (0, 1), utc("2021-03-05 11:00:01"), "+1", "t2"),
        Said(0, (2, 1), utc("2021-03-06 11:00:01"), "ok", "t2"),
        Said(3, (0,), utc("2021-03-05 11:00:01"), "kim one", "t3"),
        Said(4, (0,), utc("2021-03-05 11:00:01"), "kim two", "t4"),
        Said(0, (5,), utc("2021-04-05 11:00:01"), "Are you there, Silent?", "t5"),
        Said(1, (0,), utc("2022-01-03 10:00"), "", "t1", attachment="https://a.example/d.pdf"),
    ),
)


@pytest.mark.parametrize(
    "eras", [*itertools.combinations(BY_NAME, 2), tuple(BY_NAME)], ids="+".join
)
def test_exports_of_several_eras_are_one_life(eras: Sequence[str]) -> None:
    """Six people, nine ties, thirteen messages – as soon as one of the exports has addresses."""
    tables = content({name: export(LIFE, BY_NAME[name]) for name in eras})
    assert tables["messages"].height == 13
    assert tables["connections"].height == 9
    if any(BY_NAME[name].addresses for name in eras):
        assert sorted(tables["people"]["handle"]) == [
            "ada", "bö-li", "kim-1", "kim-2", "mee-owner", "silent",
        ]  # fmt: skip
        companies = tables["people"].filter(pl.col("company").is_not_null())["company"]
        assert sorted(companies) == ["Acme", "Engines", "Quiet Inc"]
        asked = tables["people"].filter(invited_by="owner")["handle"]
        assert sorted(asked) == ["kim-1", "silent"]


def test_who_had_no_address_then_keeps_their_id_when_a_later_export_tells_it() -> None:
    early = LIFE.until(utc("2021-01-01"))
    before = content({"old": export(early, BY_NAME["2020"])})["people"]
    after = content({"old": export(early, BY_NAME["2020"]), "new": export(LIFE, BY_NAME["2026"])})
    silent = before.filter(display_name="Silent One")["person_id"].to_list()
    assert len(silent) == 1
    person = after["people"].filter(person_id=silent[0]).row(0, named=True)
    assert (person["handle"], person["company"]) == ("silent", "Quiet Inc")
    aliases = after["person_aliases"].filter(person_id=silent[0], kind="key")["alias"]
    assert "linkedin:in/silent" in aliases
    assert "linkedin:connection/silent one/2020-07-07" in aliases


def test_less_in_a_newer_export_deletes_nothing() -> None:
    whole = {"old": export(LIFE, BY_NAME["2025"])}
    newer = World(LIFE.people[:2], LIFE.said[4:6])
    tables = content(
        whole | {"basic": {"messages.csv": export(newer, BY_NAME["2026"])["messages.csv"]}}
    )
    alone = content(whole)
    for name in ("people", "connections", "messages", "message_recipients", "conversations"):
        assert tables[name].height == alone[name].height, name


def test_who_became_anonymous_keeps_connection_invitation_and_messages() -> None:
    old, new = export(LIFE, BY_NAME["2023"]), export(LIFE, BY_NAME["2026"], frozenset((1, 4)))
    tables = content({"old": old, "new": new})
    assert tables["people"].height == 6
    assert tables["connections"].height == 9
    # A note from somebody who hid since is the one message of which nothing tells whose it was.
    senders = tables["messages"].filter(pl.col("kind") != "invitation")["sender_id"]
    assert senders.null_count() == 0


def moved(world: World, *who: int) -> World:
    """The world after these people took another address."""
    people = [
        replace(somebody, slug=f"{somebody.slug}-moved") if number in who else somebody
        for number, somebody in enumerate(world.people)
    ]
    return World(tuple(people), world.said)


def test_who_takes_another_address_stays_who_they_were() -> None:
    """Ada writes, Silent never did: she is told by the day of connecting. The owner moves too."""
    early = export(LIFE.until(utc("2021-06-01")), BY_NAME["2023"])
    old = content({"old": early})
    both = content({"old": early, "new": export(moved(LIFE, 0, 1, 5), BY_NAME["2026"])})
    for name in ("people", "connections"):
        assert both[name].height == old[name].height, name
    assert both["messages"].height == len(LIFE.said)
    assert sorted(both["people"]["person_id"]) == sorted(old["people"]["person_id"])
    silent = both["people"].filter(display_name="Silent One").row(0, named=True)
    assert silent["handle"] == "silent-moved"
    assert both["people"]["is_owner"].sum() == 1


def test_namesakes_who_connected_on_one_day_stay_apart() -> None:
    twins = [Somebody("Kim", "Lee", slug, "", date(2020, 1, 1)) for slug in ("kim-1", "kim-2")]
    world = World((LIFE.people[0], *twins), ())
    both = content({name: export(world, BY_NAME[name]) for name in ("2023", "2026")})
    assert both["connections"].height == 2


eras = st.sampled_from(ERAS)
shares = st.sampled_from(
    [("messages.csv",), ("messages.csv", "Profile.csv"), tuple(export(LIFE, ERAS[0]))]
)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    world=worlds(),
    editions=st.lists(
        st.tuples(eras, st.dates(date(2017, 1, 1), date(2026, 1, 1)), shares,
                  st.sets(st.integers(1, 3)), st.sets(st.integers(0, 3))),
        min_size=2, max_size=3,
    ),
)  # fmt: skip
def test_the_order_of_arrival_of_whole_exports_does_not_matter(
    world: World, editions: list[tuple[Era, date, tuple[str, ...], set[int], set[int]]]
) -> None:
    exports = {}
    for number, (era, until, names, hidden, away) in enumerate(editions):
        seen = moved(world.until(utc(f"{until} 00:00")), *away)
        files = export(seen, era, frozenset(hidden))
        exports[f"{number}-{era.name}"] = {name: files[name] for name in names}
    dumps = []
    for order in itertools.permutations(exports):
        tables = content({name: exports[name] for name in order}, arrival=order)
        sums = tables["exports"].select(
            pl.col("rows_stored") + pl.col("rows_duplicate") - pl.col("rows_read")
        )
        assert not any(sums.to_series())
        dumps.append({name: tables[name] for name in DUMPED})
    for dump in dumps[1:]:
        for name, frame in dump.items():
            assert frame.equals(dumps[0][name]), name
