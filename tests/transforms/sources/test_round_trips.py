"""People and threads, written as any era exported them and read back: equal."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.transforms.sources import editions
from tests.transforms.sources.editions import ERAS, OWNER, Era, Said, Somebody, World
from tests.transforms.sources.reading import SOURCES, Read, read
from transforms.sources._encoding import undo_mojibake

SOURCE = SOURCES["linkedin_archive"]
START = datetime(2016, 1, 1, tzinfo=UTC)
_QUIRKS = st.sampled_from(
    ["N/A", "+1 from me", "=SUM(A1)", "NULL", '"', 'say ""this""', "a\nb", "\n\n", "a\r\nb", "Jane,", ",",
     "\\", '\\"', "'", "Hello 🚀", "再见", "https://a.example/?b=c&d", " padded ", ";", "\t", "Notes:",
     "first name,last name,connected on", "#REF!", "{FIRSTNAME}", "é", "\u202fa\u00a0b"]
)  # fmt: skip
_PLAIN = st.text(
    st.characters(min_codepoint=32, exclude_categories=("Cs", "Cc", "Co", "Cn")), max_size=40
)
# What reads like UTF-8 taken for windows-1252 is mended, and counted, by intention.
texts = st.lists(_QUIRKS | _PLAIN, max_size=3).map("".join).filter(
    lambda text: undo_mojibake(text) == text
)  # fmt: skip
_names = st.sampled_from(
    [
        "Ada",
        "Bo",
        "Jane",
        "Zoë",
        "O'Neil",
        "Nguyễn",
        "Lovelace",
        "Li, Ph.D.",
        'Kim "Kit" Lee',
        "李",
        "",
    ]
)
_slugs = st.sampled_from(["ada", "bo-li", "jane-doe-1a2b", "zoë", "nguyễn-văn", "李-wei", "o-neil"])


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """An owner, up to six others with an address each, and what was said."""
    slugs = draw(st.lists(_slugs, min_size=1, max_size=6, unique=True))
    people = [Somebody("Mee", "Owner", "mee-owner")]
    for slug in slugs:
        first, last = draw(_names), draw(_names)
        day = draw(st.none() | st.dates(START.date(), datetime(2025, 12, 31, tzinfo=UTC).date()))
        people.append(Somebody(first or "Jo", last, slug, draw(texts).strip(), day))
    others = st.integers(1, len(people) - 1)
    said = []
    for number in range(draw(st.integers(0, 8))):
        invites, mine = draw(st.booleans()), draw(st.booleans())
        other = draw(others)
        rest = () if invites else tuple(sorted(draw(st.sets(others, max_size=2)) - {other}))
        at = START + timedelta(days=400 * number, minutes=draw(st.integers(0, 100_000)))
        said.append(
            Said(
                sender=OWNER if mine else other,
                recipients=(other if mine else OWNER, *rest),
                at=at,
                text=draw(texts),
                thread=None if invites else f"2-thread{other}{rest}==",
            )
        )
    return World(tuple(people), tuple(said))


def key(world: World, who: int) -> str:
    return f"linkedin:in/{world.people[who].slug}"


def read_file(world: World, era: Era, name: str) -> Read:
    member = SOURCE.member_for(name)
    assert member is not None
    whole = read(member, [editions.export(world, era)[name]])
    assert (whole.error, whole.rejects, whole.unknown_fields, whole.repairs) == (None, [], (), {})
    return whole


anyhow = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)  # fmt: skip


@pytest.mark.parametrize("era", ERAS, ids=lambda era: era.name)
@anyhow
@given(world=worlds())
def test_messages_of_any_era_are_read_as_they_were_sent(era: Era, world: World) -> None:
    sent = [said for said in world.said if said.thread is not None]
    whole = read_file(world, era, "messages.csv")
    rows = whole.records["message_records"].sort("row_number", descending=True).rows(named=True)
    assert (whole.rows_read, len(rows)) == (len(sent), len(sent))
    for row, said in zip(rows, sent, strict=True):
        assert row["conversation_key"] == said.thread
        assert (row["sender_key"], row["sender_name"]) == (
            key(world, said.sender), world.people[said.sender].name,
        )  # fmt: skip
        names = ", ".join(world.people[who].name for who in said.recipients)
        assert row["recipient_names"] == names
        expected = [key(world, who) for who in said.recipients] if era.addresses else None
        assert row["recipient_keys"] == expected
        assert row["sent_at"] == said.at
        assert row["text"] == (editions.content(said, era) or None)
        direction = said.sender == OWNER if "DIRECTION" in era.columns else None
        assert row["by_owner"] == direction


@pytest.mark.parametrize("era", ERAS, ids=lambda era: era.name)
@anyhow
@given(world=worlds())
def test_connections_of_any_era_are_read_as_they_were(era: Era, world: World) -> None:
    whole = read_file(world, era, "Connections.csv")
    ties = whole.records["connection_records"].rows(named=True)
    people = whole.records["person_records"].rows(named=True)
    tied = [somebody for somebody in world.people if somebody.connected_on is not None]
    assert len(ties) == len(people) == len(tied)
    for tie, person, somebody in zip(ties, people, tied, strict=True):
        who = f"linkedin:in/{somebody.slug}" if era.addresses else None
        assert (tie["person_key"], person["person_key"]) == (who, who)
        assert tie["connected_on"] == somebody.connected_on
        assert (tie["display_name"], person["company"]) == (somebody.name, somebody.company or None)


@pytest.mark.parametrize("era", ERAS, ids=lambda era: era.name)
@anyhow
@given(world=worlds())
def test_invitations_of_any_era_are_read_as_they_were(era: Era, world: World) -> None:
    whole = read_file(world, era, "Invitations.csv")
    sent = [said for said in world.said if said.thread is None]
    ties = whole.records["connection_records"].rows(named=True)
    assert len(ties) == whole.rows_read == len(sent)
    notes = {note["row_number"]: note for note in whole.records["message_records"].to_dicts()}
    for tie, said in zip(ties, sent, strict=True):
        other = said.recipients[0] if said.sender == OWNER else said.sender
        assert tie["direction"] == ("invitation_out" if said.sender == OWNER else "invitation_in")
        assert tie["person_key"] == (key(world, other) if era.addresses else None)
        assert tie["display_name"] == world.people[other].name
        assert tie["invited_at"] == said.at
        note = notes.get(tie["row_number"])
        assert (note and note["text"]) == (editions.content(said, era) or None)
