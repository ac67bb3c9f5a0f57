"""Code blocks for generated articles: ten languages, ten to twenty lines, no two blocks alike."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from benchmarks.vocabulary import Vocabulary

_Names = Callable[[], str]

LEAST_LINES, MOST_LINES = 10, 20


def code_block(random: Random, vocabulary: Vocabulary, language: str, title: str) -> str:
    """A fence with code in *language*."""

    def name() -> str:
        return vocabulary.identifier(random)

    opening, body, closing = _LANGUAGES[language]
    wanted = random.randint(LEAST_LINES, MOST_LINES) - len(opening) - len(closing)
    lines: list[str] = []
    while len(lines) < wanted:
        lines.append(random.choice(body))
    filled = [_fill(line, name, random) for line in [*opening, *lines, *closing]]
    return "\n".join([f'```{language} title="{title}"', *filled, "```"])


def languages() -> tuple[str, ...]:
    """Every language there is a template for."""
    return tuple(_LANGUAGES)


def _fill(line: str, name: _Names, random: Random) -> str:
    while "@" in line:
        line = line.replace("@", name(), 1)
    while "~" in line:
        line = line.replace("~", str(random.choice((1, 2, 3, 8, 10, 16, 30, 60, 100, 250, 512, 1024, 4096))), 1)
    return line


# Opening lines, lines to draw from, closing lines. `@` becomes a name and `~` a number.
_LANGUAGES: dict[str, tuple[list[str], list[str], list[str]]] = {
    "python": (
        ["import time", "", "", "def @(client, limit: int = ~) -> list[int]:", '    """Return what is left."""'],
        [
            "    @ = client.get('@', default=~)",
            "    for index in range(~):  # one pass for each @",
            "        @ = index * ~ + len(str(index))",
            "    if @ > limit and client.ready:",
            "        raise TimeoutError(f'@ took {limit} ms')",
            "    with client.pipeline() as @:",
            "        @.append({'@': ~, 'at': time.monotonic()})",
            "    @ = sorted(client.keys(), key=lambda key: key[-~:])",
        ],
        ["    return [int(each) for each in client.rows if each]"],
    ),
    "go": (
        ["package main", "", 'import ("context"; "errors"; "time")', "", "func @(ctx context.Context) error {"],
        [
            "\t@ := make(chan int, ~)",
            "\tselect { case <-ctx.Done(): return ctx.Err() // @",
            "\tcase <-time.After(~ * time.Millisecond): }",
            "\tif @ > ~ { return errors.New(`@`) }",
            "\tdefer func() { @(~) }()",
            '\tlog.Printf("%s took %d", "@", ~)',
            "\tfor i := 0; i < ~; i++ { go @(i) }",
        ],
        ["\treturn nil", "}"],
    ),
    "sql": (
        ["-- what is held, and by whom", "BEGIN ISOLATION LEVEL REPEATABLE READ;"],
        [
            "SELECT @, count(*) AS n FROM @ WHERE @ > ~ GROUP BY 1;",
            "UPDATE @ SET @ = @ + ~ WHERE id = ~ RETURNING id;",
            "INSERT INTO @ (@, @) VALUES (~, '@');",
            "CREATE INDEX CONCURRENTLY ON @ (@ DESC) WHERE @ IS NOT NULL;",
            "ALTER TABLE @ ADD COLUMN @ bigint NOT NULL DEFAULT ~;",
            "EXPLAIN (ANALYZE, BUFFERS) SELECT * FROM @ JOIN @ USING (id);",
        ],
        ["COMMIT;"],
    ),
    "bash": (
        ["#!/usr/bin/env bash", "set -euo pipefail", "trap 'echo stopped >&2' TERM INT"],
        [
            'for @ in $(seq ~); do echo "$@" | grep -c "@" || true; done',
            'if [[ "${@:-~}" -gt ~ ]]; then exit ~; fi',
            "curl --silent --max-time ~ http://127.0.0.1:~/@ | jq '.@'  # not the @",
            'kill -TERM "$@" && wait "$@"',
            "export @=~",
            "awk '{ n += $~ } END { print n }' /var/log/@.log",
        ],
        ["echo done"],
    ),
    "javascript": (
        ["import { createServer } from 'node:http';", "", "const @ = new Map();"],
        [
            "const @ = await fetch(`/@/${~}`, { method: 'POST' });",
            "process.on('SIGTERM', () => { @.close(() => process.exit(~)); });",
            "if (@.size >= ~) { throw new RangeError('@'); } // never",
            "setTimeout(() => @.delete('@'), ~);",
            "for (const [key, value] of @) { console.log(key, value ?? ~); }",
            "const @ = (a, b) => a.@ - b.@ || ~;",
        ],
        ["export default createServer((request, response) => response.end('ok'));"],
    ),
    "yaml": (
        ["apiVersion: apps/v1", "kind: Deployment", "metadata:", "  name: @", "spec:"],
        ["  @: ~", "  @: '@'  # at most ~", "  @: [~, ~]", "  @: true", "  @: { @: ~ }", "  # @ is read before @"],
        ["  terminationGracePeriodSeconds: ~"],
    ),
    "c": (
        ["#include <errno.h>", "#include <unistd.h>", "", "static int @(int fd, size_t length)", "{"],
        [
            "    if (write(fd, @, ~) < 0 && errno == EINTR) continue;",
            "    struct @ *@ = calloc(~, sizeof *@);",
            "    for (size_t i = 0; i < ~; i++) @[i] ^= 0x~u; /* @ */",
            "    @->@ = length % ~;",
            "    while (@(fd) == -1) usleep(~);",
            '    fprintf(stderr, "%s: %d\\n", "@", errno);',
        ],
        ["    return fsync(fd);", "}"],
    ),
    "json": (
        ["{", '  "version": ~,'],
        ['  "@": ~,', '  "@": "@",', '  "@": [~, ~, null],', '  "@": {"@": ~, "on": true},'],
        ['  "last": "@"', "}"],
    ),
    "rust": (
        ["use std::collections::BTreeMap;", "", "pub fn @(limit: usize) -> Result<u64, String> {"],
        [
            "    let mut @: BTreeMap<u64, &str> = BTreeMap::new();",
            '    @.insert(~, "@");',
            '    if @.len() > limit { return Err(format!("@: {}", ~)); }',
            "    let @ = (0..~).map(|n| n * ~).sum::<u64>(); // not @",
            "    match @.get(&~) { Some(v) => drop(v), None => {} }",
        ],
        ["    Ok(~)", "}"],
    ),
    "console": (
        ["$ systemctl show @ --property=TimeoutStopUSec"],
        [
            "TimeoutStopUSec=~s",
            "$ redis-cli -p ~ info @",
            "@:~",
            "$ psql -c 'select ~'",
            "(~ rows)",
            "# @ was ~ before",
        ],
        ["$ echo $?", "0"],
    ),
}
