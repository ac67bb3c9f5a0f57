"""Sites made of the examples of problem codes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from engblog.lab.record import lab_digest
from engblog.model.explanations import LINK, Example
from engblog.model.problems import Code

from support.broken import LAB
from support.labs import recorded
from support.sources import AUTHORS, BODY, KEYS, TAXONOMY, write

FRONT = "front matter"


def example_site(root: Path, code: Code, example: Example) -> Path:
    """Write the site of *example*, which is about *code*, and return its docs folder."""
    docs = root / "docs"
    files: dict[str, str | None] = {"taxonomy.yml": TAXONOMY, "authors.yml": AUTHORS}
    if code.id[0] == "L":
        files |= {f"articles/a/{name.removeprefix('articles/a/')}": text for name, text in ran().items()}
    parts: dict[str, dict[str, str]] = {}
    for place, content in example.items():
        folder, _, name = place.rpartition("/")
        if name in {FRONT, "text"}:
            parts.setdefault((folder or "../a").removeprefix("../"), {})[name] = content or ""
        elif place.startswith("/"):
            files[place[1:]] = content
        else:
            files[f"articles/a/{place}"] = content
    if "articles/a/index.md" not in files:
        parts.setdefault("a", {})
    for slug, own in parts.items():
        files[f"articles/{slug}/index.md"] = article_of(own.get(FRONT, ""), own.get("text", BODY))
    for name, content in files.items():
        place_file(docs / name, content)
    return docs


def article_of(front: str, text: str) -> str:
    """An article with the lines *front* instead of the keys that it has otherwise."""
    own = [line.partition(":")[0] for line in front.splitlines()]
    keys = "".join(f"{key}: {value}\n" for key, value in KEYS.items() if key not in own)
    return f"---\n{front}{keys}---\n{text}"


def place_file(path: Path, content: str | None) -> None:
    """Write *content*, or make the symbolic link that it is, or remove the file."""
    if content is None:
        path.unlink(missing_ok=True)
    elif content.startswith(LINK):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.symlink_to(content.removeprefix(LINK))
    else:
        write(path.parent, {path.name: content.encode("utf-8", "surrogateescape")})


def ran() -> Mapping[str, str]:
    """The files of a lab that has run: a number, and a claim that failed on another version."""
    digest = lab_digest([("test_a.py", LAB["articles/a/lab/test_a.py"].encode())])
    test = {"file": "test_a.py", "line": 1, "claim": "", "servers": ["Redis"]}
    number = {"value": 5, "text": "5 MiB", "note": "the memory that it held"}
    return {
        **LAB,
        "articles/a/lab/record.json": recorded(
            {"ran": "2026-11-23", "machine": "", "versions": {"Redis": "7.0.15"}, "digest": digest}
            | {"numbers": {"held": number}, "tests": {"test_a": test}}
        ),
        "articles/a/lab/versions.json": recorded(
            {"digest": digest}
            | {"runs": [{"product": "Redis", "version": "6.2.5", "held": [], "failed": {"test_a": "assert 1 > 2"}}]}
        ),
    }
