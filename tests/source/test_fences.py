"""The first line of a fence is read once: the language, the title, and what the renderer is told about both."""

from __future__ import annotations

import re
import time
from html import unescape

import pytest
from engblog.source.fences import Info, read_info
from support.rendered import rendered

READ = [
    ("", Info()),
    ("python", Info("python", "", "python")),
    ("  python\t", Info("python", "", "python")),
    (".python", Info("python", "", "python")),
    ("PYTHON", Info("PYTHON", "", "PYTHON")),
    ("c++", Info("c++", "", "c++")),
    ("f#", Info("f#", "", "f#")),
    ("objective-c", Info("objective-c", "", "objective-c")),
    ("redis.conf", Info("redis.conf", "", "redis.conf")),
    # Options, in any order and with either quotation mark.
    ('python title="a b.py"', Info("python", "a b.py", 'python title="a b.py"')),
    ("python title='say \"a\"'", Info("python", 'say "a"', "python title='say \"a\"'")),
    ('python  title = "x"', Info("python", "x", 'python title="x"')),
    ('python title="{x} `y` [z]"', Info("python", "{x} `y` [z]", 'python title="{x} `y` [z]"')),
    ('python title=""', Info("python", "", 'python title=""')),
    (
        'python hl_lines="1 3-5" linenums="1 2" title="x"',
        Info("python", "x", 'python hl_lines="1 3-5" linenums="1 2" title="x"'),
    ),
    ('title="x"', Info("", "x", 'text title="x"')),
    # Other words say nothing to a reader, here as on GitHub.
    ("python # the old way", Info("python", "", "python")),
    ("python showLineNumbers", Info("python", "", "python")),
    ('sh title="x" $ ls', Info("sh", "x", 'sh title="x"')),
    ("rust,no_run", Info("rust", "", "rust")),
    ("python:src/a.py", Info("python", "", "python")),
    ("no-such-language", Info("no-such-language", "", "no-such-language")),
    # A place in a file is no language.
    ("12:15:src/main.rs", Info()),
    ("src/main.rs", Info()),
    ("`x", Info()),
    ("=x", Info()),
    # A list of attributes, which the renderer reads by itself.
    ("{.python}", Info("python", "", "{.python}")),
    ('{ .python title="a b" linenums="1" }', Info("python", "a b", '{ .python title="a b" linenums="1" }')),
    ("{.python title=a hl_lines='1 3'}", Info("python", "a", "{.python title=a hl_lines='1 3'}")),
]
REFUSED = [
    # The words of other sites for what has a name here.
    ('js filename="a.js"', '“filename="a.js"” is not an option of code', 'write title="a.js"'),
    ("js Caption='a b'", "“Caption='a b'” is not an option of code", 'write title="a b"'),
    ("js title=a.js", "“title=a.js” is not an option of code", 'write title="a.js"'),
    ("js title=", "“title=” is not an option of code", 'write title="…"'),
    ("js title", "“title” has no value", 'write title="…"'),
    ("js linenums", "“linenums” has no value", 'write linenums="1"'),
    ("js linenums=1", "“linenums=1” is not an option of code", 'write linenums="1"'),
    ("js highlight={1,3-5}", "“highlight={1,3-5}” names no lines", 'write hl_lines="1 3-5"'),
    ("js highlight={1-3}", "“highlight={1-3}” is not an option of code", 'write hl_lines="1-3"'),
    ("js {1,3-5}", "“{1,3-5}” means nothing here", 'write hl_lines="1 3-5"'),
    # Options whose values cannot be read.
    ('js hl_lines="1,3"', '“hl_lines="1,3"” names no lines', 'write hl_lines="1 3"'),
    ('js hl_lines="all"', '“hl_lines="all"” names no lines', 'write hl_lines="1 3-5"'),
    ('js linenums="1 2 3 4"', '“linenums="1 2 3 4"” names no lines', 'write linenums="1"'),
    # Options that do not exist.
    ('js theme="dark"', '“theme="dark"” is not an option of code', "remove it; the options are title="),
    ("key=value", "“key=value” is not an option of code", "remove it; the options are title="),
    ('js title="a" theme=dark', "“theme=dark” is not an option of code", "remove it; the options are title="),
    ('js {hl_lines="1" title="v2"}', '“{hl_lines="1" title="v2"}” means nothing here', 'write hl_lines="1" title="v2"'),
    ("js {.wide}", "“{.wide}” means nothing here", "the options are title="),
    # Lists of attributes that the renderer would show as text.
    ("{}", "“{}” cannot be read", "write ``` or ```python title="),
    ("{#id}", "“{#id}” cannot be read", "write ``` or ```python title="),
    ("{.python #id title=a}", "“{.python #id title=a}” cannot be read", "write ```python or ```python title="),
    ("{.python .skip}", "“{.python .skip}” cannot be read", "write ```python or ```python title="),
    ("{python}", "“{python}” cannot be read", "write ```python or ```python title="),
    ("{.python", "“{.python” cannot be read", "write ```python or ```python title="),
    ("{.python title}", "“{.python title}” cannot be read", "write ```python or ```python title="),
    ("{.python} x", "“{.python} x” cannot be read", "write ```python or ```python title="),
    ('{.python theme="dark"}', '“{.python theme="dark"}” cannot be read', "write ```python or ```python title="),
    ('{.python hl_lines="all"}', '“{.python hl_lines="all"}” cannot be read', "write ```python or ```python title="),
]


@pytest.mark.parametrize(("text", "info"), READ)
def test_the_first_line_of_a_fence_is_read(text: str, info: Info) -> None:
    assert read_info(text) == info


@pytest.mark.parametrize(("text", "message", "hint"), REFUSED)
def test_what_means_nothing_in_it_is_refused_with_what_to_write(text: str, message: str, hint: str) -> None:
    info = read_info(text)
    assert info.problem == message
    assert info.hint.startswith(hint)


@pytest.mark.parametrize("text", [text for text, *_ in [*READ, *REFUSED]])
def test_the_renderer_knows_what_is_written_for_it(text: str) -> None:
    info = read_info(text)
    html = rendered(f"~~~{info.written}\nx\n~~~\n")
    assert len(re.findall("<pre>", html)) == 1, html
    titles = [unescape(title) for title in re.findall('<span class="filename">(.*?)</span>', html)]
    assert titles == ([info.title] if info.title else [])


@pytest.mark.parametrize("hint", [hint for *_, hint in REFUSED if hint.startswith("write ") and "`" not in hint])
def test_what_a_hint_says_to_write_can_be_read(hint: str) -> None:
    assert read_info(f"js {hint.removeprefix('write ')}").problem == ""


@pytest.mark.parametrize("text", ["{" * 20_000, "a=" * 20_000, 'a="' * 20_000, "{.a " * 20_000, "x " * 40_000])
def test_a_long_line_takes_time_in_proportion(text: str) -> None:
    start = time.process_time()
    read_info(text)
    assert time.process_time() - start < 3
