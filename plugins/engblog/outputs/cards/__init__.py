"""Cards: the pictures that represent an article where it is shared."""
