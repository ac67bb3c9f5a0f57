"""Disk, clock and processes: everything that the pure core may not touch, and still no MkDocs."""
