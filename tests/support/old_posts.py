"""Posts of other systems, made by a grammar of what each system has: each has words that are nowhere else."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from engblog.disk.png import encode

Make = Callable[["Author"], str]
WORD = re.compile(r"w\d+x")


@dataclass
class Author:
    """Writes one post; every word that a reader must find again is a :meth:`word`."""

    chance: random.Random
    number: int
    others: list[str] = field(default_factory=list)
    """Names of other posts of the same blog."""
    said: list[str] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)
    pictures: dict[str, bytes] = field(default_factory=dict)
    """Pictures beside the post."""

    def word(self) -> str:
        made = f"w{self.number}{len(self.said):03}x"
        self.said.append(made)
        return made

    def words(self, least: int = 1, most: int = 4) -> str:
        return " ".join(self.word() for _ in range(self.chance.randint(least, most)))

    def picture(self) -> str:
        name = self.chance.choice(["Chart one.png", "chart.png", "IMG_2041.PNG", "größe.png", "a(b).png", "deep/x.png"])
        self.pictures[name] = encode(2, 1, bytes([0, 0, 1]), [(255, self.chance.randint(0, 255), 9), (200, 30, 30)])
        return name

    def pick(self, makes: list[Make]) -> str:
        return self.chance.choice(makes)(self)

    def heading(self, level: int) -> str:
        words = self.words(1, 3)
        self.headings.append(words)
        return f"{'#' * level} {words}"


def target(_: Author, name: str) -> str:
    """The address of the picture *name* in Markdown."""
    return f"<{name}>" if " " in name or "(" in name else name


INLINE: list[Make] = [
    lambda a: a.word(),
    lambda a: f"*{a.word()}* and **{a.words()}**",
    lambda a: f"`{a.word()}`",
    lambda a: f"`` `{a.word()}` ``",
    lambda a: f"[{a.words()}](https://example.org/{a.number})",
    lambda a: f"[{a.word()}]()",
    lambda a: f"[{a.word()}](javascript:alert(1))",
    lambda a: f"[{a.word()}](mailto:a@example.org)",
    lambda a: f"[{a.word()}](#no-such-place)",
    lambda a: f"[{a.word()}][nowhere]",
    lambda a: f"{a.word()}[^nothing]",
    lambda a: f"Vec<{a.word()}>",
    lambda a: f"Map<K, Vec<{a.word()}>>",
    lambda a: f"{a.word()}<br>{a.word()}<br/>{a.word()}",
    lambda a: f'<b style="color: red">{a.word()}</b>',
    lambda a: f"<font color=red>{a.word()}</font>",
    lambda a: f'<span class="hero big" onclick="x()">{a.word()}</span>',
    lambda a: f"<b>{a.word()}",
    lambda a: f"{a.word()}</i>",
    lambda a: f'<a name="here-{a.number}"></a>{a.word()}',
    lambda a: f'<a href="https://example.org/" target="_blank" rel=nofollow>{a.word()}</a>',
    lambda a: f"<kbd>{a.word()}</kbd> <tt>{a.word()}</tt> <strike>{a.word()}</strike>",
    lambda a: f"![{a.words()}]({target(a, a.picture())})",
    lambda a: f"![]({target(a, a.picture())})",
    lambda a: f'![{a.word()}]({target(a, a.picture())} "{a.words()}")',
    lambda a: f"![{a.word()}](https://elsewhere.example/{a.number}.png)",
    lambda a: f"[![{a.word()}]({target(a, a.picture())})](https://example.org/)",
    lambda a: f'<img src="{a.picture()}" style="width: 300px" align=right>{a.word()}',
    lambda a: f'<img src="missing-{a.number}.png" alt="{a.word()}">',
    lambda a: f"~~{a.word()}~~ {a.word()} & {a.word()} < {a.word()}",
    lambda a: f":tada: {a.word()} 10:20:30",
    lambda a: f"{a.word()}<!-- nothing -->",
    lambda a: f"&lt;{a.word()}&gt; &copy; {a.word()}",
    lambda a: f"{a.word()}\u200b{a.word()}\x07",
    lambda a: f"{{{a.word()}}} {{ {a.word()} }} {a.word()}",
]


def line(author: Author, more: list[Make]) -> str:
    """A line of prose with *more* of the dialect's own."""
    chosen = [
        author.pick(INLINE if author.chance.random() < 0.7 or not more else more)
        for _ in range(author.chance.randint(1, 3))
    ]
    return " ".join(chosen)


