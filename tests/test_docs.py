"""The documentation is current: generated parts, commands, and every query in the README."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from flows.cli import cli
from transforms.catalogue import is_current, reference

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
QUERIES = re.findall(r"^(\w[^\n]*\?)\n\n```sql\n(.*?)```", README, re.MULTILINE | re.DOTALL)


def test_the_generated_reference_is_current() -> None:
    assert is_current(README, reference()), "run `make docs` and commit README.md"


def test_every_command_is_in_the_readme_and_no_other() -> None:
    assert isinstance(cli, click.Group)
    documented = set(re.findall(r"^\| `mememeter ([a-z]+)", README, re.MULTILINE))
    assert documented == set(cli.list_commands(click.Context(cli)))


def test_every_command_shows_an_example() -> None:
    context = click.Context(cli, info_name="mememeter")
    without = []
    for name in cli.list_commands(context):
        command = cli.get_command(context, name)
        assert command is not None
        if f"mememeter {name}" not in f"{command.help}{command.epilog}":
            without.append(name)
    assert not without, f"no example in the help of {without}"


def test_there_are_ten_questions() -> None:
    assert len(QUERIES) == 10


@pytest.mark.parametrize(("question", "sql"), QUERIES, ids=[q[:40] for q, _ in QUERIES])
def test_each_question_is_answered_on_the_sample(
    question: str, sql: str, sample_database: Path
) -> None:
    from flows.warehouse import query

    answer = query(sample_database, sql)
    assert answer.height > 0, f"{question} has no answer in the sample"


def test_every_dependency_has_its_reason() -> None:
    declared = re.findall(
        r'^    "([a-z0-9-]+)[<>=]', (ROOT / "pyproject.toml").read_text("utf-8"), re.MULTILINE
    )
    reasons = (ROOT / "CONTRIBUTING.md").read_text("utf-8").partition("## Dependencies")[2]
    missing = [name for name in declared if name not in reasons and name != "setuptools"]
    assert len(declared) > 10
    assert not missing, f"no reason in CONTRIBUTING.md for {missing}"


def test_the_locks_carry_hashes_and_no_index_addresses() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / name).read_text("utf-8")
        assert "--hash=sha256:" in text
        assert not re.search(r"://|--index|--find-links|--extra-index", text), name


def test_what_security_names_is_there() -> None:
    text = (ROOT / "SECURITY.md").read_text("utf-8")
    names = re.findall(r"`(?:tests/[\w/]+/)?(test_\w+\.py)`|python -m (benchmarks[\w.]+)", text)
    tests = {path.name for path in (ROOT / "tests").rglob("test_*.py")}
    assert len(names) > 8
    for test, module in names:
        assert test in tests or (ROOT / f"{module.replace('.', '/')}.py").is_file(), (test, module)
    assert "](SECURITY.md)" in README
