"""Tests that what is generated from the code is current, and that the schemas agree with the checks."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator
from referencing import Registry, Resource
from support.hosts import REPOSITORY
from support.sources import article, read

from tools import generated

ANY = "articles/any/index.md"
ARTICLES = sorted(REPOSITORY.glob("docs/articles/*/index.md"))


class _Loader(yaml.SafeLoader):
    """Reads a date as the text that it is, as YAML 1.2 and editors do."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith(":timestamp")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_multi_constructor("", lambda *_: None)


def load(text: str) -> Any:
    return yaml.load(text, Loader=_Loader)  # noqa: S506  (a SafeLoader)


def validator(name: str) -> Draft7Validator:
    schemas = {path.name: json.loads(path.read_text()) for path in (REPOSITORY / "schemas").glob("*.json")}
    registry: Registry[Any] = Registry().with_resources(
        (each, Resource.from_contents(schema)) for each, schema in schemas.items()
    )
    Draft7Validator.check_schema(schemas[name])
    return Draft7Validator(schemas[name], registry=registry)


def front_matter(text: str) -> Any:
    return load(text.split("---\n")[1])


@pytest.mark.parametrize("name", generated.files())
def test_what_is_generated_is_current(name: str) -> None:
    assert (REPOSITORY / name).read_text(encoding="utf-8") == generated.files()[name], "run `make docs`"


def test_there_is_no_schema_that_nothing_makes() -> None:
    assert {f"schemas/{path.name}" for path in (REPOSITORY / "schemas").iterdir()} <= set(generated.files())


@pytest.mark.parametrize("path", ARTICLES, ids=lambda path: path.parent.name)
def test_every_article_fits_the_schema(path: Path) -> None:
    assert [each.message for each in validator("front-matter.json").iter_errors(front_matter(path.read_text()))] == []


RIGHT = [
    {},
    {"date": "2026-11-20T10:00:00+01:00"},
    {"date": "2026-11-20 10:00 +0100", "updated": "2026-11-20t11:00z"},
    {"featured": "true", "status": "published", "updated": "2026-11-21", "review_by": "2028-01-01"},
    {"status": "draft", "aliases": "[/articles/2024/01/31/old/]", "id": "/articles/2024/01/31/old/"},
    {"series": "{name: Durability, part: 2}", "applies_to": '{PostgreSQL: "14–17", Redis: 7}'},
    {"corrections": "[{date: 2026-11-21, text: It was 12 ms.}]", "authors": "[ada]", "subcategory": "Storage"},
    {"subcategory": "", "updated": "null", "series": "", "title": "2026"},
]
WRONG = [
    {"title": None},
    {"title": "[a]"},
    {"description": "short"},
    {"date": "soon"},
    {"date": "2026-11-20T10:00:00"},
    {"date": "2026-11-20T10:00:00.5Z"},
    {"date": "0099-01-01"},
    {"review_by": "2106-01-01"},
    {"tags": "[Redis]"},
    {"tags": "Redis"},
    {"featured": "perhaps"},
    {"status": "done"},
    {"review_by": "2026-11-20T10:00:00Z"},
    {"series": "{name: Durability}"},
    {"series": "{name: Durability, part: 0}"},
    {"series": "{name: Durability, part: 1, of: 3}"},
    {"corrections": "[It was 12 ms.]"},
    {"corrections": "[{date: 2026-11-21}]"},
    {"applies_to": "[PostgreSQL]"},
    {"titel": "x"},
]


@pytest.mark.parametrize("keys", RIGHT)
def test_what_the_check_takes_fits_the_schema(tmp_path: Path, keys: dict[str, str | None]) -> None:
    text = article(**keys)
    assert read(tmp_path, {ANY: text}).problems == ()
    assert [each.message for each in validator("front-matter.json").iter_errors(front_matter(text))] == []


@pytest.mark.parametrize("keys", WRONG)
def test_what_the_check_refuses_for_its_form_does_not_fit(tmp_path: Path, keys: dict[str, str | None]) -> None:
    text = article(**keys)
    assert read(tmp_path, {ANY: text}).problems != ()
    assert not validator("front-matter.json").is_valid(front_matter(text))


# The options


def options_of(engblog: dict[str, Any]) -> tuple[bool, bool]:
    """Whether the plugin takes the options *engblog*, and whether they fit the schema."""
    options = generated.EngblogOptions()
    options.load_dict(dict(engblog))
    errors, warnings = options.validate()
    return not errors and not warnings, validator("options.json").is_valid(engblog)


@pytest.mark.parametrize(
    ("engblog", "right"),
    [
        ({}, True),
        ({"page_size": 5, "related": 0, "cards": True, "deploy_history": "keep"}, True),
        ({"allow": ["orphans", "links"], "articles_dir": "posts"}, True),
        ({"allow": "orphans,links"}, True),
        ({"page_size": 0}, False),
        ({"page_size": "many"}, False),
        ({"cards": "yes"}, False),
        ({"deploy_history": "all"}, False),
        ({"allow": ["everything"]}, False),
        ({"taxonomy": 5}, False),
        ({"pagesize": 5}, False),
    ],
)
def test_the_plugin_and_the_schema_of_its_options_agree(engblog: dict[str, Any], right: bool) -> None:
    assert options_of(engblog) == (right, right)


def test_this_sites_configuration_fits_and_a_wrong_option_in_it_does_not() -> None:
    config = load((REPOSITORY / "mkdocs.yml").read_text())
    assert validator("mkdocs.json").is_valid(config)
    engblog = next(each["engblog"] for each in config["plugins"] if "engblog" in each)
    assert engblog
    engblog["page_size"] = "many"
    assert not validator("mkdocs.json").is_valid(config)


def test_every_option_has_a_description_and_its_default_fits() -> None:
    for name, option in validator("options.json").schema["properties"].items():
        assert option["description"].endswith("."), name
        assert Draft7Validator(option).is_valid(option["default"]), name


def test_an_option_of_a_new_type_needs_a_schema() -> None:
    with pytest.raises(TypeError, match=r"generated\.py"):
        generated.option_schema(generated.c.ListOfItems(generated.c.Type(str)))


def test_a_documented_option_is_one_that_is_there() -> None:
    page = (REPOSITORY / "documentation/options.md").read_text()
    assert re.findall(r"^## (\w+)$", page, re.MULTILINE) == [name for name, _, _ in generated.options()]


# Editors


def test_the_editors_task_understands_what_the_check_says(tmp_path: Path) -> None:
    task = json.loads((REPOSITORY / ".vscode/tasks.json").read_text())["tasks"][0]
    pattern = task["problemMatcher"]["pattern"]
    (problem,) = read(tmp_path, {ANY: article(date="soon")}).problems
    found = re.match(pattern["regexp"], str(problem).splitlines()[0])
    assert found is not None
    said = [found[pattern[name]] for name in ("file", "line", "column", "code")]
    assert said == [problem.mark.path, str(problem.mark.line), str(problem.mark.column), "F005"]
    assert task["args"][0] == "check"


def test_the_editors_schemas_are_there() -> None:
    settings = json.loads((REPOSITORY / ".vscode/settings.json").read_text())
    assert all((REPOSITORY / path).is_file() for path in settings["yaml.schemas"])
    assert all((REPOSITORY / name.lstrip("/")).is_file() for name in settings["yaml.schemas"].values())
