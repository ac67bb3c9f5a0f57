"""Plain idiomatic English in messages, docstrings, the interface and the guides.

The list of tics is short and is meant to be extended by hand: add a regular expression and what to write instead. Code
in backticks and fences is left out, and so are articles, which their authors review.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

REPOSITORY = Path(__file__).parents[2]
PLUGIN = sorted((REPOSITORY / "plugins/engblog").rglob("*.py"))
TEMPLATES = sorted((REPOSITORY / "overrides").rglob("*.html"))
SCRIPTS = sorted((REPOSITORY / "overrides/assets/js").rglob("*.js"))
PAGES = sorted((REPOSITORY / "docs").glob("*.md"))
GUIDES = sorted(
    path
    for pattern in ("*.md", "docs/*.md", "documentation/*.md", "search/*.md", "servers/*.md")
    for path in REPOSITORY.glob(pattern)
    if path.name != "CHANGELOG.md"
)

TICS = (
    (r"(?<!there )(?<!There )\b(?:is|are) no (?!longer\b|more\b)", "“is not a …”, or “must be …”"),
    (r"\balone\b", "“only”, before the word that it limits"),
    (r"\ball (?:that|of what)\b", "“everything that”, or “all” with a noun"),
    (r"\bstands?\b", "“is”, “appears” or “is listed”; for a placeholder, “is replaced by”"),
    (r"\bof (?:its|their|his|our|your) own\b", "“its own …”, “a separate …”"),
    (r"\bas (?:it is|they are)\b", "“unchanged”, “as written”"),
    (r"\btells? of\b", "“describes”, “lists”, “matches”"),
    (r"[:;,] who \w+s\b", "“anyone who …”, or say who does it"),
    (r"\b(?:is|are) said\b", "“is reported”, “is logged”"),
    (r"\bdo(?:es)? without\b", "“needs no …”, “works without …”"),
    (r"\b(?:that|which) (?:is|are) none\b", "“that is not a …”"),
    (r"\bmend(?:s|ed|ing)?\b", "“fix”, “correct”"),
    (r"\ball the same\b", "“anyway”"),
    (r"\banew\b", "“again”"),
    (r"\bspeaks? (?:of|for|against)\b", "“describes”, “a reason for”, “a reason against”"),
    (r"\d [%](?!\w)", "no space: “70%”"),
)
"""Tics, and what to write instead."""
RETIRED = (
    (r"\bTo be reviewed by\b", "Review due"),
    (r"\b[Rr]an\b.*\bagainst\b", "Last run … on …"),
    (r"\bNewest first\b", "Latest articles"),
    (r"\bfor the train\b", "Articles saved in this browser"),
    (r"\bThese ways\b|\bOther ways to find\b", "Or browse"),
    (r"\b(?:nearest|closest)\.$|\bhas exactly that\b|\bmatches exactly\b", "No exact match. Closest results:"),
    (r"\b[Tt]he search (?:takes|is taking|could)\b", "Search is slow to load; Search could not be loaded"),
    (r"(?<!check )\b(?:tick|proof|proven)\b", "check mark, for the sign; verified, for what it says"),
)
"""Phrases that the interface once had, and what it says now."""
OPENINGS = re.compile(r"(?:What|Whether|Where|How|Which|Who)\b")
"""Words that a docstring does not open with: start with a verb or the noun, “True if …” for a boolean."""

MESSAGE_CALLS = frozenset(
    {"add", "add_argument", "add_parser", "addoption", "ArgumentParser", "Finding", "in_file", "Problem", "Refusal"}
    | {"print", "say", "_say", "_wrong", "debug", "info", "warning", "error", "append"}
)
"""Functions that are given messages; so is every exception that is raised."""
MESSAGE_NAMES = frozenset({"message", "hint", "said", "how", "more", "later", "lines"})
"""Variables that hold messages."""


class Text(NamedTuple):
    """A piece of text for people, and the line of its file that it begins on."""

    path: Path
    line: int
    text: str


def tics(found: Iterator[Text], patterns: tuple[tuple[str, str], ...] = TICS) -> list[str]:
    """Every tic in *found*, or whatever else *patterns* describe, as ``path:line: 'tic': write …``."""
    named = (
        f"{path.relative_to(REPOSITORY)}:{line + text.count(chr(10), 0, match.start())}: "
        f"{match[0].strip(' :;,')!r}: write {better}"
        for path, line, text in found
        for pattern, better in patterns
        for match in re.finditer(pattern, text)
    )
    return list(dict.fromkeys(named))  # a literal may be an argument of two calls, one in the other


def without_code(text: str) -> str:
    """*text* with code in backticks replaced by a dash; lines stay."""
    return re.sub(r"(`+)(?!`).+?(?<!`)\1(?!`)", lambda code: "—" + "\n" * code[0].count("\n"), text, flags=re.DOTALL)


def docstrings(path: Path) -> Iterator[Text]:
    """Every docstring in the file, those below attributes included."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            yield Text(path, node.lineno, node.value.value)


