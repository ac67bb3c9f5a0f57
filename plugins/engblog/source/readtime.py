"""The time that an article takes to read: one rule, based on published measurements where there are any.

====================  =========================  ======================================================================
what                  pace                       from
====================  =========================  ======================================================================
words of prose        238 a minute               silent reading of English non-fiction: Brysbaert 2019, "How many words
                                                 do we read per minute?", J. Memory and Language 109, 104047
Chinese, Japanese     330 characters a minute    Chinese aloud: 255 characters a minute (Trauzettel-Klosinski and Dietz
and Korean text                                  2012, IReST, IOVS 53:5452); silent is 238/183 times as fast (Brysbaert)
lines of code         2 seconds a non-blank one  our own rule: a line is about eight tokens, read at the pace of words
pictures              12 s the first, 11 s the   our own rule, after a common one of publishing platforms: a glance gets
                      second, …, 3 s at least    shorter as pictures repeat their idiom
====================  =========================  ======================================================================

Minutes are rounded half up and are never less than one. Not counted: front matter, comments, HTML tags, addresses of
links, text alternatives, and footnote definitions, which are consulted rather than read.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from fractions import Fraction

from engblog.source.marks import NUMBER

WORDS_PER_MINUTE = 238
CJK_CHARACTERS_PER_MINUTE = 330
SECONDS_PER_CODE_LINE = 2
FIRST_PICTURE_SECONDS = 12
LEAST_PICTURE_SECONDS = 3

_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003134f"
_CJK_CHARACTER = re.compile(f"[{_CJK}]")
_WORD = re.compile(r"\w+(?:['\u2019.,\-\u2010\u2011_/]\w+)*")
_NOISE = re.compile(
    r"""
      ^[ ]{0,3}\[\^[^\]\n]+\]:.*                          # a footnote's definition, the lines that go on with it,
      (?:\n(?![ ]{0,3}\[\^[^\]\n]+\]:)[ \t]*\S.*
        |(?:\n[ \t]*)+\n(?:[ ]{4}|\t).*)*                 # and its further paragraphs, which are indented
    | ^[ ]{0,3}\[[^\]\n]+\]:.*                           # a link's definition
    | !\[[^\[\]\n]*(?:\n[^\[\]\n]*)?(?=\])                # a picture's text alternative (its caption stays)
    | \]\(\s*(?:<[^<>\n]*>|[^\s()"]*(?:\([^\s()]*\)[^\s()"]*)*)  # a link's or a picture's address
    | \[\^[^\[\]\n]+\]                                    # a footnote's mark
    | \{(?:claim|given):[^{}\n]*\}
    | \{[:.\#][^{}\n]*\}                                  # an attribute list
    | ^[ ]*(?:!!!|\?\?\?\+?|===!?\+?)[ ]*[a-z]*           # the marks of admonitions, folds and tabs
    | </?[a-zA-Z][^<>]*>                                  # HTML tags
    | &\#?\w+;
    """,
    re.VERBOSE | re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Length:
    """The amount of text, code and pictures to read."""

    words: int = 0
    """Words of prose; of CJK text, none."""
    cjk_characters: int = 0
    code_lines: int = 0
    """Non-blank lines inside code fences, includes expanded."""
    pictures: int = 0


def count_words(prose: str) -> tuple[int, int]:
    """Count *prose* (Markdown without its code fences): words, and CJK characters."""
    text = NUMBER.sub(" number ", _NOISE.sub(" ", prose))
    cjk = 0
    if not text.isascii():
        text, cjk = _CJK_CHARACTER.subn(" ", text)
    return len(_WORD.findall(text)), cjk


def read_minutes(length: Length) -> int:
    """Whole minutes to read *length*, rounded half up, at least 1."""
    seconds = (
        Fraction(60 * length.words, WORDS_PER_MINUTE)
        + Fraction(60 * length.cjk_characters, CJK_CHARACTERS_PER_MINUTE)
        + length.code_lines * SECONDS_PER_CODE_LINE
        + picture_seconds(length.pictures)
    )
    return max(1, math.floor(seconds / 60 + Fraction(1, 2)))  # exact: no float decides a half


def picture_seconds(pictures: int) -> int:
    """Seconds spent on *pictures*: 12, 11, 10, … and 3 for every one from the tenth on."""
    full = min(pictures, FIRST_PICTURE_SECONDS - LEAST_PICTURE_SECONDS)
    falling = full * FIRST_PICTURE_SECONDS - full * (full - 1) // 2
    return falling + (pictures - full) * LEAST_PICTURE_SECONDS
