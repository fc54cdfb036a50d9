"""What must not change a verdict does not: the metamorphic checks of the design, §12.4.

Six people write to one owner: a seller, one who chases, a friend, a client, somebody looking for
work and the author of a series. The whole of what they wrote is changed in one way at a time, and
everybody's score, advice and flags are compared.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from tests.transforms.by_hand import DAY, MINUTE, Said, real, writes

Threads = list[list[Said]]
PEOPLE = ("seller", "chaser", "friend", "client", "seeker", "author")
MONTH = 31 * DAY

_SELLS = (
    "Thanks for connecting! We help bakeries get more customers. Book a free demo of our platform here: https://sell.example/demo",
    "Our clients doubled their revenue in a year. Only three places are left this month. Sign up today: https://sell.example/offer",
)
PITCHES = {
    "en": "Thanks for connecting! We help companies get more customers. Book a free demo of our platform here: https://sell.example/demo",
    "de": "Danke fürs Vernetzen! Wir helfen Unternehmen, mehr Kunden zu gewinnen. Buchen Sie hier eine kostenlose Demo unserer Plattform: https://sell.example/demo",
    "es": "¡Gracias por conectar! Ayudamos a empresas a conseguir más clientes. Reserva aquí una demo gratis de nuestra plataforma: https://sell.example/demo",
    "fr": "Merci pour la connexion ! Nous aidons les entreprises à trouver plus de clients. Réservez ici une démo gratuite de notre plateforme : https://sell.example/demo",
    "pt": "Obrigado por conectar! Ajudamos empresas a conseguir mais clientes. Agende aqui uma demonstração grátis da nossa plataforma: https://sell.example/demo",
}


def threads() -> Threads:
    sold = [
        [
            writes("seller", MONTH * n, _SELLS[n % 2]),
            writes(
                "owner", MONTH * n + 5, ("We bake for ourselves only.", "The oven is small.")[n % 2]
            ),
            writes("seller", MONTH * n + 6, _SELLS[1 - n % 2]),
        ]
        for n in range(3)
    ]
    return [
        *sold,
        [
            writes("chaser", 2, "Hello there. I would like to show you our new accounting software. When would suit you for a short call?"),
            writes("chaser", 2 + 3 * DAY, "Just following up on my last message. Did you have a chance to look at it?"),
            writes("chaser", 2 + 8 * DAY, "I know that you are busy. Our offer ends on Friday. Is this something for you?"),
            writes("chaser", 2 + 15 * DAY, "One last try from my side. Shall I close your file?"),
        ],
        [
            writes("friend", 1, "The river was over the path again this morning. Did the cellar stay dry? I have the pump here if you need it."),
            writes("owner", 3, "Two centimetres of water, but the potatoes are safe. Could I have the pump on Saturday?"),
            writes("friend", 4, "Of course, I will bring it at nine. How long did it take the last time until the walls were dry?"),
            writes("owner", 20, "Three weeks with the windows open."),
            writes("friend", 21, "Then I will leave you the fan as well, we do not need it before the summer."),
        ],
        [
            writes("owner", 10, "Could you tell me what forty chairs would cost, and when you could deliver them?"),
            writes("client", 30, "Forty chairs are €1,200 with delivery. We could bring them on the 14th. Here is the list: https://chairs.example/list"),
            writes("owner", 32, "That is fine. The hall is open from eight."),
            writes("client", 33, "Thank you, then I write the order for the 14th. The van is a white one and the driver has your number."),
        ],
        [
            writes("seeker", 50, "Dear Ms Owner, I have worked as a baker for nine years and I am looking for a job after my move. Do you expect an opening this winter?"),
            writes("seeker", 50 + 9 * DAY, "I wanted to ask again whether there is a place in the bakery. I can come by on any day."),
        ],
        [
            writes("author", 60 + 14 * DAY * n, f"Crumb Weekly #{n + 4}: what rye wants, who bakes at night, and a letter from Ghent. Read it here: https://crumb.example/{n + 4}")
            for n in range(4)
        ],
    ]  # fmt: skip


def judged(of: Threads) -> dict[str, dict[str, Any]]:
    world = real(*of)
    return {
        who: {
            "advice": world.sender(who)["advice"],
            "me_score": world.sender(who)["me_score"],
            "flags": sorted(world.flags(who)),
        }
        for who in PEOPLE
    }


@cache
def plain() -> dict[str, dict[str, Any]]:
    return judged(threads())


def texts(change: Callable[[str], str]) -> Threads:
    return [
        [replace(said, text=change(said.text or "")) for said in thread] for thread in threads()
    ]


def in_three(thread: list[Said]) -> list[Said]:
    """Every message in up to three, at the ends of its sentences, twenty seconds apart."""
    parts = []
    for said in thread:
        pieces = re.split(r"(?<=[.!?]) (?=[A-Z])", said.text or "", maxsplit=2)
        parts += [
            replace(said, text=piece, hours=said.hours + n * MINUTE / 3)
            for n, piece in enumerate(pieces)
        ]
    return parts


def anonymous(thread: list[Said]) -> list[Said]:
    return [
        replace(said, record={**said.record, "sender_name": "Person Seven"})
        if said.who != "owner"
        else said
        for said in thread
    ]


UNCHANGED: dict[str, Callable[[], Threads]] = {
    "a signature": lambda: texts("{}\n-- \nMaria Silva\nI run my own company\n+49 30 1234567".format),
    "a quoted reply": lambda: texts(
        "{}\n\nOn Mon, Mar 3, 2025 at 9:00 AM Tom Weber wrote:\n> Buy my course for $9 today".format
    ),
    "emoji": lambda: texts("{} 🌻🙂".format),
    "tracking parameters": lambda: texts(
        lambda text: re.sub(r"(https://\S+)", r"\1?utm_source=mail&utm_campaign=x7", text)
    ),
    "small letters": lambda: texts(str.lower),
    "another time zone": lambda: [
        [replace(said, hours=said.hours + 7) for said in thread] for thread in threads()
    ],
    "another order of the threads": lambda: threads()[::-1],
    "names that say nothing": lambda: [anonymous(thread) for thread in threads()],
    "threads of others": lambda: [
        *threads(),
        [writes("other", 3, "Is the market on Sunday?"), writes("owner", 5, "It is.")],
        [writes("another", 9, "The keys are under the pot.")],
    ],
    "every message twice": lambda: [[said for said in thread for _ in (0, 1)] for thread in threads()],
}  # fmt: skip


def test_the_six_are_what_they_are() -> None:
    found = plain()
    assert found["seller"]["advice"] in {"mute", "unfollow", "unsubscribe"}
    assert found["seller"]["me_score"] is not None
    assert found["chaser"]["advice"] == "mute"
    assert found["author"]["advice"] == "unsubscribe"
    for innocent in ("friend", "client", "seeker"):
        assert found[innocent]["flags"] == [], innocent


@pytest.mark.parametrize("change", UNCHANGED)
def test_what_says_nothing_changes_nothing(change: str) -> None:
    found = judged(UNCHANGED[change]())
    for who, before in plain().items():
        after = found[who]
        assert (after["advice"], after["flags"]) == (before["advice"], before["flags"]), who
        assert (after["me_score"] is None) == (before["me_score"] is None), who
        if before["me_score"] is not None:
            assert after["me_score"] == pytest.approx(before["me_score"], abs=1), who


def test_every_message_in_three_changes_no_rate_and_no_flag() -> None:
    """The score may rise: openings too short to compare with others are not measured any more."""
    whole, parted = real(*threads()), real(*(in_three(thread) for thread in threads()))
    for who in PEOPLE:
        assert parted.flags(who).keys() == whole.flags(who).keys(), who
        assert parted.sender(who)["advice"] == whole.sender(who)["advice"], who
        before, after = whole.blocks(who), parted.blocks(who)
        for block, row in after.items():
            if row["k"] is not None:
                told = [row["k"], row["n"], row["rate"]]
                expected = [before[block][name] for name in ("k", "n", "rate")]
                assert told == pytest.approx(expected, rel=1e-3), (who, block)


def test_politeness_accuses_nobody_and_acquits_nobody() -> None:
    found = judged(texts("{} Have a lovely evening and give my best to your family.".format))
    for who, before in plain().items():
        accused = {"mute", "unfollow", "unsubscribe"}
        assert (found[who]["advice"] in accused) == (before["advice"] in accused), who


def test_a_link_that_was_asked_for_is_no_pitch() -> None:
    link = "Here it is, with our prices: https://sell.example/prices"
    talk = writes("seller", 0, "We built a platform for bakeries last year.")
    asked = writes("owner", 2, "Could you send me the link and the prices?")
    silent = real([talk, writes("seller", 3 * DAY, f"Sign up today. {link}")])
    wanted = real([talk, asked, writes("seller", 3, f"Sign up today. {link}")])
    assert silent.tables["message_metrics"]["is_unprompted_pitch"].to_list().count(True) >= 1
    assert wanted.tables["message_metrics"]["is_unprompted_pitch"].to_list().count(True) == 0


@pytest.mark.parametrize("language", PITCHES)
def test_a_pitch_is_one_in_every_language(language: str) -> None:
    world = real([writes("seller", 0, PITCHES[language])])
    said = world.tables["message_metrics"].row(0, named=True)
    assert said["language"] == language
    assert said["is_unprompted_pitch"]
    for category in ("value_claim", "discount_or_free_offer", "contact_link"):
        assert said[category], category
    assert world.flags("seller").keys() == {"cold_pitch"}
    assert world.sender("seller")["advice"] == "mute"
