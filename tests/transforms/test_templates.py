"""Template finder: masking, equal texts, leaders against a slow loop, planted campaigns."""

from __future__ import annotations

import random

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.transforms.by_hand import OWNER, Said, key_of, ledger, real, says, writes
from tests.transforms.by_hand import _records as records_of
from transforms import measure, templates
from transforms.content import Word, content_tables
from transforms.features import Shingles
from transforms.leaders import lead
from transforms.masking import masked

PEOPLE = [
    ("maria", "Maria Santos", "Blue Harbour Ltd", "Head of Sales", "Lisbon"),
    ("tom", "Tom O'Brien", "Kestrel", "Plumber", None),
]


def content_of(threads: list[list[Said]]) -> tuple[dict[str, pl.DataFrame], pl.DataFrame]:
    known = [
        {
            "platform": "linkedin", "is_owner": False, "person_key": key_of(slug),
            "display_name": name, "company": company, "position": position, "location": place,
        }
        for slug, name, company, position, place in PEOPLE
    ]  # fmt: skip
    frames = records_of(threads, (), {"person_records": known})
    content, _ = content_tables(frames, ledger(frames), Word(owners={"linkedin": [OWNER]}))
    prepared = measure.prepare_messages(
        content["messages"],
        content["message_recipients"],
        content["people"],
        content["connections"],
    )
    return content, prepared


def assigned_of(threads: list[list[Said]]) -> pl.DataFrame:
    """text, masked_tokens, template_id, similarity of every message, by text."""
    content, prepared = content_of(threads)
    found = templates.assign(prepared, content["people"], content["message_recipients"])
    return found.join(prepared.select("message_id", "text"), "message_id").sort("text")


def mask_to(who: str, text: str, sender: str = "owner") -> str:
    """The masked text of what `sender` wrote to (or in the thread of) `who`."""
    content, prepared = content_of([[Said(sender, 0, text), Said(who, 5, "x y z")]])
    wanted = prepared.filter(text=text)
    return str(
        pl.concat(masked(wanted, content["people"], content["message_recipients"]))["masked"].item()
    )


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (
            "Hi Maria, how is the sales team at Blue Harbour in Lisbon doing? Best, Owner",
            "Hello Maria! How is the sales team at Blue Harbour in Lisbon doing?",
        ),
        ("See you on Monday at https://a.test/1", "See you on friday at http://b.test/2?x=3"),
        ("It costs €90 for 3 people", "It costs $1,250.00 for 12 people"),
        ("Write to me@a.test please", "write to you.there@b.test please!"),
    ],
    ids=["greeting and sign-off", "dates and links", "prices and numbers", "addresses"],
)
def test_what_a_mail_merge_fills_in_is_masked(left: str, right: str) -> None:
    assert mask_to("maria", left) == mask_to("maria", right)


def test_recipients_facts_become_placeholders() -> None:
    text = "We saw that Maria leads Harbour in Lisbon as head of marketing"
    assert mask_to("maria", text) == (
        "we saw that <name> leads <company> in <place> as <title> of marketing"
    )
    # Tom is not Maria: her facts are words to him.
    assert "maria leads harbour in lisbon" in mask_to("tom", text)


def test_copies_with_other_slots_are_equal_and_the_sender_is_masked_too() -> None:
    offer = (
        "we help people like {} at {} to find new customers every week without any effort at all"
    )
    found = assigned_of(
        [
            [
                writes("owner", 0, f"Hi Maria, {offer.format('Maria', 'Blue Harbour')}"),
                says("maria", 9),
            ],
            [writes("owner", 1, f"Hi Tom, {offer.format('Tom', 'Kestrel')}"), says("tom", 9)],
        ]
    ).filter(pl.col("template_id").is_not_null())
    assert found["similarity"].to_list() == [1.0, 1.0]
    assert found["template_id"].n_unique() == 1
    text = found["masked_text"].drop_nulls().item()
    assert text.startswith("we help people like <name> at <company> to find")


def test_eleven_masked_words_are_a_courtesy_and_twelve_are_compared() -> None:
    def twice(count: int) -> list[str | None]:
        text = " ".join(f"word{chr(97 + n)}" for n in range(count))
        return assigned_of([[writes("a", 0, text)], [writes("b", 1, text)]])[
            "template_id"
        ].to_list()

    assert twice(11) == [None, None]
    first, second = twice(12)
    assert first == second is not None


