"""The crowd around the cast: drawn by the seed, from sentences written for it.

Every choice comes from a hash of the seed and a running number, not from a random generator,
so the committed sample is the same on every version of Python.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeVar

from transforms.sample.cast import load, slug_for
from transforms.sample.model import OWNER, Message, Person, Planted, Thread, number

T = TypeVar("T")

_FIRST_DAY = date(2025, 5, 19)
_LAST_DAY = date(2026, 11, 13)
_PITCHERS, _SILENT, _PENDING = 48, 330, 14
_OPENS, _CLOSES, _SATURDAY = 7, 19, 5
_LITTLE_TO_SAY = 4  # exchanges
_CHEERFUL = 3  # of ten ways to type
_LONG_LINE = 11  # words; a longer line is said by one person only
_SHORT_LINE_USES = 3


class Dice:
    """A stream of choices that depends on nothing but its seed."""

    def __init__(self, seed: int) -> None:
        self._seed, self._rolls = seed, 0

    def below(self, end: int) -> int:
        self._rolls += 1
        return number(self._seed, self._rolls, below=end)

    def chance(self, percent: int) -> bool:
        return self.below(100) < percent

    def pick(self, options: Sequence[T]) -> T:
        return options[self.below(len(options))]

    def shuffled(self, options: Sequence[T]) -> list[T]:
        rest = list(options)
        return [rest.pop(self.below(len(rest))) for _ in options]


@dataclass(frozen=True, slots=True)
class Crowd:
    """People of no plot, and what they wrote."""

    people: dict[str, Person]
    threads: tuple[Thread, ...]
    planted: tuple[Planted, ...]


def draw(seed: int) -> Crowd:
    """About 480 people, 170 of whom wrote."""
    drawing = _Drawing(Dice(seed))
    drawing.regulars()
    drawing.courtesies()
    drawing.foreign()
    drawing.pitchers()
    drawing.pilots()
    drawing.silent()
    return Crowd(drawing.people, tuple(drawing.threads), tuple(drawing.planted))


def exchanges(text: str) -> list[tuple[str, ...]]:
    """Blocks of lines that belong together, each line still with its `<` or `>`."""
    return [tuple(block.splitlines()) for block in text.strip().split("\n\n")]


class _Drawing:
    def __init__(self, dice: Dice) -> None:
        self.dice = dice
        self.people: dict[str, Person] = {}
        self.threads: list[Thread] = []
        self.planted: list[Planted] = []
        self._talk = load("crowd_talk")
        self._names = load("crowd_names")
        self._sales = load("crowd_pitches")
        pairs = [(f, n) for f in self._names["first"] for n in self._names["last"]]
        self._unused_names = iter(dice.shuffled(pairs)[:900])

    # Who they are

    def _person(self, connected_on: date | None, *, sells: bool = False) -> Person:
        dice, names = self.dice, self._names
        first, last = next(self._unused_names)
        key = re.sub(r"[\s']+", "-", f"{first} {last}".lower())
        back = names["pitch_back"] if sells else names["company_back"]
        company = f"{dice.pick(names['company_front'])} {dice.pick(back)}"
        recent = connected_on is not None and connected_on >= _FIRST_DAY
        incoming = dice.chance(85 if sells else 50)
        person = Person(
            key=key,
            name=f"{first} {last}",
            slug=slug_for(key),
            company=company,
            position=dice.pick(names["pitch_positions" if sells else "positions"]),
            email=f"{key}@{_domain(company)}" if dice.chance(12) else "",
            connected_on=connected_on,
            invited=("in" if incoming else "out") if recent else None,
        )
        if recent and connected_on:
            day = connected_on - timedelta(days=dice.below(3))
            person = replace(person, invited_at=self._moment(day))
        self.people[key] = person
        return person

    def _long_ago(self) -> date:
        return date(2012, 3, 1) + timedelta(days=self.dice.below(4800))

    # When they write: on working days, in working hours

    def _moment(self, day: date) -> datetime:
        clock = time(_OPENS + self.dice.below(11), self.dice.below(60), self.dice.below(60))
        return _at_work(datetime.combine(day, clock, UTC))

    def _some_day(self, *, before: date = _LAST_DAY) -> date:
        return _FIRST_DAY + timedelta(days=self.dice.below((before - _FIRST_DAY).days))

    def _reply_time(self, at: datetime) -> datetime:
        minutes = self.dice.pick((2, 4, 7, 12, 25, 48, 95, 180, 400, 1500))
        return _at_work(at + timedelta(minutes=minutes, seconds=self.dice.below(60)))

    # What they say

    def _fill(self, line: str) -> str:
        return re.sub(
            r"\{(\w+)\}", lambda slot: str(self.dice.pick(self._talk["fillers"][slot[1]])), line
        )

    def _say(self, key: str, lines: Sequence[str], at: datetime) -> Iterator[Message]:
        """The lines of one exchange; now and then one is sent in two goes within two minutes."""
        style = number("style", key, below=10)
        for index, line in enumerate(lines):
            if index:
                at = self._reply_time(at)
            text, theirs = self._fill(line[2:]), line[0] == "<"
            goes = [text]
            if self.dice.chance(12):
                goes = re.split(r"(?<=[.!?]) (?=[A-Z])", text, maxsplit=1)
            for part, go in enumerate(goes):
                at += timedelta(seconds=part * (15 + self.dice.below(70)))
                yield Message(key if theirs else OWNER, at, _styled(go, style) if theirs else go)

    def _chat(self, person: Person, talk: Sequence[Sequence[str]], start: date) -> None:
        """A thread of several exchanges, days or weeks apart, until the sample ends."""
        at = self._moment(start)
        messages: list[Message] = []
        for lines in talk:
            said = list(self._say(person.key, lines, at))
            if said[-1].sent_at.date() > _LAST_DAY:
                break
            messages += said
            days = self.dice.pick((1, 2, 3, 6, 9, 16, 28, 45, 80))
            at = self._moment(said[-1].sent_at.date() + timedelta(days=days))
        if len(messages) > 1 and self.dice.chance(22):
            while len(messages) > 1 and not messages[-1].text.endswith("?"):
                messages.pop()  # a question stays unanswered, theirs or the owner's
        if messages:
            self._thread(person, messages)

    def _thread(self, person: Person, messages: Sequence[Message], *, sells: bool = False) -> None:
        self.threads.append(
            Thread(f"crowd/{person.key}", "linkedin", (person.key,), tuple(messages))
        )
        if all(message.sender == OWNER for message in messages):
            return  # who never wrote has nothing planted
        self.planted.append(
            Planted(
                persona="stranger_who_sells" if sells else "crowd",
                name=person.name,
                platform="linkedin",
                person_key=person.person_key("linkedin"),
                planted="one cold pitch, sometimes chased" if sells else "ordinary talk",
                advice=("mute", "none") if sells else ("none", "thank"),
                flags=("cold pitch on connecting",) if sells else (),
                innocent=not sells,
            )
        )

    # The parts of the crowd

    def _dealt(self) -> Iterator[tuple[str, ...]]:
        """Every exchange, the short ones several times, no two alike close to each other."""
        talk = exchanges(self._talk["talk"]) + exchanges(load("crowd_more")["talk"])
        for round_number in range(_SHORT_LINE_USES):
            for lines in self.dice.shuffled(talk):
                if round_number == 0 or all(len(x.split()) <= _LONG_LINE for x in lines):
                    yield lines

    def regulars(self) -> None:
        """Colleagues, friends and peers: a few with a lot to say, most with a little."""
        dealt = list(self._dealt())
        openers = [[lines] for lines in self.dice.shuffled(exchanges(self._talk["openers"]))]
        turn = 0
        while dealt:
            count = (14, 9, 5, 3, 2, 2, 1, 4, 1, 6)[turn % 10]
            share, dealt = dealt[:count], dealt[count:]
            opener = openers[turn] if turn < len(openers) else []
            start = self._some_day(
                before=date(2025, 9, 30) if count > _LITTLE_TO_SAY else _LAST_DAY
            )
            known = self.dice.chance(60) and not opener
            self._chat(self._person(self._long_ago() if known else start), [*opener, *share], start)
            turn += 1

    def courtesies(self) -> None:
        for line in self._talk["courtesies"]:
            start = self._some_day()
            person = self._person(start - timedelta(days=self.dice.below(3)))
            lines = [f"< {line}"]
            if self.dice.chance(40):
                lines.append(f"> {self.dice.pick(('Thank you!', 'Likewise!', 'Hello!', '🙂'))}")
            self._chat(person, [lines], start)

    def foreign(self) -> None:
        for text in self._talk["foreign"]:
            lines = exchanges(text)[0]
            self._chat(self._person(self._long_ago()), [lines], self._some_day())

    def pitchers(self) -> None:
        """Strangers who sell: mostly one message on connecting, some who chase."""
        decks = {
            part: iter(self.dice.shuffled(self._sales[part] * 3))
            for part in ("openers", "claims", "proofs", "asks", "chasers")
        }
        for index in range(_PITCHERS):
            start = self._some_day()
            gap = self.dice.pick((0, 0, 0, 0, 1, 1, 3, 9))
            connected = None if index % 9 == 0 else start - timedelta(days=gap)
            person = self._person(connected, sells=True)
            parts = [next(decks[part]) for part in ("openers", "claims", "proofs", "asks")]
            text = " ".join(filter(None, parts)).format(
                domain=_domain(person.company), nn=10 + self.dice.below(90)
            )
            at = self._moment(start)
            messages = [Message(person.key, at, text)]
            if self.dice.chance(25):
                at = self._reply_time(at)
                messages.append(Message(OWNER, at, self.dice.pick(self._sales["refusals"])))
                answer = self.dice.pick(self._sales["after_refusal"])
                if answer:
                    messages.append(Message(person.key, self._reply_time(at), answer))
            else:
                for _ in range(self.dice.pick((0, 0, 0, 0, 1, 1, 2))):
                    day = at.date() + timedelta(days=3 + self.dice.below(6))
                    at = self._moment(day)
                    messages.append(Message(person.key, at, next(decks["chasers"])))
            self._thread(person, [m for m in messages if m.sent_at.date() <= _LAST_DAY], sells=True)

    def pilots(self) -> None:
        """The owner's own pitch: the same offer to seven contacts in one week."""
        pairs = zip(self._sales["pilot_personal"], self._sales["pilot_answers"], strict=True)
        for index, (personal, answer) in enumerate(pairs):
            person = self._person(self._long_ago())
            at = self._moment(date(2025, 12, 3) + timedelta(days=index))
            first = person.name.split()[0]
            offer = self._sales["pilot"].format(first=first, personal=personal)
            messages = [Message(OWNER, at, offer)]
            if answer:
                messages.append(Message(person.key, self._reply_time(at), answer))
            self._thread(person, messages)

    def silent(self) -> None:
        """Connections who never wrote, and invitations nobody answered."""
        for _ in range(_SILENT):
            self._person(self._long_ago() if self.dice.chance(75) else self._some_day())
        for _ in range(_PENDING):
            person = self._person(None, sells=self.dice.chance(50))
            self.people[person.key] = replace(
                person,
                invited="in" if self.dice.chance(70) else "out",
                invited_at=self._moment(self._some_day()),
            )


def _domain(company: str) -> str:
    return f"{company.lower().replace(' ', '')}.example.com"


def _at_work(at: datetime) -> datetime:
    """The same minute, moved on to the next working day and hour where needed."""
    if at.hour >= _CLOSES:
        at = (at + timedelta(days=1)).replace(hour=_OPENS + at.minute % 3)
    if at.hour < _OPENS:
        at = at.replace(hour=_OPENS + at.minute % 3)
    while at.weekday() >= _SATURDAY:
        at += timedelta(days=1)
    return at


def _styled(text: str, style: int) -> str:
    """How this person types: most people plainly, some without capitals or full stops."""
    if style == 0:
        return text.lower().removesuffix(".")
    if style in {1, 2}:
        return text.removesuffix(".")
    if style == _CHEERFUL and text.endswith("!"):
        return text + " 😄"
    return text
