"""The index builder and the engine make the same terms of the same text: what one writes, the other looks for."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from engblog.outputs.search.tokens import chunks_of, expand, fold
from hypothesis import given, settings
from hypothesis import strategies as st

REPOSITORY = Path(__file__).parents[3]
VECTORS = json.loads((REPOSITORY / "search/test/vectors.json").read_text(encoding="utf-8"))

# Reads a JSON list of texts; prints, for each, the chunks and their terms of both kinds, folded forms and all.
_ENGINE = """
import { text as textOf } from 'node:stream/consumers';
import { chunksOf, expand, fold } from './search/src/tokens.mjs';
const texts = JSON.parse(await textOf(process.stdin));
const told = texts.map((text) => chunksOf(text).map((chunk) => [
  fold(chunk), Object.fromEntries(expand(chunk, true)), Object.fromEntries(expand(chunk, false))]));
process.stdout.write(JSON.stringify(told));
"""


def engine_terms(texts: list[str]) -> list[list[list[object]]]:
    """What the engine's own tokenizer makes of *texts*."""
    done = subprocess.run(
        ["node", "--input-type=module", "-e", _ENGINE],
        input=json.dumps(texts),
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    told: list[list[list[object]]] = json.loads(done.stdout)
    return told


def builder_terms(text: str) -> list[list[object]]:
    return [
        [fold(chunk), dict(expand(chunk, stemmed=True)), dict(expand(chunk, stemmed=False))]
        for chunk in chunks_of(text)
    ]


@pytest.mark.parametrize(("chunk", "english", "other", "folded"), VECTORS["chunks"])
def test_a_chunk_gives_the_terms_that_were_agreed(
    chunk: str, english: list[list[object]], other: list[list[object]], folded: str
) -> None:
    assert [list(term) for term in expand(chunk, stemmed=True)] == english
    assert [list(term) for term in expand(chunk, stemmed=False)] == other
    assert fold(chunk) == folded


@pytest.mark.parametrize(("text", "chunks"), VECTORS["texts"])
def test_text_is_cut_where_it_was_agreed(text: str, chunks: list[str]) -> None:
    assert [fold(chunk) for chunk in chunks_of(text)] == [fold(chunk) for chunk in chunks]


def test_builder_and_engine_agree_on_every_line_of_this_repository() -> None:
    """Real prose and real code: the articles, their labs, and the sources of the plugin and of the engine."""
    kinds = ("docs/**/*.md", "docs/**/lab/*.*", "plugins/**/*.py", "search/src/*.mjs", "tests/browser/stress_text.py")
    paths = sorted({path for kind in kinds for path in REPOSITORY.glob(kind) if path.is_file()})
    texts = [path.read_text(encoding="utf-8", errors="replace") for path in paths]
    assert len(texts) > 80
    for path, text, told in zip(paths, texts, engine_terms(texts), strict=True):
        assert told == builder_terms(text), path


_SIGNS = st.sampled_from(list("aeszAZ019 .,-_'/:’()[]+#*>\n\té̂ßøŁς数据库กั語ق🚀²Ⅷﬁİıⅴ٣"))


@given(st.lists(st.text(_SIGNS, max_size=40), min_size=40, max_size=40))
@settings(max_examples=15)  # each is a process of Node.js; they are 600 texts
def test_builder_and_engine_agree_on_text_that_nobody_would_write(texts: list[str]) -> None:
    for text, told in zip(texts, engine_terms(texts), strict=True):
        assert told == builder_terms(text), repr(text)
