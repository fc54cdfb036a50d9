"""One part of the soak by itself: `python -m benchmarks.reliability kills --rounds 200`."""

from __future__ import annotations

import argparse
import random
import sys

from benchmarks.reliability import parts


def main() -> int:
    parser = argparse.ArgumentParser(prog="benchmarks.reliability", description=__doc__)
    parser.add_argument("part", choices=sorted(parts.PARTS))
    parser.add_argument("--rounds", type=int, help="how often, where it counts that")
    parser.add_argument("--nights", type=int, default=1000, help="of wear")
    parser.add_argument("--minutes", type=float, default=5.0, help="for the fuzz")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    options = parser.parse_args()
    print(f"{options.part}, seed {options.seed}", flush=True)
    size = parts.Size(options.rounds, options.minutes, options.seed, options.nights)
    wrong = 0
    for tally in parts.PARTS[options.part](size):
        print(tally, flush=True)
        wrong += len(tally.wrong)
        for sentence in tally.wrong:
            print(f"  WRONG: {sentence}", flush=True)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
