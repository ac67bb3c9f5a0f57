"""The texts of the stress site: hostile names, long lines, and an article with every feature."""

from __future__ import annotations

from engblog.source.typography import typographic

LONG = "everything-too-long"
"""The folder of the article that others link to."""

# What readers and editors may write, and a careless template would run.
SCRIPT = "<script>alert(1)</script>"
SITE_NAME = "The \"Stress\" 'n' Strain > Weekly"
"""No & and no <: mkdocs-rss-plugin would write them as they are, and the build refuses them."""
# As readers see them: marks that are set are set already, and empty ones stay as they are typed.
HOSTILE_TITLE = typographic(f"Why {SCRIPT} & \"quotes\" \"\" & 'more' '' <b>are</b> &amp; {{{{ 7 * 7 }}}} text")
HOSTILE_DESCRIPTION = typographic(
    f"\"\"><img src=x onerror=alert(2)> & {SCRIPT} — the description's text, with 'both' \"kinds\" of quotes '', "
    "</p></main><svg onload=alert(3)> and an entity, &lt;, that stays as it was written."
)
HOSTILE_CATEGORY = "Trust & <i>Safety</i>"
HOSTILE_SUBCATEGORY = typographic('Input "Handling" "" <script>')
HOSTILE_TAG = typographic('<b>Tag</b> & "Co" \'n')
HOSTILE_AUTHOR = typographic(f'Robert "Bobby" "" {SCRIPT} O\'Tables')
HOSTILE_SERIES = f"Series <em>of</em> & {SCRIPT}"
HOSTILE_CORRECTION = f"It said </li>{SCRIPT}; it says 1 < 2 && 3 > 2."
HOSTILE_CODE_TITLE = "<script>alert(4)</script> & 'co'.html"
HOSTILE_CLAIM = typographic(f'A claim with {SCRIPT} & "quotes" is text.')
HOSTILE_NOTE = typographic(f"the note, with </td>{SCRIPT} & 'quotes'")

TAG_OF_30 = "Write-Amplification-In-LSMTree"
TITLE_OF_140 = (
    "How pg_stat_progress_create_index_concurrently_and_friends Mislead the On-Call Engineers Who Have Seven Minutes "
    "Left To Decide on a Failover"
)
DESCRIPTION_OF_900 = (
    "A description as long as the rules allow, because somebody will write one. " * 10
    + "It ends with one identifier that has no place to break: max_standby_streaming_delay_and_what_follows"
).ljust(900, "…")
RTL_TITLE = "لماذا تكذب قواعد البيانات عند fsync()؟"
RTL_DESCRIPTION = (
    "وصف المقالة باللغة العربية: ما الذي يحدث عندما تفشل الكتابة إلى القرص، ولماذا لا تعرف قاعدة البيانات."
)
CJK_TITLE = "数据库在你看不见的时候做了什么：关于持久性、复制与故障转移的一次深入调查"
CJK_DESCRIPTION = (
    "这篇文章说明当磁盘写入失败时数据库会做什么，为什么应用程序往往不知道，以及在星期一早上应该先检查哪些设置。"
    "最后给出一张清单，说明每一个设置的代价，以及怎样知道它真的生效了，而不是看起来生效了。"
)
CODE_LINE_OF_160 = f"result = {'accumulate_everything(' * 6}0{')' * 6}"
CODE_LINE_OF_160 += "  # " + "x" * (156 - len(CODE_LINE_OF_160))

SERVER_PY = f'''\
"""A server's way out, in a few lines."""

import signal

WIDE = "{"wide " * 30}"  # wider than any screen


# --8<-- [start:drain]
def drain(server, seconds):
    """Stop accepting, then wait for what is in flight."""
    server.close()
    if not server.wait(seconds):
        raise TimeoutError(f"still busy after {{seconds}} s & counting: <{{server}}>")
# --8<-- [end:drain]


signal.signal(signal.SIGTERM, lambda *_: drain(None, 30))
'''
DRAIN = SERVER_PY.partition("# --8<-- [start:drain]\n")[2].partition("# --8<-- [end:drain]")[0].rstrip("\n")
"""What the page shows of ``lab/server.py``."""

REFUSAL = (
    "ERROR 1452 (23000): Cannot add or update a child row: a foreign key constraint fails (`test`.`receipts`, "
    "CONSTRAINT `receipt_of` FOREIGN KEY (`event_id`) REFERENCES `events_old` (`id`))"
)
"""What a server said: longer than a line, and with marks that Markdown and HTML know."""
NOT_ON_14 = "AssertionError: assert 812.0 < 100 # <b>waited & waited</b>"