def messages(path: Path) -> Iterator[Text]:
    """The string literals in the file that go into problems, errors, the command's help and its output."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        given: list[ast.expr] = []
        if isinstance(node, ast.Call) and _name(node.func) in MESSAGE_CALLS:
            given = [*node.args, *(keyword.value for keyword in node.keywords)]
        elif isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            given = node.exc.args
        elif isinstance(node, ast.Assign | ast.AugAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            given = [node.value] if {_name(target) for target in targets} & MESSAGE_NAMES else []
        for each in given:
            yield from _literals(path, each)


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _literals(path: Path, node: ast.expr) -> Iterator[Text]:
    for each in ast.walk(node):
        if isinstance(each, ast.JoinedStr):
            parts = (part.value if isinstance(part, ast.Constant) else "…" for part in each.values)
            yield Text(path, each.lineno, "".join(map(str, parts)))
        elif isinstance(each, ast.Constant) and isinstance(each.value, str):
            yield Text(path, each.lineno, each.value)


def interface(path: Path) -> Iterator[Text]:
    """The words of a template that readers see or hear: its text, labels, and strings in its expressions."""
    text = re.sub(r"\{#.*?#\}", _blank, path.read_text(encoding="utf-8"), flags=re.DOTALL)
    for expression in re.finditer(r"\{[{%].*?[%}]\}", text, flags=re.DOTALL):
        line = text.count("\n", 0, expression.start()) + 1
        yield from (Text(path, line, string) for string in re.findall(r'"([^"]* [^"]*)"', expression[0]))
    text = re.sub(r"\{[{%].*?[%}]\}", _blank, text, flags=re.DOTALL)
    for label in re.finditer(r'(?:aria-label|title|alt)="([^"]+)"', text):
        yield Text(path, text.count("\n", 0, label.start()) + 1, label[1])
    yield Text(path, 1, re.sub(r"<[^>]*>", _blank, text))


def _blank(found: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", found[0])


def spoken(path: Path) -> Iterator[Text]:
    """The sentences and labels in a script: its strings that begin with a capital letter or have several words."""
    text = re.sub(r"/\*.*?\*/|^\s*//.*?$", _blank, path.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    for string in re.finditer(r'"([^"\n]*)"|`([^`]*)`', text):
        said = re.sub(r"\$\{[^}]*\}", "…", string[1] or string[2] or "")
        if re.match(r"[A-Z][a-z]", said) or said.count(" ") > 1:
            yield Text(path, text.count("\n", 0, string.start()) + 1, said)


def guide(path: Path) -> Iterator[Text]:
    """The prose of a Markdown file, without its code."""
    text = re.sub(r"^( *)(`{3,}).*?^\1\2", _blank, path.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    yield Text(path, 1, without_code(text))


@pytest.mark.parametrize(
    ("files", "read"),
    [(PLUGIN, messages), (PLUGIN, docstrings), (TEMPLATES, interface), (SCRIPTS, spoken), (GUIDES, guide)],
    ids=["messages", "docstrings", "interface", "scripts", "guides"],
)
def test_the_english_is_idiomatic(files: list[Path], read: object) -> None:
    assert callable(read)
    assert files
    found = tics(each._replace(text=without_code(each.text)) for path in files for each in read(path))
    assert not found, "\n".join(["", *found])


@pytest.mark.parametrize(
    ("files", "read"),
    [(TEMPLATES, interface), (SCRIPTS, spoken), (PAGES, guide)],
    ids=["templates", "scripts", "pages"],
)
def test_the_interface_says_nothing_in_words_that_it_gave_up(files: list[Path], read: object) -> None:
    assert callable(read)
    found = tics((each for path in files for each in read(path)), RETIRED)
    assert not found, "\n".join(["", *found])


def test_what_scripts_say_is_read() -> None:
    found = {text for path in SCRIPTS for _, _, text in spoken(path)}
    assert {"No exact match. Closest results:", "Search is slow to load.", "Save for offline · ……"} <= found


def test_a_docstring_opens_with_a_verb_or_a_noun() -> None:
    found = [
        f"{path.relative_to(REPOSITORY)}:{line}: {text.split(chr(10))[0]!r}: open with a verb, a noun, or “True if”"
        for file in PLUGIN
        for path, line, text in docstrings(file)
        if OPENINGS.match(text)
    ]
    assert not found, "\n".join(["", *found])


@pytest.mark.parametrize(
    ("text", "tic"),
    [
        ("“x” is no page of this site", "is no"),
        ("list pages alone", "alone"),
        ("keep them: who reads by feed would never hear of it", "who reads"),
        ("under 70 % of the time", "0 %"),
    ],
)
def test_a_tic_is_named_with_its_line_and_better_words(text: str, tic: str) -> None:
    (found,) = tics(iter([Text(REPOSITORY / "docs/x.md", 3, f"One.\n{text}")]))
    assert found.startswith(f"docs/x.md:4: '{tic}': write ")


def test_idiom_is_let_through() -> None:
    fine = "There is no such page. It is no longer built. Leave out what is not a page; `is no page` is code."
    assert not tics(iter([Text(REPOSITORY / "docs/x.md", 1, without_code(fine))]))
