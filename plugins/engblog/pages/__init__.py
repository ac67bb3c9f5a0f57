"""Plain dicts for templates, in which everything is text: dates are formatted, addresses are relative to the site's
root.

Templates read these and call nothing, so the same templates render under any host.
"""

from engblog.pages.data import PageData
from engblog.pages.labs import Repository, with_sentences
from engblog.pages.lists import list_description

__all__ = ["PageData", "Repository", "list_description", "with_sentences"]
