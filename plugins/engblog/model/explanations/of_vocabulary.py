"""Explanations of the codes T, C and A: terms, clashes and old addresses."""

from __future__ import annotations

from engblog.model.explanations.explanation import Explanation
from engblog.model.problems import Code

_TAGS = "categories:\n  - name: Database\ntags:\n  - name: Go\n  - name: Redis\n  - name: MySQL\n"

OF_VOCABULARY = {
    Code.T001_CATEGORY: Explanation(
        "Categories are in `docs/taxonomy.yml`. Take one of them, or add yours there.",
        {"front matter": "category: Databases\n"},
        {"front matter": "category: Database\n"},
    ),
    Code.T002_SUBCATEGORY: Explanation(
        "Each category has its subcategories in `docs/taxonomy.yml`.",
        {"front matter": "category: Database\nsubcategory: Disks\n"},
        {"front matter": "category: Database\nsubcategory: Storage\n"},
    ),
    Code.T003_TAG: Explanation(
        "Tags are in `docs/taxonomy.yml`, with their synonyms, so that one thing has one page. Add a tag there if "
        "nothing fits.",
        {"front matter": "tags: [Redis, Go, Zig]\n"},
        {"front matter": "tags: [Redis, Go, MySQL]\n"},
    ),
    Code.T004_AUTHOR: Explanation(
        "Authors are named by their keys in `docs/authors.yml`.",
        {"front matter": "authors: [Ada Lovelace]\n", "/authors.yml": "ada:\n  name: Ada Lovelace\n"},
        {"front matter": "authors: [ada]\n", "/authors.yml": "ada:\n  name: Ada Lovelace\n"},
    ),
    Code.T005_VOCABULARY_CLASH: Explanation(
        "Two terms cannot share a name, a synonym or an address. Rename one, or give it its own `slug:`.",
        {"/taxonomy.yml": f"{_TAGS}  - name: go\n"},
        {"/taxonomy.yml": f"{_TAGS}  - name: Go runtime\n"},
    ),
    Code.T006_NO_VOCABULARY: Explanation(
        "Without the list of categories and tags, no article can be checked. Problems that follow from it are not "
        "told.",
        {"/taxonomy.yml": ""},
        {"/taxonomy.yml": _TAGS},
    ),
    Code.C001_URL_CLASH: Explanation(
        "Two pages cannot have one address. Rename one of the files.",
        {"/tags/index.md": "# Our tags\n"},
        {"/about.md": "# Our tags\n"},
    ),
    Code.C002_SLUG_CLASH: Explanation(
        "Some file systems take two folders that differ only by letter case for one.",
        {"../Fsync/text": "One.\n", "../fsync/text": "Two.\n"},
        {"../fsync/text": "One.\n", "../fsync-again/text": "Two.\n"},
    ),
    Code.C003_FEATURED: Explanation(
        "The home page has room for one featured article.",
        {"front matter": "featured: true\n", "../b/front matter": "featured: true\n"},
        {"front matter": "featured: true\n", "../b/front matter": "featured: false\n"},
    ),
    Code.C004_REQUIRES: Explanation(
        "`requires` names the folders of articles that readers should know first.",
        {"front matter": "requires: [c]\n", "../b/text": "First.\n"},
        {"front matter": "requires: [b]\n", "../b/text": "First.\n"},
    ),
    Code.C005_REQUIRES_CYCLE: Explanation(
        "If each of two articles requires the other, nobody can begin.",
        {"front matter": "requires: [b]\n", "../b/front matter": "requires: [a]\n"},
        {"front matter": "requires: [b]\n", "../b/text": "First.\n"},
    ),
    Code.C006_SERIES_PART: Explanation(
        "Each part of a series has its own number, and all parts spell its name alike.",
        {
            "front matter": "series: {name: Shutdown, part: 1}\n",
            "../b/front matter": "series: {name: Shutdown, part: 1}\n",
        },
        {
            "front matter": "series: {name: Shutdown, part: 1}\n",
            "../b/front matter": "series: {name: Shutdown, part: 2}\n",
        },
    ),
    Code.C007_ALIAS_CLASH: Explanation(
        "An old address leads to one place. Delete it where it does not belong.",
        {"front matter": "aliases: [/old/]\n", "../b/front matter": "aliases: [/old/]\n"},
        {"front matter": "aliases: [/old/]\n", "../b/front matter": "aliases: [/older/]\n"},
    ),
    Code.C008_ID_CLASH: Explanation(
        "Feed readers tell articles apart by their ids, so two cannot share one.",
        {"front matter": "id: /first/\n", "../b/front matter": "id: /first/\n"},
        {"front matter": "id: /first/\n", "../b/front matter": "id: /second/\n"},
    ),
    Code.A001_REDIRECT_CIRCLE: Explanation(
        "Each of these old addresses leads to the other, so readers would never arrive.",
        {"/redirects.yml": "/x/: /y/\n/y/: /x/\n"},
        {"/redirects.yml": "/x/: /y/\n/y/: /tags/\n"},
    ),
    Code.A002_REDIRECT_TARGET: Explanation(
        "An old address must lead to a page of this site, or to a file of the repository.",
        {"/redirects.yml": "/x/: /gone/\n"},
        {"/redirects.yml": "/x/: /tags/\n"},
    ),
    Code.A003_REDIRECT_KIND: Explanation(
        "Old addresses of pages end with a slash or `.html`; only those of feeds end with `.xml` or `.json`, and "
        "lead to feeds.",
        {"/redirects.yml": "/feed.xml: /tags/\n"},
        {"/redirects.yml": "/feed/: /tags/\n"},
    ),
}
