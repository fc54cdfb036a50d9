"""House rules as code: who may import whom, and who may touch the world (`CONTRIBUTING.md`)."""

from __future__ import annotations

import ast
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
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or ""] if not node.level else []
            if node.level:
                yield node.lineno, "relative import: say the whole name"
        else:
            names = []
        for name in names:
            top = name.split(".")[0]
            if top in PACKAGES and top not in MAY_IMPORT[package]:
                yield node.lineno, f"{package} imports {name}"
            if package != "flows" and top in WORLD and name not in PURE:
                yield node.lineno, f"{package} imports {name}, which touches the world"
        if package != "flows" and isinstance(node, ast.Call):
            call = node.func
            if isinstance(call, ast.Name) and call.id in CALLS:
                yield node.lineno, f"{package} calls {call.id}()"
            if isinstance(call, ast.Attribute) and call.attr in METHODS:
                yield node.lineno, f"{package} calls .{call.attr}()"


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
