"""The figures of one run: as a table for a terminal, as JSON, and as a page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from statistics import median
from typing import Any

from benchmarks.measure import Output, Run
from benchmarks.sites import MATERIAL, MATERIAL_NO_SEARCH, OURS, VARIANTS

TARGET_SIZE, TARGET_RATIO = 1000, 0.25


@dataclass(frozen=True, slots=True)
class Measured:
    """All runs of one variant at one size."""

    variant: str
    articles: int
    runs: tuple[Run, ...]
    output: Output

    @property
    def cpu(self) -> float:
        """Median processor time, seconds."""
        return median(run.cpu for run in self.runs)

    @property
    def wall(self) -> float:
        """Median wall time, seconds."""
        return median(run.wall for run in self.runs)

    @property
    def memory(self) -> float:
        """Median peak memory, MiB."""
        return median(run.memory for run in self.runs)


@dataclass(frozen=True, slots=True)
class Results:
    """One run of the benchmark."""

    date: str
    seed: int
    articles: Mapping[str, float]
    """What an article is like on average: words, code blocks, lines of code."""
    machine: Mapping[str, str | int]
    versions: Mapping[str, str]
    measured: tuple[Measured, ...]

    def find(self, variant: str, articles: int) -> Measured | None:
        """The figures of *variant* at *articles*."""
        return next((each for each in self.measured if (each.variant, each.articles) == (variant, articles)), None)

    @property
    def sizes(self) -> list[int]:
        """Every size that was measured."""
        return sorted({each.articles for each in self.measured})


def targets(results: Results) -> list[tuple[str, bool]]:
    """Each target, and whether it is met; those for sizes that were not measured are left out."""
    found = []
    ours, theirs = (results.find(variant, TARGET_SIZE) for variant in (OURS, MATERIAL))
    if ours and theirs:
        ratio = ours.cpu / theirs.cpu
        target = f"at {TARGET_SIZE:,} articles, at most {TARGET_RATIO} of Material's CPU time: {ratio:.3f}"
        found.append((target, ratio <= TARGET_RATIO))
    renders = [each.output.renders_most for each in results.measured if each.variant == OURS]
    if renders:
        found.append((f"each article's Markdown rendered once: {max(renders)}", max(renders) == 1))
    return found


def _said(results: Results) -> list[str]:
    return [f"{'met' if met else 'MISSED'}: {target}" for target, met in targets(results)]


def as_json(results: Results) -> dict[str, Any]:
    """All figures, every run kept."""
    return {
        "date": results.date,
        "machine": dict(results.machine),
        "versions": dict(results.versions),
        "articles": {"seed": results.seed, **results.articles},
        "builds": [
            {
                "variant": each.variant,
                "articles": each.articles,
                "cpu_seconds": round(each.cpu, 2),
                "wall_seconds": round(each.wall, 2),
                "peak_memory_mib": round(each.memory),
                "made": asdict(each.output),
                "runs": [{name: round(value, 2) for name, value in asdict(run).items()} for run in each.runs],
            }
            for each in results.measured
        ],
        "ratios": [
            {"articles": size, "against": other} | {name: round(value, 3) for name, value in ratio.items()}
            for size, other, ratio in _ratios(results)
        ],
        "growth": [
            {"variant": variant, **{name: round(value, 2) for name, value in growth.items()}}
            for variant, growth in _growth(results)
        ],
    }


def as_text(results: Results) -> str:
    """The tables for a terminal."""
    tables = ["\n".join([title, *_aligned([heads, *rows])]) for title, heads, rows in _tables(results)]
    return "\n\n".join([*tables, "\n".join(_said(results))])


def as_markdown(results: Results) -> str:
    """The page that is kept with the repository."""
    machine, article = results.machine, results.articles
    parts = [
        "# How fast the site builds",
        f"Measured on {results.date}: {machine['processor']}, {machine['cores']} cores, {machine['memory_gib']} GiB, "
        f"{machine['system']}, load {machine['load_at_start']} at the start. "
        + ", ".join(f"{name} {number}" for name, number in results.versions.items())
        + ".",
        f"Generated articles of {article['words']:,.0f} words, {article['code_blocks']:.0f} code blocks and "
        f"{article['code_lines']:.0f} lines of code on average (seed {results.seed}). Every build is a fresh process "
        "without a cache, one after the other in turn; figures are medians of the runs. CPU is user and system time of "
        "the build and its children; wall time well above it means that other programs had the processor. Repeat with "
        "`make bench`. Material renders a post for its own page, and again for each list that it stands on: the blog, "
        "its year, its category and its subcategory.",
        "\n".join(f"- {sentence}" for sentence in _said(results)),
        "\n".join(f"- **{variant}**: {VARIANTS[variant]}" for variant in _variants(results)),
    ]
    for title, heads, rows in _tables(results):
        ruled = [heads, ["---", *["--:"] * (len(heads) - 1)], *rows]
        parts += [f"## {title}", "\n".join(f"| {' | '.join(row)} |" for row in ruled)]
    return "\n\n".join(parts) + "\n"


_Table = tuple[str, list[str], list[list[str]]]


def _tables(results: Results) -> Iterable[_Table]:
    heads = ["build", "articles", "runs", "CPU s", "wall s", "peak MiB", "renders an article", "pages", "HTML MB"]
    heads += ["index MB", "feed items"]
    yield "What each build took and made", heads, [_row(each) for each in results.measured]
    ratios = [
        [f"{OURS} / {other}", f"{size:,}", f"{ratio['cpu']:.3f}", f"{ratio['wall']:.3f}", f"{ratio['memory']:.3f}"]
        for size, other, ratio in _ratios(results)
    ]
    if ratios:
        yield "Ratios", ["builds", "articles", "CPU", "wall", "peak memory"], ratios
    growth = list(_growth(results))
    if growth:
        names = list(growth[0][1])
        rows = [[variant, *(f"{figures[name]:.2f}" for name in names)] for variant, figures in growth]
        yield "Growth", ["build", *(name.replace("_", " ") for name in names)], rows


def _row(each: Measured) -> list[str]:
    made = each.output
    least, most = made.renders_least, made.renders_most
    took = [f"{each.cpu:.1f}", f"{each.wall:.1f}", f"{each.memory:.0f}"]
    index = f"{made.search_index_bytes / 1e6:.1f}" if made.search_index_bytes else "none"
    feed = f"{made.feed_items:,}" if made.feed_items else "none"
    output = [f"{most}" if least == most else f"{least}–{most}", f"{made.pages:,}", f"{made.html_bytes / 1e6:.1f}"]
    return [each.variant, f"{each.articles:,}", f"{len(each.runs)}", *took, *output, index, feed]


def _ratios(results: Results) -> Iterable[tuple[int, str, dict[str, float]]]:
    for size in results.sizes:
        for variant in (MATERIAL, MATERIAL_NO_SEARCH):
            ours, other = results.find(OURS, size), results.find(variant, size)
            if ours and other:
                ratio = {"cpu": ours.cpu / other.cpu, "wall": ours.wall / other.wall}
                yield size, variant, ratio | {"memory": ours.memory / other.memory}


def _growth(results: Results) -> Iterable[tuple[str, dict[str, float]]]:
    """CPU an article at each size; what each article adds between two sizes; how the time grows between them."""
    sizes = results.sizes
    for variant in _variants(results):
        found = [each for size in sizes if (each := results.find(variant, size))]
        figures = {f"ms_an_article_at_{each.articles}": 1000 * each.cpu / each.articles for each in found}
        for less, more in pairwise(found):
            added = 1000 * (more.cpu - less.cpu) / (more.articles - less.articles)
            figures[f"ms_for_each_from_{less.articles}_to_{more.articles}"] = added
        if len(found) > 1:
            figures[f"CPU_of_{found[-1].articles}_over_{found[-2].articles}"] = found[-1].cpu / found[-2].cpu
        yield variant, figures


def _variants(results: Results) -> list[str]:
    measured = {each.variant for each in results.measured}
    return [variant for variant in VARIANTS if variant in measured]


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return [
        "  ".join(
            cell.rjust(width) if column else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
