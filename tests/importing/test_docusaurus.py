"""Posts that were written for Docusaurus: addresses, MDX, directives."""

from __future__ import annotations

import pytest
from support.importing import FRONT, body, bring, bring_one, left

NO_DATE = "---\ntitle: One\ntags: [a, b, c]\n---\n"


@pytest.mark.parametrize(
    ("path", "front", "address"),
    [
        ("blog/2020-01-02-x.md", NO_DATE, "/blog/2020/01/02/x/"),
        ("blog/2020-01-02-x/index.mdx", NO_DATE, "/blog/2020/01/02/x/"),
        ("blog/2020/01/02/x.md", NO_DATE, "/blog/2020/01/02/x/"),
        ("blog/in/2020-01-02-x.md", NO_DATE, "/blog/in/2020/01/02/x/"),
        ("blog/2020-01-02-x.md", NO_DATE.replace("tags", "slug: /y/z\ntags"), "/blog/y/z/"),
        ("blog/x.md", FRONT, "/blog/x/"),
    ],
)
def test_the_old_address_follows_slug_or_name(path: str, front: str, address: str) -> None:
    found = bring("docusaurus", {"docusaurus.config.js": "url: 'https://old.example',\n", path: front + "Text.\n"})
    assert found.articles[0].keys["aliases"] == f"['{address}']"
    assert found.articles[0].keys["date"] == "2020-01-02"


def test_the_configuration_names_the_folder_and_the_address() -> None:
    config = "const u = process.env.U || 'https://old.example';\nmodule.exports = {url: u, baseUrl: '/site/',\npresets: [['classic', {blog: {path: 'news', routeBasePath: '/n'}}]]}\n"  # noqa: E501  (one text)
    found = bring(
        "docusaurus", {"web/docusaurus.config.ts": config, "web/news/2020-01-02-x.md": NO_DATE + "[a](/docs)\n"}
    )
    assert found.articles[0].keys["aliases"] == "['/n/2020/01/02/x/']"
    assert found.articles[0].body.strip() == "[a](https://old.example/site/docs)"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (":::note\n\nWords.\n\n:::", "!!! note\n\n    Words."),
        (":::tip Look here\nWords.\n:::", '!!! tip "Look here"\n\n    Words.'),
        (":::caution[Look]\n\n- a\n\n:::", '!!! caution "Look"\n\n    - a'),
        ("::::info\n\na\n\n:::danger\n\nb\n\n:::\n\n::::", "!!! info\n\n    a\n\n    !!! danger\n\n        b"),
        ('<Tabs>\n<TabItem value="a" label="A">\n\nx\n\n</TabItem>\n</Tabs>', '=== "A"\n\n    x'),
        (
            '```js title="a.js" {1,3-4} showLineNumbers\nx\n```',
            '```js title="a.js" hl_lines="1 3-4" linenums="1"\nx\n```',
        ),
        ("```js\na\n// highlight-next-line\nb\n```", '```js hl_lines="2"\na\nb\n```'),
        ("{/* truncate */}\n\nWords.", "Words."),
        ("<!-- truncate -->\n\nWords.", "Words."),
        ("{'Words'} {frontMatter.title}.", "Words One."),
        ("<span style={{color: 'red'}}>x</span>", "<span>x</span>"),
        ('<CodeBlock language="js">{`x < 1`}</CodeBlock>', "```js\nx < 1\n```"),
        ("A Map<K, V> here.", "A Map&lt;K, V&gt; here."),
        ("import X from '@site/x';\n\nWords.", "Words."),
        ("## A {#my-id}", "## A {: #my-id }"),
        ("```mdx-code-block\nWords.\n```", "Words."),
    ],
)
def test_mdx_is_translated(old: str, new: str) -> None:
    article = bring_one("docusaurus", old + "\n")
    assert article.body.strip() == new
    assert left(article) == []


@pytest.mark.parametrize(
    "old",
    [
        "![A](./x.png)",
        "<img src={require('./x.png').default} alt=\"A\" />",
        "import p from './x.png';\n\n<img src={p} alt=\"A\" />",
        "![A](@site/static/img/x.png)",
        "![A](/img/x.png)",
    ],
)
def test_a_picture_is_found_however_it_is_named(old: str, png: bytes) -> None:
    article = bring_one("docusaurus", old + "\n", {"blog/x.png": png, "static/img/x.png": png})
    assert article.files == {"x.png": png}
    assert left(article) == []


def test_a_component_without_an_equal_is_named_and_its_content_stays() -> None:
    article = bring_one("docusaurus", "A.\n\n<Chart data={3} />\n\n<Wide>\n\n**B**\n\n</Wide>\n")
    assert "**B**" in article.body
    assert [each.partition(" has")[0] for each in left(article)] == [
        '8: the component “<Chart data="3" />”',
        "10: the component “<Wide>”",
    ]


def test_a_directive_that_is_not_closed_is_named() -> None:
    assert left(bring_one("docusaurus", ":::note\n\nWords.\n")) == ["6: “:::note” is not closed by :::"]


def test_an_import_in_a_text_stays() -> None:
    assert body("docusaurus", "import your data, and call it 'x'\n") == "import your data, and call it 'x'"
