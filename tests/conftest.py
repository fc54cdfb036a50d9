"""What several test files share: the sample, run once, and the text of all tests."""

from __future__ import annotations

from pathlib import Path

import pytest

TESTS = Path(__file__).parent
SAMPLE = TESTS.parent / "data" / "sample"


@pytest.fixture(scope="session")
def test_sources() -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted(TESTS.rglob("test_*.py")))


@pytest.fixture(scope="session")
def sample_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which the bundled sample was run, without the engine."""
    from flows.home import Home
    from flows.pipeline import run_pipeline

    home = Home(tmp_path_factory.mktemp("sample") / "home")
    run_pipeline(home, sorted(SAMPLE.glob("*.zip")))
    return home.path


@pytest.fixture(scope="session")
def sample_database(sample_home: Path) -> Path:
    return sample_home / "mememeter.duckdb"
