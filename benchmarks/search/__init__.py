"""How well this site's search answers, and what it weighs: against MiniSearch, Pagefind and Material's own, in one
run."""
