"""Explanations of the codes B and P: pages that cannot be made, and promises of the finished site.

Authors meet these when a template, a plugin or the theme has changed. `documentation/deploying.md` says which of them
can be waived, and by which name.
"""

from __future__ import annotations

from engblog.model.explanations.explanation import AS_BUILT, Example, Explanation
from engblog.model.problems import Code

_LINK: Example = {"page": '<a href="../../../../../archive/">All articles</a>\n'}
_TEXT: Example = {"page": "<p>Text.</p>\n"}

OF_BUILT_SITES = {
    Code.B001_TIME: Explanation(
        "A page that takes seconds to make hides a mistake: a loop in a template, or a text that an extension "
        "cannot cope with. Take parts out until it can be made.",
        {"template": "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}\n"},
        {"template": "{% for a in range(9) %}{% endfor %}\n"},
    ),
    Code.B002_FAILED: Explanation(
        "An extension or a template failed with this text. The message has its words, the hint the place.",
        {"template": "{{ 1 / 0 }}\n"},
        {"template": "{{ 1 / 2 }}\n"},
    ),
    Code.P001_NO_PAGE: Explanation(
        "Every article and list has a page with its title and its text. A plugin or a template has lost it.",
        {"site/archive/index.html": None},
        {"site/archive/index.html": AS_BUILT},
    ),
    Code.P002_LIST: Explanation(
        "A list leads to each article that belongs to it.",
        {"site/archive/index.html": '<!doctype html>\n<title>Archive · Mini</title>\n<a href="../">Home</a>\n'},
        {"site/archive/index.html": AS_BUILT},
    ),
    Code.P003_FEED: Explanation(
        "Feeds have the newest articles with their days, because subscribers see nothing else of the site.",
        {"site/rss.xml": None},
        {"site/rss.xml": AS_BUILT},
    ),
    Code.P004_SITEMAP: Explanation(
        "Search engines learn from the sitemap which pages there are and when they changed.",
        {"site/sitemap.xml": "<urlset/>\n"},
        {"site/sitemap.xml": AS_BUILT},
    ),
    Code.P005_SEARCH: Explanation(
        "The search knows each article. Its files are written by the build and cannot be changed afterwards.",
        {"site/search/base.json": "{}\n"},
        {"site/search/base.json": AS_BUILT},
    ),
    Code.P006_LINK: Explanation(
        "The page refers to something that the site does not have.",
        {"page": '<a href="/blog/gone/">The list</a>\n'},
        _LINK,
    ),
    Code.P007_ANCHOR: Explanation(
        "No element of the page that the link leads to has this id.",
        {"page": '<a href="#gone">The reason</a>\n'},
        {"page": '<a href="#why">The reason</a>\n'},
    ),
    Code.P008_ORPHAN: Explanation(
        "Nobody finds a page to which no other leads. Link to it.",
        {"site/lost/index.html": "<!doctype html>\n<title>Lost · Mini</title>\n"},
        {
            "page": '<a href="../../../../../lost/">Found</a>\n',
            "site/lost/index.html": "<!doctype html>\n<title>Lost · Mini</title>\n",
        },
    ),
    Code.P009_OTHER_HOST: Explanation(
        "Pages load everything from this site, so that nobody else learns who reads what. Put the file into the site.",
        {"page": '<img src="https://far.example/a.png" alt="A">\n'},
        {"page": '<a href="https://far.example/">A link may lead there</a>\n'},
    ),
    Code.P010_INLINE: Explanation(
        "The site's policy forbids code in attributes and scripts that it does not know. Put the script into the "
        "theme.",
        {"page": '<p onclick="go()">Press</p>\n'},
        _TEXT,
    ),
    Code.P011_CARD: Explanation(
        "An article has a card of 1200×630, the picture that other sites show with a link to it.",
        {"site/cards/a.png": None},
        {"site/cards/a.png": AS_BUILT},
    ),
    Code.P012_FILE: Explanation(
        "The site contains a file that a browser may run, or that no server knows the type of. Find the plugin that "
        "writes it.",
        {"site/x.bin": "x"},
        {"site/x.svg": AS_BUILT},
    ),
    Code.P013_POLICY: Explanation(
        "Every page has the policy of the site. A page with its own may allow what the others forbid.",
        {"site/lost.html": "<html><head><meta http-equiv=content-security-policy content=x>\n"},
        {"site/index.html": AS_BUILT},
    ),
    Code.P021_SCRIPT: Explanation(
        "Scripts come from the theme's folder, or are named in `extra_javascript`.",
        {"page": '<script src="/blog/x.txt"></script>\n'},
        {"page": '<script src="/blog/x.js"></script>\n'},
    ),
    Code.P022_MARKUP: Explanation(
        "The page has markup that the theme does not write and authors may not.",
        {"page": "<noscript>Text.</noscript>\n"},
        _TEXT,
    ),
}
