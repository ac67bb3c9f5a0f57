"""What a preview serves after an edit is what a new preview of the same sources would serve, byte for byte.

MkDocs keeps plugins between the rebuilds of one process, so whatever one of them remembers can come back. Here both are
real processes: one preview for all edits, and a new one for the result of each.
"""

from __future__ import annotations

import contextlib
import random
import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from engblog.lab.process import LabError, free_port, wait_until
from support.hosts import EPOCH, BuildError, build_here, load
from support.patience import PATIENCE
from support.previews import FIXED, Preview
from support.sources import DRAWING, write
from support.themed import article, themed

Sources = Mapping[str, bytes]
"""The files of a site by path from its root."""

FOLDER = "texte/artikel"
LINKED = {"erster", "zweiter"}
"""Articles that others link to, or that have a lab: edits that take an address away spare them."""


def articles(sources: Sources, *, spare: bool = False) -> list[str]:
    """The slugs of the articles; with *spare*, only those that nothing refers to."""
    slugs = sorted({found[1] for name in sources if (found := re.fullmatch(rf"{FOLDER}/([^/]+)/index\.md", name))})
    return [slug for slug in slugs if not (spare and slug in LINKED)]


def changed(sources: Sources, name: str, change: Callable[[str], str]) -> Sources:
    """*sources* with the text of the file *name* changed."""
    before = sources[name].decode()
    after = change(before)
    assert after != before, f"{name} was to change"
    return {**sources, name: after.encode()}


def keyed(sources: Sources, slug: str, key: str, value: str) -> Sources:
    """*sources* with *key* set to *value* in an article's front matter."""

    def change(text: str) -> str:
        front = re.sub(rf"^{key}:.*\n(?:[- ].*\n)*", "", text.partition("\n---\n")[0] + "\n", flags=re.MULTILINE)
        return f"{front}{key}: {value}\n---\n{text.partition(chr(10) + '---' + chr(10))[2]}"

    return changed(sources, f"{FOLDER}/{slug}/index.md", change)


def moved(sources: Sources, old: str, new: str) -> Sources:
    lead = f"{FOLDER}/{old}/"
    return {
        name.replace(lead, f"{FOLDER}/{new}/") if name.startswith(lead) else name: sources[name] for name in sources
    }


def without(sources: Sources, lead: str) -> Sources:
    return {name: data for name, data in sources.items() if not name.startswith(lead)}


def added(sources: Sources, chance: random.Random) -> Sources:
    number = chance.randrange(1000, 9999)
    text = article(f"Der neue {number}", f"2026-{chance.randint(1, 11):02}-{chance.randint(1, 28):02}")
    return {**sources, f"{FOLDER}/neu-{number}/index.md": text.encode()}


def deleted(sources: Sources, chance: random.Random) -> Sources:
    return without(sources, f"{FOLDER}/{chance.choice(articles(sources, spare=True))}/")


def retitled(sources: Sources, chance: random.Random) -> Sources:
    return keyed(sources, chance.choice(articles(sources)), "title", f"Titel {chance.random()}")


def dated(sources: Sources, chance: random.Random) -> Sources:
    day = f"20{chance.randint(10, 25)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
    return keyed(sources, chance.choice(articles(sources, spare=True)), "date", day)


def postponed(sources: Sources, chance: random.Random) -> Sources:
    return keyed(sources, chance.choice(articles(sources, spare=True)), "date", f"20{chance.randint(30, 60)}-01-01")


def drafted(sources: Sources, chance: random.Random) -> Sources:
    slugs = [
        slug for slug in articles(sources, spare=True) if b"status: draft" not in sources[f"{FOLDER}/{slug}/index.md"]
    ]
    return keyed(sources, chance.choice(slugs), "status", "draft")


def published(sources: Sources, _: random.Random) -> Sources:
    drafts = [slug for slug in articles(sources) if b"status: draft" in sources[f"{FOLDER}/{slug}/index.md"]]
    return keyed(sources, drafts[0], "status", "published")


def renamed(sources: Sources, chance: random.Random) -> Sources:
    return moved(sources, chance.choice(articles(sources, spare=True)), f"umbenannt-{chance.randrange(1000)}")


def rewritten(sources: Sources, chance: random.Random) -> Sources:
    name = f"{FOLDER}/{chance.choice(articles(sources))}/index.md"
    return changed(sources, name, lambda text: f"{text}\n## Nachtrag {chance.random()}\n\nUnd noch ein Satz.\n")


def recategorised(sources: Sources, chance: random.Random) -> Sources:
    here = keyed(sources, chance.choice(articles(sources, spare=True)), "category", "Neues Fach")
    term = "categories:\n  - name: Neues Fach\n    accent: teal\n    description: Was neu ist.\n"
    return changed(here, "texte/begriffe.yml", lambda text: text.replace("categories:\n", term, 1))


def redescribed(sources: Sources, chance: random.Random) -> Sources:
    return changed(
        sources,
        "texte/begriffe.yml",
        lambda text: re.sub(r"description: Was eine.*", f"description: Neu beschrieben, {chance.random()}.", text),
    )


def repainted(sources: Sources, chance: random.Random) -> Sources:
    size = chance.randint(11, 99)
    return {**sources, f"{FOLDER}/erster/abfluss.svg": DRAWING.replace('width="10"', f'width="{size}"').encode()}


