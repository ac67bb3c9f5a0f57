"""Posts that were written for Hugo: addresses, shortcodes, includes."""

from __future__ import annotations

import pytest
from support.importing import FRONT, PLACES, body, bring, bring_one, changed, left

BASE = 'baseURL = "https://old.example/"\n'


def aliases(files: dict[str, str]) -> list[str]:
    return [each.keys["aliases"] for each in bring("hugo", files).articles]


@pytest.mark.parametrize(
    ("settings", "path", "more", "address"),
    [
        (BASE, "content/blog/My Post.md", "", "/blog/my-post/"),
        (BASE, "content/posts/2020/my-post/index.md", "", "/posts/2020/my-post/"),
        (BASE, "content/blog/x.md", "slug: y z\n", "/blog/y-z/"),
        (BASE, "content/blog/x.md", "url: /a/b.html\n", "/a/b.html"),
        (BASE + "uglyURLs = true\n", "content/blog/x.md", "", "/blog/x.html"),
        (BASE + '[permalinks]\nblog = "/:year/:month/:slug/"\n', "content/blog/x.md", "", "/2020/01/one/"),
        (BASE + '[permalinks.page]\nblog = "/b/:filename/"\n', "content/blog/x.md", "", "/b/x/"),
        (BASE + '[permalinks]\nblog = "/:sections[1:]/:title/"\n', "content/blog/a/b/x.md", "", "/a/b/one/"),
    ],
)
def test_the_old_address_follows_the_permalinks(settings: str, path: str, more: str, address: str) -> None:
    assert aliases({"hugo.toml": settings, path: FRONT.replace("---\n", f"---\n{more}", 1) + "Text.\n"}) == [
        f"['{address}']"
    ]


def test_settings_may_be_in_a_folder_and_in_another_language() -> None:
    files = {
        "config/_default/hugo.yaml": "baseURL: https://old.example\ndefaultContentLanguage: en\n",
        "config/_default/permalinks.yaml": "blog: /w/:slugorfilename/\n",
        "config/_default/languages.yaml": "en: {}\nde: {}\n",
        "content/en/blog/x.md": FRONT + "Text.\n",
        "content/de/blog/x.md": FRONT + "Text.\n",
    }
    assert aliases(files) == ["['/w/x/']"]


def test_what_is_not_in_a_section_of_posts_is_left_out() -> None:
    files = {"hugo.toml": BASE, "content/docs/x.md": FRONT + "Text.\n", "content/blog/_index.md": FRONT + "Text.\n"}
    assert bring("hugo", files).articles == []
    assert len(bring("hugo", files, posts=("content/docs",)).articles) == 1


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("{{< highlight go >}}\nx := 1\n{{< /highlight >}}", "```go\nx := 1\n```"),
        ('{{% notice tip "Look" %}}\nWords.\n{{% /notice %}}', '!!! tip "Look"\n\n    Words.'),
        ("{{< hint info >}}\n- a\n- b\n{{< /hint >}}", "!!! info\n\n    - a\n    - b"),
        ('{{< details summary="More" >}}\na\n{{< /details >}}', '??? note "More"\n\n    a'),
        ("{{< youtube abc >}}", "[Video on YouTube](https://www.youtube.com/watch?v=abc)"),
        ('{{< youtube id="abc" autoplay="true" >}}', "[Video on YouTube](https://www.youtube.com/watch?v=abc)"),
        ("{{< gist a 12 >}}", "[Code on GitHub Gist](https://gist.github.com/a/12)"),
        ("{{</* shown */>}}", "{{< shown >}}"),
        ("`{{%/* shown */%}}`", "`{{% shown %}}`"),
        ("{{< param title >}}", "One"),
        ('{{< tabs >}}{{< tab "A" >}}\nx\n{{< /tab >}}{{< /tabs >}}', '=== "A"\n\n    x'),
        ('{{< quote author="Ada" >}}\nWords.\n{{< /quote >}}', "> Words.\n>\n> — Ada"),
        ("- a\n\n  {{< notice tip >}}\n  b\n  {{< /notice >}}", "- a\n\n  !!! tip\n\n      b"),
        ("A {{< kbd >}}x{{< /kbd >}}.", "A <kbd>x</kbd>."),
    ],
)
def test_a_shortcode_with_an_equal_is_translated(old: str, new: str) -> None:
    article = bring_one("hugo", old + "\n")
    assert article.body.strip() == new
    assert left(article) == []


def test_a_shortcode_without_an_equal_is_named_and_its_content_stays() -> None:
    article = bring_one(
        "hugo", "First.\n\n{{< carousel n=3 >}}\n**Inside**\n{{< /carousel >}}\n\nIn {{< odd >}} a line.\n"
    )
    assert "**Inside**" in article.body
    assert "<!-- {{< carousel n=3 >}} -->" in article.body
    assert [each.partition(" has")[0] for each in left(article)] == [
        "8: the shortcode “{{< carousel n=3 >}}”",
        "12: the shortcode “{{< odd >}}”",
    ]


def test_an_include_is_set_in() -> None:
    text = '{{< readfile file="part.go" code="true" lang="go" >}}\n'
    article = bring_one("hugo", text, {"content/blog/part.go": "x := 1\n"})
    assert article.body.strip() == "```go\nx := 1\n```"
    assert any("part.go" in each for each in changed(article))


def test_a_reference_leads_to_the_article_of_its_page() -> None:
    path, settings = PLACES["hugo"]
    links = '[a]({{< ref "two" >}}) [b]({{< relref "/blog/two.md" >}}) [c]({{< ref "nowhere" >}})\n'
    files = {**settings, path: FRONT + links, "content/blog/two.md": FRONT + "Text.\n"}
    one = next(each for each in bring("hugo", files).articles if each.path == path)
    assert one.body.strip().startswith("[a](../two/index.md) [b](../two/index.md) [c](")
    assert any("“nowhere”" in each for each in left(one))


def test_toml_and_json_are_read() -> None:
    toml = '+++\ntitle = "One"\ndate = 2020-01-02T03:04:05+02:00\ncategories = ["A", "B"]\n[params]\nx = 1\n+++\n'
    article = bring_one("hugo", "{{< param x >}}\n", front=toml)
    assert (article.keys["date"], article.category, article.tags) == ("2020-01-02T03:04:05+02:00", "A", ["B", "A"])
    assert article.body.strip() == "1"
    article = bring_one("hugo", "Text.\n", front='{"title": "One", "date": "2020-01-02", "author": "Ada Lovelace"}\n')
    assert article.authors == ["ada-lovelace"]


def test_a_page_bundle_brings_its_pictures(png: bytes) -> None:
    _, settings = PLACES["hugo"]
    files = {
        **settings,
        "content/blog/x/index.md": FRONT + '{{< figure src="A Chart.PNG" caption="It grows" >}}\n',
        "content/blog/x/A Chart.PNG": png,
    }
    article = bring("hugo", files).articles[0]
    assert article.body.strip() == '![It grows](a-chart.png "It grows")'
    assert article.files == {"a-chart.png": png}


def test_the_mark_of_a_summary_goes() -> None:
    assert body("hugo", "A.\n\n<!--more-->\n\nB.\n") == "A.\n\nB."
