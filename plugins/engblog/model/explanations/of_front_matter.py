"""Explanations of the codes F: keys of the front matter."""

from __future__ import annotations

from engblog.model.explanations.explanation import Explanation
from engblog.model.problems import Code

OF_FRONT_MATTER = {
    Code.F001_UNKNOWN_KEY: Explanation(
        "A key that nothing reads is a typing error, or comes from another program. CONTRIBUTING.md lists the keys.",
        {"front matter": "update: 2026-11-21\n"},
        {"front matter": "updated: 2026-11-21\n"},
    ),
    Code.F002_MISSING_KEY: Explanation(
        "Every article has a title, a description, a date, a category and tags.",
        {"front matter": "title:\n"},
        {"front matter": "title: When the server stops\n"},
    ),
    Code.F003_TYPE: Explanation(
        "The key takes a value of another type: text, a list, true or false, a whole number, or further keys.",
        {"front matter": "featured: maybe\n"},
        {"front matter": "featured: true\n"},
    ),
    Code.F004_LENGTH: Explanation(
        "A description is what readers see of an article everywhere else: 80 to 900 characters that name its points.",
        {"front matter": "description: About servers.\n"},
        {
            "front matter": "description: >-\n  When a server stops, requests that are under way fail. We show which "
            "of them do,\n  and the order of steps after which none does.\n"
        },
    ),
    Code.F005_DATE: Explanation(
        "A date is year-month-day; with an hour, it also has a zone. `engblog check --fix` rewrites days that are "
        "certain.",
        {"front matter": "date: 20.11.2026\n"},
        {"front matter": "date: 2026-11-20\n"},
    ),
    Code.F006_CHOICE: Explanation(
        "The key takes one of a few words.",
        {"front matter": "status: finished\n"},
        {"front matter": "status: published\n"},
    ),
    Code.F007_COUNT: Explanation(
        "Too few tags lead readers nowhere, and too many say nothing: write three to eight.",
        {"front matter": "tags: [Redis]\n"},
        {"front matter": "tags: [Redis, Caching, Go]\n"},
    ),
    Code.F008_REPEATED: Explanation(
        "The entry is there already, perhaps under another name: `golang` is a synonym of Go.",
        {"front matter": "tags: [Redis, Caching, Go, golang]\n"},
        {"front matter": "tags: [Redis, Caching, Go]\n"},
    ),
    Code.F009_DATE_ORDER: Explanation(
        "An article cannot be updated, reviewed or corrected before it was published.",
        {"front matter": "date: 2026-11-20\nupdated: 2026-11-19\n"},
        {"front matter": "date: 2026-11-20\nupdated: 2026-11-21\n"},
    ),
    Code.F010_ALIAS_PATH: Explanation(
        "An old address is the path of a page of this site: it begins and ends with a slash, or ends with `.html`.",
        {"front matter": "aliases: [old]\n"},
        {"front matter": "aliases: [/old/]\n"},
    ),
    Code.F011_NULL: Explanation(
        "YAML takes the words null and ~ for no value. Put them into quotes if they are text.",
        {"front matter": "title: Null\n"},
        {"front matter": "title: 'Null'\n"},
    ),
    Code.F012_TEMPLATE: Explanation(
        "Pages can only ask for the theme's templates that are made for pages.",
        {"/about.md": "---\ntemplate: article.html\n---\n\nWho we are.\n"},
        {"/about.md": "---\ntitle: About\n---\n\nWho we are.\n"},
    ),
    Code.F013_UNSEEN: Explanation(
        "The text consists of characters that nobody sees, such as a zero-width space that was copied along.",
        {"front matter": 'title: "\u200b"\n'},
        {"front matter": "title: When the server stops\n"},
    ),
    Code.F014_DIRECTION: Explanation(
        "Characters such as U+202E turn the text around them, so that readers see something other than what is "
        "there. Browsers find the direction of each word by themselves.",
        {"front matter": 'title: "When \u202e the server stops"\n'},
        {"front matter": "title: When the server stops\n"},
    ),
    Code.F016_FUTURE: Explanation(
        "An update or a correction has happened when readers see it, so its day cannot be in the future.",
        {"front matter": "updated: 2105-12-31\n"},
        {"front matter": "updated: 2026-11-21\n"},
    ),
}
