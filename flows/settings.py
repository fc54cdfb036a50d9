"""mememeter.toml and the environment → Settings; every key is declared once, here.

A key's default, type, explanation and check stand together; the commented default file is
generated from them, and an unknown key is refused with the nearest known one.
"""

from __future__ import annotations

import dataclasses
import os
import re
import tomllib
import zoneinfo
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_type_hints

from flows.home import Home, write_atomically
from flows.setting import Check, at_least, one_of, setting, unknown
from flows.table_settings import Table
from flows.word_settings import Phrases, Thresholds, Words, phrases_by_category
from transforms.errors import UsageError

HOME_VARIABLE = "MEMEMETER_HOME"
DEFAULT_HOME = "data"


def _x_ids(values: tuple[str, ...]) -> str | None:
    return None if all(value.isdecimal() for value in values) else "account numbers, digits only"


def _block(value: str) -> str | None:
    return None if not value or value.count("/") == 1 else "type/name, as Prefect's UI shows it"


def _scheduler(value: str) -> str | None:
    known = not value or value.startswith(("tcp://", "tls://"))
    return None if known else "an address like tcp://127.0.0.1:8786"


def _size(value: str) -> str | None:
    known = not value or re.fullmatch(r"[1-9]\d*(MB|GB)", value)
    return None if known else "a size like 800MB or 2GB, or empty"


def _cron(value: str) -> str | None:
    return None if len(value.split()) in {5, 6} else "five fields, as in 0 2 * * *"


def _zone(value: str) -> str | None:
    known = not value or value in zoneinfo.available_timezones()
    return None if known else "a name like Europe/Berlin, or empty"


def _port(value: int) -> str | None:
    return None if 1024 <= value < 65536 else "a number from 1024 to 65535"  # noqa: PLR2004


