"""Problems in a site's sources: their codes, their places and their wording.

A :class:`Problem` has a stable code from a closed set, a place (path, line and column, one-based) and a hint that says
what to write instead. Checks collect problems and never raise; only the outermost caller decides to fail.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum


class Code(Enum):
    """Every kind of problem: its code, and what it means to an author. Codes are never reused."""

    S001_NOT_UTF8 = "the file is not UTF-8"
    S002_EMPTY = "the article has no text"
    S003_TOO_LARGE = "the file is larger than 300 kB"
    S004_SLUG = "the name of a folder or a file cannot be an address"
    S005_MISPLACED = "a Markdown file is in a place where no article can be"
    S006_UNREADABLE = "the file cannot be read"
    S007_CONTROL = "the text contains a control character"
    S008_LINK = "a symbolic link leads out of the docs folder, to a folder, or nowhere"
    S009_STRAY = "nothing refers to a file, so it is not published"
    S010_LAB_FILE = "a file in a lab would not reach readers, or should not"
    S011_DOCUMENT = "a file that browsers open as a document is not fit to be published"
    S013_KIND = "a file is of a kind that the site does not publish"
    S014_CONTENT = "a file has other content than its name says"
    S015_REPLACES = "a file would take the place of one of the theme's"
    S017_LONG_LINE = "a line is longer than 20 kB"
    S018_NESTED = "blocks or elements are nested more than 20 deep"
    S019_ELEMENTS = "the text has more than 5,000 blocks and elements, or too many brackets"
    S020_INCLUDED = "the text includes too many files, or too much of them"
    S030_PLACEHOLDER = "a published text has a placeholder that `engblog new` wrote"

    Y001_NO_FRONT_MATTER = "the file does not start with front matter"
    Y002_NOT_CLOSED = "the front matter has no closing ---"
    Y003_SYNTAX = "the YAML cannot be parsed"
    Y004_TAB = "YAML is indented with a tab"
    Y005_DUPLICATE_KEY = "a key appears twice"
    Y006_ALIAS = "YAML anchors and aliases are not accepted"
    Y007_NOT_MAPPING = "the front matter is not a list of keys and values"
    Y008_TOO_DEEP = "the YAML is nested too deeply or is too long"
    Y009_COMMENT = "YAML would take a part of a value for a comment"
    Y010_TAG = "YAML would take the first word of a value for a tag"
    Y011_ESCAPE = "a backslash in double quotes would change the text"
    Y012_EMPTY_BLOCK = "a block of text is empty"
    Y013_NO_DASHES = "the first lines of a page would be taken for front matter"
    Y014_SHOWN = "lines that look like front matter would be shown as text"

    F001_UNKNOWN_KEY = "the key is unknown"
    F002_MISSING_KEY = "a required key is missing"
    F003_TYPE = "the value has the wrong type"
    F004_LENGTH = "the text is too short or too long"
    F005_DATE = "the value is not a date"
    F006_CHOICE = "the value is not one of those allowed"
    F007_COUNT = "there are too few or too many entries"
    F008_REPEATED = "an entry appears twice"
    F009_DATE_ORDER = "dates are in an impossible order"
    F010_ALIAS_PATH = "an old address is not a path of this site"
    F011_NULL = "YAML would take a text for no value"
    F012_TEMPLATE = "a page asks for a template that is not made for pages"
    F013_UNSEEN = "a text has no character that readers see"
    F014_DIRECTION = "a character changes the direction of the text around it"
    F016_FUTURE = "a date is in the future, but the text says that it has passed"

    T001_CATEGORY = "the taxonomy has no such category"
    T002_SUBCATEGORY = "the category has no such subcategory"
    T003_TAG = "the taxonomy has no such tag"
    T004_AUTHOR = "there is no such author"
    T005_VOCABULARY_CLASH = "two terms claim the same name or address"
    T006_NO_VOCABULARY = "the vocabulary file is missing or empty"

    C001_URL_CLASH = "two pages claim one address"
    C002_SLUG_CLASH = "two article folders differ only by letter case"
    C003_FEATURED = "more than one article is featured"
    C004_REQUIRES = "a required article does not exist"
    C005_REQUIRES_CYCLE = "articles require each other in a circle"
    C006_SERIES_PART = "two articles claim one part of a series"
    C007_ALIAS_CLASH = "an old address is taken"
    C008_ID_CLASH = "feeds would know two articles by one id"

    A001_REDIRECT_CIRCLE = "redirects lead in a circle"
    A002_REDIRECT_TARGET = "a redirect leads to a page or a file that does not exist"
    A003_REDIRECT_KIND = "an old address does not have the form of a page's address"

    R001_PICTURE = "a picture is missing"
    R002_REMOTE = "the page would load something from another host"
    R003_NO_ALT = "a picture has no text alternative"
    R004_LINK = "a link leads to a file that does not exist"
    R005_INCLUDE = "an included file or section is missing"
    R006_INCLUDE_OUTSIDE = "an include reaches outside the article's folder"
    R007_RAW_HTML = "HTML that articles may not use"
    R008_FENCE = "a code fence is not closed"
    R009_DIAGRAM = "a diagram cannot be set into the page"
    R010_INCLUDE_IN_PROSE = "an include is outside a code fence"
    R011_NOT_A_PICTURE = "a file that is shown as a picture is not one, or is damaged"
    R012_HELD_BACK = "a reference leads to an article that readers cannot open yet"
    R013_NO_PAGE = "a link leads to a Markdown file that is not a page"
    R014_NOT_FETCHED = "Git LFS has not fetched a file"
    R015_READ_OTHERWISE = "GitHub and this site would show a text differently"
    R016_HEADING = "a heading has no text, is the title again, or skips a level"
    R017_OPENING = "the line that opens a fence or a box cannot be read"
    R018_TABLE = "a row of a table has more cells than its head"
    R019_TAG = "an HTML tag that browsers do not know, or that is not closed"
    R020_CITATION = "a footnote or a link's label is not defined, or not used"
    R021_ANCHOR = "a link leads to a heading that its page does not have"
    R022_IN_ARCHIVE = "a reference leads to a file of a lab that only its page and its archive have"
    R024_CLASS = "a class that belongs to the theme, not to authors"
    R025_ID = "an id that the page or browsers use, or that is not the name of a place"
    R026_PROOF = "a mark of proof is written by hand, or changed"
    R027_ENDS = "HTML in a text ends an element of the page around it"
    R028_DIRECTION = "a character in code changes the direction in which it is shown"
    R038_ALLOWANCE = "a remark that allows a problem has no reason, or allows nothing, or what cannot be allowed"

    L001_NO_RECORD = "a lab has no record of a run"
    L002_STALE = "the lab has changed since its recorded run"
    L003_RECORD = "the record of the lab cannot be read"
    L004_NUMBER = "the lab's record has no such number"
    L005_CLAIM = "the lab's record has no such test"
    L006_NOT_HELD = "a claim did not hold on a version that its mark does not name"
    L007_HELD = "a claim's mark names a version on which it held, or on which it was never run"
    L008_MARK = "a claim's mark cannot be read"
    L009_SETTINGS = "the lab's settings cannot be used"

    L010_CHART = "the lab's record has no such chart"
    L011_NO_SOURCE = "a figure has no measurement, claim or source"
    L012_NO_REASON = "a figure is marked as needing no source, but no reason is given"

    B001_TIME = "a page takes too long"
    B002_FAILED = "a page cannot be made"

    P001_NO_PAGE = "an article or a list has no page"
    P002_LIST = "a list does not lead to one of its articles"
    P003_FEED = "a feed does not match the site's articles or their dates"
    P004_SITEMAP = "the sitemap does not list each public page once, with its day"
    P005_SEARCH = "the search index does not match the site's articles"
    P006_LINK = "a page refers to something that the site does not have"
    P007_ANCHOR = "a link leads to an anchor that its page does not have"
    P008_ORPHAN = "a page cannot be reached from the home page"
    P009_OTHER_HOST = "a page loads something from another host"
    P010_INLINE = "a page contains code that its policy does not allow"
    P011_CARD = "an article has no card, the picture shown where it is shared"
    P012_FILE = "the site has a file in which a browser could run something, or of an unknown kind"
    P013_POLICY = "a page sets another policy than the site's"
    P021_SCRIPT = "a page loads a script that does not belong to the theme"
    P022_MARKUP = "a page contains markup that neither its theme nor its authors may write"

    @property
    def id(self) -> str:
        """The short code that is printed, e.g. ``F001``."""
        return self.name.partition("_")[0]


@dataclass(frozen=True, slots=True, order=True)
class Mark:
    """A place in a file, one-based."""

    path: str
    line: int = 1
    column: int = 1


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: its place, a message, and a hint on what to do about it."""

    mark: Mark
    code: Code
    message: str
    hint: str = ""

    def __str__(self) -> str:
        """``path:line:column CODE message`` and, indented below, the hint."""
        path = self.mark.path.replace("\n", "\ufffd")  # a file's name may contain anything
        head = f"{path}:{self.mark.line}:{self.mark.column} {self.code.id} {self.message}"
        return printable(f"{head}\n    {self.hint}" if self.hint else head)


