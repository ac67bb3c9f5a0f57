"""``make bench``: build generated articles with this repository and with Material's own blog plugin, and compare.

Each build is a process of its own, cold, one at a time and in turn, so that what else the machine does falls on all
alike. Processor time is the figure to trust; wall time depends on the company. Exit status 1: a target was missed.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from statistics import mean

from engblog.disk import clock
from engblog.source.body import scan
from engblog.source.readtime import count_words

from benchmarks.articles import SEED, Post, generate
from benchmarks.measure import BuildError, Output, Run, build, machine, versions
from benchmarks.report import Measured, Results, as_json, as_markdown, as_text, targets
from benchmarks.sites import MATERIAL, MATERIAL_NO_SEARCH, OURS, REPOSITORY, write_sites

SIZES = (23, 250, 1000)
RESULTS = REPOSITORY / "benchmarks" / "results"
_SIDES = {"ours": (OURS,), "material": (MATERIAL, MATERIAL_NO_SEARCH)}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark with *arguments* and return the exit status."""
    options = _parser().parse_args(arguments)
    sides = [options.only] if options.only else list(_SIDES)
    variants = [variant for side in sides for variant in _SIDES[side]]
    results = measure(options.sizes, variants, repeat=options.repeat, seed=options.seed, day=options.date)
    print(as_text(results))
    output: Path | None = options.output
    if output is None and not options.only and tuple(options.sizes) == SIZES:
        output = RESULTS
    if output is not None:
        output.mkdir(parents=True, exist_ok=True)
        text = json.dumps(as_json(results), indent=2, ensure_ascii=False)
        (output / "build.json").write_text(f"{text}\n", encoding="utf-8")
        (output / "build.md").write_text(as_markdown(results), encoding="utf-8")
    return 0 if all(met for _, met in targets(results)) else 1


def measure(sizes: Sequence[int], variants: Sequence[str], *, repeat: int, seed: int, day: date) -> Results:
    """Build *variants* at all *sizes*, *repeat* times; sizes above 500 fewer times in proportion, but once at least."""
    where = machine()
    measured: list[Measured] = []
    for size in sizes:
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            configs = write_sites(Path(folder), generate(size, seed))
            runs: dict[str, list[Run]] = {variant: [] for variant in variants}
            outputs: dict[str, Output] = {}
            for turn in range(min(repeat, max(1, repeat * 500 // size))):
                # In turn, and each turn starts with another, so that none always follows the same.
                start = turn % len(variants)
                for variant in [*variants[start:], *variants[:start]]:
                    run, outputs[variant] = build(configs[variant], variant, size)
                    runs[variant].append(run)
                    print(f"{variant}, {size} articles: {run.cpu:.1f} s CPU", file=sys.stderr)
            measured += [Measured(variant, size, tuple(runs[variant]), outputs[variant]) for variant in variants]
    return Results(day.isoformat(), seed, _average(list(generate(23, seed))), where, versions(), tuple(measured))


def _average(posts: Sequence[Post]) -> dict[str, float]:
    bodies = [scan(post.text(str)) for post in posts]
    return {
        "words": round(mean(count_words(body.prose)[0] for body in bodies)),
        "code_blocks": round(mean(post.body.count("```") / 2 for post in posts)),
        "code_lines": round(mean(len(body.code) for body in bodies)),
    }


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.build", description=__doc__)
    parser.add_argument("--sizes", type=_sizes, default=SIZES, metavar="23,250", help="how many articles")
    parser.add_argument("--repeat", type=int, default=3, metavar="N", help="runs of each build (%(default)s)")
    parser.add_argument("--only", choices=tuple(_SIDES), help="build one side alone; nothing to compare")
    parser.add_argument("--seed", type=int, default=SEED, help="of the articles (%(default)s)")
    today = clock.now().date()
    parser.add_argument(
        "--date", type=date.fromisoformat, default=today, help="of the results (SOURCE_DATE_EPOCH, or today)"
    )
    where = "where build.json and build.md go; by default, a full run writes to benchmarks/results"
    parser.add_argument("--output", type=Path, metavar="FOLDER", help=where)
    return parser


def _sizes(text: str) -> tuple[int, ...]:
    return tuple(int(size) for size in text.split(","))


if __name__ == "__main__":
    try:
        sys.exit(main())
    except BuildError as error:
        sys.exit(f"bench: {error}")
