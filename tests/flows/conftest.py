"""A small home of one export, run once for all tests that only look."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.home import Home
from tests.flows.exports_for_tests import linkedin_zip


@pytest.fixture(scope="session")
def small_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    from flows.pipeline import run_pipeline

    home = Home(tmp_path_factory.mktemp("small") / "home").create()
    linkedin_zip(home.inbox / "mine.zip")
    run_pipeline(home)
    return home


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home").create()


@pytest.fixture
def short_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page of one line: for tests of everything around the report, 1 s faster each."""

    def render(*_: object, is_sample: bool, warnings: list[str], **__: object) -> str:
        return f"<!doctype html><!-- sample: {is_sample}, warnings: {len(warnings)} {warnings} -->"

    monkeypatch.setattr("flows.steps.render_report", render)