def _addresses(values: tuple[str, ...]) -> str | None:
    return None if all("/in/" in value for value in values) else "addresses that contain /in/"


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose exports these are; only needed where an export does not say it."""

    linkedin: tuple[str, ...] = setting(
        (),
        "Addresses of your own LinkedIn profile, former ones too.",
        check=_addresses,
        example=("https://www.linkedin.com/in/your-name",),
    )
    x: tuple[str, ...] = setting(
        (),
        "Your own X account numbers (accountId in data/account.js of the archive).",
        check=_x_ids,
        example=("12345678",),
    )


@dataclass(frozen=True, slots=True)
class People:
    """Who is the same person on both platforms, where no profile says it."""

    same: tuple[tuple[str, ...], ...] = setting(
        (),
        "Groups of LinkedIn addresses, X handles and X account numbers that are one person.",
        example=(("https://www.linkedin.com/in/jane-doe", "@janedoe"),),
    )


@dataclass(frozen=True, slots=True)
class Watch:
    """Where exports are looked for besides the inbox."""

    patterns: tuple[str, ...] = setting(
        (),
        "Paths with * and ?, as in a shell; ~ is your home folder. What matches is read where "
        "it lies and never moved.",
        example=("~/Downloads/*LinkedInDataExport*.zip", "~/Downloads/twitter-*.zip"),
    )
    settle_seconds: int = setting(
        10,
        "What changed in a watched folder more recently than this is left for the next run: it "
        "may still be being written.",
        check=at_least(0),
    )


@dataclass(frozen=True, slots=True)
class Limits:
    """What is refused, so that a damaged or hostile file costs itself and nothing else."""

    member_bytes: int = setting(
        4 << 30, "Largest single file inside an export, unpacked.", check=at_least(1_000)
    )
    total_bytes: int = setting(
        64 << 30, "Most that one export may hold, unpacked.", check=at_least(1_000)
    )
    members: int = setting(1_000_000, "Most files in one export.", check=at_least(1))
    ratio: int = setting(200, "Most times a file may grow when unpacked.", check=at_least(10))


@dataclass(frozen=True, slots=True)
class Run:
    """How a run is carried out."""

    engine: str = setting(
        "prefect",
        "prefect: a flow with task runs, retries and artifacts; plain: the same steps one after "
        "the other in this process.",
        check=one_of("prefect", "plain"),
    )
    processes: int = setting(
        0, "Processes that score texts at once; 0 takes all cores.", check=at_least(0)
    )
    memory: str = setting(
        "",
        "Most memory that DuckDB takes to write the database and to read it for the report; what "
        "does not fit lies in .work/ meanwhile. Four fifths of the machine's when empty.",
        check=_size,
        example="2GB",
    )
    reports_kept: int = setting(30, "Dated reports that are kept.", check=at_least(1))
    runner: str = setting(
        "processes",
        "processes: exports and archives are read by this machine; dask: by the workers of the "
        "cluster below, which see the same folders (needs the extra: mememeter[dask]).",
        check=one_of("processes", "dask"),
    )
    cluster: str = setting(
        "",
        "Address of the Dask scheduler.",
        check=_scheduler,
        example="tcp://127.0.0.1:8786",
    )
    timeout_minutes: int = setting(
        240,
        "Minutes one step may take before the run counts as failed (with Prefect); 0 waits forever.",
        check=at_least(0),
    )
    on_failure: tuple[str, ...] = setting(
        (),
        "A command, word by word, that is started when a run fails; it gets the message on its "
        "standard input. It is not a shell line.",
        example=("mail", "-s", "mememeter failed", "me@example.org"),
    )
    on_failure_block: str = setting(
        "",
        "A notification block of your Prefect server, as type/name, that is told the same.",
        check=_block,
        example="slack-webhook/nightly",
    )


@dataclass(frozen=True, slots=True)
class Schedule:
    """When `mememeter schedule` runs, unless its options say otherwise."""

    cron: str = setting(
        "0 2 * * *", "Minute, hour, day of the month, month, day of the week.", check=_cron
    )
    timezone: str = setting(
        "",
        "The time zone of these hours; that of the machine when empty.",
        check=_zone,
        example="Europe/Berlin",
    )
    port: int = setting(
        4200, "Where Prefect's own server and UI listen, on 127.0.0.1 only.", check=_port
    )


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything mememeter.toml may say, with its defaults."""

    owner: Owner = field(default_factory=Owner)
    people: People = field(default_factory=People)
    watch: Watch = field(default_factory=Watch)
    limits: Limits = field(default_factory=Limits)
    run: Run = field(default_factory=Run)
    table: tuple[Table, ...] = ()
    schedule: Schedule = field(default_factory=Schedule)
    words: Words = field(default_factory=Words)
    thresholds: Thresholds = field(default_factory=Thresholds)

    @property
    def own(self) -> tuple[Words, Thresholds] | None:
        """What the user changes about the measuring itself; None where that is nothing."""
        own = (self.words, self.thresholds)
        return None if own == (Words(), Thresholds()) else own


SECTIONS: Mapping[str, type] = {**get_type_hints(Settings), "table": Table}


def find_home(option: str | None, environment: Mapping[str, str] | None = None) -> Home:
    """The home named by --home, else by MEMEMETER_HOME, else `data` in the current folder."""
    values = os.environ if environment is None else environment
    return Home(Path(option or values.get(HOME_VARIABLE) or DEFAULT_HOME).expanduser().absolute())


def load_settings(home: Home) -> Settings:
    """The home's settings; defaults where there is no file. Raises UsageError on a mistake."""
    try:
        content = home.config.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return Settings()
    except UnicodeDecodeError as error:
        raise UsageError(
            f"{home.config} is not UTF-8 text", hint="save it as UTF-8 in your editor"
        ) from error
    try:
        values = tomllib.loads(content)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(
            f"{home.config} is not valid TOML: {error}",
            hint='text goes in quotes, lists in brackets: x = ["12345678"]',
        ) from error
    except RecursionError as error:
        raise UsageError(
            f"{home.config} is not valid TOML: its brackets are nested too deep",
            hint='lists go in one pair of brackets: x = ["12345678"]',
        ) from error
    return parse_settings(values, str(home.config))


