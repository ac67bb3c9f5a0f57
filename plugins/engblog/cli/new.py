"""Starting articles: ``new``, which asks at a terminal for what was not given."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from engblog.cli.asking import ask, choose, choose_some
from engblog.disk import clock
from engblog.disk.docs import display_path
from engblog.disk.new import SkeletonError, Wish, fault_of_title, new_article, slug_of
from engblog.disk.pictures import read_file
from engblog.disk.project import find_project
from engblog.model.article import Person, Taxonomy
from engblog.model.problems import Problems, report
from engblog.source.outlines import OUTLINES
from engblog.source.schema import TAGS
from engblog.source.vocabulary import read_people, read_taxonomy

if TYPE_CHECKING:
    from engblog.cli.commands import Commands


def add_commands(commands: Commands) -> None:
    """Add the commands of this module."""
    new = commands.add_parser("new", help="start an article", description="At a terminal, asks for what is not given.")
    new.add_argument("title", nargs="?", help="the title of the article")
    new.add_argument("--title", dest="title_option", help="the same")
    new.add_argument("--slug", default="", help="the folder's name (default: made from the title)")
    new.add_argument("--category", default="", help="a category of the taxonomy")
    new.add_argument("--subcategory", default="", help="a subcategory of it")
    new.add_argument("--tag", action="append", default=[], help="a tag, or its synonym; repeat it for each")
    new.add_argument("--author", action="append", default=[], help="a key of the authors file; repeat it for each")
    new.add_argument(
        "--outline", default="", help=f"{', '.join(OUTLINES)} (default: the one that suits the subcategory)"
    )
    new.add_argument("--no-lab", action="store_true", help="without a lab")
    new.set_defaults(run=_new)


def _new(options: argparse.Namespace) -> int:
    project = find_project(options.config)
    problems = Problems()
    docs, settings = project.docs, project.settings
    taxonomy = read_taxonomy(read_file(docs / settings.taxonomy), display_path(docs) + settings.taxonomy, problems)
    people = read_people(read_file(docs / settings.authors), display_path(docs) + settings.authors, problems)
    if problems.found:
        print(report(problems.sorted()))
        return 1
    day = clock.now().date()
    wish = Wish(
        options.title_option or options.title or "",
        options.slug,
        options.category,
        options.subcategory,
        options.tag,
        options.author,
        options.outline,
        not options.no_lab,
    )
    articles = docs / settings.articles_dir
    if sys.stdin.isatty() and sys.stdout.isatty():
        try:
            wish = _asked(wish, articles, taxonomy, people)
        except EOFError:
            raise SkeletonError("nothing was written") from None
    files = new_article(articles, wish, day=day, taxonomy=taxonomy, people=people)
    for file in files:
        print(file)
    print("It is a draft. `make serve` shows it; CONTRIBUTING.md says what the text can do.")
    if len(files) > 1:
        print(f"Its lab runs: engblog lab run {files[0].parent.name}")
    return 0


def _asked(wish: Wish, articles: Path, taxonomy: Taxonomy, people: Mapping[str, Person]) -> Wish:
    """*wish* with the answers of the person at the terminal for everything that it lacks."""
    if not wish.title:
        wish = replace(wish, title=ask("Title", fault=lambda text: fault_of_title(" ".join(text.split()))))
    if not wish.slug:
        wish = replace(wish, slug=ask("Folder", default=slug_of(wish.title), fault=lambda slug: _taken(articles, slug)))
    if not wish.category:
        wish = replace(wish, category=choose("Category", [each.term.name for each in taxonomy.categories]))
    category = taxonomy.category(wish.category)
    if not wish.subcategory and category and category.subcategories:
        wish = replace(wish, subcategory=choose("Subcategory", [each.name for each in category.subcategories]))
    if not wish.tags:
        names = [each.name for each in taxonomy.tags]
        least, most = TAGS
        question = f"Tags, {least} to {most}, with commas"
        wish = replace(wish, tags=choose_some(question, names, known=taxonomy.tag_names, least=least, most=most))
    if not wish.authors and people:
        question = f"Authors, with commas, of {', '.join(people)}"
        wish = replace(wish, authors=choose_some(question, list(people), known=(), least=0, most=len(people)))
    return wish


def _taken(articles: Path, slug: str) -> str:
    return f"{articles / slug} already exists" if slug and (articles / slug).exists() else ""
