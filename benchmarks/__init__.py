"""How fast the site builds, against whom, by one command: ``make bench``.

The same generated articles are built by this repository and by Material's own blog plugin, each in a fresh process
without a cache. Both get the same text, titles, descriptions, categories, tags, dates and authors, the same Markdown
extensions but for our own, and lists of 20 articles a page. Two things differ, as each engine's documentation wants:
links between articles are spelt as each resolves them, and Material's posts have ``<!-- more -->`` after their first
paragraph, which keeps whole articles out of its lists.
"""