TEST_PY = '''\
"""The claims of the article."""

import pytest


def test_a_drained_server_loses_nothing():
    """A server that drains before it exits answers every request that it accepted."""
    assert True


def test_hostile_claims_are_text():
    """A claim with markup is text."""
    assert True


@pytest.mark.fails_when("`drain` is off and clients <b>do not</b> wait", assertion="longest < 100", drain="off")
@pytest.mark.fails_when("the table has no index", assertion="longest < 100", index=None)
# --8<-- [start:pause]
def test_the_pause_stays_short(start_postgresql, record, drain="on", index="events_by_day"):
    """The longest pause of a client stays below 100 ms while `VACUUM` runs, with 2 < 3 & "quotes"."""
    server = start_postgresql(drain=drain)
    longest = max(server.pauses(index, seconds_to_watch_the_server_under_load=30, clients_that_ask_all_the_time=64))
    record.samples("pause", [12.1, 14.0, 11.8, 13.2, 98.7], unit="ms", note="longest pause of a client")
    assert longest < 100
# --8<-- [end:pause]


def test_a_child_of_nobody_is_refused(start_postgresql, record):
    """A row without its parent is refused, and the message names the constraint."""
    record.number("refusal", start_postgresql().insert(), note="what the server answers")


class TestMore:
    def test_nobody_mentions_this(self):
        """A test that the text does not mention is listed behind the others."""
        assert True
'''

SESSION = """\
$ redis-cli --latency -h 127.0.0.1
min: 0, max: 1, avg: 0.19 (1021 samples)
$ kill -TERM 1
"""
SESSION_WITHOUT_PROMPTS = SESSION.replace("$ ", "").rstrip("\n")

NUMBERED = "first = 1\nsecond = 2\nthird = first + second"

DIAGRAM = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 360">
  <title>Requests drain before the process ends</title>
  <desc>A client sends to a balancer; the balancer stops sending to a server that has failed its probe.</desc>
  <defs>
    <marker id="arrow" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8" orient="auto">
      <path class="a-ink" d="M0 0 10 5 0 10z"/>
    </marker>
  </defs>
  <rect class="f-paper s-ink" x="10" y="20" width="160" height="70"/>
  <text class="t-ink strong" x="90" y="60" text-anchor="middle">Client</text>
  <rect class="f-soft s-muted" x="280" y="20" width="160" height="70"/>
  <text class="t-muted" x="360" y="60" text-anchor="middle">Balancer</text>
  <rect class="f-accent s-accent" x="550" y="20" width="160" height="70"/>
  <text class="t-accent" x="630" y="60" text-anchor="middle">Server</text>
  <line class="s-ink" x1="170" y1="55" x2="280" y2="55" marker-end="url(#arrow)"/>
  <line class="s-ink dash" x1="440" y1="55" x2="550" y2="55" marker-end="url(#arrow)"/>
  <rect class="f-bad s-bad" x="10" y="150" width="320" height="80"/>
  <text class="t-bad mono" x="170" y="195" text-anchor="middle">ECONNRESET</text>
  <rect class="f-good s-good" x="390" y="150" width="320" height="80"/>
  <text class="t-good small" x="550" y="195" text-anchor="middle">200 OK, then the end</text>
</svg>
"""

FEATURES_BODY = f"""\
The opening says what broke. A drained server answered all it accepted{{claim:test_a_drained_server_loses_nothing}} in
{{lab:drain_time}}, and the second figure was {{lab:hostile}}{{claim:test_hostile_claims_are_text}}. A footnote stands
here[^manual] and one more there[^rfc]. The abbreviation HTML is explained.

*[HTML]: HyperText Markup Language

## Code

A block from the lab, by its section:

```python title="lab/server.py"
--8<-- "lab/server.py:drain"
```

A line of 160 characters {{given:the width of this line}}, which scrolls in a box of its own:

```python title="too_wide.py"
{CODE_LINE_OF_160}
short = 1
```

A block without a title, with a marked line:

```go hl_lines="2"
func main() {{
	os.Exit(run(context.Background())) // a tab in the source
}}
```

Numbered lines:

```python title="numbered.py" linenums="1"
{NUMBERED}
```

A session:

```console title="a terminal"
{SESSION}```

A file's change:

```diff title="redis.conf"
- hz 10
+ hz 100
  maxmemory 100mb
```

Plain text:

```text
one  two   three
```

Inline: `redis-cli --bigkeys`, with colour `#!python print("a" + 'b')`, and a long one,
`terminationGracePeriodSeconds_and_preStop_together_must_fit_within_the_kubelet_s_patience_of_30_seconds`.

## Two languages

=== "Go"

    ```go title="main.go"
    signal.Notify(stop, syscall.SIGTERM)
    ```

=== "Node"

    ```javascript title="main.mjs"
    process.on("SIGTERM", () => server.close());
    ```

Again, to see that both sets change together:

=== "Go"

    Go waits for `Shutdown`.

=== "Node"

    Node waits for `close`.

Seven of them:

=== "One"
    First.
=== "Two"
    Second.
=== "Three"
    Third.
=== "Four"
    Fourth.
=== "Five"
    Fifth.
=== "Six"
    Sixth.
=== "Seven"
    Seventh.

## Remarks

!!! note "A note"
    With a [link to another article](../{LONG}/index.md) and `code`.

!!! tip
    Without a title of its own.

!!! warning "A warning"
    - with a list
    - of two

!!! danger "A danger"
    Beyond this point data is lost.

??? note "Folded, and opened by a press"
    What was folded.

    ```sql
    EXPLAIN ANALYZE TABLE "orders", 'it''s' -- a comment
    WHERE 1 <> 2.5e3 AND NULL IS NOT NULL;
    ```

