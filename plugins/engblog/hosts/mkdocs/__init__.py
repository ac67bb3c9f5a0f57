"""MkDocs, and ProperDocs, which loads the same plugin and aliases the same imports."""
