"""Docs in, site out: everything that touches the machine."""
