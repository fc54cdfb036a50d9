"""House rules as code: who may import whom, and who may touch the world (`CONTRIBUTING.md`)."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("transforms", "dashboards", "flows")
MODULES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))

MAY_IMPORT = {
    "transforms": {"transforms"},
    "dashboards": {"transforms", "dashboards"},
    "flows": {"transforms", "dashboards", "flows"},
}
# Package data (importlib.resources) is part of the code and may be read anywhere.
# The clock, the disk, the network, the environment and the engines belong to flows/.
WORLD = {
    "prefect", "duckdb", "os", "pathlib", "shutil", "tempfile", "socket", "urllib", "http",
    "requests", "httpx", "subprocess", "multiprocessing", "concurrent", "threading", "sqlite3",
    "random", "secrets", "uuid", "glob",
}  # fmt: skip
CALLS = {"open", "input", "print", "exec", "eval"}
METHODS = {"now", "utcnow", "today", "write_text", "write_bytes"}
PURE = {"urllib.parse"}
MAX_LINES = 400


def breaches(source: str, package: str) -> Iterator[tuple[int, str]]:
    """Line and sentence for every rule of its package that a module breaks."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.level:
            yield node.lineno, "relative import: say the whole name"
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            for name in _imported(node):
                yield from ((node.lineno, what) for what in _import_breaches(name, package))
        elif isinstance(node, ast.Call) and package != "flows":
            called = ast.unparse(node.func).rpartition(".")
            if called[2] in (METHODS if called[0] else CALLS):
                yield node.lineno, f"{package} calls {called[1]}{called[2]}()"


def _imported(node: ast.Import | ast.ImportFrom) -> list[str]:
    if isinstance(node, ast.ImportFrom):
        return [node.module or ""]
    return [alias.name for alias in node.names]


def _import_breaches(name: str, package: str) -> Iterator[str]:
    top = name.partition(".")[0]
    if top in PACKAGES and top not in MAY_IMPORT[package]:
        yield f"{package} imports {name}"
    if package != "flows" and top in WORLD and name not in PURE:
        yield f"{package} imports {name}, which touches the world"


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_module_keeps_to_its_layer(path: Path) -> None:
    package = path.relative_to(ROOT).parts[0]
    found = [
        f"{path.relative_to(ROOT)}:{line}: {what}"
        for line, what in breaches(path.read_text(encoding="utf-8"), package)
    ]
    assert not found, "\n".join(found)


def test_only_the_warehouse_imports_duckdb() -> None:
    users = [
        path.name
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, (ast.Import, ast.ImportFrom)) and "duckdb" in ast.unparse(node)
    ]
    assert set(users) == {"warehouse.py"}


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_module_is_short_enough_to_read(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").count("\n")
    assert lines <= MAX_LINES, f"{path.relative_to(ROOT)} has {lines} lines; split it by noun"


@pytest.mark.parametrize(
    ("source", "package", "sentence"),
    [
        ("import flows.cli", "transforms", "transforms imports flows.cli"),
        ("from flows import cli", "dashboards", "dashboards imports flows"),
        ("import os", "transforms", "transforms imports os, which touches the world"),
        ("open('x')", "dashboards", "dashboards calls open()"),
        ("datetime.now()", "transforms", "transforms calls .now()"),
        ("from . import x", "flows", "relative import: say the whole name"),
    ],
)
def test_the_rule_itself_can_fail(source: str, package: str, sentence: str) -> None:
    assert [what for _, what in breaches(source, package)] == [sentence]


@pytest.mark.parametrize("module", ["transforms.reference", "transforms.tables", "transforms.spec"])
def test_what_everything_rests_on_can_be_imported_first(module: str) -> None:
    subprocess.run([sys.executable, "-c", f"import {module}"], cwd=ROOT, check=True)
