"""The world itself: who is in it, what was planted, and that nobody in it can be real."""

import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import combinations, pairwise

import pytest

from transforms.sample import PLANTED, SEED, known_people
from transforms.sample.background import Dice, exchanges
from transforms.sample.cast import load
from transforms.sample.model import OWNER
from transforms.sample.world import build_world

# What the essay and the issue ask for: each must have been planted on somebody.
PERSONAS = [
    "connect_and_pitch",
    "compliment_then_pitch",
    "mail_merge",
    "newsletter_flood",
    "card_thrower",
    "monologuer",
    "ricochet",
    "follow_ups_into_silence",
    "listener",
    "giver",
    "old_friend",
    "job_seeker",
    "client",
    "sent_a_link_because_asked",
    "recruiter_who_answers",
    "event_organiser",
    "thin_evidence",
    "sponsored",
    "anonymous",
    "pitch_in_the_invitation",
    "attachment_only",
    "owner_draft",
    "german_pitcher",
    "spanish_pitcher",
    "german_friend",
    "unsupported_language",
    "owner",
    "unanswered_by_the_owner",
    "renamed",
    "account_closed",
    "deleted_by_the_owner",
    "introduced",
    "monologuer",
]
ADVICE = {"unfollow", "unsubscribe", "mute", "watch", "none", "thank"}


@pytest.fixture(scope="module")
def world():
    return build_world(SEED)


def texts(world):
    return [message.text for thread in world.threads for message in thread.messages]


def test_every_behaviour_is_planted():
    assert set(PERSONAS) <= {row.persona for row in PLANTED}


def test_planted_rows_are_whole(world):
    writers = {m.sender for thread in world.threads for m in thread.messages}
    keys = {
        person.person_key(platform)
        for person in [*(world.people[key] for key in writers - {OWNER}), world.owner]
        for platform in ("linkedin", "x")
    }
    for row in PLANTED:
        assert row.person_key is None or row.person_key in keys, row
        assert set(row.advice) <= ADVICE, row
        assert row.planted, row
        assert not (row.innocent and row.persona != "owner" and row.flags), row
        assert row.person_key is not None or row.persona in {"anonymous", "sponsored"}, row


def test_a_person_is_planted_once_per_platform():
    keys = Counter(row.person_key for row in PLANTED if row.person_key)
    assert [key for key, times in keys.items() if times > 1] == []


def test_it_is_an_inbox_of_eighteen_months(world):
    messages = [m for thread in world.threads for m in thread.messages]
    times = [m.sent_at for m in messages]
    assert 1_500 <= len(messages) <= 3_000
    assert 150 <= len({m.sender for m in messages}) <= 250
    assert min(times) > datetime(2025, 5, 1, tzinfo=UTC)
    assert max(times) < datetime(2026, 11, 16, tzinfo=UTC)
    assert sum(p.connected_on is not None for p in world.people.values()) > 300


def test_most_messages_are_sent_in_working_hours(world):
    hours = [m.sent_at.hour for thread in world.threads for m in thread.messages]
    assert sum(6 <= hour < 20 for hour in hours) / len(hours) > 0.9


def test_threads_run_forward_and_bursts_occur(world):
    gaps = [
        (later.sent_at - earlier.sent_at, earlier.sender == later.sender)
        for thread in world.threads
        for earlier, later in pairwise(thread.messages)
    ]
    assert min(gap for gap, _ in gaps) >= timedelta(0)
    assert sum(same and gap <= timedelta(minutes=2) for gap, same in gaps) > 30


def test_no_two_people_of_the_crowd_write_the_same_long_text(world):
    openings = Counter(
        message.text
        for thread in world.threads
        for message in thread.messages
        if message.sender != OWNER and len(message.text.split()) >= 20
    )
    planted_twice = {text for text, times in openings.items() if times > 1}
    assert planted_twice == set()


