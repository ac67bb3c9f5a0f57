"""``python -m benchmarks.search``: the figures of search, this site's and others', on the same pages in one run.

Needs Node.js. An engine that is not installed (the Python package ``pagefind`` with its program, the npm package
``minisearch``) is left out, and the table says so.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from html import escape
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from engblog.disk.docs import read_site
from engblog.disk.project import find_project
from engblog.disk.search import search_files
from engblog.disk.tree import write_files
from engblog.html.sections import sections_of
from engblog.outputs.search import Document, Facet

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parent.parent
RESULTS = HERE / "results"
ENGINES = ("ours", "minisearch", "pagefind", "material")
SHORT = {
    "shutdown": "how-databases-and-servers-shut-down",
    "increment": "when-auto-increment-stops-incrementing",
    "expiry": "how-redis-deletes-expired-keys",
}
"""The articles on which the queries of ``golden.tsv`` were judged, as it calls them."""
_ARTICLE = re.compile(r"<article\b.*?>(.*)</article>", re.DOTALL)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the comparison; 0 when every engine that is there answered."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.search", description=__doc__)
    parser.add_argument("--only", help="engines, with commas between them")
    parser.add_argument("--cpu", type=int, default=0, metavar="N", help="time the indexing of N generated articles too")
    parser.add_argument("--write", action="store_true", help="keep the figures in benchmarks/search/results")
    options = parser.parse_args(arguments)
    wanted = options.only.split(",") if options.only else list(ENGINES)
    with tempfile.TemporaryDirectory(prefix="bench-search-") as name:
        folder = Path(name)
        documents = own_articles(folder)
        engines = [engine for engine in wanted if prepare(engine, folder, documents)]
        report: dict[str, Any] = {"engines": {}, "articles": len(documents), "node": _node_version()}
        for engine in engines:
            report["engines"][engine] = ask(folder, engine)
        if options.cpu:
            report["cpu"] = indexing_cpu(folder / "generated", options.cpu)
    text = table(report)
    print(text)
    if options.write:
        RESULTS.mkdir(exist_ok=True)
        (RESULTS / "search.json").write_text(json.dumps(report, indent=1, sort_keys=True) + "\n", encoding="utf-8")
        (RESULTS / "search.md").write_text(text, encoding="utf-8")
    return 0


def own_articles(folder: Path) -> list[Document]:
    """Build this repository's site, and write the pages of the articles on which the golden queries were judged, their
    text and those queries to *folder*."""
    built = folder / "built"
    _run([sys.executable, "-m", "mkdocs", "build", "--quiet", "--site-dir", str(built)], cwd=REPOSITORY)
    project = find_project(REPOSITORY / "mkdocs.yml")
    site = read_site(project.docs, project.settings, preview=False).site
    synonyms: dict[str, list[str]] = {}
    for name, term in site.taxonomy.tag_names.items():
        synonyms.setdefault(term.slug, []).append(name)
    documents = []
    for article in (each for each in site.articles if each.slug in SHORT.values()):
        page = _ARTICLE.search((built / article.url / "index.html").read_text(encoding="utf-8"))
        assert page, f"{article.url} has no <article>"
        documents.append(
            Document(
                url=article.url,
                title=article.title,
                description=article.description,
                category=Facet(article.category.slug, article.category.name),
                subcategory=article.subcategory and Facet(article.subcategory.slug, article.subcategory.name),
                tags=tuple(Facet(tag.slug, tag.name, tuple(synonyms.get(tag.slug, ()))) for tag in article.tags),
                minutes=article.minutes,
                verified=article.lab is not None,
                sections=sections_of(page[1]),
            )
        )
        target = folder / "site" / article.url
        target.mkdir(parents=True)
        (target / "index.html").write_text(_page(documents[-1], page[1]), encoding="utf-8")
    urls = {article.slug: article.url for article in site.articles}
    _write(folder / "queries.json", [query for line in _golden() if (query := _query(line, urls))])
    return documents


def _golden() -> list[list[str]]:
    lines = (HERE / "golden.tsv").read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines]


def _query(line: list[str], urls: dict[str, str]) -> dict[str, Any] | None:
    kind, text, target = line
    name, _, anchor = target.partition("#")
    if SHORT[name] not in urls:
        return None
    query: dict[str, Any] = {"type": kind, "query": text, "relevant": [urls[SHORT[name]]]}
    if anchor:
        query["anchors"] = anchor.split("|")  # of sections that answer it, each as well as the others
    if found := re.match(r'(tag|category):("[^"]*"|\S+)\s+(.*)', text):  # what an engine without such words is asked
        query["term"] = f"{found[2].strip(chr(34))} {found[3]}"
    return query


def prepare(engine: str, folder: Path, documents: Sequence[Document]) -> bool:
    """Make the index of *engine* in *folder*; False, and a remark, when it is not installed."""
    if engine == "ours":
        write_files(folder / "site", search_files(documents).items())
    elif engine == "minisearch":
        if not (REPOSITORY / "node_modules/minisearch").is_dir():
            print("minisearch is not installed: left out", file=sys.stderr)
            return False
        _write(folder / "docs.json", [_as_text(document) for document in documents])
    elif engine == "pagefind":
        if find_spec("pagefind") is None:
            print("pagefind is not installed: left out", file=sys.stderr)
            return False
        _run([sys.executable, "-m", "pagefind", "--site", str(folder / "site")])
    else:
        _material(folder)
    return True


def _as_text(document: Document) -> dict[str, str]:
    return {
        "url": document.url,
        "title": document.title,
        "headings": " \n".join(section.heading for section in document.sections),
        "tags": ", ".join(name for tag in document.tags for name in (tag.name, *tag.synonyms)),
        "category": document.category.name if document.category else "",
        "description": document.description,
        "body": " ".join(section.text for section in document.sections),
    }


def _page(document: Document, html: str) -> str:
    tags = " ".join(f'<span data-pagefind-filter="tag">{escape(tag.name)}</span>' for tag in document.tags)
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(document.title)}</title></head>'
        f"<body>"
        f"<main data-pagefind-body><h1>{escape(document.title)}</h1><p>{escape(document.description)}</p><p>{tags}</p>"
        f"{html}</main></body></html>"
    )


_HOOK = """
def on_page_markdown(markdown, **_):
    return ""

