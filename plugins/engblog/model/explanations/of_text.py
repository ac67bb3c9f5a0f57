"""Explanations of the codes R: what a text refers to, and how it is written."""

from __future__ import annotations

from engblog.model.explanations.explanation import Explanation
from engblog.model.problems import Code

_DRAWING = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><title>A</title><desc>A box.</desc>'
    '<rect width="5" height="5"/></svg>\n'
)
_GOOD = {"text": "![A box](box.svg)\n", "box.svg": _DRAWING}

OF_TEXT = {
    Code.R001_PICTURE: Explanation(
        "The path of a picture starts at the folder of the text. Capitals count on servers, even if they do not on "
        "your machine.",
        {"text": "![A box](Box.svg)\n", "box.svg": _DRAWING},
        _GOOD,
    ),
    Code.R002_REMOTE: Explanation(
        "Pages load everything from this site: another host would learn who reads what, and could change or lose "
        "it. Put the picture into the article's folder.",
        {"text": "![A box](https://example.org/box.svg)\n"},
        _GOOD,
    ),
    Code.R003_NO_ALT: Explanation(
        "Readers who cannot see the picture get its text alternative: say what they must know of it.",
        {"text": "![](box.svg)\n", "box.svg": _DRAWING},
        _GOOD,
    ),
    Code.R004_LINK: Explanation(
        "A link to another article or a file is its path from the folder of this text.",
        {"text": "See [the notes](note.txt).\n", "notes.txt": "One.\n"},
        {"text": "See [the notes](notes.txt).\n", "notes.txt": "One.\n"},
    ),
    Code.R005_INCLUDE: Explanation(
        "An include names a file below the article's folder, and a section that comments in it mark.",
        {"text": '```\n--8<-- "gone.txt"\n```\n'},
        {"text": '```\n--8<-- "here.txt"\n```\n', "here.txt": "One.\n"},
    ),
    Code.R006_INCLUDE_OUTSIDE: Explanation(
        "An article includes only its own files, so that it can be read and moved without the others.",
        {"text": '```\n--8<-- "../b/code.txt"\n```\n', "../b/text": "[Code](code.txt)\n", "../b/code.txt": "One.\n"},
        {"text": '```\n--8<-- "code.txt"\n```\n', "code.txt": "One.\n"},
    ),
    Code.R007_RAW_HTML: Explanation(
        "Articles may use elements that neither run, load nor cover anything; CONTRIBUTING.md lists them.",
        {"text": "<iframe></iframe>\n"},
        {"text": "<kbd>Ctrl</kbd>\n"},
    ),
    Code.R008_FENCE: Explanation(
        "Everything behind an open fence is code. End it with as many backticks as it begins with.",
        {"text": "```text\nThe server stopped.\n"},
        {"text": "```text\nThe server stopped.\n```\n"},
    ),
    Code.R009_DIAGRAM: Explanation(
        "A diagram becomes a part of the page: it needs a `viewBox`, a title and a description, and has no size.",
        {"text": "![A box](box.svg)\n", "box.svg": _DRAWING.replace(' viewBox="0 0 9 9"', "")},
        _GOOD,
    ),
    Code.R010_INCLUDE_IN_PROSE: Explanation(
        "A file is included as code. Put the include into a fence.",
        {"text": '--8<-- "code.txt"\n', "code.txt": "One.\n"},
        {"text": '```\n--8<-- "code.txt"\n```\n', "code.txt": "One.\n"},
    ),
    Code.R011_NOT_A_PICTURE: Explanation(
        "The file is incomplete, or in another format than its name says. Save the picture again.",
        {"text": "![A box](box.png)\n", "box.png": "<html></html>\n"},
        _GOOD,
    ),
    Code.R012_HELD_BACK: Explanation(
        "Readers cannot open a draft, or an article of a later date. Publish it first, or take the link out.",
        {"text": "See [the other](../b/index.md).\n", "../b/front matter": "status: draft\n"},
        {"text": "See [the other](../b/index.md).\n", "../b/front matter": "status: published\n"},
    ),
    Code.R013_NO_PAGE: Explanation(
        "Of the Markdown files in an article's folder, only `index.md` becomes a page.",
        {"text": "See [the notes](notes.md).\n", "notes.md": "One.\n"},
        {"text": "See [the notes](notes.txt).\n", "notes.txt": "One.\n"},
    ),
    Code.R014_NOT_FETCHED: Explanation(
        "The file is a pointer of Git LFS. Run `git lfs pull`.",
        {
            "text": "![A box](box.svg)\n",
            "box.svg": "version https://git-lfs.github.com/spec/v1\noid sha256:" + "4d7a" * 16 + "\nsize 12345\n",
        },
        _GOOD,
    ),
    Code.R015_READ_OTHERWISE: Explanation(
        "The text means something else on GitHub, where it is reviewed, than on this site. Write it so that both "
        "agree.",
        {"text": "Take **a*b**.\n"},
        {"text": "Take `a*b`.\n"},
    ),
    Code.R016_HEADING: Explanation(
        "The title is the only heading of the first level, so a text begins with `##` and skips no level. Screen "
        "readers and the table of contents follow the levels.",
        {"text": "#### The mechanism\n\nA signal.\n"},
        {"text": "## The mechanism\n\nA signal.\n"},
    ),
    Code.R017_OPENING: Explanation(
        'Behind the language, a fence takes `title="…"`, `hl_lines="…"` and `linenums="1"`.',
        {"text": "```text {1}\nOne.\n```\n"},
        {"text": '```text hl_lines="1"\nOne.\n```\n'},
    ),
    Code.R018_TABLE: Explanation(
        "A row cannot have more cells than the head of its table: readers would not see them. Write `\\|` for a `|` "
        "in a cell.",
        {"text": "| Step |\n|---|\n| Stop | Wait |\n"},
        {"text": "| Step | Then |\n|---|---|\n| Stop | Wait |\n"},
    ),
    Code.R019_TAG: Explanation(
        "`<…>` in a text is HTML to browsers. Put code into backticks.",
        {"text": "It returns a Vec<T>.\n"},
        {"text": "It returns a `Vec<T>`.\n"},
    ),
    Code.R020_CITATION: Explanation(
        "Every footnote and label that a text uses is defined once, and every one that it defines is used.",
        {"text": "It waits.[^manual]\n"},
        {"text": "It waits.[^manual]\n\n## Sources\n\n[^manual]: The manual.\n"},
    ),
    Code.R021_ANCHOR: Explanation(
        "The part behind `#` is the id of a heading, which is made from its text.",
        {"text": "See [below](#mechanism).\n\n## The mechanism\n\nA signal.\n"},
        {"text": "See [below](#the-mechanism).\n\n## The mechanism\n\nA signal.\n"},
    ),
    Code.R022_IN_ARCHIVE: Explanation(
        "Browsers would not show this file of the lab as text, so only the lab's page and its archive have it.",
        {"front matter": "status: draft\n", "text": "[The client](lab/b.js)\n", "lab/b.js": "let a;\n"},
        {"front matter": "status: draft\n", "text": "[The client](lab/b.py)\n", "lab/b.py": "a = 1\n"},
    ),
    Code.R024_CLASS: Explanation(
        "The class has a meaning in the theme, and an author's text would get its looks or behaviour.",
        {"text": "A *word*{: .skip }\n"},
        {"text": "A *word*\n"},
    ),
    Code.R025_ID: Explanation(
        "The page uses this id for a part of its own.",
        {"text": "## Content {#page--content}\n\nOne.\n"},
        {"text": "## Content {#content}\n\nOne.\n"},
    ),
    Code.R026_PROOF: Explanation(
        "Marks that say a test has verified something come only from the record of the lab.",
        {"text": "A *word*{: .claim }\n"},
        {"text": "A *word*\n"},
    ),
    Code.R027_ENDS: Explanation(
        "What a text opens, it closes, and nothing else: a stray end tag would close an element of the page.",
        {"text": "One.\n\n</div>\n"},
        {"text": "<div>\n\nOne.\n\n</div>\n"},
    ),
    Code.R028_DIRECTION: Explanation(
        "A character in the code changes the direction in which it is shown, so reviewers would see other code than "
        "runs.",
        {"text": "```text\nif \u202e admin\n```\n"},
        {"text": "```text\nif admin\n```\n"},
    ),
    Code.R038_ALLOWANCE: Explanation(
        "A remark allows a problem of style (F004, F007, R016, L011) on the line that follows, or at the key that "
        "follows, and says why. Nothing that protects readers can be allowed.",
        {"text": "<!-- engblog: allow R016 -->\n#### A step\n\nOne.\n"},
        {"text": "<!-- engblog: allow R016 because the list begins with its smallest part -->\n#### A step\n\nOne.\n"},
    ),
}
