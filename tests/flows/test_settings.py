"""mememeter.toml: every key explained, unknown ones refused with the nearest known one."""

from __future__ import annotations

import dataclasses
import re
import tomllib
from pathlib import Path
from typing import get_type_hints

import pytest

from flows.home import Home
from flows.settings import (
    SECTIONS,
    Settings,
    default_file,
    find_home,
    load_settings,
    parse_settings,
    write_default_file,
)
from transforms.errors import UsageError
from transforms.reference import OF_THE_USER, REFERENCE


def load(text: str) -> Settings:
    return parse_settings(tomllib.loads(text))


def test_the_default_file_says_nothing() -> None:
    assert load(default_file()) == Settings()


def test_every_key_is_explained_and_its_example_is_valid() -> None:
    text = default_file()
    uncommented = re.sub(r"(?m)^# (\w+ = |\[\[)", r"\1", text)
    values = tomllib.loads(uncommented)
    parse_settings(values)
    assert set(SECTIONS) == set(get_type_hints(Settings))
    (values["table"],) = values["table"]
    for name, section in SECTIONS.items():
        assert list(values[name]) == [entry.name for entry in dataclasses.fields(section)]
        for entry in dataclasses.fields(section):
            assert f"# {entry.metadata['doc']}\n# {entry.name} = " in text