def parse_settings(values: Mapping[str, Any], where: str = "mememeter.toml") -> Settings:
    """Settings from parsed TOML; unknown keys and wrong types raise UsageError."""
    parsed: dict[str, Any] = {}
    for name, content in values.items():
        if name not in SECTIONS:
            raise unknown(where, "section", name, SECTIONS)
        if name == "table":
            parsed[name] = _tables(content, where)
            continue
        if not isinstance(content, dict):
            raise UsageError(
                f"{where}: {name} is a section, not a value",
                hint=f"write [{name}] on a line of its own and its keys below it",
            )
        parsed[name] = _section(SECTIONS[name], content, f"{where}: {name}.")
    settings = Settings(**parsed)
    if settings.run.runner == "dask" and not settings.run.cluster:
        raise UsageError(
            f'{where}: run.runner is "dask", and run.cluster names no scheduler',
            hint='say where it is: cluster = "tcp://127.0.0.1:8786"',
        )
    return settings


def _tables(content: object, where: str) -> tuple[object, ...]:
    if not isinstance(content, list) or not all(isinstance(entry, dict) for entry in content):
        raise UsageError(
            f"{where}: table stands once for every table, in two brackets",
            hint="write [[table]] on a line of its own and its keys below it",
        )
    return tuple(
        _section(Table, entry, f"{where}: table {number}.")
        for number, entry in enumerate(content, 1)
    )


def _section(section: type, content: Mapping[str, Any], where: str) -> object:
    fields = {entry.name: entry for entry in dataclasses.fields(section)}
    types = get_type_hints(section)
    parsed = {}
    for key, value in content.items():
        if key not in fields:
            raise unknown(where.rstrip("."), "key", key, fields)
        parsed[key] = _value(value, types[key], fields[key].metadata["check"], where + key)
    return section(**parsed)


def _value(value: object, kind: object, check: Check | None, where: str) -> object:
    parsed: object
    if kind == Phrases:
        return phrases_by_category(value, where)
    if kind == tuple[tuple[str, ...], ...]:
        expected = "a list of lists of text"
        fits = isinstance(value, list) and all(_is_texts(group) for group in value)
        parsed = tuple(tuple(group) for group in value) if fits else None  # type: ignore[attr-defined]
    elif kind == tuple[str, ...]:
        # One address without brackets is what people write first, and it is unambiguous.
        listed = [value] if isinstance(value, str) else value
        expected, fits = "a list of text", _is_texts(listed)
        parsed = tuple(listed) if fits else None  # type: ignore[arg-type]
    elif kind is int:
        expected, fits = "a whole number", isinstance(value, int) and not isinstance(value, bool)
        parsed = value
    else:
        expected, fits, parsed = "text in quotes", isinstance(value, str), value
    if fits and check is not None:
        expected = check(parsed) or expected
        fits = check(parsed) is None
    if not fits:
        raise UsageError(f"{where} is {value!r}", hint=f"it has to be {expected}")
    return parsed


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(entry, str) and entry for entry in value)


def default_file() -> str:
    """A mememeter.toml that says nothing and explains every key."""
    return "\n".join(_default_lines())


def _default_lines() -> Iterator[str]:
    yield "# Settings of MeMeMeter. Every line below shows the default or an example;"
    yield "# take the # away to change one. Unknown keys are refused."
    for name, section in SECTIONS.items():
        yield ""
        yield from (
            f"# {line.strip()}" for line in (section.__doc__ or "").splitlines() if line.strip()
        )
        yield "# [[table]]" if section is Table else f"[{name}]"
        for entry in dataclasses.fields(section):
            yield f"# {entry.metadata['doc']}"
            example = entry.metadata["example"]
            if example is None:
                yield f"# {entry.name} = {_toml(entry.default)}"
            else:
                yield f"# {entry.name} = {_toml(example)}  # an example; empty by default"
    yield ""


def _toml(value: object) -> str:
    if isinstance(value, Mapping):
        return f"{{ {', '.join(f'{name} = {_toml(entry)}' for name, entry in value.items())} }}"
    if isinstance(value, tuple):
        return f"[{', '.join(_toml(entry) for entry in value)}]"
    return f'"{value}"' if isinstance(value, str) else str(value)


def write_default_file(home: Home) -> None:
    """Put the commented default file into the home, unless there is a file already."""
    if not home.config.exists():
        write_atomically(home.config, default_file().encode())
