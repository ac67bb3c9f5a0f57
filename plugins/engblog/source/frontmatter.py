"""From the bytes of an article file to its front matter and its body, with every problem noted.

The rules are MkDocs' own (``mkdocs.utils.meta``), so that both see the same body: the file starts with a line ``---``,
and the first following line that is ``---`` or ``...`` ends the front matter. A later ``---``, in a code fence or as a
rule, is text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from engblog.model.problems import Code, Mark, Problems
from engblog.source import marked_yaml
from engblog.source.long_lines import long_line

MAX_BYTES = 300_000
"""A larger article file is refused before it is decoded: an hour of reading is about 100 KB."""

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
"""Like :data:`marked_yaml.CONTROL` without U+0080 to U+009F, which old files contain and pages do not show."""


@dataclass(frozen=True, slots=True)
class Parts:
    """A file taken apart. ``body_line`` is the line of the file on which the body starts."""

    fields: marked_yaml.Mapping | None
    body: str
    body_line: int
    head: str = ""
    """The text of the front matter, which begins on line 2."""


def decode(data: bytes, path: str, problems: Problems) -> str | None:
    """Decode *data* with ``\\n`` line ends and no byte-order mark; None, and a problem, if it is not text."""
    if len(data) > MAX_BYTES:
        message = f"the file is larger than {MAX_BYTES // 1000} kB"  # how much more is not read
        problems.add(Mark(path), Code.S003_TOO_LARGE, message, "split the article, or move data into a separate file")
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # error.object lacks the byte-order mark; everything before the bad byte is UTF-8
        mark = _end_of(_plain_lines(error.object[: error.start].decode("utf-8")), path)
        bad = error.object[error.start]
        problems.add(mark, Code.S001_NOT_UTF8, f"byte 0x{bad:02x} is not UTF-8", "save the file as UTF-8")
        return None
    text = _plain_lines(text)
    control = _CONTROL.search(text)
    if control:
        mark = _end_of(text[: control.start()], path)
        problems.add(mark, Code.S007_CONTROL, f"control character U+{ord(control.group()):04X}", "delete it")
        return None
    if (long := long_line(text, path)) is not None:
        problems.found.append(long)
        return None
    return text


def _plain_lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _end_of(before: str, path: str) -> Mark:
    """The place right after the text *before*."""
    return Mark(path, before.count("\n") + 1, len(before) - before.rfind("\n"))


def split(text: str, path: str, problems: Problems) -> Parts | None:
    """Take *text* apart; None, and a problem, when it has no usable front matter."""
    if not text.strip():
        problems.add(Mark(path), Code.S002_EMPTY, "the file is empty", "`engblog new TITLE` writes a skeleton")
        return None
    lines = text.split("\n")
    if lines[0].rstrip(" \t") != "---":
        hint = "start the file with a line ---, the keys `title:`, `description:`, …, and a second line ---"
        problems.add(Mark(path), Code.Y001_NO_FRONT_MATTER, "no front matter on line 1", hint)
        return None
    end = next((i for i, line in enumerate(lines[1:], 1) if line.rstrip(" \t") in {"---", "..."}), None)
    if end is None:
        problems.add(Mark(path), Code.Y002_NOT_CLOSED, "the front matter is not closed", "end it with a line ---")
        return None
    head = "\n".join(lines[1:end])
    already = len(problems.found)
    value = marked_yaml.parse(head, path, problems, first_line=2)
    fields: marked_yaml.Mapping | None = None
    if isinstance(value, marked_yaml.Mapping):
        fields = value
    elif value is not None:
        problems.add(
            value.mark, Code.Y007_NOT_MAPPING, "the front matter has no keys", "write `title: …` and the other keys"
        )
    elif len(problems.found) == already:  # nothing, or only comments: every required key is missing
        fields = marked_yaml.Mapping(Mark(path), ())
    return Parts(fields, "\n".join(lines[end + 1 :]), end + 2, head)
