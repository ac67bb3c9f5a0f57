"""Reading docs and writing sites: everything that touches the disk."""
