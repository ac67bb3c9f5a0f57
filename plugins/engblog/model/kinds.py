"""Kinds of generated pages: all that tells the page of a tag from that of a series, in one record each."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """What all pages of one kind have in common. In texts, ``{title}`` is the list's title, ``{count}`` how many there
    are of what it lists, ``{articles}`` the word for that many."""

    name: str
    """What templates and styles call it."""
    address: str
    """The address of a page of this kind, a path from the site's root; ``{}`` stands for the key of what it lists."""
    template: str = "views/list.html"
    title: str = ""
    """The title of the one page of this kind; of a list, where it is empty, what is listed has its own."""
    window: str = "{title}"
    """What the window of a list is called: a tag and a category of one name can be told apart in a row of tabs."""
    description: str = "{count} {articles} on {title}."
    """What search engines show of a page that says nothing of itself."""
    above: tuple[str, str] | None = None
    """Title and address of the page between the home page and this one."""
    feed_title: str = ""
    """What the feeds of a list are called; empty where a list has none. ``{category}`` is the one that it is in."""
    feed_description: str = "Articles on {title}."
    """What a feed says of itself where the list says nothing."""
    feed_folder: str = ""
    """The folder, in a list of feeds, that those of this kind are put into; one without a folder stands at the top."""
    in_llms: str = ""
    """What ``llms.txt`` says of the page; empty where it is not listed there."""
    lists_articles: bool = True
    """Whether it is a list of articles, cut into pages; else it is an index of the whole site."""
    tells_of_all: bool = False
    """Whether it changes with every article, whichever stand on it."""

    def url(self, key: str = "") -> str:
        """The address of the page about *key*, a slug."""
        return self.address.format(key)


HOME = Kind("home", "", "views/home.html")
CATEGORY = Kind("category", "categories/{}/", feed_title="{title}", feed_folder="Categories")
SUBCATEGORY = Kind("subcategory", "categories/{}/", feed_title="{category}: {title}", feed_folder="Categories")
"""Its key is ``<category>/<subcategory>``."""
TAG = Kind(
    "tag",
    "tags/{}/",
    window="Articles tagged {title}",
    above=("Tags", "tags/"),
    feed_title="Tagged {title}",
    feed_description="Articles tagged {title}.",
    feed_folder="Tags",
)
AUTHOR = Kind(
    "author",
    "authors/{}/",
    window="Articles by {title}",
    description="{count} {articles} by {title}.",
    above=("Authors", "authors/"),
    feed_title="By {title}",
    feed_description="Articles by {title}.",
    feed_folder="Authors",
)
SERIES = Kind(
    "series",
    "series/{}/",
    window="Series: {title}",
    description="The series “{title}” in {count} parts.",
    feed_title="Series: {title}",
    feed_description="The parts of the series “{title}”.",
    feed_folder="Series",
)
YEAR = Kind(
    "year",
    "archive/{}/",
    window="Articles of {title}",
    description="{count} {articles} of {title}.",
    above=("Archive", "archive/"),
)
ARCHIVE = Kind(
    "archive",
    "archive/",
    "views/archive.html",
    "Archive",
    description="All {count} {articles} by year.",
    in_llms="every article by year",
    lists_articles=False,
    tells_of_all=True,
)
TAGS = Kind(
    "tags",
    "tags/",
    "views/tags.html",
    "Tags",
    description="{count} tags, by how many articles carry them.",
    in_llms="every tag",
    lists_articles=False,
    tells_of_all=True,
)
AUTHORS = Kind(
    "authors",
    "authors/",
    "views/authors.html",
    "Authors",
    description="The people who write here.",
    in_llms="who writes here",
    lists_articles=False,
    tells_of_all=True,
)
CORRECTIONS = Kind(
    "corrections",
    "corrections/",
    "views/corrections.html",
    "Corrections and updates",
    description="What was wrong in an article and was put right, and what was brought up to date.",
    feed_title="Corrections and updates",
    feed_description="What was wrong in an article and has been put right, and which articles were brought up to date.",
    lists_articles=False,
    tells_of_all=True,
)
FEEDS = Kind(
    "feeds",
    "feeds/",
    "views/feeds.html",
    "Feeds",
    description="Every feed of this site: all articles, each category, tag and author, and corrections.",
    lists_articles=False,
)
