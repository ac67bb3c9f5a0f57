"""Translates posts of other systems into articles: front matter, addresses, text.

It reads no disk: the files of the old blog are handed in, and what is to be written is handed back.

One module a dialect (:mod:`~engblog.importing.hugo`, :mod:`~engblog.importing.jekyll`,
:mod:`~engblog.importing.docusaurus`, :mod:`~engblog.importing.material`, :mod:`~engblog.importing.mkdocs`); the others
are for all of them.
"""
