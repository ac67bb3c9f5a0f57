"""The search index: articles in, named files out. Pure; :mod:`engblog.disk.search` writes the files.

The engine that reads them is JavaScript (``search/src``). Two things exist on both sides and must agree: how text
becomes terms (:mod:`~engblog.outputs.search.tokens` and ``tokens.mjs``) and the layout of the files
(:mod:`~engblog.outputs.search.index` and ``shards.mjs``). ``search/test/vectors.json`` holds both sides to it.
"""

from engblog.html.sections import Section, sections_of
from engblog.outputs.search.documents import documents_of, pages_of
from engblog.outputs.search.index import build_index
from engblog.outputs.search.model import Document, Facet

__all__ = ["Document", "Facet", "Section", "build_index", "documents_of", "pages_of", "sections_of"]
