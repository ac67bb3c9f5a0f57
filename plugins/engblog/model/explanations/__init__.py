"""Explanations of all problem codes: ``engblog check --explain`` prints them, and the documentation is made of them.

Each has a wrong example, which gives the code, and a right one, which gives no problem at all; the tests run both.
"""

from textwrap import fill

from engblog.model.explanations.explanation import AS_BUILT, LINK, Example, Explanation, example_lines
from engblog.model.explanations.of_built_sites import OF_BUILT_SITES
from engblog.model.explanations.of_files import OF_FILES
from engblog.model.explanations.of_front_matter import OF_FRONT_MATTER
from engblog.model.explanations.of_labs import OF_LABS
from engblog.model.explanations.of_text import OF_TEXT
from engblog.model.explanations.of_vocabulary import OF_VOCABULARY
from engblog.model.explanations.of_yaml import OF_YAML
from engblog.model.problems import Code

EXPLANATIONS: dict[Code, Explanation] = {
    **OF_FILES,
    **OF_YAML,
    **OF_FRONT_MATTER,
    **OF_VOCABULARY,
    **OF_TEXT,
    **OF_LABS,
    **OF_BUILT_SITES,
}

__all__ = ["AS_BUILT", "EXPLANATIONS", "LINK", "Example", "Explanation", "example_lines", "explained"]


def explained(code: Code) -> str:
    """The explanation of *code* as text for people."""
    what = EXPLANATIONS[code]
    examples = ["Wrong:", *example_lines(what.bad), "", "Right:", *example_lines(what.good)]
    return "\n".join([f"{code.id}: {code.value}", "", fill(what.about, 100), "", *examples])
