"""The files that a site has besides its pages; each output is independent of the others."""
