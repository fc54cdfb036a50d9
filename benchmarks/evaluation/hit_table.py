"""The hit table: what every rule of the lexicons finds, and what it is worth.

    python -m benchmarks.evaluation.hit_table            rebuilds hit_table.csv
    python -m benchmarks.evaluation.hit_table --check    fails when the file is out of date, or a rule is dead
                                              (finds nothing, not even its own examples) or finds
                                              exactly what another rule of its category finds

Columns: rule, category, weight, cap; hits on its own examples and counter-examples; for English
hits on advertising and on other texts of the labelled sets beside the repository (comments, posts,
SMS; telephone talk and e-mails as others), and S/O, the share of advertising among the two rates.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from transforms.text import cleaning, sentences
from transforms.text.hits import fires
from transforms.text.lexicon import LANGUAGES, Rule, rules_of

ROOT = Path(__file__).parents[2]
TABLE = Path(__file__).with_name("hit_table.csv")
DATASETS = ROOT.parent / "shared" / "datasets"
COLUMNS = (
    *("rule", "category", "weight", "cap", "examples", "examples_hit"),
    *("counter_examples", "counter_examples_hit", "advertising_hit", "other_hit", "s_o"),
)
_PROMOTION = {"promo", "lead_gen", "affiliate"}
_SCAM = {"scam", "spam", "phishing", "impersonation", "ai_slop"}
_EVERY = 10  # Switchboard is long; every tenth utterance is enough for a rate
_ENOUGH = 5  # below that two rules may agree by chance


def _lines(name: str) -> list[str]:
    with gzip.open(DATASETS / name, "rt", encoding="utf-8") as file:
        return file.read().splitlines()


def labelled() -> Iterator[tuple[str, bool]]:
    """(text, is advertising) of all English sets together."""
    for line in _lines("youtube_comments.jsonl.gz"):
        row = json.loads(line)
        yield row["text"], row["promo"] == 1
    for line in _lines("sms.jsonl.gz"):
        row = json.loads(line)
        yield row["text"], row["spam"] == 1
    for line in _lines("x_posts.jsonl.gz"):
        row = json.loads(line)
        labels = set(row["labels"])
        if labels & _PROMOTION or not labels & _SCAM:
            yield row["text"], bool(labels & _PROMOTION)
    calls = [json.loads(line)["turns"] for line in _lines("switchboard.jsonl.gz")]
    for turn in [turn for turns in calls for turn in turns][::_EVERY]:
        yield turn["text"], False
    for line in _lines("en_ewt_email.conllu.gz"):
        if line.startswith("# text = "):
            yield line.removeprefix("# text = "), False


def _words(texts: list[str]) -> pl.Series:
    clean = cleaning.clean(pl.Series("text", texts, dtype=pl.String))
    return sentences.tokenised(clean).str.to_lowercase()


def table() -> tuple[list[dict[str, object]], dict[str, tuple[int, ...]]]:
    """The rows, and for each English rule which texts of the sets it finds."""
    texts, advertising = zip(*labelled(), strict=True)
    words, positive = _words(list(texts)), pl.Series(advertising)
    rows: list[dict[str, object]] = []
    found: dict[str, tuple[int, ...]] = {}
    for language in LANGUAGES:
        for rule in rules_of(language):
            row = _own(rule)
            if language == "en":
                hit = fires(words, rule) > 0
                found[rule.key] = tuple(hit.arg_true().to_list())
                spam, ham = int((hit & positive).sum()), int((hit & ~positive).sum())
                rates = spam / int(positive.sum()), ham / int((~positive).sum())
                row |= {
                    "advertising_hit": spam,
                    "other_hit": ham,
                    "s_o": f"{rates[0] / sum(rates):.3f}" if sum(rates) else "",
                }
            rows.append(row)
    return rows, found


def _own(rule: Rule) -> dict[str, object]:
    def hits_of(texts: tuple[str, ...]) -> int:
        return int((fires(_words(list(texts)), rule) > 0).sum()) if texts else 0

    return {
        "rule": rule.key,
        "category": rule.category,
        "weight": f"{rule.weight:g}",
        "cap": f"{rule.cap:g}",
        "examples": len(rule.examples),
        "examples_hit": hits_of(rule.examples),
        "counter_examples": len(rule.counter_examples),
        "counter_examples_hit": hits_of(rule.counter_examples),
        "advertising_hit": "",
        "other_hit": "",
        "s_o": "",
    }


def problems(rows: list[dict[str, object]], found: dict[str, tuple[int, ...]]) -> list[str]:
    """Sentences about dead, wrong and duplicate rules."""
    told = [f"{row['rule']} is dead" for row in rows if not row["examples_hit"]]
    told += [
        f"{row['rule']} fires on a counter-example" for row in rows if row["counter_examples_hit"]
    ]
    categories = {str(row["rule"]): str(row["category"]) for row in rows}
    seen: dict[tuple[str, tuple[int, ...]], str] = {}
    for rule, texts in found.items():
        if len(texts) >= _ENOUGH:
            first = seen.setdefault((categories[rule], texts), rule)
            if first != rule:
                told.append(f"{rule} finds exactly what {first} finds")
    return told


def render(rows: list[dict[str, object]]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def main() -> int:
    rows, found = table()
    told = problems(rows, found)
    if "--check" in sys.argv:
        if TABLE.read_text(encoding="utf-8") != render(rows):
            told.append(f"{TABLE.name} is out of date: run make evaluate")
    else:
        TABLE.write_text(render(rows), encoding="utf-8")
    print("\n".join(told) or f"{len(rows)} rules, none dead, none twice")
    return int(bool(told))


if __name__ == "__main__":
    sys.exit(main())