???+ tip "Folded, but open at first"
    What was open.

## One in another

=== "Outer one"
    Outer first.
=== "Outer two"
    Outer second.

    === "Inner one"
        Inner first.
    === "Inner two"
        ??? note "A fold in a tab in a tab"
            Here lies what is hidden: the **innermost** text.

## Lists

1. One
    1. One, one
        1. One, one, one
            - and a dash
            - and another, with a long word: pneumonoultramicroscopicsilicovolcanoconiosis
2. Two

    A paragraph within, and code:

    ```yaml
    key: [value, "quoted", 1, true, null]  # a comment
    ```

3. Three

And what is left:

- [x] done
- [ ] to do, with `code`
    - [x] nested

Write-ahead log
:   A file to which a change is written before it is made.

Checkpoint
:   The moment from which replay starts.

    With a second paragraph.

Press ++ctrl+c++ or ++cmd+shift+enter++.

> A quotation of two lines,
> with *emphasis*, **strength** and ***both***.

---

## A table that is too wide

| One | Two | Three | Four | Five | Six | Seven | Eight |
|:----|:---:|------:|------|------|-----|-------|-------|
| `innodb_flush_log_at_trx_commit` | 1 | 1,234.5 | durable at commit | group commit | fsync | yes | the default |
| `synchronous_commit` | on | 9 | durable at commit | `remote_apply` | fdatasync | yes | the default |

## What was measured

A paragraph before the one that matters. It has a number that nothing verifies, {{lab:drain_time}}, and a link to
[what took {{lab:drain_time}}](../everything-too-long/index.md). While `VACUUM` runs, the longest pause was
{{lab:pause.median}} ({{lab:pause.range}} in {{lab:pause.runs}} runs), and never more than {{lab:pause.worst}}.
{{claim:test_the_pause_stays_short not on PostgreSQL 14}} The next sentence is not verified, and fills the line, so
that the mark stands inside of a paragraph that goes on for a while.

A child without its parent is refused: {{lab:refusal}}. {{claim:test_a_child_of_nobody_is_refused}}

| A row of a table | and what it says |
|---|---|
| on 14.19 {{claim:test_the_pause_stays_short not on PostgreSQL 14.19}} | a pause |
| two claims {{claim:test_a_drained_server_loses_nothing}} | {{lab:pause.min}} {{claim:test_hostile_claims_are_text}} |
| with a message | {{lab:refusal}} |

![A pause grows with the clients, and nine times as fast without an index](chart:by_clients "Its caption.")

- An item of a list that is verified.{{claim:test_a_drained_server_loses_nothing}}

## Pictures

![A chart that falls from left to right](chart.png "A picture, wider than the column.")

![The way of a request](drain.svg "A diagram with every class that CONTRIBUTING.md lists.")

The same again, so that its ids must differ:

![The way of a request, once more](drain.svg)

A small one in the text: ![a dot](dot.png).

## Contents

A heading whose id the page might want for itself, as with the next three.

### Content

### Related

### Corrections

### A heading of the third level & an ampersand

Text below it.

#### A heading of the fourth level

Text below it.

## A heading with `code` & &lt;signs&gt; that is long enough to need two lines in the contents

It goes on. {"Words that fill a screen, so that the contents have something to follow. " * 40}

## The last section

{"More words that fill a screen, so that the last heading can reach the top of the window. " * 40}

<div lang="en" markdown>
A block of HTML with *Markdown* in it.
</div>

## Sources

[^manual]: The manual, [chapter 19](https://www.postgresql.org/docs/15/server-shutdown.html), and a very long address:
    <https://www.rfc-editor.org/rfc/rfc9110.html#name-connection-close-and-a-fragment-that-does-not-end-for-a-while>.
[^rfc]: RFC 9110, with a second paragraph.

    The second paragraph.
"""

HOSTILE_BODY = f"""\
Text with `{SCRIPT}` in code, and &lt;script> without.

## A heading with `</h2>{SCRIPT}` & more

```html title="{HOSTILE_CODE_TITLE}"
{SCRIPT}
<img src=x onerror="alert(5)">
```

![An alternative with <b>markup</b> & "quotes"](dot.png "A caption with <b>markup</b> & an onerror=alert(6).")
"""

RTL_BODY = """\
قواعد البيانات تعد بأن ما كُتب قد كُتب. لكن `fsync()` قد يفشل، ولا أحد يخبرك.
{: dir="rtl" }

## ما الذي حدث {: dir="rtl" }

```python title="قاعدة.py"
اسم = "مرحبا"  # تعليق
```

English between: the kernel may drop the dirty pages, and a second call returns success.
"""

CJK_BODY = """\
数据库承诺写入的内容已经写入。但是当磁盘出错时，事情并非如此。日本語の文章もここにあります。한국어도 있습니다.

## 发生了什么

没有空格的长段落必须能够换行，而不会使页面横向滚动，无论窗口有多窄。这句话重复多次，以便填满一整行甚至更多的空间。

```python title="数据.py"
名前 = "値"  # 全角の注釈
```
"""
