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
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from html import escape
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from engblog.disk.docs import read_site
from engblog.disk.project import find_project
from engblog.disk.search import search_files
from engblog.disk.tree import write_files
from engblog.html.sections import Section, sections_of
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
PAGES = HERE / "pages.json"
"""Short pages on what no article of ours has: words in British and in American spelling, and text without spaces."""
_ASKED_OF_MANY = 25
_ARTICLE = re.compile(r"<article\b.*?>(.*)</article>", re.DOTALL)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the comparison; 0 when every engine that is there answered."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.search", description=__doc__)
    parser.add_argument("--only", help="engines, with commas between them")
    parser.add_argument(
        "--many", type=int, default=1000, metavar="N", help="weigh our index of N generated articles, too"
    )
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
        report["index"] = index_of(documents, search_files(documents))
        if options.many and "ours" in engines:
            report["many"] = many_articles(folder / "many", options.many)
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
    """Build this repository's site, and write the pages of the articles on which the golden queries were judged, those
    of ``pages.json``, their text and those queries to *folder*."""
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
        _write_page(folder, documents[-1], page[1])
    for row in json.loads(PAGES.read_text(encoding="utf-8")):
        section = Section("", "", row["text"])
        documents.append(Document(row["url"], row["title"], (section,), language=row["language"]))
        _write_page(folder, documents[-1], f"<p>{escape(row['text'])}</p>")
    urls = {article.slug: article.url for article in site.articles}
    _write(folder / "queries.json", [query for line in _golden() if (query := _query(line, urls))])
    return documents


def _write_page(folder: Path, document: Document, html: str) -> None:
    target = folder / "site" / document.url
    target.mkdir(parents=True)
    (target / "index.html").write_text(_page(document, html), encoding="utf-8")


def _golden() -> list[list[str]]:
    lines = (HERE / "golden.tsv").read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines]


def _query(line: list[str], urls: dict[str, str]) -> dict[str, Any] | None:
    kind, text, target = line
    if target.endswith("/"):  # one of pages.json
        return {"type": kind, "query": text, "relevant": [target]}
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
    for page in (folder / "site").glob("*/**/index.html"):
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


def index_of(documents: Sequence[Document], files: Mapping[str, bytes]) -> dict[str, Any]:
    """What the index of *documents*, which is *files*, takes, and what one edited word changes of it."""
    first, *others = documents
    section = replace(first.sections[0], text=f"{first.sections[0].text} edited")
    edited = search_files([replace(first, sections=(section, *first.sections[1:])), *others])
    return {
        "files": len(files),
        "kilobytes": round(sum(map(len, files.values())) / 1024),
        "changed by one edited word": sum(1 for name, data in edited.items() if files.get(name) != data),
    }


def many_articles(folder: Path, count: int) -> dict[str, Any]:
    """What our index of *count* generated articles takes, and what queries in their words weigh."""
    from benchmarks.articles import generate  # noqa: PLC0415  # only here: the generator's package is another benchmark

    documents = []
    queries = []
    for number, post in enumerate(generate(count)):
        url = f"articles/{post.slug}/"
        parts = [part.partition("\n") for part in re.split(r"^#+ ", f"\n{post.text(str)}", flags=re.MULTILINE)]
        sections = tuple(Section(head and f"s{at}", head, text) for at, (head, _, text) in enumerate(parts))
        documents.append(Document(url, post.title, sections, description=post.description, published=post.day))
        if number % max(1, count // _ASKED_OF_MANY) == 0:
            words = [word for word in post.lead.lower().split() if word.isalpha()]
            asked = {"title": post.title, "words": " ".join(words[:3]), "question": " ".join(words[:9])}
            for kind, text in asked.items():
                queries.append({"type": kind, "query": text, "relevant": [url]})
    files = search_files(documents)
    write_files(folder / "site", files.items())
    _write(folder / "queries.json", queries)
    told = ask(folder, "ours")
    return {"articles": len(documents), "queries": len(queries), **index_of(documents, files), "told": told}


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
        ("KB typed letter by letter, mean (most)", lambda each: _kilobytes(each["typed"], each["typedMost"])),
        ("requests typed letter by letter, mean (most)", _requests),
        ("KB for a further query, mean (most)", lambda each: _kilobytes(each["further"], each["furtherMost"])),
        ("ms to answer, 95th percentile", lambda each: f"{each['milliseconds95']:.1f}"),
    ]
    lines += [f"| {name} | " + " | ".join(cell(each) for each in engines.values()) + " |" for name, cell in rows]
    index = ", ".join(f"{name}: {value}" for name, value in report["index"].items())
    lines += ["", f"Our index: {index}."]
    if "many" in report:
        lines += ["", _of_many(report["many"])]
    if "cpu" in report:
        cpu = report["cpu"]
        told = ", ".join(f"{name} {cpu[name]:.2f} s" for name in ("ours", "pagefind") if name in cpu)
        lines += ["", f"Indexing {cpu['articles']:.0f} generated articles of 4,000 words, processor time: {told}."]
        lines[-1] += f" Ratio {cpu['ratio']:.2f}." if "ratio" in cpu else ""
    return "\n".join(lines) + "\n"


def _requests(engine: Any) -> str:
    return f"{engine['requests']:.0f} ({engine['requestsMost']})"


def _of_many(many: dict[str, Any]) -> str:
    told = many["told"]
    return (
        f"Our index of {many['articles']} generated articles of 4,000 words: {many['files']} files, "
        f"{many['kilobytes']} KB; one edited word changes {many['changed by one edited word']} files. "
        f"Of {many['queries']} queries in their words, mean (most): "
        f"{_kilobytes(told['first'], told['firstMost'])} KB to the first answer; typed letter by letter "
        f"{_kilobytes(told['typed'], told['typedMost'])} KB in {_requests(told)} requests."
    )


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
