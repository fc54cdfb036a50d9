"""A hand-made inbox of some sixty people, as the published tables: what the report is tried on.

It is plausible, not computed: scores and flags are set here, so that the report can be built and
tested without the pipeline. Blocks add up to their score, as the pipeline promises.
"""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass
from typing import Any

import polars as pl

from transforms.catalogue import metric_catalogue
from transforms.spec import Column, Table
from transforms.tables import TABLES

UTC = dt.UTC
Rows = dict[str, list[dict[str, Any]]]

_EMPTY: dict[str, Any] = {
    "text": "",
    "boolean": False,
    "count": 0,
    "integer": 0,
    "real": 0.0,
    "texts": [],
    "spans": [],
    "timestamp": dt.datetime(2024, 1, 1, tzinfo=UTC),
    "date": dt.date(2024, 1, 1),
}

PITCH = (
    "Hi {first}, great to connect! We help founders like you book 20+ qualified calls a month. "
    "Our platform does it on autopilot. Grab a slot here: https://calendly.example/{slug} – "
    "only 3 places left at $499."
)
FOLLOW_UP = "Just bumping this to the top of your inbox – did you see my last message? 🚀"
NEWSLETTER = (
    "📣 Issue {n}: five growth hacks nobody tells you. My new course is 50 % off until Friday: "
    "https://news.example/issue-{n}. Reply STOP to opt out."
)
SMALL_TALK = (
    "How did the talk in Graz go? I remember you were nervous about the demo.",
    "It went fine, thank you for asking! And your move, are you settled?",
    "Mostly. The boxes are still everywhere. What are you reading these days?",
)
HELP = (
    "You asked about hosting: here is the checklist we wrote for ourselves, no strings attached. "
    "Happy to introduce you to Ines, she did the same last year."
)
BOAST = (
    "I just closed my biggest quarter. I was on three panels, I launched the second edition of my "
    "book, and I'm thrilled to announce my keynote."
)
SHIFT = "That reminds me of my own launch. I did it in four weeks, I can tell you."

# (name, headline, platform, archetype)
CAST: tuple[tuple[str, str | None, str, str], ...] = (
    ("Brent Halloway", "Founder @ ScalePeak | 10x your pipeline", "linkedin", "cold"),
    ("Tiffany Vance", "I help coaches fill their calendars", "linkedin", "cold"),
    ("Jürgen Strobl", "Vertrieb neu gedacht", "linkedin", "cold"),
    ("Camille Dubreuil", "Consultante en croissance", "linkedin", "cold"),
    ("Rafael Montoya", "Ventas B2B", "linkedin", "cold"),
    ("Deepak Rao", "Offshore development partner", "linkedin", "cold"),
    ("Lena Brandt", None, "linkedin", "cold"),
    ("Marcus Oyelaran", "Talent solutions", "linkedin", "cold"),
    ("Kiki 🦊 Lindqvist", "Growth person", "x", "cold"),
    ("王小明", "工程总监", "linkedin", "cold"),
    ("Gary Stone", "Serial entrepreneur. Speaker. Author.", "linkedin", "talker"),
    ("Portia Wells", "Keynote speaker", "linkedin", "talker"),
    ("Dmitri Volkov", "Investor, angel, dad", "linkedin", "talker"),
    ("Chloe Hart", "Personal brand strategist", "x", "talker"),
    ("أمينة الفاسي", "مديرة تسويق", "linkedin", "talker"),
    ("Growth Letter Daily", "Five hacks every morning", "linkedin", "flood"),
    ("Crypto Pulse ⚡", "Signals", "x", "flood"),
    ("Max Profit", "Webinars", "linkedin", "flood"),
    ("Sandra Klein", "Events in Vienna", "linkedin", "flood"),
    ("Ines Carvalho", "Site reliability engineer", "linkedin", "giver"),
    ("Tomás Herrera", "Librarian and open-data person", "x", "giver"),
    ("Yuki Tanaka", "Product designer", "linkedin", "giver"),
    ("דנה לוי", "מפתחת תוכנה", "linkedin", "giver"),
    ("Oluwaseun Adeyemi", "Teacher", "linkedin", "giver"),
    ("Freya Nilsen", "Researcher", "linkedin", "giver"),
    *(
        (f"{first} {last}", role, platform, "friend")
        for first, last, role, platform in zip(
            [
                "Ada",
                "Ben",
                "Clara",
                "Dinh",
                "Elif",
                "Farid",
                "Grace",
                "Hugo",
                "Iris",
                "Jonas",
                "Kemal",
                "Lucía",
                "Mona",
                "Nils",
                "Olga",
                "Pavel",
                "Quinn",
                "Rosa",
                "Sven",
                "Tara",
                "Uma",
                "Viktor",
                "Wanda",
                "Xavier",
                "Yara",
                "Zeno",
                "Amir",
                "Bea",
                "Carl",
                "Dora",
                "Emil",
                "Fern",
                "Gus",
                "Hana",
                "Igor",
            ],
            [
                "Moreau",
                "Fischer",
                "Rossi",
                "Tran",
                "Yılmaz",
                "Haddad",
                "Kim",
                "Weber",
                "Novak",
                "Berg",
                "Demir",
                "Ortiz",
                "Saleh",
                "Holm",
                "Ivanova",
                "Dvořák",
                "Murphy",
                "Conti",
                "Larsen",
                "Singh",
                "Patel",
                "Orlov",
                "Nowak",
                "Roux",
                "Amari",
                "Keller",
                "Aziz",
                "Costa",
                "Lind",
                "Petrov",
                "Hahn",
                "Walsh",
                "Reed",
                "Sato",
                "Markov",
            ],
            ["Engineer", "Designer", None, "Student", "Nurse", "Analyst", None] * 5,
            ["linkedin", "linkedin", "x", "linkedin", "linkedin"] * 7,
            strict=True,
        )
    ),
)

