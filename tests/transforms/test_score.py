"""The score: rows that add up to it, its interval, its states, ranks and scopes."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.transforms.by_hand import DAY, PITCH, World, by_hand, connected, posts, says
from transforms.blocks import score
from transforms.reference import REFERENCE
from transforms.score import score_senders

VARIANTS = tuple(REFERENCE.variants.values())


def chances(*senders: dict[str, Any]) -> pl.DataFrame:
    """Senders with nothing to their name but what is given, as `opportunities` returns them."""
    whole = {"scope": "all", "is_owner": False, "posts": 0, "words": 100, "utterances": 9,
             "unmeasured": 0, "after_opt_out": 0}  # fmt: skip
    for variant in VARIANTS:
        whole |= {f"k_{variant.name}": 0.0, f"n_{variant.name}": 0.0}
    return pl.DataFrame([{"identity_id": f"i{n}"} | whole | one for n, one in enumerate(senders)])


def counted(draw: st.DrawFn) -> dict[str, Any]:
    counts: dict[str, Any] = {}
    for variant in VARIANTS:
        n = draw(st.integers(0, 12))
        most = 30 if variant.family == "gamma" and n else n
        counts |= {
            f"k_{variant.name}": float(draw(st.integers(0, most))),
            f"n_{variant.name}": float(n),
        }
    return counts | {
        "is_owner": draw(st.booleans()),
        "posts": draw(st.integers(0, 2)),
        "words": draw(st.sampled_from([0, 59, 60, 500])),
        "utterances": draw(st.sampled_from([0, 2, 3, 50])),
        "after_opt_out": draw(st.sampled_from([0, 0, 1])),
    }


senders = st.lists(st.composite(counted)(), min_size=1, max_size=3)


def rows_by_formula(one: dict[str, Any]) -> dict[str, tuple[float, float] | None]:
    """block → (cap, fill) as metrics.md has it, in plain Python; None where not measurable."""
    found: dict[str, tuple[float, float] | None] = {}
    for block in REFERENCE.blocks.values():
        fills = []
        for v in VARIANTS:
            k, n = one[f"k_{v.name}"], one[f"n_{v.name}"]
            if v.block == block.name and n >= v.minimum:
                rate = (k + v.s * v.mu) / (n + v.s)
                fills.append(min(max((rate - v.lo) / (v.hi - v.lo), 0.0), 1.0))
        fill = max(fills, default=None)
        if block.name == "flood" and one["after_opt_out"] and fill is not None:
            fill = 1.0
        inbox = block.name == "same_message" and not one["is_owner"] and not one["posts"]
        found[block.name] = None if fill is None else (8 if inbox else block.cap, fill)
    return found


@settings(max_examples=60, deadline=None)
@given(senders)
def test_rows_follow_the_formula_and_add_up_to_the_score(given_senders: list[dict]) -> None:
    frame = chances(*given_senders)
    scores, blocks = score(frame)
    for one, found in zip(frame.iter_rows(named=True), scores.iter_rows(named=True), strict=True):
        rows = {
            row["block"]: row for row in blocks.filter(identity_id=one["identity_id"]).to_dicts()
        }
        assert set(rows) == {*REFERENCE.blocks, "floor"}
        expected = rows_by_formula(one)
        caps = sum(cap for pair in expected.values() if pair for cap in [pair[0]] if cap > 0)
        assert found["points_measurable"] == pytest.approx(caps)
        for name, pair in expected.items():
            if pair is None:
                assert [rows[name][c] for c in ("fill", "points", "k", "n", "rate")] == [None] * 5
                assert rows[name]["explanation"].startswith("cannot be measured")
                continue
            cap, fill = pair
            assert rows[name]["fill"] == pytest.approx(fill, abs=1e-9)
            points = cap * fill if cap < 0 else 100 * cap * fill / caps
            assert rows[name]["points"] == pytest.approx(points, abs=1e-9)
        for index in ("pitch", "self_focus"):
            own = [expected[b.name] for b in REFERENCE.blocks.values() if b.index == index]
            known = [pair for pair in own if pair is not None]
            full = sum(cap for cap, _ in known)
            value = 100 * sum(cap * fill for cap, fill in known) / full if full else None
            assert found[f"{index}_index"] == pytest.approx(value, abs=1e-9)
        total = sum(row["points"] or 0.0 for row in rows.values())
        assert 0 <= total <= 100 + 1e-9
        if found["me_score"] is not None:
            assert total == pytest.approx(found["me_score"], abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(senders)
def test_every_number_lies_in_its_interval_and_range(given_senders: list[dict]) -> None:
    scores, blocks = score(chances(*given_senders))
    for name in ("me_score", "self_focus_index", "pitch_index"):
        known = scores.filter(pl.col(name).is_not_null())
        ends = known.select(name, low=f"{name}_low", high=f"{name}_high")
        assert (ends["low"] <= ends[name]).all()
        assert (ends[name] <= ends["high"]).all()
        assert ends.is_empty() or (ends["low"].min() >= 0 and ends["high"].max() <= 100 + 1e-9)
    assert (scores["me_score"].is_not_null() == (scores["state"] == "scored")).all()
    assert (scores["state_reason"].is_null() == (scores["state"] == "scored")).all()
    measured = blocks.filter(pl.col("fill").is_not_null())
    assert measured["fill"].is_between(0, 1).all()
    assert (measured["rate_low"] <= measured["rate_high"]).all()


@settings(max_examples=60, deadline=None)
@given(st.composite(counted)(), st.sampled_from(VARIANTS))
def test_more_of_a_behaviour_never_lowers_the_score(one: dict, variant) -> None:
    """And more giving or listening never raises it."""
    name = f"k_{variant.name}"
    if variant.family == "beta" and one[name] >= one[f"n_{variant.name}"]:
        one[f"n_{variant.name}"] = one[name] + 1
    _, blocks = score(chances(one, one | {name: one[name] + 1}))
    before, after = (
        sum(row["points"] or 0.0 for row in blocks.filter(identity_id=i).iter_rows(named=True))
        for i in ("i0", "i1")
    )
    if REFERENCE.blocks[variant.block].is_offset:
        assert after <= before + 1e-9
    else:
        assert after >= before - 1e-9


def test_the_ends_are_the_percentiles_of_the_posterior() -> None:
    """Against 200,000 random draws: 14 of 18 openings pitched, nothing else seen in 18 threads."""
    one = {"k_pitched_openings": 14.0, "n_pitched_openings": 18.0, "n_contact_threads": 18.0}
    scores, _ = score(chances(one))
    random = np.random.default_rng(7)
    pitch = np.clip((random.beta(14.4, 7.6, 200_000) - 0.1) / 0.5, 0, 1)
    cards = np.clip((random.beta(0.4, 21.6, 200_000) - 0.1) / 0.5, 0, 1)
    low, high = np.quantile(100 * (22 * pitch + 10 * cards) / 32, [0.05, 0.95])
    assert scores["pitch_index_low"].item() == pytest.approx(low, abs=1.0)
    assert scores["pitch_index_high"].item() == pytest.approx(high, abs=1.0)


def test_little_evidence_is_wider_not_bolder() -> None:
    def seen(times: float) -> dict[str, float]:
        return {
            f"{count}_{name}": times
            for name in ("pitched_openings", "contact_threads", "chased_threads")
            for count in ("k", "n")
        } | {"n_promotional_utterances": times}

    scores, _ = score(chances(seen(2.0), seen(40.0)))
    few, many = scores.iter_rows(named=True)
    assert few["me_score"] < many["me_score"]
    assert few["me_score_high"] - few["me_score_low"] > many["me_score_high"] - many["me_score_low"]


def test_scores_depend_on_nobody_else() -> None:
    one = {"k_pitched_openings": 3.0, "n_pitched_openings": 5.0, "n_chased_threads": 4.0,
           "n_contact_threads": 9.0}  # fmt: skip
    alone, _ = score(chances(one))
    among, _ = score(
        chances({"identity_id": "x"} | one, *({"n_contact_threads": n} for n in range(9)))
    )
    assert among.head(1).drop("identity_id").equals(alone.drop("identity_id"))


FULL = {
    f"n_{name}": 4.0 for name in ("pitched_openings", "promotional_utterances", "contact_threads")
}


@pytest.mark.parametrize(
    ("sender", "state", "reason"),
    [
        (FULL | {"utterances": 3, "words": 60}, "scored", None),
        (FULL | {"utterances": 2}, "facts only", "2 of 3 utterances"),
        (FULL | {"words": 59}, "facts only", "59 of 60 words"),
        ({"n_contact_threads": 9.0}, "facts only", "10 of 40 points can be measured"),
        (
            # One thread with a one-sided share: 1/5 of 49 points and 1/6 of 17.
            dict.fromkeys(FULL, 1.0) | {"n_talk_share": 1.0, "k_talk_share": 1.0},
            "facts only",
            "reliability 0.19 of 0.20",
        ),
        (dict.fromkeys(FULL, 1.0) | {"n_chased_threads": 1.0}, "scored", None),
        ({"words": 0, "utterances": 0}, "not scored", "nothing they sent has text"),
        ({"words": 0, "unmeasured": 3}, "not scored", "written in a language that is not supported"),
    ],
)  # fmt: skip
def test_states(sender: dict[str, Any], state: str, reason: str | None) -> None:
    found = score(chances(sender))[0].row(0, named=True)
    assert found["state"] == state
    assert (found["state_reason"] is None) if reason is None else (reason in found["state_reason"])
    assert (found["me_score"] is None) == (state != "scored")


@pytest.fixture(scope="module")
def world() -> World:
    """`loud` sells in six threads, `mild` in one of six; the owner writes like `loud`."""
    threads = [
        [says(who, 3 * n, words=30, **(PITCH if sells else {})), says("owner", 3 * n + 1, words=30)]
        for who, times in (("loud", 6), ("mild", 1), ("calm", 0))
        for n, sells in enumerate([True] * times + [False] * (6 - times))
    ]
    return by_hand(
        *threads,
        [says("once", 0, words=200, **PITCH)],
        connection_records=[connected("loud", "2025-03-02")],
    )


def test_rank_by_the_lower_end_and_never_the_owner(world: World) -> None:
    ranks = {who: world.sender(who)["rank"] for who in ("loud", "mild", "calm", "once", "owner")}
    lows = {who: world.sender(who)["me_score_low"] for who in ("loud", "mild", "calm")}
    assert lows["loud"] > lows["mild"] >= lows["calm"]
    assert ranks == {"loud": 1, "mild": 2, "calm": 3, "once": None, "owner": None}
    assert world.sender("owner")["state"] == "scored"
    assert world.sender("owner")["me_score"] is not None


def test_one_message_is_facts_and_no_score(world: World) -> None:
    once = world.sender("once")
    assert (once["state"], once["me_score"], once["advice"]) == ("facts only", None, "mute")


def test_pronouns_tone_and_job_seeking_cost_nothing() -> None:
    plain = [says("a", n * DAY, words=40) for n in range(3)]
    marked = [
        says("b", n * DAY, words=40, first_person_singular=20, polarity=-1.0, subjectivity=1.0,
             seeks_job=True, corporate_we=5, second_person=0)
        for n in range(3)
    ]  # fmt: skip
    world = by_hand(plain, marked)
    assert world.sender("a")["me_score"] == world.sender("b")["me_score"] == 0.0
    assert world.sender("a")["state"] == "scored"


def test_scopes_are_each_platform_and_all() -> None:
    """`b` wrote on X and is the same person as `a`."""
    world = by_hand([says("a", n, words=30, **PITCH) for n in range(3)], [says("b", 9, words=7)])
    moved = pl.col("sender_id") == world.person("b")
    prepared = world.prepared.with_columns(
        platform=pl.when(moved).then(pl.lit("x")).otherwise("platform")
    )
    platforms = prepared.select("conversation_id", "platform").unique()
    joined = world.tables | {
        "people": world.tables["people"].with_columns(
            pl.col("identity_id").replace(world.identity("b"), world.identity("a"))
        ),
        "conversations": world.tables["conversations"]
        .drop("platform")
        .join(platforms, "conversation_id"),
    }
    verdicts = pl.DataFrame(schema={"identity_id": pl.String, "verdict": pl.String})
    senders = score_senders(joined, prepared, verdicts)["sender_metrics"]
    found = senders.filter(identity_id=world.identity("a")).select("scope", "messages", "words")
    assert found.rows() == [("all", 4, 97), ("linkedin", 3, 90), ("x", 1, 7)]


def test_harmless_posts_do_not_water_messages_down() -> None:
    threads = [says("a", n, words=30, **PITCH) for n in range(3)]
    public = [posts("a", n, words=30) for n in range(5)]
    with_posts = by_hand(threads, public=public).blocks("a")["pitch_timing"]
    alone = by_hand(threads).blocks("a")["pitch_timing"]
    assert with_posts["fill"] == alone["fill"] > 0
