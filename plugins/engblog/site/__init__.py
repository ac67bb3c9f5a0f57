"""Articles to a site: the catalogue, its views, redirects, history."""
