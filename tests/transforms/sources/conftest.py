"""Public fixtures lie beside the repository where it is developed; elsewhere their tests are not."""

from __future__ import annotations

from tests.shared_data import FIXTURES, absent

collect_ignore = ["test_shared_fixtures.py"] if absent(FIXTURES) else []
