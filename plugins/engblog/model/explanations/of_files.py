"""Explanations of the codes S: files."""

from __future__ import annotations

from engblog.model.explanations.explanation import LINK, Explanation
from engblog.model.problems import Code

_FENCE = "```\n"
_DRAWING = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><title>A</title><desc>A box.</desc>'
    '<rect width="5" height="5"/></svg>\n'
)

OF_FILES = {
    Code.S001_NOT_UTF8: Explanation(
        "Browsers and feed readers get every text as UTF-8. An editor that saves in another encoding writes letters "
        "with accents differently; save the file again as UTF-8.",
        {"text": "\udcc9ireann.\n"},
        {"text": "Éireann.\n"},
    ),
    Code.S002_EMPTY: Explanation(
        "An article without a text would be an empty page in every list and feed. Write it, or leave the folder out "
        "until you have.",
        {"text": ""},
        {"text": "The server stopped, and the requests with it.\n"},
    ),
    Code.S003_TOO_LARGE: Explanation(
        "An hour of reading is about 100 kB, so a larger file has data in it. Put data into a file of the lab, or "
        "split the article.",
        {"text": "One more sentence. " * 16_000},
        {"text": "The data is in [a table](data.csv).\n", "data.csv": "a,b\n1,2\n"},
    ),
    Code.S004_SLUG: Explanation(
        "The name of the folder becomes part of the address. It has only lower-case letters, digits and hyphens, so "
        "that it needs no escapes and means the same on every file system.",
        {"../Why fsync/text": "The server stopped.\n"},
        {"../why-fsync/text": "The server stopped.\n"},
    ),
    Code.S005_MISPLACED: Explanation(
        "Each article has its own folder, with `index.md` for its text and everything else beside it.",
        {"/articles/why-fsync.md": "The server stopped.\n"},
        {"../why-fsync/text": "The server stopped.\n"},
    ),
    Code.S006_UNREADABLE: Explanation(
        "The file is there, but reading it fails: its permissions forbid it, or it is a link to something else.",
        {"index.md": f"{LINK}draft.md"},
        {"text": "The server stopped.\n"},
    ),
    Code.S007_CONTROL: Explanation(
        "Control characters come from terminals and old programs. XML cannot contain them, so feeds would break.",
        {"text": "The \x1b[31mserver\x1b[0m stopped.\n"},
        {"text": "The server stopped.\n"},
    ),
    Code.S008_LINK: Explanation(
        "A symbolic link could publish a file from anywhere on your machine. Copy the file into the article's folder.",
        {"text": "See [the key](key.txt).\n", "key.txt": f"{LINK}/etc/hostname"},
        {"text": "See [the key](key.txt).\n", "key.txt": "a key of the example\n"},
    ),
    Code.S009_STRAY: Explanation(
        "Only files that something refers to are published, so that notes, backups and keys cannot go live by "
        "accident. Link to the file, move it out of `docs/`, or list it in `exclude_docs` in `mkdocs.yml`.",
        {"text": "The server stopped.\n", "notes.txt": "Ask Ada.\n"},
        {"text": "The server stopped; see [the notes](notes.txt).\n", "notes.txt": "Ask Ada.\n"},
    ),
    Code.S010_LAB_FILE: Explanation(
        "Readers get the whole folder of a lab. It has source code, configurations and data in text; anything else "
        "may be what a server left behind. Delete it, or list it in `lab.toml` under `[files]` if a test needs it.",
        {"lab/dump.rdb": "REDIS\udc80\n"},
        {"lab/dump.rdb": None},
    ),
    Code.S011_DOCUMENT: Explanation(
        "Browsers run what is in HTML and SVG when they are opened by their address. A drawing has shapes, lines, "
        "text and paint only; anything else is not published.",
        {
            "text": "![A box](box.svg)\n",
            "box.svg": _DRAWING.replace("<rect", "<script/><rect"),
        },
        {
            "text": "![A box](box.svg)\n",
            "box.svg": _DRAWING,
        },
    ),
    Code.S013_KIND: Explanation(
        "Only pictures, fonts and texts are published, because browsers run nothing in them. Show a file of another "
        "kind in a fence.",
        {"text": "[The script](run.exe)\n", "run.exe": "MZ"},
        {"text": "[The script](run.py)\n", "run.py": "print(1)\n"},
    ),
    Code.S014_CONTENT: Explanation(
        "Servers tell browsers the type of a file by the ending of its name, so the content must be of that type.",
        {"text": "[The log](log.txt)\n", "log.txt": "\x00\x01"},
        {"text": "[The log](log.txt)\n", "log.txt": "12:00 ready\n"},
    ),
    Code.S015_REPLACES: Explanation(
        "The theme has a file at this address, which pages need. Choose another name, or change the theme's file "
        "itself.",
        {"/assets/mark.svg": _DRAWING, "/../overrides/assets/mark.svg": _DRAWING},
        {"/assets/box.svg": _DRAWING, "/../overrides/assets/mark.svg": _DRAWING},
    ),
    Code.S017_LONG_LINE: Explanation(
        "A line this long is data, such as a picture in Base64. Put it into a file.",
        {"text": "The data: " + "0123456789" * 2_001},
        {"text": "The data is in [a table](data.csv).\n", "data.csv": "0123456789\n"},
    ),
    Code.S018_NESTED: Explanation(
        "Nobody can read lists and quotations this deep, and programs that read pages give up on them.",
        {"text": "> " * 21 + "The server stopped.\n"},
        {"text": "> > The server stopped.\n"},
    ),
    Code.S019_ELEMENTS: Explanation(
        "A page with so many blocks takes browsers and the build too long. Split the article, or put data into a file.",
        {"text": "One.\n\n" * 2_501},
        {"text": "One.\n\nTwo.\n"},
    ),
    Code.S020_INCLUDED: Explanation(
        "Included code counts as part of the page. Include the sections that the text explains.",
        {"text": _FENCE + '--8<-- "a.txt"\n' * 201 + _FENCE, "a.txt": "x\n"},
        {"text": _FENCE + '--8<-- "a.txt"\n' + _FENCE, "a.txt": "x\n"},
    ),
    Code.S030_PLACEHOLDER: Explanation(
        "`engblog new` writes what to write between brackets. Readers would see it; replace it, or keep the article a "
        "draft.",
        {"text": "[write: what broke]\n"},
        {"text": "The server stopped, and the requests with it.\n"},
    ),
}
