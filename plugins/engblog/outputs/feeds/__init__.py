"""Feeds: RSS 2.0, Atom (RFC 4287), JSON Feed 1.1 and OPML 2.0, from a publication to bytes.

``select`` says which feeds there are, ``content`` makes an article's body fit for a reader, ``ids`` names things for
ever, and there is one writer for each format. Nothing here reads a clock: a feed is as old as its newest entry.
"""
