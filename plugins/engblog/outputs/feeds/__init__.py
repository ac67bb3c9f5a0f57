"""Feeds: RSS 2.0, Atom (RFC 4287), JSON Feed 1.1 and OPML 2.0, from a publication to bytes.

``select`` decides which feeds there are, ``content`` prepares an article's body for feed readers, ``ids`` makes
permanent names, and there is one writer for each format. Nothing here reads a clock: a feed is as old as its newest
entry.
"""
