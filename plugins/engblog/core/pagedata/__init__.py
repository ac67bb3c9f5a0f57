"""Plain dicts for templates: all text, dates formatted, addresses relative to the site's root.

Templates read these and call nothing, so the same templates render under any host.
"""

from engblog.core.pagedata.labs import ARCHIVE, Repository, with_sentences
from engblog.core.pagedata.lists import list_description
from engblog.core.pagedata.pages import PageData
from engblog.core.pagedata.parts import card_data

__all__ = ["ARCHIVE", "PageData", "Repository", "card_data", "list_description", "with_sentences"]
