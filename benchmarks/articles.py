"""Generated articles: about 4,000 words and ten code blocks each, the same on every machine.

Article *n* depends on the seed and on *n* alone, so the first 23 of 1,000 are the 23.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from benchmarks.counted import MARK
from benchmarks.snippets import code_block, languages
from benchmarks.vocabulary import Vocabulary

SEED = 20261123
NEWEST = date(2026, 11, 20)
DAYS_BETWEEN = 3
SECTIONS = 10
WORDS_PER_SECTION = 415

CATEGORIES = {
    "System Design": ("Architecture Decisions", "Capacity", "Interfaces"),
    "Real Problems": ("Production Incidents", "Performance", "Data Loss"),
    "Database": ("Picking the Right DB", "Storage", "Replication"),
    "Networking": ("Transport", "Load Balancing", "Names"),
    "Operations": ("Deployment", "Observability", "Recovery"),
}
TAGS = (
    "PostgreSQL", "MySQL", "MariaDB", "InnoDB", "Redis", "SQLite", "Kafka", "RabbitMQ", "Kubernetes", "Docker",
    "Linux", "Go", "Rust", "Python", "JavaScript", "TypeScript", "Java", "Erlang", "gRPC", "HTTP", "TLS", "TCP",
    "DNS", "BGP", "eBPF", "NGINX", "Envoy", "HAProxy", "Prometheus", "Grafana", "OpenTelemetry", "Terraform",
    "Ansible", "Caching", "Indexing", "Sharding", "Locking", "Backups", "Migrations", "Signals",
)  # fmt: skip
ACCENTS = ("indigo", "vermilion", "teal", "amber", "violet")


@dataclass(frozen=True, slots=True)
class Post:
    """One generated article, without the front matter that depends on the engine."""

    number: int
    slug: str
    title: str
    description: str
    day: date
    category: str
    subcategory: str
    tags: tuple[str, ...]
    lead: str
    """The first paragraph."""
    body: str
    """The rest, with ``{link:<number>}`` where another article is linked."""

    def text(self, address: Callable[[int], str], *, after_lead: str = "") -> str:
        """The Markdown, links to other articles made by *address* (number to link target)."""
        text = f"{self.lead}\n\n{after_lead}{self.body}"
        for other in _linked(self.number):
            text = text.replace(f"{{link:{other}}}", address(other))
        return text


def generate(count: int, seed: int = SEED) -> Iterator[Post]:
    """*count* articles, newest first."""
    vocabulary = Vocabulary(Random(f"{seed}:vocabulary"))
    for number in range(count):
        yield _post(number, Random(f"{seed}:{number}"), vocabulary)


def slug_of(number: int) -> str:
    """The slug of article *number*."""
    return f"article-{number:04d}"


def _linked(number: int) -> tuple[int, ...]:
    return tuple(sorted({number - 1, number // 2} - {-1, number}))


def _post(number: int, random: Random, vocabulary: Vocabulary) -> Post:
    writer = _Writer(number, random, vocabulary)
    category = random.choice(list(CATEGORIES))
    return Post(
        number=number,
        slug=slug_of(number),
        title=f"{writer.title(random.randint(5, 10))} ({number})",
        description=" ".join(writer.sentence(plain=True) for _ in range(4))[:850],
        day=NEWEST - timedelta(days=number * DAYS_BETWEEN),
        category=category,
        subcategory=random.choice(CATEGORIES[category]),
        tags=tuple(random.sample(TAGS, random.randint(3, 6))),
        lead=writer.paragraph(60),
        body=writer.body(),
    )


class _Writer:
    """Writes the Markdown of one article."""

    def __init__(self, number: int, random: Random, vocabulary: Vocabulary) -> None:
        self._number = number
        self._random = random
        self._vocabulary = vocabulary
        self._topic = vocabulary.topic(random)
        self._footnotes: list[str] = []
        self._links = [f"{{link:{other}}}" for other in _linked(number)]
        self._words = 0

    def body(self) -> str:
        parts: list[str] = []
        shown = self._random.sample(languages(), SECTIONS)
        for section, language in enumerate(shown):
            parts.extend(self._section(section, language))
        parts.append("## Sources")
        parts.append("\n".join(self._footnotes))
        return "\n\n".join(parts) + "\n"

    def _section(self, section: int, language: str) -> Iterator[str]:
        start = self._words
        yield f"## {self.title(self._random.randint(2, 6))}"
        yield self.paragraph(80)
        yield code_block(self._random, self._vocabulary, language, f"lab/{self._vocabulary.identifier(self._random)}")
        yield self.paragraph(60)
        if section in {2, 6}:
            yield self._table()
        elif section in {4, 8}:
            yield self._admonition()
        else:
            yield self._list(ordered=section % 3 == 0)
        yield f"### {self.title(self._random.randint(2, 5))}"
        while self._words - start < WORDS_PER_SECTION - 40:
            yield self.paragraph(min(90, WORDS_PER_SECTION - (self._words - start)))

    def title(self, words: int) -> str:
        return " ".join(self._draw(words)).capitalize()

    def paragraph(self, words: int) -> str:
        sentences = []
        end = self._words + words
        while self._words < end:
            sentences.append(self.sentence())
        if self._random.random() < 0.5:
            label = f"source-{len(self._footnotes)}"
            sentences[-1] += f"[^{label}]"
            address = f"https://example.org/{MARK if not self._footnotes else 'source-'}{self._number:04d}"
            self._footnotes.append(f"[^{label}]: {self.sentence(plain=True)} <{address}>")
        return " ".join(sentences)

    def sentence(self, *, plain: bool = False) -> str:
        words = self._draw(max(4, round(self._random.gauss(16, 6))))
        words[0] = words[0].capitalize()
        for index in range(4, len(words) - 2, 7):
            words[index] += self._random.choice(("", "", ",", ",", ";", ":"))
        if not plain:
            self._mark_up(words)
        return " ".join(words) + "."

    def _mark_up(self, words: list[str]) -> None:
        """Inline elements about as often as real articles have them: each in one sentence of a few."""
        chance = self._random.random()
        at = self._random.randrange(1, len(words) - 1)
        if chance < 0.30:
            words[at] = f"`{self._vocabulary.identifier(self._random)}`"
        elif chance < 0.36:
            words[at] = f"[{words[at]} {words[at + 1]}](https://example.org/{words[at].strip(',;:')})"
            del words[at + 1]
        elif chance < 0.40:
            words[at] = f"*{words[at]}*"
        elif chance < 0.44:
            words[at] = f"**{words[at]}**"
        elif self._links and chance > 0.9:
            words[at] = f"[{words[at]}]({self._links.pop()})"

    def _list(self, *, ordered: bool) -> str:
        marks = (f"{number}. " if ordered else "- " for number in range(1, self._random.randint(4, 6)))
        return "\n".join(mark + self.sentence() for mark in marks)

    def _table(self) -> str:
        rows = [self._draw(4) for _ in range(7)]
        cells = [[*row[:3], str(self._random.randrange(10_000))] for row in rows[1:]]
        return "\n".join(f"| {' | '.join(row)} |" for row in [rows[0], ["---"] * 3 + ["--:"], *cells])

    def _admonition(self) -> str:
        return f'!!! note "{self.title(4)}"\n    {self.sentence()} {self.sentence()}'

    def _draw(self, count: int) -> list[str]:
        self._words += count
        return self._vocabulary.draw(self._random, count, self._topic)


def quoted(text: str) -> str:
    """*text* as a YAML scalar."""
    return json.dumps(text, ensure_ascii=False)
