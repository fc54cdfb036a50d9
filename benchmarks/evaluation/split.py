"""Divides newly written threads into the part to develop on and the sealed part, by sender.

    python -m benchmarks.evaluation.split FOLDER

FOLDER holds files of threads (`*.toml`) and perhaps second readings of them (`second/*.toml`).
Each file goes to `data/gold/develop/` and `data/gold/sealed/` under its own name, every thread
as it was written. Who goes where follows from the writer where a whole writer was set aside
(ids begin with the writer), else from a keyed hash of the sender's name alone: nobody chooses,
and all threads of a person stay together. Prints how many went where, and nothing of the text.
"""

from __future__ import annotations

import hashlib
import sys
import tomllib
from pathlib import Path

from benchmarks.evaluation.gold import FOLDER, writer_of

PARTS = ("develop", "sealed")
_KEY = b"mememeter gold 2026-11"
_HEAD = "[[threads]]"
# Set before anything was measured on them (2026-11-25). The sealed writer is a stranger to the
# rules; of the writers on both sides they know the manner, if not the threads.
_WHOLE = dict.fromkeys("defhij", "develop") | {"g": "sealed"}


def part_of(thread: str, sender: str) -> str:
    """develop or sealed, of a thread's id and its sender."""
    if whole := _WHOLE.get(writer_of(thread)):
        return whole
    name = " ".join(sender.casefold().split())
    digest = hashlib.blake2b(name.encode(), key=_KEY, digest_size=8).digest()
    return PARTS[digest[0] % 2]


def divided(text: str, part_of_id: dict[str, str]) -> dict[str, str]:
    """Part → the text of its threads. Ids that `part_of_id` knows go where it says."""
    parts = dict.fromkeys(PARTS, "")
    for block in text.split(f"\n{_HEAD}")[0 if text.startswith(_HEAD) else 1 :]:
        whole = f"{_HEAD}{block.removeprefix(_HEAD)}".strip() + "\n"
        (entry,) = tomllib.loads(whole)["threads"]
        part = part_of_id.get(entry["id"]) or part_of(entry["id"], entry["sender"])
        part_of_id[entry["id"]] = part
        parts[part] += whole + "\n"
    return parts


def main(source: Path) -> None:
    known: dict[str, str] = {}
    for folder, below in ((source, ""), (source / "second", "second")):
        for path in sorted(folder.glob("*.toml")):
            for part, text in divided(path.read_text(encoding="utf-8"), known).items():
                target = FOLDER / part / below / path.name
                if text:
                    target.parent.mkdir(parents=True, exist_ok=True)
                    target.write_text(text.rstrip() + "\n", encoding="utf-8")
    sizes = {part: sum(value == part for value in known.values()) for part in PARTS}
    print(", ".join(f"{part}: {size} threads" for part, size in sizes.items()))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
