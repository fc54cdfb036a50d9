"""Every peer is given the same messages: as many, and the same words."""

from __future__ import annotations

import csv
import json
import re
import zipfile
from pathlib import Path

import pytest

from benchmarks.peers import ours
from benchmarks.peers.__main__ import HERE, PeerError, declared, three
from benchmarks.peers.formats import write_formats

MESSAGES = 300


@pytest.fixture(scope="module")
def formats(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("formats")
    write_formats(folder, MESSAGES)
    return folder


def tweets(path: Path) -> list[str]:
    with zipfile.ZipFile(path) as archive:
        parts = [name for name in archive.namelist() if name.startswith("data/tweet")]
        read = [json.loads(archive.read(name).partition(b" = ")[2]) for name in parts]
    return [entry["tweet"]["full_text"] for part in read for entry in part]


def test_every_format_holds_the_same_words(formats: Path) -> None:
    with (formats / "messages.csv").open(encoding="utf-8", newline="") as file:
        said = sorted(row["CONTENT"] for row in csv.DictReader(file))
    assert len(said) == MESSAGES
    lines = (formats / "texts.jsonl").read_text("utf-8").splitlines()
    assert sorted(json.loads(line)["text"] for line in lines) == said
    assert sorted(tweets(formats / "twitter.zip")) == said
    assert sorted(tweets(formats / "twitter-2021.zip")) == said
    utterances = (formats / "corpus" / "utterances.jsonl").read_text("utf-8").splitlines()
    assert sorted(json.loads(line)["text"] for line in utterances) == said
    chat = re.split(
        r"^\[[^]]+\] [^:\n]+: ", (formats / "whatsapp.txt").read_text("utf-8"), flags=re.MULTILINE
    )
    assert sorted(text.removesuffix("\n") for text in chat[1:]) == said
    with zipfile.ZipFile(formats / "linkedin.zip") as archive:
        assert archive.read("messages.csv") == (formats / "messages.csv").read_bytes()


def test_every_peer_names_a_script_a_file_and_a_job_of_ours(formats: Path) -> None:
    for name, peer in declared().items():
        script = f"{peer.get('script', name).replace('-', '_')}_.py"
        assert (HERE / "scripts" / script).exists(), name
        assert (formats / peer["file"]).exists(), name
        job, file = peer["ours"]
        assert job in ours.JOBS, name
        assert (formats / file).exists(), name
        assert all("==" in package for package in peer["packages"]), name


@pytest.mark.parametrize("file", ["linkedin.zip", "twitter.zip", "twitter-2021.zip"])
def test_we_read_every_row(formats: Path, tmp_path: Path, file: str) -> None:
    assert ours.read(formats / file, tmp_path) == MESSAGES


def test_a_peer_that_fails_says_why(tmp_path: Path) -> None:
    with pytest.raises(PeerError, match="fails: no such table"):
        three(["/bin/sh", "-c", "echo no such table; exit 1"], tmp_path, times=3)