def code(author: Author) -> str:
    return author.chance.choice([author.word(), f"# {author.word()}", f"    {author.word()}\n\n<b>{author.word()}</b>",
                                 f"- {author.word()}\n", f"if (a<b) {{ {author.word()} }}"])  # fmt: skip


INFOS = ["", "py", "python", "rust,ignore", "go run", "js {1,3-5}", '{ .sh .no-copy }', "ruby linenos", 'js title="x.js"',  # noqa: E501  (one text)
         "js filename=x.js", "{.python}", "text:x", "diff{3}"]  # fmt: skip

BLOCKS: list[Make] = [
    lambda a: a.heading(a.chance.randint(1, 6)),
    lambda a: f"{a.words()}\n{a.chance.choice(['===', '---'])}",
    lambda a: "####" + a.chance.choice([" ", " #"]),
    lambda a: f"```{a.chance.choice(INFOS)}\n{code(a)}\n```",
    lambda a: f"~~~ {a.chance.choice(INFOS)}\n{code(a)}\n~~~",
    lambda a: f"    {a.word()}\n    {a.word()} <T>",
    lambda a: f"- {a.words()}\n- {a.words()}\n  - {a.word()}\n\n    {a.words()}",
    lambda a: f"1. {a.words()}\n2. {a.words()}\n\n   ```{a.chance.choice(INFOS)}\n   {a.word()}\n   ```",
    lambda a: f"- [ ] {a.words()}\n- [x] {a.words()}",
    lambda a: f"> {a.words()}\n> {a.words()}\n>\n> {a.word()}",
    lambda a: f"> [!NOTE]\n> {a.words()}",
    lambda a: f"| {a.word()} | {a.word()} |\n|---|:--:|\n| {a.word()} | `{a.word()}` |\n| {a.word()} | {a.word()} | {a.word()} |",  # noqa: E501  (one text)
    lambda _: "***",
    lambda a: f"<div style='x' class=box>\n\n{a.words()}\n\n</div>",
    lambda a: f"<center>{a.words()}</center>",
    lambda a: f"<p align=center>{a.words()}<p>{a.words()}",
    lambda a: f"<ul><li>{a.word()}<li>{a.word()}</ul>",
    lambda a: f"<table border=1><tr><td width=5>{a.word()}<td>{a.word()}<tr><td colspan=2>{a.word()}</table>",
    lambda a: f"<details>\n<summary>{a.words()}</summary>\n\n{a.words()}\n\n</details>",
    lambda a: f"<script>alert(1)</script>\n\n{a.word()}",
    lambda a: f'<script src="https://gist.github.com/a/{a.number}.js"></script>\n\n{a.word()}',
    lambda a: f"<style>p {{ color: red }}</style>\n\n{a.word()}",
    lambda a: f'<iframe width=560 src="https://www.youtube.com/embed/abc{a.number}" allowfullscreen></iframe>\n\n{a.word()}',  # noqa: E501  (one text)
    lambda a: f'<iframe src="https://example.org/f"/>\n\n{a.word()}',
    lambda a: f'<video controls><source src="a.mp4">{a.chance.choice(["", "text"])}</video>\n\n{a.word()}',
    lambda a: f"<div>{a.word()}\n\n{a.word()}",
    lambda a: f"{a.word()}\n\n</div>",
    lambda a: f"<blockquote class='twitter-tweet'><p>{a.words()}</p></blockquote>",
    lambda a: f"<pre><code class='hljs'>{a.word()} &lt;b&gt;\n\n{a.word()}</code></pre>",
    lambda a: f"<figure>\n<img src='{a.picture()}' alt='{a.word()}'>\n<figcaption>{a.words()}</figcaption>\n</figure>",
    lambda a: f"{a.word()}[^n{a.number}-{len(a.said)}]\n\n[^n{a.number}-{len(a.said)}]: {a.words()}",
    lambda a: f"{a.word()}\n\n[^unused-{a.number}]: {a.words()}",
    lambda a: f"[{a.word()}][l{len(a.said)}]\n\n[l{len(a.said)}]: https://example.org/l \"t\"",
    lambda a: f"<!-- {a.number} -->",
    lambda a: f"<hr/>\n\n{a.word()}",
    lambda a: f"<form action=/x><input type=text></form>\n\n{a.word()}",
    lambda a: f"<my-widget data-x=1>{a.word()}</my-widget>",
    lambda a: f"<custom-element></custom-element>{a.word()}",
    lambda a: f"<h1>{a.words()}</h1>\n\n<h3 id=Some_Id>{a.words()}</h3>",
    lambda a: f"<svg width=1 height=1><title>{a.word()}</title><path d='M0 0'/></svg>",
    lambda a: f"- {a.word()}\n\n      {a.word()}\n\n- {a.word()}",
    lambda a: f"```\n{a.word()}",
]  # fmt: skip
"""Blocks that every dialect has. The last is a fence that nothing closes, so it can only end a text."""


