"""Markdown twins of articles, and the list of them for machines."""