def test_some_questions_wait_for_the_owner(world):
    last = [thread.messages[-1] for thread in world.threads if len(thread.messages) > 1]
    assert sum(m.sender != OWNER and m.text.endswith("?") for m in last) >= 10


def test_addresses_and_numbers_belong_to_nobody(world):
    everything = "\n".join([*texts(world), *(p.email for p in world.people.values())])
    hosts = re.findall(r"(?:https?://|@)([\w.-]+\.[a-z]{2,})", everything)
    assert len(hosts) > 100
    assert [host for host in hosts if not host.endswith(("example.com", ".test"))] == []
    for phone in re.findall(r"\+\d[\d ()-]{8,}\d", everything):
        digits = re.sub(r"\D", "", phone)
        assert re.fullmatch(r"120255501\d\d|442079460\d{3}", digits), phone


def test_slugs_and_handles_are_marked_as_invented(world):
    for person in [*world.people.values(), world.owner]:
        assert person.slug is None or re.search(r"-mmm\d{4}$", person.slug), person
        assert re.fullmatch(r"(\w{1,11}_mmm)?", person.x_handle), person  # at most 15 characters


def test_names_are_from_several_cultures(world):
    names = [person.name for person in world.people.values()]
    assert sum(not name.isascii() for name in names) > 50
    assert any(re.search(r"[\u0600-\u06ff]", name) for name in names)
    assert any(", Ph.D." in name for name in names)
    assert len({p.key for p in world.people.values() if p.slug and p.x_id}) >= 2


def test_known_people_names_who_sells(world):
    known = known_people()
    writers = {m.sender for thread in world.threads for m in thread.messages} - {OWNER}
    wrote = {world.people[key].person_key("linkedin") for key in writers}
    assert {row.person_key for row in known[len(PLANTED) :]} <= wrote
    assert known[: len(PLANTED)] == PLANTED
    crowd = known[len(PLANTED) :]
    assert Counter(row.innocent for row in crowd)[False] == 48
    assert len({row.person_key for row in known if row.person_key}) == sum(
        row.person_key is not None for row in known
    )


def test_the_seed_draws_the_crowd_and_not_the_cast(world):
    other = build_world(SEED + 1)
    cast = [t for t in world.threads if not t.key.startswith("crowd/")]
    assert cast == [t for t in other.threads if not t.key.startswith("crowd/")]
    assert world.threads != other.threads
    assert build_world(SEED).threads == world.threads


def test_every_slot_of_the_written_exchanges_has_fillers():
    talk = load("crowd_talk")
    written = talk["openers"] + talk["talk"] + load("crowd_more")["talk"]
    assert set(re.findall(r"\{(\w+)\}", written)) <= set(talk["fillers"])
    lines = [line for block in exchanges(written) for line in block]
    assert [line for line in lines if not re.match(r"[<>] \S", line)] == []


def test_dice_deal_every_option_once():
    dice = Dice(1)
    assert sorted(dice.shuffled(range(50))) == list(range(50))
    assert Dice(1).shuffled("abcdef") == Dice(1).shuffled("abcdef") != Dice(2).shuffled("abcdef")


def masked_pairs(text):
    words = re.findall(r"[\w']+", re.sub(r"https?://\S+|\d+", "0", text.lower()))
    return set(pairwise(words)) if len(words) >= 12 else set()


def test_only_those_write_the_same_words_on_whom_it_was_planted(world):
    texts_of = [
        (m.sender, masked_pairs(m.text))
        for thread in world.threads
        for m in thread.messages
        if m.sender != OWNER
    ]
    long_ones = [(sender, pairs) for sender, pairs in texts_of if pairs]
    twins = {
        sender
        for (a, pairs_a), (b, pairs_b) in combinations(long_ones, 2)
        if a != b and len(pairs_a & pairs_b) >= 0.5 * len(pairs_a | pairs_b)
        for sender in (a, b)
    }
    keys = {world.people[sender].name for sender in twins}
    planted = {row.name for row in PLANTED if "same text as other senders" in row.flags}
    assert keys == planted