def test_a_text_used_once_has_no_template() -> None:
    found = assigned_of([[writes("a", 0, " ".join(f"w{chr(97 + n)}x" for n in range(20)))]])
    assert found.select("template_id", "similarity", "masked_text").row(0) == (None, None, None)
    assert found["masked_tokens"].item() == 20


@pytest.mark.parametrize(("width", "expected"), [(1, 0.8462), (2, 0.6923), (3, 0.5385)])
def test_jaccard_as_published(width: int, expected: float) -> None:
    """evidence.md §13 row 4."""
    text = "hi <name> i came across your {} and would love to connect"
    found = templates.jaccard(text.format("profile"), text.format("website"), width)
    assert found == pytest.approx(expected, abs=1e-3)


def test_jaccard_of_nothing_is_nothing() -> None:
    assert templates.jaccard("one", "one") == 0.0
    assert templates.jaccard("one two", "one two") == 1.0


def led_slowly(texts: list[set[int]]) -> tuple[list[int], list[float]]:
    """In order: join the earliest leader with half in common, else lead."""
    leaders: list[int] = []
    leader, similarity = [], []
    for at, text in enumerate(texts):
        for one in leaders:
            common = len(text & texts[one])
            if 2 * common >= len(text | texts[one]):
                leader.append(one)
                similarity.append(common / len(text | texts[one]))
                break
        else:
            leaders.append(at)
            leader.append(at)
            similarity.append(1.0)
    return leader, similarity


def led(texts: list[set[int]]) -> tuple[list[int], list[float]]:
    values = np.array([v for text in texts for v in sorted(text)], dtype=np.uint32)
    offsets = np.cumsum([0, *(len(text) for text in texts)]).astype(np.int64)
    leader, similarity = lead(Shingles(values, offsets))
    return leader.tolist(), similarity.tolist()


def variations(draw: st.DrawFn) -> list[set[int]]:
    """Texts drawn from a few phrases with pieces taken out and put in: many are nearly half alike."""
    bases = draw(
        st.lists(st.sets(st.integers(0, 40), min_size=2, max_size=16), min_size=1, max_size=4)
    )
    texts = []
    for _ in range(draw(st.integers(1, 30))):
        base = draw(st.sampled_from(bases))
        gone = draw(st.sets(st.sampled_from(sorted(base)), max_size=6))
        new = draw(st.sets(st.integers(0, 60), max_size=6))
        texts.append((base - gone) | new or {99})
    return texts


@settings(max_examples=300, deadline=None)
@given(st.composite(variations)())
def test_leaders_against_the_slow_loop(texts: list[set[int]]) -> None:
    leader, similarity = led(texts)
    slow_leader, slow_similarity = led_slowly(texts)
    assert leader == slow_leader
    assert similarity == pytest.approx(slow_similarity, abs=1e-12)


@pytest.mark.parametrize("seed", range(3))
def test_leaders_of_many_texts_of_the_same_few_phrases(seed: int) -> None:
    """Long candidate lists: every text is put together from a dozen phrases of eight."""
    dice = random.Random(seed)
    phrases = [set(range(9 * n, 9 * n + 8)) for n in range(12)]
    texts = [
        set().union(
            *dice.sample(phrases, 4), {dice.randrange(1000, 1400) for _ in range(dice.randrange(9))}
        )
        for _ in range(700)
    ]
    assert led(texts)[0] == led_slowly(texts)[0]


def test_leaders_of_nothing() -> None:
    leader, similarity = lead(Shingles(np.zeros(0, np.uint32), np.zeros(1, np.int64)))
    assert (leader.size, similarity.size) == (0, 0)


VOWELS, CONSONANTS = "aeiou", "bcdfgklmnprstv"


def words(dice: random.Random, count: int) -> list[str]:
    """Made-up words of three syllables: no name, company, number or link among them."""
    return [
        "".join(dice.choice(CONSONANTS) + dice.choice(VOWELS) for _ in range(3))
        for _ in range(count)
    ]