@dataclass(slots=True)
class Problems:
    """Collects problems while checks run."""

    found: list[Problem] = field(default_factory=list)

    def add(self, mark: Mark, code: Code, message: str, hint: str = "") -> None:
        """Note one problem."""
        self.found.append(Problem(mark, code, message, hint))

    def sorted(self) -> tuple[Problem, ...]:
        """All problems by place, then code: first those of the configuration and the vocabulary, which others may
        follow from."""
        return tuple(sorted(self.found, key=lambda p: (not _may_be_a_cause(p), p.mark, p.code.id, p.message)))


def _may_be_a_cause(problem: Problem) -> bool:
    return problem.mark.path.endswith((".yml", ".yaml"))


def report(problems: Iterable[Problem]) -> str:
    """The problems as text for a terminal, with a last line that counts them."""
    shown = [str(problem) for problem in problems]
    files = len({line.partition(":")[0] for line in shown})
    count = f"{len(shown)} problem{'' if len(shown) == 1 else 's'} in {files} file{'' if files == 1 else 's'}"
    return "\n".join([*shown, count])


def did_you_mean(wrong: str, known: Iterable[str]) -> str:
    """Make a hint that names the closest of *known*, or all of them if none is close and they are few."""
    choices = sorted(set(known))
    by_fold = {choice.casefold(): choice for choice in reversed(choices)}
    close = difflib.get_close_matches(wrong.casefold()[:200], list(by_fold), n=1, cutoff=0.6)
    if close:
        return f"did you mean {quote(by_fold[close[0]])}?"
    if choices and len(choices) <= 24:
        return f"choose from: {', '.join(choices)}"
    return ""


def quote(text: str, limit: int = 60) -> str:
    """*text* in quotation marks, shortened and on one line, safe to print."""
    shown = printable(" ".join(text.split()))
    return f"“{shown[: limit - 1]}…”" if len(shown) > limit else f"“{shown}”"


def printable(text: str) -> str:
    """Remove from *text* whatever a terminal would take for a command, because others can choose the names of files."""
    return text if text.isprintable() else "".join(c if c.isprintable() or c == "\n" else "\ufffd" for c in text)