def body(author: Author, inline: list[Make], blocks: list[Make]) -> str:
    """A text with *inline* and *blocks* of the dialect's own."""
    parts = [author.words(12, 20) + "."]
    for _ in range(author.chance.randint(2, 7)):
        kind = author.chance.random()
        if kind < 0.35:
            parts.append(line(author, inline))
        elif kind < 0.7 or not blocks:
            parts.append(author.pick(BLOCKS[:-1]))
        else:
            parts.append(author.pick(blocks))
    if author.headings and author.chance.random() < 0.5:
        words = author.chance.choice(author.headings)
        parts.append(f"[{author.word()}](#{words.replace(' ', '-')})")
    if author.chance.random() < 0.03:
        parts.append(author.pick(BLOCKS[-1:]))
    return "\n\n".join(parts) + author.chance.choice(["\n", "", "\n\n\n"])


# the dialects

HUGO_INLINE: list[Make] = [
    lambda a: f'[{a.word()}]({{{{< ref "{a.chance.choice(a.others)}" >}}}})',
    lambda a: f'[{a.word()}]({{{{< relref "{a.chance.choice(a.others)}.md#x" >}}}})',
    lambda a: f"[{a.word()}](/blog/{a.chance.choice(a.others)}/)",
    lambda a: f"[{a.word()}](../{a.chance.choice(a.others)}/#top)",
    lambda a: f"[{a.word()}](https://old.example/blog/{a.chance.choice(a.others)})",
    lambda a: f"[{a.word()}](/docs/{a.number}/)",
    lambda a: f"{{{{< kbd >}}}}{a.word()}{{{{< /kbd >}}}}",
    lambda a: f"{{{{< unknown x=1 >}}}} {a.word()}",
    lambda a: f"{{{{< param title >}}}} {a.word()}",
    lambda a: f"`{{{{</* shown */>}}}}` {a.word()}",
]
HUGO_BLOCKS: list[Make] = [
    lambda a: f'{{{{< figure src="{a.picture()}" alt="{a.words()}" caption="{a.words()}" >}}}}',
    lambda a: f'{{{{< figure src="{a.picture()}" title="{a.word()}" link="https://example.org/" >}}}}',
    lambda a: f"{{{{< highlight go \"linenos=table,hl_lines=8 15-17\" >}}}}\n{code(a)}\n{{{{< /highlight >}}}}",
    lambda a: f"{{{{< youtube abc{a.number} >}}}}\n\n{a.word()}",
    lambda a: f'{{{{< tweet user="a" id="{a.number}" >}}}}\n\n{a.word()}',
    lambda a: f"{{{{< gist a {a.number} >}}}}\n\n{a.word()}",
    lambda a: f'{{{{% alert title="{a.words()}" color="warning" %}}}}\n{a.words()}\n{{{{% /alert %}}}}',
    lambda a: f"{{{{< hint danger >}}}}\n**{a.word()}**\n\n- {a.word()}\n{{{{< /hint >}}}}",
    lambda a: f'{{{{< details summary="{a.words()}" >}}}}\n{a.words()}\n{{{{< /details >}}}}',
    lambda a: f'{{{{< tabs >}}}}\n{{{{< tab "{a.word()}" >}}}}\n{a.words()}\n{{{{< /tab >}}}}\n{{{{< tab name="{a.word()}" >}}}}\n```\n{a.word()}\n```\n{{{{< /tab >}}}}\n{{{{< /tabs >}}}}',  # noqa: E501  (one text)
    lambda a: f"{{{{< blockquote author=\"{a.word()}\" >}}}}\n{a.words()}\n{{{{< /blockquote >}}}}",
    lambda a: f"{{{{< rawhtml >}}}}\n<p>{a.words()}</p>\n{{{{< /rawhtml >}}}}",
    lambda a: f"{{{{% mystery a=\"b\" %}}}}\n{a.words()}\n{{{{% /mystery %}}}}",
    lambda a: f"{{{{< /lonely >}}}}\n\n{a.word()}",
    lambda a: f"- {a.word()}\n\n  {{{{< notice tip >}}}}\n  {a.word()}\n  {{{{< /notice >}}}}",
    lambda a: f"```go-html-template\n{{{{</* x */>}}}} {a.word()}\n```",
    lambda a: f"<!--more-->\n\n{a.word()}",
    lambda a: f"## {a.word()} {{#my-{a.number}}}\n\n[{a.word()}](#my-{a.number})",
    lambda a: f"{{{{< mermaid >}}}}\ngraph TD; {a.word()}\n{{{{< /mermaid >}}}}",
]  # fmt: skip
JEKYLL_INLINE: list[Make] = [
    lambda a: f"[{a.word()}]({{% post_url 2020-01-02-{a.chance.choice(a.others)} %}})",
    lambda a: f"[{a.word()}]({{{{ site.baseurl }}}}/2020/01/02/{a.chance.choice(a.others)}.html)",
    lambda a: f'[{a.word()}]({{{{ "/about/" | relative_url }}}})',
    lambda a: f"{{{{ page.title }}}} {a.word()}",
    lambda a: f"{{{{ site.nothing }}}} {a.word()}",
    lambda a: f'[{a.word()}](https://example.org/){{:target="_blank"}}',
    lambda a: f"**{a.word()}**{{: .hot }}",
    lambda a: f'![{a.word()}]({target(a, a.picture())}){{: width="300" .center }}',
    lambda a: f"{{% raw %}}`{{{{ {a.word()} }}}}`{{% endraw %}}",
    lambda a: f'<img src="{{{{ site.baseurl }}}}/missing.png" alt="{a.word()}">',
]
JEKYLL_BLOCKS: list[Make] = [
    lambda a: f"{{% highlight ruby linenos %}}\n{code(a)}\n{{% endhighlight %}}",
    lambda a: f"{{% raw %}}\n```\n{{{{ {a.word()} }}}} {{% x %}}\n```\n{{% endraw %}}",
    lambda a: f"{{% include figure.html src=\"{a.picture()}\" alt=\"{a.word()}\" caption='{a.words()}' %}}",
    lambda a: f"{{% include youtube.html id=\"abc{a.number}\" %}}\n\n{a.word()}",
    lambda a: f"{{% include plain.md %}}\n\n{a.word()}",
    lambda a: f"{{% include mystery.html x=1 %}}\n\n{a.word()}",
    lambda a: f"{{% gist a/{a.number} %}}\n\n{a.word()}",
    lambda a: f"{{% if page.x %}}\n{a.words()}\n{{% endif %}}",
    lambda a: f"{{% comment %}} nobody {{% endcomment %}}\n\n{a.word()}",
    lambda a: f"{{% assign x = 1 %}}\n\n{a.word()}",
    lambda a: f"{a.words()}\n{{: .note }}",
    lambda a: f"> {a.words()}\n> {a.word()}\n{{: .prompt-tip }}\n",
    lambda a: f"> {a.words()}\n{{: .warning }}\n",
    lambda a: f"* TOC\n{{:toc}}\n\n{a.word()}",
    lambda a: f"## {a.word()} {{#Own_Id}}\n\n[{a.word()}](#Own_Id)",
    lambda a: f"## {a.word()}\n{{: #second-{a.number} .no_toc}}\n",
    lambda a: f"{{::options parse_block_html=\"true\" /}}\n\n{a.word()}",
    lambda a: f'<div markdown="1" class="x">\n**{a.word()}**\n</div>',
    lambda a: f"{a.word()}\n: {a.words()}",
    lambda a: f"<!--more-->\n\n{a.word()}",
    lambda a: f"| {a.word()} | {a.word()} |\n|---|---|\n| {a.word()} | {a.word()} |\n{{: .table }}",
]  # fmt: skip
DOCUSAURUS_INLINE: list[Make] = [
    lambda a: f"[{a.word()}](./2020-01-02-{a.chance.choice(a.others)}.md)",
    lambda a: f"[{a.word()}](/blog/2020/01/02/{a.chance.choice(a.others)})",
    lambda a: f"[{a.word()}](/docs/intro)",
    lambda a: f"{{/* hidden */}}{a.word()}",
    lambda a: f"{{'{a.word()}'}} {{frontMatter.title}}",
    lambda a: f'<Highlight color="#25c2a0">{a.word()}</Highlight>',
    lambda a: f"<span style={{{{color: 'red'}}}} className=\"x\">{a.word()}</span>",
    lambda a: f"<Unknown x={{1}} /> {a.word()}",
    lambda a: f"Array<String> {a.word()}",
    lambda a: f'<Link to="https://example.org/">{a.word()}</Link>',
]
DOCUSAURUS_BLOCKS: list[Make] = [
    lambda a: f":::note\n\n{a.words()}\n\n:::",
    lambda a: f":::tip {a.words()}\n{a.words()}\n:::",
    lambda a: f":::caution[{a.words()}]\n\n- {a.word()}\n\n:::",
    lambda a: f"::::info {a.word()}\n\n{a.word()}\n\n:::danger\n\n{a.word()}\n\n:::\n\n::::",
    lambda a: f":::mystery\n{a.words()}\n:::",
    lambda a: f"- {a.word()}\n\n  :::warning\n\n  {a.word()}\n\n  :::",
    lambda a: f"<Tabs>\n<TabItem value=\"a\" label=\"{a.word()}\">\n\n{a.words()}\n\n</TabItem>\n<TabItem value=\"b\" label=\"{a.word()}\">\n\n```js\n{a.word()}\n```\n\n</TabItem>\n</Tabs>",  # noqa: E501  (one text)
    lambda a: f"import Thing from '@site/src/Thing';\n\n<Thing x={{3}} />\n\n{a.word()}",
    lambda a: f"import pic{len(a.said)} from './{a.picture()}';\n\n<img src={{pic{len(a.said)}}} alt=\"{a.word()}\" />",
    lambda a: f"<img src={{require('./{a.picture()}').default}} alt=\"{a.word()}\" />",
    lambda a: f"```js title=\"a.js\" {{1,3-4}} showLineNumbers\n{a.word()}\n// highlight-next-line\n{a.word()}\n```",
    lambda a: f"```mdx-code-block\n<b>{a.word()}</b>\n```",
    lambda a: f"<CodeBlock language=\"js\">{{`{a.word()}`}}</CodeBlock>",
    lambda a: f"<details>\n<summary>{a.word()}</summary>\n\n{a.words()}\n\n</details>",
    lambda a: f"<Mystery>\n\n{a.words()}\n\n</Mystery>",
    lambda a: f"{{/* truncate */}}\n\n{a.word()}",
    lambda a: f"<!-- truncate -->\n\n{a.word()}",
    lambda a: f"### {a.word()} {{#own-{a.number}}}\n\n[{a.word()}](#own-{a.number})",
    lambda a: f"export const x = 1;\n\n{a.word()}",
    lambda a: f"<YouTube id=\"abc{a.number}\" />\n\n{a.word()}",
    lambda a: f"<div style={{{{textAlign: 'center'}}}}>\n\n{a.words()}\n\n</div>",
]  # fmt: skip
MKDOCS_INLINE: list[Make] = [
    lambda a: f"[{a.word()}]({a.chance.choice(a.others)}.md)",
    lambda a: f"[{a.word()}](../../about.md#x)",
    lambda a: f"=={a.word()}== ^^{a.word()}^^ H~2~{a.word()}",
    lambda a: f":material-star: {a.word()} :octicons-heart-fill-24:{{ .heart }}",
    lambda a: f"[{a.word()}](https://example.org/){{ .md-button target=_blank }}",
    lambda a: f'![{a.word()}]({target(a, a.picture())}){{ width="300" align=left loading=lazy }}',
    lambda a: f"++ctrl+c++ {a.word()}",
    lambda a: f"`#!py {a.word()}`",
    lambda a: f"**{a.word()}**{{ .x }}",
]
MKDOCS_BLOCKS: list[Make] = [
    lambda a: f"!!! note \"{a.words()}\"\n\n    {a.words()}\n\n    - {a.word()}",
    lambda a: f"!!! mystery\n    {a.words()}",
    lambda a: f"??? tip \"{a.word()}\"\n    {a.words()}",
    lambda a: f"!!! warning inline end\n\n    {a.words()}",
    lambda a: f"=== \"{a.word()}\"\n\n    {a.words()}\n\n=== \"{a.word()}\"\n\n    ```py\n    {a.word()}\n    ```",
    lambda a: f"/// note | {a.words()}\n{a.words()}\n///",
    lambda a: f"--8<-- \"docs/part.txt\"\n\n{a.word()}",
    lambda a: f"```\n--8<-- \"docs/part.txt\"\n```\n\n{a.word()}",
    lambda a: f"--8<-- \"gone.txt\"\n\n{a.word()}",
    lambda a: f"```py hl_lines=\"1\" linenums=\"1\"\n{a.word()}\n```",
    lambda a: f"``` {{ .yaml .annotate }}\nx: {a.word()} # (1)!\n```\n\n1.  {a.words()}",
    lambda a: f"<div class=\"grid cards\" markdown>\n\n- {a.words()}\n- {a.word()}\n\n</div>",
    lambda a: f"<figure markdown>\n  ![{a.word()}]({target(a, a.picture())})\n  <figcaption>{a.words()}</figcaption>\n</figure>",  # noqa: E501  (one text)
    lambda a: f"## {a.word()} {{ #own-{a.number} }}\n\n[{a.word()}](#own-{a.number})",
    lambda a: f"{a.word()}\n:   {a.words()}",
    lambda a: f"<!-- more -->\n\n{a.word()}",
    lambda a: f"[TOC]\n\n{a.word()}",
    lambda a: f"{a.words()}\n{{: style=\"color: red\" .x }}",
    lambda a: f"*[{a.word()}]: {a.words()}",
]  # fmt: skip