def on_page_content(html, page, **_):
    return open(page.file.abs_src_path + ".html", encoding="utf-8").read()
"""


def _material(folder: Path) -> None:
    """The same pages through Material's search plugin, as its documentation sets it up."""
    root = folder / "material"
    for page in (folder / "site").glob("articles/**/index.html"):
        source = root / "docs" / page.relative_to(folder / "site").parent / "index.md"
        source.parent.mkdir(parents=True)
        html = page.read_text(encoding="utf-8")
        title = re.search(r"<title>(.*?)</title>", html, re.DOTALL)
        source.write_text(f"---\ntitle: {json.dumps(title[1] if title else '')}\n---\n", encoding="utf-8")
        body = html.partition("<main data-pagefind-body>")[2].rpartition("</main>")[0]
        source.with_name("index.md.html").write_text(body, encoding="utf-8")
    (root / "hook.py").write_text(_HOOK, encoding="utf-8")
    _write(
        root / "mkdocs.yml",
        {
            "site_name": "x",
            "theme": {"name": "material", "font": False},
            "plugins": ["search", "tags"],
            "hooks": ["hook.py"],
        },
    )
    _run([sys.executable, "-m", "mkdocs", "build", "--quiet", "-f", str(root / "mkdocs.yml")])


def ask(folder: Path, engine: str) -> Any:
    """Ask *engine* the queries, in a process of its own."""
    done = subprocess.run(
        ["node", str(HERE / "engines.mjs"), str(folder), engine],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"{engine} failed:\n{done.stderr[-2000:]}")
    return json.loads(done.stdout)[engine]


