"""Cards: the pictures that stand for an article where it is shared."""