def _yaml_front(by: Author, day: str, **more: str) -> str:
    keys = {"title": f'"{by.words(2, 4)}: it\'s"', "date": day, "tags": "[Go, redis, My SQL, c++]", **more}
    return "---\n" + "".join(f"{key}: {value}\n" for key, value in keys.items()) + "---\n"


def _toml_front(author: Author, day: str) -> str:
    return f"+++\ntitle = \"{author.words(2, 4)}\"\ndate = {day}\ntags = ['Go', 'Redis', 'Linux']\ncategories = [\"Data\"]\n+++\n"  # noqa: E501  (one text)


def _json_front(author: Author, day: str) -> str:
    return f'{{"title": "{author.words(2, 4)}", "date": "{day}", "tags": ["Go", "Redis", "Linux"], "author": "Ada Lovelace"}}\n'  # noqa: E501  (one text)


DAYS = ["2020-01-02", "2020-01-02T03:04:05Z", "2020-01-02 03:04:05 +0200", "2020-01-02T23:30:00-08:00"]
NAMES = ["first", "Second-Post", "third_post", "4-th", "fünf"]


def blog(system: str, count: int, seed: int = 1) -> tuple[dict[str, str | bytes], dict[str, list[str]]]:
    """The files of a blog of *system* with *count* posts, and the words of each post by its path."""
    files: dict[str, str | bytes] = {}
    words: dict[str, list[str]] = {}
    names = [NAMES[number] if number < len(NAMES) else f"post-{number}" for number in range(count)]
    for number, name in enumerate(names):
        author = Author(random.Random(f"{system} {seed} {number}"), number, others=names[:40])
        day = author.chance.choice(DAYS)
        path, text = _POSTS[system](author, name, day)
        files[path] = text
        words[path] = [word for word in author.said if word in text]  # of several wordings, one was chosen
        folder = path.rpartition("/")[0]
        files |= {f"{folder}/{picture}": data for picture, data in author.pictures.items()}
    return {**files, **_SETTINGS[system]}, words


