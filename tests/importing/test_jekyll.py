"""Posts that were written for Jekyll: addresses, Liquid, kramdown."""

from __future__ import annotations

import pytest
from support.importing import FRONT, PLACES, body, bring, bring_one, changed, left


@pytest.mark.parametrize(
    ("settings", "path", "more", "address"),
    [
        ("", "_posts/2020-01-02-My-Post.md", "", "/2020/01/02/My-Post.html"),
        ("permalink: pretty\n", "_posts/2020-01-02-x.md", "", "/2020/01/02/x/"),
        ("permalink: pretty\n", "_posts/2020-01-02-x.md", "categories: [Big Data, b]\n", "/big-data/b/2020/01/02/x/"),
        ("permalink: pretty\n", "tech/_posts/2020-01-02-x.md", "", "/tech/2020/01/02/x/"),
        ("permalink: ordinal\n", "_posts/2020-02-01-x.md", "date: 2020-02-01\n", "/2020/032/x.html"),
        ("permalink: /blog/:slug\n", "_posts/2020-01-02-x.md", "", "/blog/x/"),
        ("permalink: none\n", "_posts/2020-01-02-x.md", "permalink: /a/b/\n", "/a/b/"),
        (
            "defaults:\n  - scope: {path: '', type: posts}\n    values: {permalink: '/:year/:title/'}\n",
            "_posts/2020-01-02-x.md", "", "/2020/x/",
        ),
    ],
)  # fmt: skip
def test_the_old_address_follows_the_permalink(settings: str, path: str, more: str, address: str) -> None:
    front = FRONT.replace("date: 2020-01-02\n", more if "date:" in more else f"date: 2020-01-02\n{more}")
    found = bring("jekyll", {"_config.yml": f"url: https://old.example\n{settings}", path: front + "Text.\n"})
    assert found.articles[0].keys["aliases"] == f"['{address}']"


def test_redirects_are_aliases_too() -> None:
    front = FRONT.replace("tags:", "redirect_from:\n  - /old/\n  - /older.html\ntags:")
    assert (
        bring_one("jekyll", "Text.\n", front=front).keys["aliases"]
        == "['/2020/01/02/one.html', '/old/', '/older.html']"
    )


def test_tags_without_commas_are_words() -> None:
    article = bring_one("jekyll", "Text.\n", front="---\ntitle: One\ntags: go redis linux\ncategory: Big Data\n---\n")
    assert (article.tags, article.category) == (["go", "redis", "linux"], "Big Data")


def test_a_draft_stays_one() -> None:
    files = {"_config.yml": "title: x\n", "_drafts/x.md": "---\ntitle: X\ndate: 2020-01-02\n---\nText.\n"}
    assert "status: draft" in bring("jekyll", files).articles[0].text()


def test_people_are_described() -> None:
    more = {"_data/authors.yml": "ada:\n  name: Ada Lovelace\n  url: https://example.org/\n  title: Editor\n"}
    path, settings = PLACES["jekyll"]
    front = FRONT.replace("tags:", "author: ada\ntags:")
    found = bring("jekyll", {**settings, **more, path: front + "Text.\n"})
    assert found.articles[0].authors == ["ada"]
    assert (found.new_people.new["ada"].name, found.new_people.new["ada"].role) == ("Ada Lovelace", "Editor")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("{% highlight ruby %}\nx\n{% endhighlight %}", "```ruby\nx\n```"),
        ("{% highlight ruby linenos %}\nx\n{% endhighlight %}", '```ruby linenums="1"\nx\n```'),
        ("{% raw %}`{{ x }}`{% endraw %}", "`{{ x }}`"),
        ("{% raw %}{% x %}{% endraw %}", "{% x %}"),
        ("A {{ page.title }} {{ site.name }}", "A One Old"),
        ("[a]({{ '/x.pdf' | relative_url }})", "[a](https://old.example/x.pdf)"),
        ("[a]({{ site.url }}{{ site.baseurl }}/about/)", "[a](https://old.example/about/)"),
        ('{% include youtube.html id="abc" %}', "[Video on YouTube](https://www.youtube.com/watch?v=abc)"),
        ("{% include part.md %}", "Included."),
        ('{% include box.html text="w" %}', "<p>w</p>"),
        ("Words.\n{: .note }", "!!! note\n\n    Words."),
        ("> Words.\n> More.\n{: .prompt-tip }", "> Words.\n> More."),
        ("> Words.\n{: .warning }", "!!! warning\n\n    Words."),
        ("* TOC\n{:toc}\n\nWords.", "Words."),
        ("## A\n{: #b-c .d }", "## A {: #b-c }"),
        ('[a](https://example.org){:target="_blank"}', "[a](https://example.org)"),
        ("{::nomarkdown}<b>x</b>{:/nomarkdown}", "<b>x</b>"),
        ("{::comment}\nx\n{:/comment}\nWords.", "Words."),
    ],
)
def test_liquid_and_kramdown_are_translated(old: str, new: str) -> None:
    more = {
        "_config.yml": "url: https://old.example\nname: Old\n",
        "_includes/part.md": "Included.\n",
        "_includes/box.html": "<p>{{ include.text }}</p>\n",
    }
    article = bring_one("jekyll", old + "\n", more)
    assert article.body.strip() == new
    assert left(article) == []


def test_a_program_of_liquid_is_named_with_its_line() -> None:
    article = bring_one("jekyll", "A.\n\n{% for x in y %}\nB.\n{% endfor %}\n\n{{ site.z }}\n")
    assert [each.partition(" is")[0] for each in left(article)] == ["8: “{% for x in y %}”", "12: “{{ site.z }}”"]
    assert "B." in article.body


def test_a_template_in_code_is_shown_as_written() -> None:
    article = bring_one("jekyll", "```\n{{ .Values.x }}\n```\n")
    assert article.body.strip() == "```\n{{ .Values.x }}\n```"
    assert left(article) == []
    assert any("shown as written" in each for each in changed(article))


def test_post_url_leads_to_the_article() -> None:
    path, settings = PLACES["jekyll"]
    files = {
        **settings,
        path: FRONT + "[b]({% post_url 2020-01-03-two %}#first-part)\n",
        "_posts/2020-01-03-two.md": FRONT + "## First part\n",
    }
    one, _ = bring("jekyll", files).articles
    assert one.body.strip() == "[b](../two/index.md#first-part)"


def test_attributes_of_pictures_keep_their_size(png: bytes) -> None:
    assert body("jekyll", '![A](/x.png){: width="30" .shadow }\n', {"x.png": png}) == '![A](x.png){: width="30" }'
