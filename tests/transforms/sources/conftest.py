"""Public fixtures lie beside the repository where it is developed; elsewhere their tests are not."""

from __future__ import annotations

from tests.transforms.sources.reading import SHARED

collect_ignore = [] if SHARED.exists() else ["test_shared_fixtures.py"]