CAPS = {
    "pitch_timing": 22.0,
    "same_message": 8.0,
    "flood": 17.0,
    "cards": 10.0,
    "one_way_talk": 17.0,
    "ricochet": 10.0,
    "self_topic": 4.0,
    "gives": -12.0,
    "listens": -8.0,
}
FILLS = {
    "cold": {
        "pitch_timing": 0.9,
        "same_message": 0.5,
        "cards": 0.8,
        "one_way_talk": 0.6,
        "flood": 0.15,
    },
    "talker": {
        "one_way_talk": 0.95,
        "self_topic": 0.9,
        "pitch_timing": 0.1,
        "cards": 0.2,
        "flood": 0.05,
    },
    "flood": {"flood": 1.0, "pitch_timing": 0.5, "cards": 0.9, "one_way_talk": 0.5},
    "giver": {"gives": 0.8, "listens": 0.7, "one_way_talk": 0.05},
    "friend": {"one_way_talk": 0.1, "listens": 0.3, "pitch_timing": 0.02},
    "owner": {
        "one_way_talk": 0.3,
        "self_topic": 0.4,
        "same_message": 0.2,
        "listens": 0.5,
        "gives": 0.4,
    },
}


def default(column: Column) -> Any:
    """Some value the column allows: null where it may be, else empty or the lowest."""
    if column.null_when is not None:
        return None
    if column.values:
        return column.values[0]
    return column.low if column.low is not None else _EMPTY[column.kind]


def to_frame(table: Table, rows: list[dict[str, Any]]) -> pl.DataFrame:
    """The rows as the table, what is not given filled with `default`."""
    filled = [
        {c.name: row[c.name] if c.name in row else default(c) for c in table.columns}
        for row in rows
    ]
    return pl.DataFrame(filled, schema=table.schema)


def to_tables(rows: Rows) -> dict[str, pl.DataFrame]:
    tables = {name: to_frame(table, rows.get(name, [])) for name, table in TABLES.items()}
    tables["metric_catalogue"] = metric_catalogue()
    return tables


def mark(text: str, **phrases: str) -> list[dict[str, Any]]:
    """Spans of the given phrases, in code points, as the pipeline gives them."""
    return [
        {"rule": rule, "start": text.index(phrase), "stop": text.index(phrase) + len(phrase)}
        for rule, phrase in phrases.items()
        if phrase in text
    ]