def _hugo(author: Author, name: str, day: str) -> tuple[str, str]:
    toml = day.replace("T", " ") if " +" not in day else day.replace(" +0200", "+02:00")
    front = author.chance.choice([
        lambda: _yaml_front(author, day, author="Ada Lovelace"), lambda: _toml_front(author, toml),
        lambda: _json_front(author, day)])()  # fmt: skip
    return f"content/blog/{name}.md", front + body(author, HUGO_INLINE, HUGO_BLOCKS)


def _jekyll(author: Author, name: str, day: str) -> tuple[str, str]:
    front = _yaml_front(author, day, layout="post", author="ada", tags="go redis linux")
    return f"_posts/2020-01-02-{name}.md", front + body(author, JEKYLL_INLINE, JEKYLL_BLOCKS)


def _docusaurus(author: Author, name: str, day: str) -> tuple[str, str]:
    front = _yaml_front(author, day, authors="[ada]")
    return f"blog/2020-01-02-{name}.mdx", front + body(author, DOCUSAURUS_INLINE, DOCUSAURUS_BLOCKS)


def _material(author: Author, name: str, day: str) -> tuple[str, str]:
    front = _yaml_front(author, f"\n  created: {day}", authors="[ada]", categories="[Data]")
    return f"docs/blog/posts/{name}.md", front + body(author, MKDOCS_INLINE, MKDOCS_BLOCKS)


