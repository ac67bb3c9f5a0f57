"""Kinds of generated pages. One record for each holds everything that distinguishes, say, a tag from a series."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """The properties that all pages of one kind share.

    In texts, ``{title}`` is the list's title, ``{count}`` the number of its entries, and ``{articles}`` the word
    "article" or "articles" for that number.
    """

    name: str
    """Its name in templates and styles."""
    address: str
    """The address of a page of this kind, a path from the site's root; ``{}`` is replaced by the list's key."""
    template: str = "views/list.html"
    title: str = ""
    """The title, if this kind has only one page; empty for lists, whose titles come from what they list."""
    window: str = "{title}"
    """The title of a list's window, by which tabs of a tag and a category with the same name can be told apart."""
    description: str = "{count} {articles} on {title}."
    """The description that search engines show if the page has none."""
    above: tuple[str, str] | None = None
    """Title and address of the page between the home page and this one."""
    feed_title: str = ""
    """The title of a list's feeds; empty if it has none. ``{category}`` is the category that the list belongs to."""
    feed_description: str = "Articles on {title}."
    """The description of a feed if the list has none."""
    feed_folder: str = ""
    """The folder for feeds of this kind in a list of feeds; a feed without a folder comes at the top."""
    in_llms: str = ""
    """The page's description in ``llms.txt``; empty if it is not listed there."""
    lists_articles: bool = True
    """True for a list of articles, cut into pages; false for an index of the whole site."""
    tells_of_all: bool = False
    """True if the page changes with every article, even one that it does not list."""

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
    window="Articles from {title}",
    description="{count} {articles} from {title}.",
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
    description="{count} tags, the most used first.",
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
    description="Mistakes that were corrected, and articles that were brought up to date.",
    feed_title="Corrections and updates",
    feed_description="Mistakes that were corrected, and articles that were brought up to date.",
    lists_articles=False,
    tells_of_all=True,
)
FEEDS = Kind(
    "feeds",
    "feeds/",
    "views/feeds.html",
    "Feeds",
    description="Every feed of this site: all articles, each category, tag, author and series, and corrections.",
    lists_articles=False,
)