def test_values_are_taken() -> None:
    settings = load(
        """
        [owner]
        linkedin = "https://www.linkedin.com/in/me"
        x = ["12", "34"]
        [people]
        same = [["https://www.linkedin.com/in/jane", "56"]]
        [run]
        engine = "plain"
        processes = 2
        [words.de]
        pitch = "Kennenlerngespräch"
        help = ["gern geschehen"]
        """
    )
    assert settings.owner.linkedin == ("https://www.linkedin.com/in/me",)
    assert settings.owner.x == ("12", "34")
    assert settings.people.same == (("https://www.linkedin.com/in/jane", "56"),)
    assert (settings.run.engine, settings.run.processes) == ("plain", 2)
    assert settings.words.de == (
        ("help", ("gern geschehen",)),
        ("pitch", ("Kennenlerngespräch",)),
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "[[tables]]",
            "mememeter.toml: unknown section 'tables'\n\nHint: did you mean 'table'?",
        ),
        (
            "[table]",
            "mememeter.toml: table stands once for every table, in two brackets\n\nHint: write [[table]] on a line of its own and its keys below it",
        ),
        (
            "[[table]]\n[[table]]\nauthr = 'Poster'",
            "mememeter.toml: table 2: unknown key 'authr'\n\nHint: did you mean 'author'?",
        ),
        (
            "[[table]]\nplatform = 'facebook'",
            "mememeter.toml: table 1.platform is 'facebook'\n\nHint: it has to be one of linkedin, x",
        ),
        (
            "[[table]]\ndates = 'European'",
            "mememeter.toml: table 1.dates is 'European'\n\nHint: it has to be one of day first, month first",
        ),
        (
            "[[table]]\ntime_zone = 'Berlin'",
            "mememeter.toml: table 1.time_zone is 'Berlin'\n\nHint: it has to be one such as Europe/Berlin",
        ),
        (
            "[[table]]\nfiles = 'feeds/*.csv'",
            "mememeter.toml: table 1.files is 'feeds/*.csv'\n\nHint: it has to be the name of a file, with * and ? at most",
        ),
        (
            "[words.en]\nptch = ['quick sync']",
            "mememeter.toml: words.en: unknown category 'ptch'\n\nHint: did you mean 'pitch'?",
        ),
        (
            "[words.it]\npitch = ['due minuti']",
            "mememeter.toml: words: unknown key 'it'\n\nHint: known are en, de, es, fr, pt, any",
        ),
        (
            "[words]\nen = ['quick sync']",
            "mememeter.toml: words.en is ['quick sync']\n\nHint: it has to be like { pitch = [\"quick sync\"] }",
        ),
        (
            "[words.en]\npitch = [3]",
            "mememeter.toml: words.en.pitch is [3]\n\nHint: it has to be a list of text",
        ),
        (
            "[words.en]\npitch = ['quick sync', ' ']",
            "mememeter.toml: words.en.pitch has ' ', and it is empty\n\nHint: a phrase has 3 letters or more besides links and numbers, or it would be found everywhere",
        ),
        (
            "[words.any]\nfine = 'ai'",
            "mememeter.toml: words.any.fine has 'ai', and it is too short\n\nHint: a phrase has 3 letters or more besides links and numbers, or it would be found everywhere",
        ),
        (
            "[words.any]\nfine = 'https://example.org/a'",
            "mememeter.toml: words.any.fine has 'https://example.org/a', and it is too short\n\nHint: a phrase has 3 letters or more besides links and numbers, or it would be found everywhere",
        ),
        (
            "[thresholds]\nfollow_ups = 0",
            "mememeter.toml: thresholds.follow_ups is 0\n\nHint: it has to be a number of at least 1",
        ),
        ("[ownr]", "mememeter.toml: unknown section 'ownr'\n\nHint: did you mean 'owner'?"),
        (
            "[owner]\nlinkdin = 'x'",
            "mememeter.toml: owner: unknown key 'linkdin'\n\nHint: did you mean 'linkedin'?",
        ),
        (
            "[owner]\nzzz = 1",
            "mememeter.toml: owner: unknown key 'zzz'\n\nHint: known are linkedin, x",
        ),
        (
            "owner = 3",
            "mememeter.toml: owner is a section, not a value\n\nHint: write [owner] on a line of its own and its keys below it",
        ),
        (
            '[run]\nmemory = "2 gigs"',
            "mememeter.toml: run.memory is '2 gigs'\n\nHint: it has to be a size like 800MB or 2GB, or empty",
        ),
        (
            "[run]\nprocesses = -1",
            "mememeter.toml: run.processes is -1\n\nHint: it has to be a number of at least 0",
        ),
        (
            "[run]\nprocesses = true",
            "mememeter.toml: run.processes is True\n\nHint: it has to be a whole number",
        ),
        (
            "[run]\nengine = 'dask'",
            "mememeter.toml: run.engine is 'dask'\n\nHint: it has to be one of prefect, plain",
        ),
        (
            "[owner]\nx = ['@me']",
            "mememeter.toml: owner.x is ['@me']\n\nHint: it has to be account numbers, digits only",
        ),
        (
            "[owner]\nx = 12",
            "mememeter.toml: owner.x is 12\n\nHint: it has to be a list of text",
        ),
        (
            "[people]\nsame = ['a']",
            "mememeter.toml: people.same is ['a']\n\nHint: it has to be a list of lists of text",
        ),
        (
            "[run]\nengine = 1",
            "mememeter.toml: run.engine is 1\n\nHint: it has to be text in quotes",
        ),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_the_way_out(text: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        load(text)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"[owner\n", "is not valid TOML"),
        (b"\xff\xfe[", "is not UTF-8 text"),
        (b"x = " + b"[" * 3000, "its brackets are nested too deep"),
    ],
)
def test_a_broken_file_is_refused(tmp_path: Path, content: bytes, message: str) -> None:
    home = Home(tmp_path)
    home.config.write_bytes(content)
    with pytest.raises(UsageError, match=message):
        load_settings(home)


def test_a_file_saved_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.config.write_bytes(b"\xef\xbb\xbf[run]\nprocesses = 3\n")
    assert load_settings(home).run.processes == 3


def test_thresholds_are_by_default_what_the_reference_says() -> None:
    thresholds = dataclasses.asdict(Settings().thresholds)
    assert thresholds == {name: REFERENCE["flags"][name] for name in OF_THE_USER}


def test_without_a_file_the_defaults_hold(tmp_path: Path) -> None:
    assert load_settings(Home(tmp_path)) == Settings()


def test_the_default_file_never_replaces_the_users(tmp_path: Path) -> None:
    home = Home(tmp_path)
    write_default_file(home)
    assert home.config.read_text(encoding="utf-8") == default_file()
    home.config.write_text("[run]\n", encoding="utf-8")
    write_default_file(home)
    assert home.config.read_text(encoding="utf-8") == "[run]\n"


def test_where_the_home_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    variable = {"MEMEMETER_HOME": "/elsewhere"}
    assert find_home("there", variable).path == tmp_path / "there"
    assert find_home(None, variable).path == Path("/elsewhere")
    assert find_home(None, {}).path == tmp_path / "data"