def _mkdocs(author: Author, name: str, day: str) -> tuple[str, str]:
    front = _yaml_front(author, day, author="Ada Lovelace")
    return f"docs/posts/{name}.md", front + body(author, MKDOCS_INLINE, MKDOCS_BLOCKS)


_POSTS = {"hugo": _hugo, "jekyll": _jekyll, "docusaurus": _docusaurus, "material": _material, "mkdocs": _mkdocs}
_MKDOCS_CONFIG = """\
site_name: Old
site_url: https://old.example/
markdown_extensions:
  - admonition
  - attr_list
  - pymdownx.mark
  - pymdownx.caret
  - pymdownx.tilde
  - pymdownx.snippets
  - pymdownx.emoji:
      emoji_index: !!python/name:material.extensions.emoji.twemoji
plugins:
  - search
  - blog
"""
_SETTINGS: dict[str, dict[str, str | bytes]] = {
    "hugo": {"hugo.toml": 'baseURL = "https://old.example/"\n[permalinks]\nblog = "/blog/:slugorfilename/"\n'},
    "jekyll": {
        "_config.yml": "url: https://old.example\nbaseurl: ''\npermalink: /:year/:month/:day/:title.html\n",
        "_data/authors.yml": "ada:\n  name: Ada Lovelace\n  url: https://example.org/\n",
        "_includes/plain.md": "Included words.\n",
    },
    "docusaurus": {
        "docusaurus.config.js": "module.exports = {\n  url: 'https://old.example',\n  baseUrl: '/',\n  presets: [],\n};\n",  # noqa: E501  (one text)
        "blog/authors.yml": "ada:\n  name: Ada Lovelace\n  title: Engineer\n  url: https://example.org/\n",
    },
    "material": {
        "mkdocs.yml": _MKDOCS_CONFIG, "docs/part.txt": "Included words.\n",
        "docs/blog/.authors.yml": "authors:\n  ada:\n    name: Ada Lovelace\n    description: Engineer\n    avatar: x.png\n",  # noqa: E501  (one text)
    },
    "mkdocs": {"mkdocs.yml": _MKDOCS_CONFIG, "docs/part.txt": "Included words.\n"},
}  # fmt: skip
