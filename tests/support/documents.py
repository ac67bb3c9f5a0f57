"""Documents of Markdown that people might write, made by chance: each word of one is a word of its own."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from random import Random

from hypothesis import strategies as st

# Each {} becomes a new word.
_INLINE = [
    "{}", "{} {}", "*{}*", "**{}**", "`{}`", "[{}](https://a.example/b)", "~~{}~~", "~{}~", "{}\\*{}", "`` {} ` ``",
    "*{} `{}`*", "**{}**{}", "_{}_", "{}_{}_{}", "#{}", "{} # {}", "1. {}", "- {}", "> {}", "{}  \n{}", "{}\\\n{}",
    "{}\n{}", "![{}](x.png)", "a < b", "a & b", "&lt;{}&gt;", "{}|{}", "[{}]", "[{}] {}", "\\#{}", "\\[{}]", "{}: {}",
    "$ {}", "https://{}.example", "<https://{}.example>", "{}*{}*{}", "**{}", "*{}", "{}*", "`{}", "{}!",
    "!!{}", "{} + {}",
    "+ {}", "* {}", "=== {}", "--- {}", "{}\n    {}", "{}\n# {}", "{}\n- {}", "{}\n1. {}", "{}\n2. {}", "{}\n> {}",
    "{}\n---", "{}\n===", "{}\n```\n{}\n```", "{}<br>{}", "<b>{}</b>", "<kbd>{}</kbd>", "[{}](<a b> \"t\")",
    "[{}](a(b)c)",
    "***{}***", "**{} *{}***", "{}**{}**{}", "'{}'", "\"{}\"", "\\{}", "`\\`{}", "{}\t{}", "[x] {}", "[ ] {}", "{}^2^",
    "=={}==", "--{}", "...", "(c)", ":{}:", "@{}", "\\\\{}", "*{}\n{}*", "_{} {}_", "**{}**: {}", "{}>", "<!-- {} -->",
    "Vec<{}, {}>", "<{}", "Vec<{}>", "{}\n#{} {}", "C{}#", "` {}`{}", "[{}][r]", "[r]", "[`{}`][r]", "{{}}", "{% {} %}",
]  # fmt: skip
_HTML = [
    "<div>{}</div>", "<details>\n<summary>{}</summary>\n\n{} **{}**\n\n</details>", "<!-- {} -->", "<p>{}</p>",
    "<div>\n\n- {}\n\n</div>", "<blockquote>\n{}\n</blockquote>", "<table><tr><td>{}</td></tr></table>", "</div>",
    "<div>\n\n{}",
]  # fmt: skip
_INFOS = [
    "",
    " py",
    "python",
    "rust,ignore",
    "text title",
    "go run",
    'python title="a.py"',
    "js {1}",
    "python title=a.py",
]


class _Author:
    def __init__(self, random: Random) -> None:
        self._random = random
        self._number = itertools.count(1)
        self.one: Callable[[list[str]], str] = random.choice

    def words(self, pattern: str) -> str:
        while "{}" in pattern:
            pattern = pattern.replace("{}", f"w{next(self._number)}", 1)
        return pattern

    def line(self) -> str:
        parts = [self.words(self.one(_INLINE)) for _ in range(self._random.randint(1, 3))]
        return self.one([" ", "", " ", "  "]).join(parts)

    def document(self, depth: int = 0, count: int = 0) -> str:
        joint = self.one(["\n\n", "\n\n", "\n"])
        return joint.join(self.block(depth) for _ in range(count or self._random.randint(1, 4)))

    def block(self, depth: int) -> str:
        kinds = [self.line, self.line, self.heading, self.fence]
        if depth < 3:
            kinds += [self.setext, self.code, self.table, self.rule, self.html]
            kinds += [lambda: self.quotation(depth), *[lambda: self.items(depth)] * 4]
        return self._random.choice(kinds)()

    def heading(self) -> str:
        return (
            f"{self.one(['##', '###', '####'])} {self.line().partition(chr(10))[0]}{self.one(['', ' ##', ' #', '#'])}"
        )

    def setext(self) -> str:
        return f"{self.line()}\n{self.one(['---', '===', '-', '----  '])}"

    def fence(self) -> str:
        marks = self.one(["```", "~~~", "````"])
        inside = self.one(["{}", "# {}", "- {}\n\n  {}", "    {}", "<b>{}", "\t{}", "{}\n\n\n{}"])
        return f"{marks}{self.one(_INFOS)}\n{self.words(inside)}\n{marks}"

    def code(self) -> str:
        return _indented(self.words(self.one(["{}", "{}\n{}", "{}\n\n{}", "{}\n  # {}", "<img src={}>"])), 4)

    def quotation(self, depth: int) -> str:
        return "\n".join(f"{self.one(['> ', '> ', '>'])}{line}" for line in self.document(depth + 1, 2).split("\n"))

    def table(self) -> str:
        width = self._random.randint(1, 3)
        cells = ["{}", "`{}`", "**{}**", "", "`{} \\| {}`", "{} \\| {}", "[{}](a)"]
        rows = [[self.words(self.one(cells)) for _ in range(width)] for _ in range(self._random.randint(2, 3))]
        lines = [f"| {' | '.join(row)} |" for row in rows]
        return "\n".join([lines[0], f"|{'---|' * width}", *lines[1:]])

    def rule(self) -> str:
        return self.one(["---", "***", "* * *", "___"])

    def html(self) -> str:
        return self.words(self.one(_HTML))

    def items(self, depth: int) -> str:
        items = []
        bullet, start, sign = (
            self.one(["- ", "- ", "* ", "+ "]),
            self._random.choice([1, 1, 3]),
            self.one([".", ".", ")"]),
        )
        is_numbered = self._random.random() < 0.5
        for index in range(self._random.randint(1, 3)):
            marker = f"{start + index}{sign} " if is_numbered else bullet
            text = (
                self.document(depth + 1, self._random.choice([1, 1, 2])) if self._random.random() < 0.6 else self.line()
            )
            indent = self._random.choice([len(marker), len(marker), len(marker), 4])
            items.append(_indented(text, indent, marker.ljust(indent) if self._random.random() < 0.2 else marker))
        return self.one(["\n", "\n", "\n\n"]).join(items)


def _indented(text: str, by: int, marker: str | None = None) -> str:
    first, *rest = text.split("\n")
    lead = " " * by if marker is None else marker
    return "\n".join([f"{lead}{first}", *(f"{' ' * by}{line}" if line.strip() else "" for line in rest)])


def documents() -> st.SearchStrategy[str]:
    """Documents of paragraphs, headings, lists, code, quotations, tables and HTML, well and badly formed."""
    return st.randoms(use_true_random=False).map(
        lambda random: f"{_Author(random).document()}\n\n[r]: https://r.example\n"
    )
