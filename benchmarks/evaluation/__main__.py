"""The evaluation, as one command.

python -m benchmarks.evaluation             writes benchmarks/evaluation.md, the table of the README
                                            and the hit table
python -m benchmarks.evaluation --check     fails where a figure is below its line, a rule is
                                            dead or a twin, or data are absent; writes nothing
python -m benchmarks.evaluation --accept    takes the figures of this run as the lines
"""

from __future__ import annotations

import argparse
import datetime as dt
import sys

from benchmarks.evaluation import generalisation, hit_table, lines, page, suite


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.evaluation")
    parser.add_argument("--check", action="store_true", help="fail below a line; write nothing")
    parser.add_argument("--accept", action="store_true", help="take these figures as the lines")
    chosen = parser.parse_args(arguments)
    if absent := suite.absent():
        print(absent, file=sys.stderr)
        return 1
    found = suite.measured()
    if chosen.accept:
        lines.accept(found.figures)
    told = [*lines.below(found.figures), *found.problems]
    if not chosen.check:
        hit_table.TABLE.write_text(hit_table.render(found.rules), encoding="utf-8")
        page.write(suite.sections(found), dt.datetime.now(dt.UTC).date())
        rows = page.accuracy(lines.accepted(), generalisation.kept())
        readme = page.README.read_text(encoding="utf-8")
        page.README.write_text(page.with_accuracy(readme, rows), encoding="utf-8")
        print(f"{page.PAGE.name}: {len(found.figures)} figures")
    for sentence in told:
        print(sentence, file=sys.stderr)
    return int(bool(told))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