class Inbox:
    """Collects rows; every method adds one thing that happened."""

    def __init__(self) -> None:
        self.rows: Rows = {name: [] for name in TABLES}
        self.count = 0
        self.twins: list[str] = []

    def add(self, table: str, **values: Any) -> None:
        self.rows[table].append(values)

    def person(self, key: str, name: str | None, platform: str, **more: Any) -> None:
        self.add(
            "people", person_id=key, identity_id=key, platform=platform, display_name=name,
            is_owner=False, **more,
        )  # fmt: skip

    def message(
        self, thread: str, sender: str, text: str | None, at: dt.datetime, platform: str,
        *, to: str, kind: str = "dm", **metrics: Any,
    ) -> str:  # fmt: skip
        self.count += 1
        key = f"m{self.count:05d}"
        self.add(
            "messages", message_id=key, conversation_id=thread, platform=platform, kind=kind,
            sender_id=sender, sent_at=at, text=text, is_from_owner=sender == "owner",
            has_attachment=text is None, export_id="export-linkedin",
        )  # fmt: skip
        self.add("message_recipients", message_id=key, person_id=to)
        self.add(
            "message_metrics", message_id=key,
            **({"is_unprompted_pitch": False, "is_newsletter": False, "opt_out_request": False,
                "genuine_questions": 0, "spans": None, "template_id": None} | metrics),
        )  # fmt: skip
        return key

    def sender(
        self, key: str, archetype: str, *, messages: int, state: str, weight: float, **more: Any
    ) -> None:
        """Blocks and score of a person; `weight` (0–1) is how much their own data count."""
        own = random.Random(key)
        fills = {
            block: min(1.0, fill * own.uniform(0.55, 1.2))
            for block, fill in FILLS[archetype].items()
        }
        points = {
            block: None if block == "ricochet" else CAPS[block] * fills.get(block, 0.0) * weight
            for block in CAPS
        }
        measurable = sum(
            cap for block, cap in CAPS.items() if cap > 0 and points[block] is not None
        )
        scaled = {
            block: None
            if value is None
            else (value * 100 / measurable if CAPS[block] > 0 else value)
            for block, value in points.items()
        }
        raw = sum(value for value in scaled.values() if value is not None)
        score = min(100.0, max(0.0, raw))
        for block, value in {**scaled, "floor": score - raw}.items():
            cap = CAPS.get(block, 0.0)
            fill = fills.get(block, 0.0) * weight
            n = max(1, messages // 2)
            self.add(
                "sender_blocks", identity_id=key, scope="all", block=block, cap=cap, points=value,
                **({} if value is None else {
                    "fill": fill, "k": float(round(fill * n)), "n": float(n), "rate": fill,
                    "rate_low": fill * 0.6, "rate_high": min(1.0, fill * 1.4 + 0.1),
                    "reliability": n / (n + 4),
                }),
                explanation=(
                    "group threads: these exports hold none of theirs"
                    if value is None
                    else f"seen {round(fill * n)} times in {n}"
                ),
            )  # fmt: skip
        scored = state == "scored"
        spread = 8 + 30 * (1 - weight)
        pitch = 100 * sum(
            CAPS[b] * fills.get(b, 0) for b in ("pitch_timing", "same_message", "flood", "cards")
        ) / 57 * weight  # fmt: skip
        self_focus = 100 * sum(
            CAPS[b] * fills.get(b, 0) for b in ("one_way_talk", "self_topic")
        ) / 21 * weight  # fmt: skip
        self.add(
            "sender_metrics", identity_id=key, scope="all", messages=messages, posts=0,
            me_score=score if scored else None,
            me_score_low=max(0.0, score - spread) if scored else None,
            me_score_high=min(100.0, score + spread) if scored else None,
            self_focus_index=self_focus, pitch_index=pitch,
            self_focus_index_low=max(0.0, self_focus - spread), self_focus_index_high=min(100.0, self_focus + spread),
            pitch_index_low=max(0.0, pitch - spread), pitch_index_high=min(100.0, pitch + spread),
            points_measurable=measurable, state=state,
            state_reason=None if scored else "fewer than 3 utterances or 60 words", **more,
        )  # fmt: skip


@dataclass(frozen=True)
class Who:
    """A person of the cast and their one thread."""

    key: str
    thread: str
    at: dt.datetime
    platform: str

    @property
    def chance(self) -> random.Random:
        return random.Random(self.key)


def synthetic() -> Rows:
    """The whole inbox."""
    box = Inbox()
    start = dt.datetime(2024, 9, 2, 8, 0, tzinfo=UTC)
    box.add(
        "people", person_id="owner", identity_id="owner", platform="linkedin",
        display_name="Mira Okonkwo", is_owner=True, headline="Data engineer", handle="mira-okonkwo",
    )  # fmt: skip
    for index, (name, headline, platform, archetype) in enumerate(CAST):
        key = f"p{index:02d}"
        thread = f"t{index:02d}"
        connected = start + dt.timedelta(days=index * 6, hours=index % 9)
        box.person(
            key, name, platform, headline=headline, handle=f"person-{index}",
            profile_url=f"https://www.linkedin.com/in/person-{index}",
            connected_on=connected.date(), invited_by="them" if archetype in {"cold", "flood"} else "owner",
            first_seen_at=connected, last_seen_at=connected,
        )  # fmt: skip
        _ARCHETYPES[archetype](box, Who(key, thread, connected, platform))
    _owner(box)
    box.add(
        "templates", template_id="tpl-1", masked_text=PITCH.format(first="<name>", slug="<url>"),
        kind="campaign", senders=len(box.twins), recipients=1, messages=len(box.twins),
        first_used_at=start, last_used_at=start + dt.timedelta(days=60),
    )  # fmt: skip
    for message_id in box.twins:
        box.add("template_members", template_id="tpl-1", message_id=message_id, similarity=0.86)
    _threads(box)
    _exports(box, start)
    return box.rows


def _cold(box: Inbox, who: Who) -> None:
    key, thread, at, platform = who.key, who.thread, who.at, who.platform
    text = PITCH.format(first="Mira", slug=key)
    index = int(key[1:])
    first = box.message(
        thread, key, text, at + dt.timedelta(hours=3), platform, to="owner",
        is_unprompted_pitch=True, template_id="tpl-1" if index < 3 else None,
        spans=mark(
            text, value_claim="We help founders like you", own_offer="Our platform",
            scheduling_link=f"https://calendly.example/{key}", urgency="only 3 places left", price="$499",
        ),
    )  # fmt: skip
    if index < 3:
        box.twins.append(first)
    follow_ups = [
        box.message(thread, key, FOLLOW_UP, at + dt.timedelta(days=4 * n), platform, to="owner")
        for n in range(1, 2 + index % 4)
    ]
    if index % 3 == 0:
        box.message(
            thread,
            "owner",
            "Thanks, not for me. Please stop.",
            at + dt.timedelta(days=20),
            platform,
            to=key,
            opt_out_request=True,
        )
    messages = 1 + len(follow_ups)
    box.sender(
        key, "cold", messages=messages, state="facts only" if messages < 4 else "scored",
        weight=min(0.95, 0.35 + 0.15 * messages), rank=None,
        advice="mute" if index > 1 else "unfollow",
        advice_reason="the first message after connecting was an unprompted pitch",
    )  # fmt: skip
    box.add(
        "flags", identity_id=key, behaviour="cold_pitch", k=1, n=1,
        statement="In 1 of 1 openings (100 %, 27–100 %) the first message had a link and a price, 3 hours after connecting.",
        innocent_explanation="You may have met elsewhere, in a place these exports do not show.",
        message_ids=[first], first_seen_at=at + dt.timedelta(hours=3), rate_low=0.27, rate_high=1.0,
    )  # fmt: skip
    if len(follow_ups) > 1:
        box.add(
            "flags", identity_id=key, behaviour="unanswered_follow_ups", k=len(follow_ups), n=len(follow_ups),
            statement=f"{len(follow_ups)} messages in a row followed without an answer.",
            innocent_explanation="Messages get lost, and one reminder is polite.",
            message_ids=follow_ups, first_seen_at=at + dt.timedelta(days=4),
        )  # fmt: skip


def _talker(box: Inbox, who: Who) -> None:
    key, thread, at, platform = who.key, who.thread, who.at, who.platform
    box.message(
        thread,
        "owner",
        "Congratulations on the launch! How is the team doing?",
        at,
        platform,
        to=key,
        genuine_questions=1,
    )
    own = [
        box.message(
            thread,
            key,
            (BOAST, SHIFT)[n % 2],
            at + dt.timedelta(days=n, hours=2),
            platform,
            to="owner",
            spans=mark(BOAST, self_subject="I just closed my biggest quarter") if n == 0 else None,
        )
        for n in range(8)
    ]
    box.message(
        thread,
        "owner",
        "Sounds busy. I have been ill for two weeks, sorry for the silence.",
        at + dt.timedelta(days=5),
        platform,
        to=key,
    )
    index = int(key[1:])
    box.sender(
        key,
        "talker",
        messages=len(own),
        state="scored",
        weight=0.85,
        rank=index - 9,
        advice="watch",
        advice_reason="a score of 40 or more",
    )
    box.add(
        "flags", identity_id=key, behaviour="one_way_talk", k=1, n=1, rate_low=0.2, rate_high=0.95,
        statement="87 % of the words in 1 thread were theirs, direct answers left out.",
        innocent_explanation="Some threads continue elsewhere: by phone, or in person.",
        message_ids=own[:3], first_seen_at=at,
    )  # fmt: skip


def _flood(box: Inbox, who: Who) -> None:
    key, thread, at, platform = who.key, who.thread, who.at, who.platform
    ids = []
    for n in range(1, 27):
        text = NEWSLETTER.format(n=n)
        ids.append(
            box.message(
                thread,
                key,
                text,
                at + dt.timedelta(days=7 * n + n % 4),
                platform,
                to="owner",
                is_newsletter=True,
                is_unprompted_pitch=n % 4 == 0,
                spans=mark(
                    text,
                    own_offer="My new course",
                    discount_or_free_offer="50 % off",
                    contact_link=f"https://news.example/issue-{n}",
                    opt_out_wording="Reply STOP to opt out",
                ),
            )
        )
    box.message(
        thread, "owner", "STOP", at + dt.timedelta(days=100), platform, to=key, opt_out_request=True
    )
    box.sender(
        key,
        "flood",
        messages=len(ids),
        state="scored",
        weight=0.95,
        rank=int(key[1:]),
        advice="unsubscribe",
        advice_reason="promotions went on after a request to stop",
    )
    box.add(
        "flags", identity_id=key, behaviour="ignored_opt_out", k=12, n=26,
        statement="12 promotional messages came after you asked them to stop.",
        innocent_explanation="A mailing system may have missed a word in a private message.",
        message_ids=ids[-12:], first_seen_at=at + dt.timedelta(days=105),
    )  # fmt: skip


def _giver(box: Inbox, who: Who) -> None:
    key, thread, at, platform = who.key, who.thread, who.at, who.platform
    box.message(
        thread,
        "owner",
        "Does anybody know a sane way to host this?",
        at,
        platform,
        to=key,
        genuine_questions=1,
    )
    box.message(
        thread,
        key,
        HELP,
        at + dt.timedelta(hours=5),
        platform,
        to="owner",
        spans=mark(HELP, gives_help="here is the checklist"),
    )
    box.message(
        thread,
        "owner",
        "That is wonderful, thank you!",
        at + dt.timedelta(hours=6),
        platform,
        to=key,
    )
    box.message(
        thread,
        key,
        "How did it go in the end?",
        at + dt.timedelta(days=9),
        platform,
        to="owner",
        genuine_questions=1,
    )
    box.sender(
        key,
        "giver",
        messages=2 + int(key[1:]) % 5,
        state="scored",
        weight=0.7,
        rank=40 + int(key[1:]),
        advice="thank",
        advice_reason="answered your question and asked how it went",
    )


def _friend(box: Inbox, who: Who) -> None:
    key, thread, at, platform = who.key, who.thread, who.at, who.platform
    for n, text in enumerate(SMALL_TALK[: 1 + who.chance.randrange(3)]):
        sender, to = (key, "owner") if n % 2 == 0 else ("owner", key)
        box.message(
            thread,
            sender,
            text,
            at + dt.timedelta(hours=n * 7),
            platform,
            to=to,
            genuine_questions=1,
        )
    if int(key[1:]) % 9 == 0:
        box.message(thread, key, None, at + dt.timedelta(days=2), platform, to="owner")
    box.sender(
        key,
        "friend",
        messages=1 + int(key[1:]) % 3,
        state="facts only" if int(key[1:]) % 7 else "not scored",
        weight=0.3,
        advice="none",
        advice_reason="nothing stands out",
    )


_ARCHETYPES = {
    "cold": _cold,
    "talker": _talker,
    "flood": _flood,
    "giver": _giver,
    "friend": _friend,
}


def _owner(box: Inbox) -> None:
    own = sum(row["sender_id"] == "owner" for row in box.rows["messages"])
    box.sender(
        "owner",
        "owner",
        messages=own,
        state="scored",
        weight=0.8,
        advice="none",
        advice_reason="this is you",
    )
    for month in range(1, 13):
        box.add(
            "sender_monthly", identity_id="owner", month_on=dt.date(2025, month, 1), messages=3 + month % 5,
            posts=month % 3, words=200 + 15 * month, promotional_messages=month % 4 == 0, threads=2 + month % 3,
        )  # fmt: skip


def _threads(box: Inbox) -> None:
    threads: dict[str, list[dict[str, Any]]] = {}
    for row in box.rows["messages"]:
        threads.setdefault(row["conversation_id"], []).append(row)
    for key, rows in threads.items():
        times = sorted(row["sent_at"] for row in rows)
        box.add(
            "conversations", conversation_id=key, platform=rows[0]["platform"], kind=rows[0]["kind"],
            participants=2, messages=len(rows), started_at=times[0], last_message_at=times[-1],
        )  # fmt: skip


def _exports(box: Inbox, start: dt.datetime) -> None:
    rows = len(box.rows["messages"])
    as_of = max(row["sent_at"] for row in box.rows["messages"])
    for name, platform, source, read, rejected in (
        ("Basic_LinkedInDataExport_11-02-2025.zip", "linkedin", "linkedin", rows + 214, 3),
        ("twitter-2025-11-02.zip", "x", "x_archive", 412, 0),
    ):
        key = f"export-{platform}"
        box.add(
            "exports", export_id=key, file_name=name, sha256="0" * 64, source=source, platform=platform,
            first_seen_at=start + dt.timedelta(days=430), as_of=as_of, rows_read=read,
            rows_stored=read - rejected - 40, rows_duplicate=30, rows_rejected=rejected, rows_ignored=10,
            owner_id="owner",
        )  # fmt: skip
        for member, handling, reason in (
            ("messages.csv", "read", None),
            ("Connections.csv", "read", None),
            (
                "Ad_Targeting.csv",
                "ignored",
                "what advertisers think of you is not about who writes to you",
            ),
            ("New Thing.csv", "unknown", "not known to this version"),
        ):
            box.add(
                "export_members", export_id=key, member=member, handling=handling, reason=reason,
                rows_read=read if member == "messages.csv" else 0, rows_stored=0,
            )  # fmt: skip
    for number in (17, 18, 203):
        box.add(
            "rejects", export_id="export-linkedin", member="messages.csv", row_number=number,
            reason="the date cannot be read", excerpt="abc,2025-13-45,Hello…",
        )  # fmt: skip
    box.add(
        "runs", run_id="run-1", started_at=start + dt.timedelta(days=429, hours=23), status="published",
        finished_at=start + dt.timedelta(days=430), messages_new=rows, posts_new=0, metrics_version="1",
    )  # fmt: skip
    for direction, thing, people in (
        ("offers", "clients", 9),
        ("seeks", "job", 7),
        ("offers", "talent", 6),
    ):
        box.add(
            "clusters",
            direction=direction,
            object=thing,
            industry="all",
            location="all",
            people=people,
        )