def indexing_cpu(folder: Path, count: int) -> dict[str, float]:
    """Processor seconds to index *count* generated articles, ours and Pagefind's, in turn, the least of three runs
    each.

    The pages are those that this repository's templates make. Ours gets what the plugin gets from MkDocs, each
    article's HTML; Pagefind gets the pages.
    """
    from benchmarks.articles import generate  # noqa: PLC0415  # only here: the generator's package is another benchmark
    from benchmarks.sites import OURS, write_sites  # noqa: PLC0415

    config = write_sites(folder, generate(count))[OURS]
    _run([sys.executable, "-m", "mkdocs", "build", "--quiet", "-f", config.name], cwd=config.parent)
    site = config.parent / "site"
    child = [sys.executable, "-m", "benchmarks.search.indexing", str(site), str(folder / "index")]
    runs: dict[str, list[str]] = {"ours": child}
    if find_spec("pagefind") is not None:
        pagefind = [sys.executable, "-m", "pagefind", "--site", str(site), "--output-path", str(folder / "pagefind")]
        runs["pagefind"] = [*pagefind, "--glob", "articles/**/*.html"]
    seconds: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(3):
        for name, command in runs.items():
            for output in ("index", "pagefind"):  # writing over what is there is other work
                shutil.rmtree(folder / output, ignore_errors=True)
            seconds[name].append(_cpu(lambda command=command: _run(command, cwd=REPOSITORY)))  # type: ignore[misc]
    figures = {name: round(min(each), 2) for name, each in seconds.items()}
    if "pagefind" in figures:
        figures["ratio"] = round(figures["ours"] / figures["pagefind"], 3)
    shutil.rmtree(folder)
    return {"articles": count, **figures}


def _cpu(work: Callable[[], None]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    work()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def table(report: dict[str, Any]) -> str:
    """The figures as Markdown."""
    engines = report["engines"]
    lines = [
        f"Queries over this repository's {report['articles']} articles; Node {report['node']}, {platform.machine()}.",
        "",
        "| success@1 / nDCG@10 | " + " | ".join(engines) + " |",
        "|---|" + "--:|" * len(engines),
    ]
    for kind, of in next(iter(engines.values()))["types"].items():
        cells = [
            f"{each['types'][kind]['success']:.3f} / {each['types'][kind]['ndcg']:.3f}" for each in engines.values()
        ]
        lines.append(f"| {kind} ({of['queries']}) | " + " | ".join(cells) + " |")
    rows: list[tuple[str, Callable[[Any], str]]] = [
        ("right section, of right articles' named ones", lambda each: _share(each["types"]["all"]["section"])),
        ("zero results", lambda each: _share(each["types"]["all"]["zero"])),
        ("KB to the first answer, mean (most)", lambda each: _kilobytes(each["first"], each["firstMost"])),
        ("KB for a further query, mean (most)", lambda each: _kilobytes(each["further"], each["furtherMost"])),
        ("ms to answer, 95th percentile", lambda each: f"{each['milliseconds95']:.1f}"),
    ]
    lines += [f"| {name} | " + " | ".join(cell(each) for each in engines.values()) + " |" for name, cell in rows]
    if "cpu" in report:
        cpu = report["cpu"]
        told = ", ".join(f"{name} {cpu[name]:.2f} s" for name in ("ours", "pagefind") if name in cpu)
        lines += ["", f"Indexing {cpu['articles']:.0f} generated articles of 4,000 words, processor time: {told}."]
        lines[-1] += f" Ratio {cpu['ratio']:.2f}." if "ratio" in cpu else ""
    return "\n".join(lines) + "\n"


def _share(value: float | None) -> str:
    return "" if value is None else f"{100 * value:.1f} %"


def _kilobytes(mean: float, most: float) -> str:
    return f"{mean / 1024:.1f} ({most / 1024:.1f})"


def _node_version() -> str:
    return subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout.strip()


def _write(path: Path, value: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")


def _run(command: list[str], cwd: Path | None = None) -> None:
    quiet = {"NO_MKDOCS_2_WARNING": "1", "DISABLE_MKDOCS_2_WARNING": "true"}
    done = subprocess.run(command, cwd=cwd, env={**os.environ, **quiet}, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(command[:4])} … failed:\n{(done.stdout + done.stderr)[-2000:]}")


if __name__ == "__main__":
    started = time.monotonic()
    status = main()
    print(f"{time.monotonic() - started:.0f} s", file=sys.stderr)
    sys.exit(status)