def campaign(dice: random.Random) -> tuple[str, list[str], list[str]]:
    """A text of 28 words, 20 copies with three words changed in each, 300 texts of the same words."""
    vocabulary = words(dice, 120)
    base = dice.choices(vocabulary, k=28)
    copies = []
    for _ in range(20):
        copy = list(base)
        for at in dice.sample(range(28), 3):
            copy[at] = dice.choice(vocabulary)
        copies.append(" ".join(copy))
    others = [" ".join(dice.choices(vocabulary, k=dice.randrange(12, 40))) for _ in range(300)]
    return " ".join(base), copies, others


def sent(texts: list[str]) -> pl.DataFrame:
    return assigned_of([[writes(f"p{n}", n, text)] for n, text in enumerate(texts)])


@pytest.mark.parametrize("seed", range(3))
def test_a_planted_campaign_is_found_whole_and_alone(seed: int) -> None:
    """Three of 28 words break six word pairs at most: 21 of 33 pairs are shared, .64 > .5."""
    base, copies, others = campaign(random.Random(seed))
    found = sent([*others[:150], base, *copies[:10], *others[150:], *copies[10:]])
    leader = found.filter(text=base)
    members = found.filter(template_id=leader["template_id"].item())
    assert leader["similarity"].item() == 1.0
    assert set(members["text"]) == {base, *copies}
    assert members["similarity"].min() >= 21 / 33 - 1e-12
    assert found.filter(pl.col("text").is_in(others))["template_id"].null_count() == 300


@pytest.mark.parametrize("seed", range(3))
def test_without_the_original_most_copies_still_meet_and_nobody_else(seed: int) -> None:
    """Two copies may differ in six words and share 15 of 39 pairs, .38: not all have one leader."""
    _, copies, others = campaign(random.Random(seed))
    found = sent([*copies[:10], *others, *copies[10:]])
    told = found.filter(pl.col("template_id").is_not_null())
    recall = told.filter(pl.col("text").is_in(copies)).height / 20
    precision = told.filter(pl.col("text").is_in(copies)).height / told.height
    assert precision == 1.0
    assert recall >= 0.75  # a public MinHash reaches .42 to .68


def test_courtesies_and_campaigns() -> None:
    wishes = "Happy birthday to you, I hope that the day is full of good things, cake and sunshine for everybody"
    offer = "We help companies win more customers. Book a free call this week at https://calendly.com/x/30 to hear how it works"
    world = real(
        [writes("a", 0, wishes)], [writes("b", 1, wishes)],
        [writes("c", 2, offer)], [writes("d", 3, offer)], [writes("d", 99, offer), says("d", 120)],
    )  # fmt: skip
    rows = world.tables["templates"].sort("first_used_at").to_dicts()
    assert [(r["kind"], r["senders"], r["recipients"], r["messages"]) for r in rows] == [
        ("courtesy", 2, 1, 2),
        ("campaign", 2, 1, 3),
    ]
    assert world.tables["template_members"].height == 5
    assert "twin" not in world.flags("a")
    assert "twin" in world.flags("c")
    assert world.flags("c")["twin"]["message_ids"] == [world.message_id(writes("c", 2, offer))]


def test_the_same_records_in_any_order_give_the_same_templates() -> None:
    text = "one two three four five six seven eight nine ten eleven twelve {}"
    said = [[writes(f"p{n}", n, text.format(chr(97 + n) * 4))] for n in range(6)]
    content, prepared = content_of(said)
    shuffled = prepared.sample(fraction=1, shuffle=True, seed=1)
    assert not shuffled.equals(prepared)
    forward, backward = (
        templates.assign(frame, content["people"], content["message_recipients"]).sort("message_id")
        for frame in (prepared, shuffled)
    )
    assert forward.equals(backward)
    first = prepared.sort("sent_at")["message_id"][0]
    assert forward.drop_nulls("masked_text")["message_id"].to_list() == [first]
    assert forward["template_id"].n_unique() == 1


def test_posts_are_compared_with_earlier_ones_of_the_same_author_only() -> None:
    text = "three things that I learned about gardens this year and would like to pass on to you"
    posts = pl.DataFrame(
        {
            "post_id": ["1", "2", "3"], "sender_id": ["a", "a", "b"], "clean": [text] * 3,
            "sent_at": [1, 2, 3],
        }
    )  # fmt: skip
    found = templates.assign_posts(posts).sort("post_id")
    assert found["template_id"].is_not_null().to_list() == [True, True, False]
