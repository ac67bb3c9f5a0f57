"""Explanations of the codes Y: YAML."""

from __future__ import annotations

from engblog.model.explanations.explanation import Explanation
from engblog.model.problems import Code

_GOOD = {"front matter": "title: When the server stops\n"}

OF_YAML = {
    Code.Y001_NO_FRONT_MATTER: Explanation(
        "An article begins with its keys between two lines `---`. `engblog new` writes them.",
        {"index.md": "# When the server stops\n"},
        _GOOD,
    ),
    Code.Y002_NOT_CLOSED: Explanation(
        "A second line `---` ends the keys. Without it, nothing tells where the text begins.",
        {"index.md": "---\ntitle: When the server stops\n\nThe server stopped.\n"},
        _GOOD,
    ),
    Code.Y003_SYNTAX: Explanation(
        "YAML cannot read the line. Often a value contains `: ` or begins with a sign of YAML; put it into quotes.",
        {"front matter": "title: Servers: why they stop\n"},
        {"front matter": "title: 'Servers: why they stop'\n"},
    ),
    Code.Y004_TAB: Explanation(
        "YAML is indented with spaces, because nobody sees how wide a tab is.",
        {"front matter": "series:\n\tname: Shutdown\n\tpart: 1\n"},
        {"front matter": "series:\n  name: Shutdown\n  part: 1\n"},
    ),
    Code.Y005_DUPLICATE_KEY: Explanation(
        "YAML would take the last of the two values without a word. Delete one of the lines.",
        {"front matter": "featured: true\nfeatured: false\n"},
        {"front matter": "featured: true\n"},
    ),
    Code.Y006_ALIAS: Explanation(
        "Anchors and aliases let a few lines grow to gigabytes, and front matter has no need of them. Put a text "
        "that begins with `&` or `*` into quotes.",
        {"front matter": "title: &signals Signals\n"},
        {"front matter": "title: '&signals Signals'\n"},
    ),
    Code.Y007_NOT_MAPPING: Explanation(
        "Front matter is a list of keys with values, `key: value`.",
        {"index.md": "---\n- When the server stops\n---\nThe server stopped.\n"},
        _GOOD,
    ),
    Code.Y008_TOO_DEEP: Explanation(
        "No key takes a value that is nested this deep or this long.",
        {"front matter": f"title: {'[' * 13}{']' * 13}\n"},
        _GOOD,
    ),
    Code.Y009_COMMENT: Explanation(
        "From ` #` on, YAML takes the rest of the line for a comment, and readers would not see it. Use quotes; a "
        "comment belongs on its own line.",
        {"front matter": "title: Post-mortem of incident #7\n"},
        {"front matter": "title: 'Post-mortem of incident #7'\n"},
    ),
    Code.Y010_TAG: Explanation(
        "A word that begins with `!` tells YAML the type of the value, and readers would not see it. Use quotes.",
        {"front matter": "title: !important news\n"},
        {"front matter": "title: '!important news'\n"},
    ),
    Code.Y011_ESCAPE: Explanation(
        "In double quotes, a backslash starts an escape: `\\n` becomes a line break. Use single quotes.",
        {"front matter": 'title: "Files in C:\\new"\n'},
        {"front matter": "title: 'Files in C:\\new'\n"},
    ),
    Code.Y012_EMPTY_BLOCK: Explanation(
        "After `>` or `|`, a block of text follows on indented lines. Write it, or delete the key.",
        {"front matter": "subcategory: >\n"},
        {"front matter": "subcategory: >-\n  Storage\n"},
    ),
    Code.Y013_NO_DASHES: Explanation(
        "MkDocs takes first lines that look like keys for front matter, even without `---`, and does not show them. "
        "Begin the page with a heading or an empty line.",
        {"/about.md": "Note: we moved.\n"},
        {"/about.md": "\nNote: we moved.\n"},
    ),
    Code.Y014_SHOWN: Explanation(
        "Front matter must be the first thing in the file; otherwise readers see it as text.",
        {"/about.md": "\n---\ntitle: About\n---\n"},
        {"/about.md": "---\ntitle: About\n---\n\nWho we are.\n"},
    ),
}