def hired(sources: Sources, chance: random.Random) -> Sources:
    return changed(
        sources, "texte/leute.yml", lambda text: re.sub(r"name: .*", f"name: Emmy {chance.randrange(99)}", text)
    )


def reconfigured(sources: Sources, chance: random.Random) -> Sources:
    name = f"Ein Heft {chance.randrange(99)}"
    return changed(sources, "mkdocs.yml", lambda text: re.sub("site_name: .*", f"site_name: {name}", text))


def redirected(sources: Sources, chance: random.Random) -> Sources:
    return {**sources, "texte/redirects.yml": f"/alt/{chance.randrange(99)}/: /about/\n".encode()}


def aliased(sources: Sources, chance: random.Random) -> Sources:
    return keyed(sources, chance.choice(articles(sources)), "aliases", f"[/frueher/{chance.randrange(999)}/]")


def measured(sources: Sources, chance: random.Random) -> Sources:
    """*sources* with another test in a lab, whose record is out of date from then on."""
    name = f"{FOLDER}/erster/lab/test_uhr.py"
    return changed(sources, name, lambda text: f"{text}\n\ndef test_{chance.randrange(999)}():\n    pass\n")


def prefaced(sources: Sources, chance: random.Random) -> Sources:
    return {
        **changed(
            sources, "texte/index.md", lambda text: re.sub("headline: .*", f"headline: Satz {chance.random()}", text)
        ),
        "texte/about.md": f"---\ntitle: Über uns\n---\nWer wir sind, {chance.random()}.\n".encode(),
    }


EDITS: tuple[Callable[[Sources, random.Random], Sources], ...] = (
    added, deleted, retitled, dated, postponed, drafted, published, renamed, rewritten, recategorised, redescribed,
    repainted, hired, reconfigured, redirected, aliased, measured, prefaced,
)  # fmt: skip
MISTAKES: tuple[Callable[[Sources, random.Random], Sources], ...] = (
    lambda sources, chance: keyed(sources, chance.choice(articles(sources)), "date", "bald"),
    lambda sources, _: changed(sources, "mkdocs.yml", lambda text: text.replace("page_size", "page_sise")),
    lambda sources, _: changed(sources, "texte/about.md", lambda text: f"{text}\n<script>x</script>\n"),
)
"""Edits that end the build early, before the configuration is complete, and late, when pages are rendered."""


def read(root: Path) -> Sources:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and ".cache" not in path.parts
    }


def put(root: Path, sources: Sources) -> None:
    """Make the files of *root* those of *sources*, and touch nothing that stays."""
    before = read(root)
    for name in before.keys() - sources.keys():
        (root / name).unlink()
    write(root, {name: data for name, data in sources.items() if before.get(name) != data})


def differences(ours: Mapping[str, str], theirs: Mapping[str, str]) -> list[str]:
    return sorted(name for name in ours.keys() | theirs.keys() if ours.get(name) != theirs.get(name))


def wait_for(preview: Preview, expected: Mapping[str, str], rebuilds: int, edit: str) -> None:
    """Wait until *preview* serves what is *expected*, after more than so many *rebuilds*."""

    def is_there() -> bool:
        try:
            return preview.rebuilds > rebuilds and preview.files() == expected
        except (OSError, ValueError):  # a rebuild is putting its site into its place
            return False

    with contextlib.suppress(LabError):
        wait_until(is_there, seconds=PATIENCE, what=edit)
    assert differences(preview.files(), expected) == [], f"after {edit!r}; the log: {preview.said()}"
    assert preview.rebuilds > rebuilds, f"no rebuild after {edit!r}"


@pytest.mark.parametrize("seed", [1])
def test_a_rebuild_after_any_edits_is_what_a_new_preview_serves(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    root, port = themed(tmp_path / "site"), free_port()
    start = read(root)
    wishes = [*EDITS, *MISTAKES]
    chance.shuffle(wishes)
    steps: list[tuple[Sources, dict[str, str] | None]] = []
    sources = start
    for number, edit in enumerate(wishes):
        edited = edit(sources, chance)
        put(root, edited)
        if edit in MISTAKES:
            steps.append((edited, None))
            continue
        with Preview(root, tmp_path / f"new-{number}", port=port, epoch=EPOCH) as new:
            new.ready()
            steps.append((edited, new.files()))
            assert new.stop() == 0
        sources = edited
    put(root, start)
    with Preview(root, tmp_path / "kept", port=port, epoch=EPOCH) as preview:
        preview.ready()
        last = preview.files()
        for (edited, expected), edit in zip(steps, wishes, strict=True):
            before, failed = preview.rebuilds, preview.said().count(FIXED)
            put(root, edited)
            if expected is None:
                preview.wait_for_log(FIXED, failed + 1)
            last = expected or last
            wait_for(preview, last, before, edit.__name__)
        assert preview.stop() == 0
        assert "Traceback" not in preview.said()
        assert "P003" not in preview.said()


def test_another_version_of_the_rss_plugin_is_refused_if_its_pages_cannot_be_forgotten(tmp_path: Path) -> None:
    config = load(themed(tmp_path))
    del config.plugins["rss"].pages_to_filter
    with pytest.raises(BuildError, match=r"mkdocs-rss-plugin [\d.]+ does not keep .* `pages_to_filter`"):
        build_here(tmp_path, config=config)
    config = load(tmp_path)
    del config.plugins["rss"].pages_to_filter
    config.plugins["rss"].config["enabled"] = False
    build_here(tmp_path, config=config)
