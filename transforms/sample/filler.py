"""Any number of further LinkedIn messages, for benchmarks: streamed, fast, mostly distinct.

A third of the people sell, the others chat. A message is two sentences of about 63 characters,
or three, each drawn from a pool of thousands and strewn with invented words. These follow Zipf's
law over a large vocabulary, as words of real inboxes do: without a long tail, distinct texts
would share most of their word pairs, which makes any search for near-copies look too slow. One
person has one thread; its length follows a long tail (11 on average).
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from typing import Any
from urllib.parse import quote

from transforms.sample.cast import load
from transforms.sample.linkedin_edition import profile_url, write_rows
from transforms.sample.linkedin_messages import conversation_id
from transforms.sample.model import Person

_POOL = 1 << 13  # sentences of a kind
_LENGTHS = (
    [1] * 16 + [2] * 12 + [3] * 8 + [4] * 6 + [6] * 6 + [8] * 4 + [12] * 4 + [20] * 3
) + [40, 40, 80, 80, 200]  # fmt: skip
_DAYS = [f"{date(2019, 1, 1) + timedelta(days=n):%Y-%m-%d}" for n in range(2876)]
_MINUTES = [f"{hour:02}:{minute:02}:" for hour in range(7, 20) for minute in range(60)]
_SECONDS = [f"{second:02} UTC" for second in range(60)]
_CHUNK_THREADS = 500
_CAMPAIGNS = 1 << 10
_CONNECTED_IN_TEN = 7
_DRAWS = 1 << 16  # of the invented words, so that 16 bits pick one
_VOCABULARY = 40_000
_ONSETS = ("b", "br", "d", "dr", "f", "g", "gl", "h", "k", "kr", "l", "m", "n", "p", "r", "s", "st", "t", "v", "z")  # fmt: skip
_RIMES = ("a", "ai", "an", "ar", "e", "el", "en", "i", "il", "in", "o", "ol", "on", "or", "u", "un")


@dataclass(frozen=True, slots=True)
class _Stranger:
    first: str
    last: str
    url: str
    day: int
    length: int
    sells: bool


class Filler:
    """`messages` further messages with the people who send them."""

    def __init__(self, seed: int, messages: int, owner: Person, *, repeats: bool) -> None:
        self._seed, self._messages, self._repeats = seed, messages, repeats
        self._owner = f'"{owner.name}","{profile_url(owner.slug)}"'
        self._names = load("crowd_names")

    def message_rows(self) -> Iterator[bytes]:
        """Rows of messages.csv in the 2026 dialect, in chunks of some hundred threads."""
        texts = _Texts(self._seed, repeats=self._repeats)
        rows: list[str] = []
        for index, stranger in enumerate(self._strangers(), start=1):
            rows += self._thread(index, stranger, texts)
            if index % _CHUNK_THREADS == 0:
                yield "".join(rows).encode()
                rows.clear()
        yield "".join(rows).encode()

    def connection_rows(self) -> Iterator[bytes]:
        """Rows of Connections.csv for seven in ten of these people."""
        names = self._names
        rows: list[list[str]] = []
        for index, person in enumerate(self._strangers(), start=1):
            if index % 10 < _CONNECTED_IN_TEN:
                day = date.fromisoformat(_DAYS[person.day])
                company = (
                    names["company_front"][index % 35] + " " + names["company_back"][index % 15]
                )
                position = names["positions"][index % 20]
                shown = f"{day:%d %b %Y}"
                rows.append([person.first, person.last, person.url, "", company, position, shown])
            if len(rows) >= _CHUNK_THREADS:
                yield ("\n" + write_rows(rows).rstrip("\n")).encode()
                rows.clear()
        if rows:
            yield ("\n" + write_rows(rows).rstrip("\n")).encode()

    def _strangers(self) -> Iterator[_Stranger]:
        rolls = _rolls("people", self._seed)
        firsts, lasts = self._names["first"], self._names["last"]
        slugs = {name: quote(name.lower().replace(" ", "-")) for name in (*firsts, *lasts)}
        left, index = self._messages, 0
        while left > 0:
            index += 1
            roll = next(rolls)
            first = firsts[roll % len(firsts)]
            last = lasts[(roll >> 8) % len(lasts)]
            length = min(left, _LENGTHS[(roll >> 16) % len(_LENGTHS)])
            left -= length
            yield _Stranger(
                first=first,
                last=last,
                url=f"https://www.linkedin.com/in/{slugs[first]}-{slugs[last]}-f{index:07}",
                day=(roll >> 24) % (len(_DAYS) - 400),
                length=length,
                sells=(roll >> 40) % 3 == 0,
            )

    def _thread(self, index: int, person: _Stranger, texts: _Texts) -> list[str]:
        """One thread, newest message first, as LinkedIn orders it."""
        start = f'"{conversation_id(f"filler/{index}")}","",'
        them = f'"{person.first} {person.last}","{person.url}"'
        theirs = f"{start}{them},{self._owner},"
        ours = f"{start}{self._owner},{them},"
        last_day, last_minute = len(_DAYS) - 1, len(_MINUTES) - 1
        draw = texts.pitch if person.sells else texts.chat
        day, minute = person.day, 0
        rows = []
        for turn in range(person.length):
            roll = next(texts.rolls)
            if turn == 0 or minute > last_minute - 30 or roll & 3 == 0:
                day = min(day + (1 + (roll >> 2) % 8 if turn else 0), last_day)
                minute = (roll >> 6) % 400 if day < last_day else minute
            minute = min(minute + 1 + (roll >> 14) % 30, last_minute)
            mine = turn > 0 and roll & (15 if person.sells else 1 << 23) == 0
            text = texts.chat() if mine and person.sells else draw()
            rows.append(
                f'{ours if mine else theirs}"{_DAYS[day]} {_MINUTES[minute]}'
                f'{_SECONDS[roll % 60]}","","{text}","INBOX",""\n'
            )
        rows.reverse()
        return rows


def _rolls(purpose: str, seed: int) -> Iterator[int]:
    """Endless 64-bit numbers that depend on nothing but their seed."""
    for block in count():
        data = hashlib.shake_256(f"{purpose}/{seed}/{block}".encode()).digest(1 << 16)
        yield from struct.unpack("<8192Q", data)


class _Texts:
    """Draws texts from pools of sentences made at the start."""

    def __init__(self, seed: int, *, repeats: bool) -> None:
        self.rolls = _rolls("texts", seed)
        written = load("filler")
        self._short: Sequence[str] = written["short"]["lines"]
        self._words = _invented_words()
        self._chat = self._pools(written["chat"])
        self._pitch = self._pools(written["pitch"])
        self._campaigns = [self._join(self._pitch) for _ in range(_CAMPAIGNS)] if repeats else []

    def _pools(
        self, kinds: Mapping[str, Any]
    ) -> tuple[Sequence[str], Sequence[str], Sequence[str]]:
        """Sentences with a place for an invented word between any two parts."""
        first, second, third = (
            [self._sentence(parts) for _ in range(_POOL)] for parts in kinds.values()
        )
        return first, second, third

    def _sentence(self, parts: Sequence[Sequence[str]]) -> str:
        drawn = [part[next(self.rolls) % len(part)].replace("%", "%%") for part in parts]
        return " %s ".join(drawn)

    def _join(self, pools: tuple[Sequence[str], Sequence[str], Sequence[str]]) -> str:
        roll, strewn = next(self.rolls), next(self.rolls)
        first, second, third = pools
        gap = "\n" if (roll >> 39) & 31 == 0 else " "
        text = f"{first[roll % _POOL]}{gap}{second[(roll >> 13) % _POOL]}"
        # seven in eight stop here, which brings the mean to about 190 characters
        if not (roll >> 44) & 7:
            text = f"{text} {third[(roll >> 26) % _POOL]}"
        words, last = self._words, _DRAWS - 1
        more = strewn * 0x9E3779B97F4A7C15 >> 7
        drawn = [words[(strewn >> shift) & last] for shift in (0, 16, 32, 48)]
        drawn += [words[(more >> shift) & last] for shift in (0, 13, 26, 39, 52)]
        return text % tuple(drawn[: text.count("%s")])

    def chat(self) -> str:
        roll = next(self.rolls)
        if roll & 1023 < (512 if self._campaigns else 30):
            return self._short[(roll >> 10) % len(self._short)]
        return self._join(self._chat)

    def pitch(self) -> str:
        roll = next(self.rolls)
        if self._campaigns and roll & 1:
            # a few campaigns are sent often, most only now and then
            draws = ((roll >> shift) % _CAMPAIGNS for shift in (1, 21, 41))
            return self._campaigns[min(draws)]
        return self._join(self._pitch)


def _invented_words() -> Sequence[str]:
    """A draw of words by Zipf's law: the n-th of the vocabulary about 1/n of the time."""
    syllables = [onset + rime for onset in _ONSETS for rime in _RIMES]
    size = len(syllables)
    vocabulary = [
        syllables[n * 7 % size] + syllables[n // size * 11 % size] for n in range(1, _VOCABULARY)
    ]
    return [vocabulary[int((_VOCABULARY - 1) ** (draw / _DRAWS)) - 1] for draw in range(_DRAWS)]
