"""The policy lets in exactly what is in the page, and the shipped scripts are what they claim."""

from __future__ import annotations

import base64
import hashlib
import re
from importlib import resources

import pytest

from dashboards import page


def test_policy_names_the_hash_of_each_script_and_style() -> None:
    policy = page.policy(["alert(1)"], ["a{}"])
    digest = base64.b64encode(hashlib.sha256(b"alert(1)").digest()).decode()
    assert f"script-src 'sha256-{digest}';" in policy
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe-inline" not in policy
    assert "unsafe-eval" not in policy
    assert "http" not in policy


@pytest.mark.parametrize("name", [*page.VENDOR_SCRIPTS, *page.OWN_SCRIPTS, *page.STYLES])
def test_static_file_can_stand_inside_its_element(name: str) -> None:
    text = page.static(name)
    assert "\r" not in text
    assert not re.search(r"</(script|style)|<!--", text, re.IGNORECASE)


@pytest.mark.parametrize("name", page.OWN_SCRIPTS)
def test_own_scripts_never_parse_markup(name: str) -> None:
    forbidden = (
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|\bfetch\("
    )
    assert not re.search(forbidden, re.sub(r"//.*", "", page.static(name)))


def test_plotly_bundle_is_of_the_version_that_plotly_py_draws_for() -> None:
    ours = page.static("vendor/plotly-cartesian.min.js")[:200]
    with (resources.files("plotly") / "package_data" / "plotly.min.js").open(
        encoding="utf-8"
    ) as file:
        theirs = file.read(200)
    version = re.compile(r"plotly\.js (?:\([\w -]+\) )?v(\d+\.\d+\.\d+)")
    assert version.search(theirs)[1] in ours


def test_vendored_files_are_those_the_readme_names() -> None:
    folder = resources.files("dashboards") / "static" / "vendor"
    readme = (folder / "README.md").read_text("utf-8")
    for entry in folder.iterdir():
        assert entry.name == "README.md" or entry.name in readme
