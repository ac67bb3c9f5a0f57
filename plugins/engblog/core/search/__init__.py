"""The search index: articles in, named files out. Pure; :mod:`engblog.io.search` writes the files.

The engine that reads them is JavaScript (``search/src``). Two things exist on both sides and must agree: how text
becomes terms (:mod:`~engblog.core.search.tokens` and ``tokens.mjs``) and the layout of the files
(:mod:`~engblog.core.search.index` and ``shards.mjs``). ``search/test/vectors.json`` holds both sides to it.
"""

from engblog.core.search.documents import documents_of
from engblog.core.search.extract import sections_of
from engblog.core.search.index import build_index
from engblog.core.search.model import Document, Facet, Section

__all__ = ["Document", "Facet", "Section", "build_index", "documents_of", "sections_of"]
