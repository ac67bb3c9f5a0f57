"""The article model: every key of the front matter, what it takes, and what is said about anything else."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from engblog.model.article import Article, Moment, SeriesPart
from engblog.source.schema import KEYS as KNOWN_KEYS
from support.sources import DESCRIPTION, KEYS, article, only, places, read, read_articles

ANY = "articles/any/index.md"


def model(tmp_path: Path, **keys: str | None) -> Article:
    return only(read(tmp_path, {ANY: article(**keys)}))


def found(tmp_path: Path, **keys: str | None) -> list[str]:
    """The places of the problems of an article with *keys*, which stand from line 7 on unless they are known ones."""
    return [place.removeprefix(f"{ANY}:") for place in places(read(tmp_path, {ANY: article(**keys)}), tmp_path)]


def said(tmp_path: Path, **keys: str | None) -> str:
    (problem,) = read(tmp_path, {ANY: article(**keys)}).problems
    return f"{problem.message} | {problem.hint}"


def test_an_article_has_what_its_front_matter_says(tmp_path: Path) -> None:
    read_back = model(
        tmp_path,
        subcategory="Storage",
        authors="[grace, ada]",
        featured="true",
        status="published",
        updated="2026-11-22T10:00:00+01:00",
        review_by="2027-11-20",
        aliases="[/old/name/, /older.html]",
        series="{name: Durability from the disk up, part: 2}",
        applies_to='{PostgreSQL: "14–17", Redis: 7}',
        corrections="[{date: 2026-11-22, text: 'It is  12 ms.'}, {date: 2026-11-21, text: First}]",
    )
    assert read_back.slug == "any"
    assert read_back.src_uri == ANY
    assert read_back.url == "articles/2026/11/20/any/"
    assert read_back.title == "When the server stops"
    assert read_back.description == DESCRIPTION
    assert read_back.published == Moment(date(2026, 11, 20))
    assert read_back.category.slug == "database"
    assert read_back.subcategory is not None
    assert read_back.subcategory.name == "Storage"
    assert [tag.name for tag in read_back.tags] == ["Redis", "Go", "MySQL"]
    assert [person.name for person in read_back.authors] == ["Grace Hopper", "Ada Lovelace"]
    assert read_back.featured
    assert read_back.updated == Moment(date(2026, 11, 22), datetime.fromisoformat("2026-11-22T10:00:00+01:00"))
    assert read_back.review_by == date(2027, 11, 20)
    assert [alias.path for alias in read_back.aliases] == ["old/name/", "older.html"]
    assert read_back.series == SeriesPart("Durability from the disk up", 2)
    assert read_back.applies_to == (("PostgreSQL", "14–17"), ("Redis", "7"))
    assert [(each.day.day, each.text) for each in read_back.corrections] == [(21, "First"), (22, "It is 12 ms.")]
    assert (read_back.words, read_back.minutes) == (8, 1)


def test_the_words_of_an_article_count_each_character_of_a_script_without_spaces(tmp_path: Path) -> None:
    assert only(read_articles(tmp_path, a=article("The server 停止した.\n"))).words == 2 + 4


def test_what_is_left_out_has_a_default(tmp_path: Path) -> None:
    read_back = model(tmp_path)
    assert read_back.status == "published"
    assert not read_back.featured
    assert read_back.subcategory is read_back.updated is read_back.review_by is read_back.series is None
    assert read_back.authors == read_back.aliases == read_back.requires == read_back.corrections == ()
    assert read_back.applies_to == ()


@pytest.mark.parametrize("key", ["title", "description", "date", "category", "tags"])
@pytest.mark.parametrize("value", [None, "", '""'])
def test_a_needed_key_that_is_missing_or_empty_is_named(tmp_path: Path, key: str, value: str | None) -> None:
    (problem,) = read(tmp_path, {ANY: article(**{key: value})}).problems
    assert problem.code.id == "F002"
    assert problem.message == f"{key!r} is missing"
    assert f"`{key}: " in problem.hint
    line = [*KEYS].index(key) + 2
    assert (problem.mark.line, problem.mark.column) == ((2, 1) if value is None else (line, len(key) + 2 + bool(value)))


def test_all_problems_of_an_article_are_said_at_once(tmp_path: Path) -> None:
    broken = found(
        tmp_path, title="[a]", description="short", date="soon", category="Databse", tags="[Redis, Rust]", status="done"
    )
    assert broken == ["2:8 F003", "3:14 F004", "4:7 F005", "5:11 T001", "6:7 F007", "6:15 T003", "7:9 F006"]


@pytest.mark.parametrize(
    ("wrong", "meant"),
    [
        ("titel", "title"),
        ("Title", "title"),
        ("tag", "tags"),
        ("author", "authors"),
        ("sub_category", "subcategory"),
        ("reviewby", "review_by"),
        ("require", "requires"),
        ("alias", "aliases"),
        ("appliesto", "applies_to"),
        ("correction", "corrections"),
        ("feature", "featured"),
    ],
)
def test_an_unknown_key_says_which_was_meant(tmp_path: Path, wrong: str, meant: str) -> None:
    assert found(tmp_path, **{wrong: "x"}) == ["7:1 F001"]
    assert f"did you mean “{meant}”?" in said(tmp_path, **{wrong: "x"})


def test_a_key_like_no_other_gets_the_list_of_keys(tmp_path: Path) -> None:
    assert all(key in said(tmp_path, zzzzz="x") for key in KNOWN_KEYS)


@pytest.mark.parametrize(("length", "fine"), [(79, False), (80, True), (900, True), (901, False)])
def test_a_description_has_80_to_900_characters(tmp_path: Path, length: int, fine: bool) -> None:
    assert found(tmp_path, description="ö" * length) == ([] if fine else ["3:14 F004"])


def test_a_folded_description_is_one_line(tmp_path: Path) -> None:
    text = ">-\n  " + "\n  ".join(["A line of the description, and more of it."] * 3)
    assert model(tmp_path, description=text).description == " ".join(["A line of the description, and more of it."] * 3)


@pytest.mark.parametrize(
    ("given", "instant"),
    [
        ("2026-11-20", datetime(2026, 11, 20, tzinfo=UTC)),
        ("2026-11-20T09:30:00+01:00", datetime(2026, 11, 20, 8, 30, tzinfo=UTC)),
        ("2026-11-20 09:30:00Z", datetime(2026, 11, 20, 9, 30, tzinfo=UTC)),
        ('"2026-11-20T00:30:00+02:00"', datetime(2026, 11, 19, 22, 30, tzinfo=UTC)),
    ],
)
def test_a_date_is_a_day_or_a_moment_with_a_zone(tmp_path: Path, given: str, instant: datetime) -> None:
    read_back = model(tmp_path, date=given)
    assert read_back.published.instant == instant
    assert read_back.published.day == date(2026, 11, 20), "the day is the author's, not that of Greenwich"
    assert read_back.url == "articles/2026/11/20/any/"


def test_a_time_without_a_zone_is_an_error_that_shows_the_remedy(tmp_path: Path) -> None:
    assert found(tmp_path, date="2026-11-20T09:30:00") == ["4:7 F005"]
    assert "without a zone | add one: `date: 2026-11-20T09:30:00Z`" in said(tmp_path, date="2026-11-20T09:30:00")


@pytest.mark.parametrize(
    "wrong",
    ["soon", "20.11.2026", "2026-02-30", "2026-13-01", "20261120", "2026-11-20T25:00Z", "[2026-11-20]", "{a: b}", "12"],
)
def test_what_is_no_date_is_an_error(tmp_path: Path, wrong: str) -> None:
    assert found(tmp_path, date=wrong) == ["4:7 F005"]


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "Asia/Tokyo", "UTC"])
@pytest.mark.parametrize(
    ("edge", "fine"),
    [
        ("0001-01-01T00:00:00+14:00", False),
        ("9999-12-31T23:59:59-01:00", False),
        ("1990-01-01T00:30:00+01:00", False),
        ("2105-12-31T23:30:00-01:00", False),
        ("1990-01-01", True),
        ("2105-12-31T23:30:00Z", True),
    ],
)
def test_the_ends_of_the_calendar_are_the_same_in_every_zone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, edge: str, fine: bool, zone: str
) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        assert found(tmp_path, date=edge) == ([] if fine else ["4:7 F005"])
    finally:
        monkeypatch.delenv("TZ")
        time.tzset()


def test_an_unknown_category_is_an_error_that_says_which_was_meant(tmp_path: Path) -> None:
    assert found(tmp_path, category="Databse") == ["5:11 T001"]
    assert "did you mean “Database”?" in said(tmp_path, category="Databse")
    assert "did you mean “Database”?" in said(tmp_path, category="database")


def test_a_subcategory_must_be_of_the_category(tmp_path: Path) -> None:
    assert model(tmp_path, subcategory="Picking the Right DB").subcategory is not None
    assert found(tmp_path, subcategory="Storag") == ["7:14 T002"]
    assert "did you mean “Storage”?" in said(tmp_path, subcategory="Storag")
    assert found(tmp_path, subcategory="Architecture") == ["7:14 T002"], "it is one of another category"
    assert "add it to the taxonomy" in said(tmp_path, category="Never Used", subcategory="Storage")


@pytest.mark.parametrize(("count", "fine"), [(1, False), (2, False), (3, True), (8, True), (9, False)])
def test_an_article_has_three_to_eight_tags(tmp_path: Path, count: int, fine: bool) -> None:
    names = ["Caching", "Go", "Kubernetes", "MySQL", "Node.js", "PostgreSQL", "Redis", "Replication", "Signals"]
    assert found(tmp_path, tags=f"[{', '.join(names[:count])}]") == ([] if fine else ["6:7 F007"])


def test_no_tags_are_too_few(tmp_path: Path) -> None:
    assert found(tmp_path, tags="[]") == ["6:7 F007"]


def test_synonyms_of_tags_normalise_whatever_their_case(tmp_path: Path) -> None:
    tags = model(tmp_path, tags="[postgres, K8S, GoLang, node.js]").tags
    assert [tag.name for tag in tags] == ["PostgreSQL", "Kubernetes", "Go", "Node.js"]


def test_two_names_of_one_tag_are_a_repetition(tmp_path: Path) -> None:
    assert found(tmp_path, tags="[postgres, Go, Redis, PG]") == ["6:29 F008"]
    assert "“PG” is the tag “PostgreSQL”" in said(tmp_path, tags="[postgres, Go, Redis, PG]")


def test_an_unknown_tag_says_which_was_meant(tmp_path: Path) -> None:
    assert found(tmp_path, tags="[Redis, Go, Postgre]") == ["6:19 T003"]
    assert "did you mean “PostgreSQL”?" in said(tmp_path, tags="[Redis, Go, Postgre]")


@pytest.mark.parametrize("wrong", ["Redis", "{Redis: 1}", "Redis, Go, MySQL"])
def test_tags_are_a_list(tmp_path: Path, wrong: str) -> None:
    assert found(tmp_path, tags=wrong) == ["6:7 F003"]


def test_entries_of_a_list_are_texts_and_not_empty(tmp_path: Path) -> None:
    assert found(tmp_path, tags="[Redis, Go, MySQL, [a]]") == ["6:26 F003"]
    assert found(tmp_path, tags="\n  - Redis\n  - Go\n  -\n  - MySQL") == ["9:4 F003"]


def test_authors_are_of_the_authors_file_and_stand_once(tmp_path: Path) -> None:
    assert found(tmp_path, authors="[ada, graec]") == ["7:16 T004"]
    assert "did you mean “grace”?" in said(tmp_path, authors="[ada, graec]")
    assert found(tmp_path, authors="[ada, grace, ada]") == ["7:23 F008"]


@pytest.mark.parametrize("wrong", ["yes", "1", "True", "[true]", "{a: b}"])
def test_featured_is_true_or_false(tmp_path: Path, wrong: str) -> None:
    assert found(tmp_path, featured=wrong) == ["7:11 F003"]


def test_a_status_is_draft_or_published(tmp_path: Path) -> None:
    assert found(tmp_path, status="publshed") == ["7:9 F006"]
    assert "did you mean “published”?" in said(tmp_path, status="publshed")
    assert model(tmp_path, status="draft").status == "draft"


def test_an_article_is_not_updated_or_reviewed_before_it_is_published(tmp_path: Path) -> None:
    assert found(tmp_path, updated="2026-11-19", review_by="2026-11-19") == ["7:10 F009", "8:12 F009"]
    assert found(tmp_path, updated="2026-11-21", review_by="2026-11-20") == []


@pytest.mark.parametrize(
    ("date", "updated", "wrong"),
    [
        ("2026-11-20", "2026-11-20", "it has no hour"),
        ("2026-11-20T18:00Z", "2026-11-20", "it has no hour"),
        ("2026-11-20T22:00-05:00", "2026-11-20", "it has no hour"),
        ("2026-11-20T22:00-05:00", "2026-11-21", "it has no hour"),
        ("2026-11-20T00:30+02:00", "2026-11-19", "it has no hour"),
        (
            "2026-11-20T18:00Z",
            "2026-11-19",
            "'updated' 2026-11-19 is before the article's date 2026-11-20T18:00:00+00:00",
        ),
        ("2026-11-20T18:00Z", "2026-11-20T17:59Z", "use 2026-11-20T18:00:00+00:00 or later"),
        ("2026-11-20T18:00Z", "2026-11-20T18:30+01:00", "is before"),
        ("2026-11-20", "2026-11-20T00:30+01:00", "a date without an hour is 00:00 UTC: use"),
        ("2026-11-20", "2026-11-20T00:00Z", ""),
        ("2026-11-20T18:00Z", "2026-11-20T19:00+01:00", ""),
        ("2026-11-20T18:00Z", "2026-11-21", ""),
        ("2026-11-20T22:00-05:00", "2026-11-22", ""),
        ("2026-11-20T00:30+02:00", "2026-11-21", ""),
    ],
)
def test_an_update_on_the_day_of_publication_has_an_hour(tmp_path: Path, date: str, updated: str, wrong: str) -> None:
    if not wrong:
        assert found(tmp_path, date=date, updated=updated) == []
        return
    assert found(tmp_path, date=date, updated=updated) == ["7:10 F009"]
    assert wrong in said(tmp_path, date=date, updated=updated)


@pytest.mark.parametrize("word", ["null", "Null", "NULL", "~"])
@pytest.mark.parametrize("key", ["title", "description", "date", "category", "tags", "subcategory", "status", "id"])
def test_a_text_that_yaml_takes_for_none_is_named_once(tmp_path: Path, key: str, word: str) -> None:
    line = [*KEYS].index(key) + 2 if key in KEYS else 7
    assert found(tmp_path, **{key: word}) == [f"{line}:{len(key) + 3} F011"]
    assert f'write `{key}: "{word}"`' in said(tmp_path, **{key: word})


def test_a_value_that_is_no_text_may_be_none(tmp_path: Path) -> None:
    none = dict.fromkeys(["updated", "review_by", "featured", "aliases", "requires", "series", "corrections"], "~")
    assert model(tmp_path, **none).updated is None


@pytest.mark.parametrize(
    "given", ["Null", "~", "1_000", "010", "1e3", "12:30", "no", "404", "2026-02-30", "0x1F", ".5"]
)
def test_a_title_is_the_text_that_its_author_wrote(tmp_path: Path, given: str) -> None:
    quoted = f"'{given}'" if given in {"Null", "~"} else given
    assert model(tmp_path, title=quoted).title == given


def test_a_space_that_does_not_break_stays(tmp_path: Path) -> None:
    assert model(tmp_path, title="In\u00a010  ms").title == "In\u00a010 ms"


def test_a_review_is_due_on_a_day(tmp_path: Path) -> None:
    assert found(tmp_path, review_by="2027-11-20T10:00:00Z") == ["7:12 F005"]


@pytest.mark.parametrize(
    "wrong",
    [
        "old/name",
        "//evil.example/x",
        "/",
        "/a//b",
        "/a/../b",
        "/./a",
        "/a?b",
        "/a#b",
        '"/a b"',
        "https://x.org/",
        "/a%2e",
    ],
)
def test_an_old_address_is_a_path_of_this_site(tmp_path: Path, wrong: str) -> None:
    assert found(tmp_path, aliases=f"[{wrong}]") == ["7:11 F010"]


@pytest.mark.parametrize(("wrong", "code"), [("old/name", "F010"), ("/", "F010"), ("/a b/", "F010"), ("[/a/]", "F003")])
def test_an_id_is_a_path_of_this_site(tmp_path: Path, wrong: str, code: str) -> None:
    assert found(tmp_path, id=wrong) == [f"7:5 {code}"]


def test_an_old_address_stands_once(tmp_path: Path) -> None:
    assert found(tmp_path, aliases="[/a/, /b/, /a/]") == ["7:21 F008"]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("Durability", ["7:9 F003"]),
        ("[Durability, 1]", ["7:9 F003"]),
        ("{name: Durability}", ["7:9 F002"]),
        ("{part: 1}", ["7:9 F002"]),
        ("{name: Durability, part: 0}", ["7:34 F003"]),
        ("{name: Durability, part: first}", ["7:34 F003"]),
        ("{name: Durability, part: 1, of: 3}", ["7:37 F001"]),
        ('{name: "…", part: 1}', ["7:16 S004"]),
    ],
)
def test_a_series_has_a_name_and_a_part(tmp_path: Path, given: str, expected: list[str]) -> None:
    assert found(tmp_path, series=given) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("a text", ["7:14 F003"]),
        ("[a text]", ["7:15 F003"]),
        ("[{date: 2026-11-21}]", ["7:15 F002"]),
        ("[{text: It was 12 ms.}]", ["7:15 F002"]),
        ("[{date: yesterday, text: It was 12 ms.}]", ["7:22 F005"]),
        ("[{date: 2026-11-21, text: It was 12 ms., by: ada}]", ["7:55 F001"]),
    ],
)
def test_a_correction_has_a_day_and_a_text(tmp_path: Path, given: str, expected: list[str]) -> None:
    assert found(tmp_path, corrections=given) == expected


def test_what_an_article_applies_to_is_named_with_versions(tmp_path: Path) -> None:
    assert found(tmp_path, applies_to="PostgreSQL 15") == ["7:13 F003"]
    assert found(tmp_path, applies_to="{PostgreSQL: }") == ["7:26 F002"]
    assert found(tmp_path, applies_to="{PostgreSQL: [14, 15]}") == ["7:26 F003"]


def test_yaml_words_in_a_title_are_text(tmp_path: Path) -> None:
    for title in ("404", "no", "1e3", "2026-11-20", "true", "0x1F", "12:30"):
        assert model(tmp_path, title=title).title == title


def test_a_key_that_is_no_word_is_an_error(tmp_path: Path) -> None:
    assert found(tmp_path, **{"? [a, b]": "x"})[0].endswith("F003")


def test_a_folder_that_cannot_be_an_address_is_named_with_one_that_can(tmp_path: Path) -> None:
    for name in ("Why fsync lies", "why_fsync", "why--fsync", "WhyFsync"):
        catalogue = read(tmp_path / name, {f"articles/{name}/index.md": article()})
        assert places(catalogue, tmp_path / name) == [f"articles/{name}/index.md:1:1 S004"]
    assert "'why-fsync-lies'" in str(read(tmp_path / "Why fsync lies", {}).problems[0])


def test_what_is_wrong_in_one_article_hides_nothing_in_another(tmp_path: Path) -> None:
    catalogue = read_articles(tmp_path, a=article(title=""), b=article("![](gone.png)\n", date="soon"), c=article())
    assert places(catalogue, tmp_path) == [
        "articles/a/index.md:2:7 F002",
        "articles/b/index.md:4:7 F005",
        "articles/b/index.md:8:1 R001",
        "articles/b/index.md:8:1 R003",
    ]
    assert [each.slug for each in catalogue.site.articles] == ["c"]
