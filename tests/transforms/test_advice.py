"""Advice: the first reason that applies, in the order of metrics.md."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from tests.transforms.by_hand import DAY, PITCH, by_hand, connected, real, says, writes
from transforms.advice import advise
from transforms.tables import ADVICE

TIE = {"tie": "connected"}
SCORED = {"me_score": 55.0, "me_score_low": 40.0}


def advised(
    flags: tuple[str, ...] = (),
    tie: str | None = None,
    verdict: str | None = None,
    me_score: float | None = None,
    me_score_low: float | None = None,
    *,
    is_owner: bool = False,
    **counts: float,
) -> tuple[str, str]:
    """The advice about one person of whom only this is known."""
    counted = ("k_giving_threads", "k_giving_posts", "k_listening_threads", "n_listening_threads")
    gave = dict.fromkeys(counted)
    chances = pl.DataFrame(
        [{"identity_id": "i", "scope": "all", "is_owner": is_owner} | gave | counts],
        schema_overrides=dict.fromkeys(gave, pl.Float64),
    )
    scores = pl.DataFrame(
        [["i", "all", me_score, me_score_low]],
        schema={
            "identity_id": pl.String, "scope": pl.String, "me_score": pl.Float64,
            "me_score_low": pl.Float64,
        },
        orient="row",
    )  # fmt: skip
    tables = {
        "connections": pl.DataFrame({"person_id": ["p"], "direction": [tie or "pending"]}),
        "people": pl.DataFrame({"person_id": ["p"], "identity_id": ["i"]}),
    }
    flagged = pl.DataFrame(
        [["i", name] for name in flags],
        schema={"identity_id": pl.String, "behaviour": pl.String}, orient="row",
    )  # fmt: skip
    verdicts = pl.DataFrame(
        [["i", verdict]] if verdict else [],
        schema={"identity_id": pl.String, "verdict": pl.String}, orient="row",
    )  # fmt: skip
    found = advise(tables, chances, scores, flagged, verdicts).row(0, named=True)
    return found["advice"], found["advice_reason"]


EVERYTHING = (
    "ignored_opt_out",
    "newsletters",
    "cold_pitch",
    "compliment_then_pitch",
    "twin",
    "follow_ups",
)


@pytest.mark.parametrize(
    ("known", "advice", "because"),
    [
        ({"is_owner": True, "flags": EVERYTHING}, "none", "This is you"),
        ({"verdict": "fine", "flags": EVERYTHING, **TIE}, "none", "You said that all is fine"),
        ({"verdict": "not-fine", **TIE}, "unfollow", "You said"),
        ({"verdict": "not-fine", "k_giving_threads": 9.0}, "mute", "You said"),
        ({"flags": EVERYTHING, **TIE, **SCORED}, "unsubscribe", "being asked to stop"),
        ({"flags": EVERYTHING[1:], **TIE, **SCORED}, "unsubscribe", "no sign-up is visible"),
        (
            {"flags": EVERYTHING[2:], **TIE, **SCORED},
            "unfollow",
            "40 at the least, and 4 behaviours",
        ),
        ({"flags": EVERYTHING[2:], "tie": "following", **SCORED}, "unfollow", "at the least"),
        ({"flags": EVERYTHING[2:], "tie": "follower", **SCORED}, "mute", "opened with a pitch"),
        ({"flags": EVERYTHING[2:], **SCORED}, "mute", "opened with a pitch"),
        (
            {"flags": EVERYTHING[2:], **TIE, "me_score": 80.0, "me_score_low": 39.9},
            "mute",
            "opened",
        ),
        ({"flags": ("cold_pitch",), **TIE, **SCORED}, "mute", "opened with a pitch"),
        (
            {"flags": ("cold_pitch", "pitched_openings"), **TIE, **SCORED},
            "mute",
            "opened with a pitch",  # one thing said twice is not two
        ),
        ({"flags": ("compliment_then_pitch",)}, "mute", "They praised"),
        ({"flags": ("twin",)}, "mute", "the same text"),
        ({"flags": ("follow_ups",)}, "mute", "again and again"),
        ({"flags": ("twin",), "k_giving_threads": 5.0}, "mute", "the same text"),
        ({"k_giving_threads": 1.0}, "thank", "gave help"),
        ({"k_giving_posts": 1.0, **SCORED}, "thank", "gave help"),
        ({"k_listening_threads": 1.0, "n_listening_threads": 2.0}, "thank", "listened"),
        ({"k_listening_threads": 1.0, "n_listening_threads": 3.0}, "none", "Nothing calls"),
        ({"flags": ("one_way_thread",)}, "watch", "nearly all the talking"),
        ({"flags": ("one_way_thread", "twin")}, "mute", "the same text"),
        ({"k_giving_threads": 1.0, "flags": ("merge_failure",)}, "none", "Nothing calls"),
        ({"k_giving_threads": 1.0, "flags": ("merge_failure",), **SCORED}, "watch", "score is 55"),
        (SCORED, "watch", "score is 55"),
        ({"me_score": 39.9, "me_score_low": 39.9}, "none", "Nothing calls"),
        ({}, "none", "Nothing calls"),
    ],
)
def test_the_first_reason_that_applies(known: dict[str, Any], advice: str, because: str) -> None:
    found, reason = advised(**known)
    assert found == advice
    assert because in reason
    assert found in ADVICE


def test_a_score_is_of_all_platforms_and_a_tie_on_either() -> None:
    chances = pl.DataFrame(
        {
            "identity_id": ["i", "i"], "scope": ["all", "x"], "is_owner": [False, False],
            "k_giving_threads": [0.0, 0.0], "k_giving_posts": [0.0, 0.0],
            "k_listening_threads": [0.0, 0.0], "n_listening_threads": [0.0, 0.0],
        }
    )  # fmt: skip
    scores = pl.DataFrame(
        {"identity_id": ["i", "i"], "scope": ["all", "x"], "me_score": [10.0, 90.0],
         "me_score_low": [5.0, 80.0]}
    )  # fmt: skip
    tables = {
        "connections": pl.DataFrame({"person_id": ["on-x"], "direction": ["following"]}),
        "people": pl.DataFrame({"person_id": ["on-x", "p"], "identity_id": ["i", "i"]}),
    }
    flags = pl.DataFrame({"identity_id": ["i", "i"], "behaviour": ["merge_failure", "left_groups"]})
    verdicts = pl.DataFrame(schema={"identity_id": pl.String, "verdict": pl.String})
    assert advise(tables, chances, scores, flags, verdicts)["advice"].to_list() == ["none"]
    scores = scores.with_columns(me_score_low=pl.lit(80.0))
    assert advise(tables, chances, scores, flags, verdicts)["advice"].to_list() == ["unfollow"]


def test_one_cold_pitch_on_connecting_is_enough_to_mute_and_never_for_a_score() -> None:
    world = by_hand(
        [says("p", 0, words=80, **PITCH)], connection_records=[connected("p", "2025-03-02")]
    )
    sender = world.sender("p")
    assert (sender["advice"], sender["me_score"], sender["state"]) == ("mute", None, "facts only")


def test_one_polite_follow_up_and_a_plea_for_a_job_cost_nothing() -> None:
    world = by_hand([says("p", 0, words=60, seeks_job=True), says("p", 3 * DAY, words=60)])
    assert world.flags("p") == {}
    assert world.sender("p")["advice"] == "none"


def test_thresholds_are_the_users() -> None:
    text = "I wanted to ask you once more about the old apple trees behind the house."
    thread = [
        writes("p", day * DAY, text.replace("once", word))
        for day, word in enumerate(("yet", "still", "again", "now", "so"))
    ]
    usual = real(thread)
    assert usual.flags("p")["follow_ups"]["k"] == 3
    assert usual.sender("p")["advice"] == "mute"
    patient = real(thread, thresholds={"follow_ups": 4})
    assert "follow_ups" not in patient.flags("p")
    assert patient.sender("p")["advice"] != "mute"
