"""Dates of whole sites: an hour is honoured, what the check accepts a build carries, and both refuse the same."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from engblog.source.dates import DateError, read_moment
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from support.feeds import check_site
from support.hosts import CONFIG, BuildError, build, build_here, mini, pages, snapshot
from support.shell import engblog
from support.sources import article
from support.themed import article as themed_article
from support.themed import themed

EVENING = "2026-12-01 18:00 +01:00"
HOUR = datetime(2026, 12, 1, 17, tzinfo=UTC)
PAGE = "articles/2026/12/01/evening/"


def test_an_article_appears_at_its_hour_and_not_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It was published from midnight on."""
    root = mini(
        tmp_path, {"docs/articles/evening/index.md": article(date=EVENING), "docs/articles/a/index.md": article()}
    )
    monkeypatch.chdir(root)
    for moment, published in [(HOUR - timedelta(seconds=1), False), (HOUR, True)]:
        monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(moment.timestamp())))
        status, out, _ = engblog(capsys, "check")
        assert status == 0
        assert ("  held back: articles/evening/index.md (dated 2026-12-01T18:00:00+01:00)\n" in out) is not published
        site = build(root, SOURCE_DATE_EPOCH=str(int(moment.timestamp())))
        assert (PAGE in pages(site)) is published
        named = {path.name for path in site.rglob("*") if path.is_file() and b"/evening/" in path.read_bytes()}
        assert ("feed.xml" in named) is published
        assert bool(named) is published


def test_the_present_decides_and_the_build_can_be_repeated(tmp_path: Path) -> None:
    """Without SOURCE_DATE_EPOCH, the moment in build.json is the last hour of publication that has come."""
    while True:  # until no midnight passes in between
        present = datetime.now(UTC).replace(microsecond=0)
        soon = present + timedelta(hours=1)
        files = {
            "docs/articles/past/index.md": article(date=f"{present:%Y-%m-%dT%H:%M:%SZ}"),
            "docs/articles/soon/index.md": article(date=f"{soon:%Y-%m-%dT%H:%M:%SZ}"),
        }
        root = mini(tmp_path, files)
        first = snapshot(build(root, SOURCE_DATE_EPOCH=None))
        if datetime.now(UTC).date() == present.date():
            break
    assert [page.rpartition("/")[0].rpartition("/")[2] for page in pages(root / "site") if page.count("/") == 5] == [
        "past"
    ]
    epoch = json.loads((root / "site/build.json").read_text())["epoch"]
    assert epoch == int(present.timestamp())
    assert snapshot(build(root, SOURCE_DATE_EPOCH=str(epoch))) == first


EDGES = [
    "1990-01-01",
    "2105-12-31T23:59:59Z",
    "2026-11-30T23:59:59-23:59",
    "2026-11-30 00:00 +2359",
    "2000-02-29t12:00z",
]
two = st.integers(0, 60).map("{:02}".format)
dates = st.builds(
    "{}-{}-{}{}{}{}".format,
    st.integers(1960, 2105),
    st.integers(1, 12).map("{:02}".format),
    st.integers(1, 31).map("{:02}".format),
    st.builds("{}{}:{}".format, st.sampled_from(["T", "t", " "]), two, two),
    st.sampled_from(["", ":00", ":59", ":60", ":00.5"]),
    st.sampled_from(["", "Z", "z", " Z", "+00:00", "-05:00", "+14:00", " +0530", "-23:59"]),
)


def generated(count: int) -> tuple[list[str], list[str]]:
    """Dates that are accepted and dates that are refused, at most *count* of each, the same each time."""
    accepted, refused = [*EDGES], ["0099-01-01", "0000-01-01", "2026-11-20T24:00Z"]

    @settings(max_examples=20 * count, derandomize=True, database=None, phases=[Phase.generate])
    @given(dates)
    def sort(text: str) -> None:
        try:
            read_moment(text)
        except DateError:
            refused.append(text)
        else:
            accepted.append(text)

    sort()
    return list(dict.fromkeys(accepted))[:count], list(dict.fromkeys(refused))[:count]


def test_what_the_check_accepts_feeds_sitemap_and_structured_data_carry(tmp_path: Path) -> None:
    accepted, _ = generated(16)
    assert len(accepted) == 16
    texts = {f"texte/artikel/d{n}/index.md": themed_article(f"D{n}", date) for n, date in enumerate(accepted)}
    texts |= {
        f"texte/artikel/u{n}/index.md": themed_article(f"U{n}", "1990-01-01T00:00Z", updated=date)
        for n, date in enumerate(accepted[1:4])
    }
    texts["texte/about.md"] = "---\ntitle: Ende\nupdated: 2105-12-31\n---\nText.\n"
    site = build(themed(tmp_path, texts), "--strict", SOURCE_DATE_EPOCH=str(4_291_747_200))
    check_site(site, "https://mini.example/heft/")
    assert (site / "sitemap.xml.gz").exists()
    assert {f"d{n}" for n in range(16)} <= {path.parent.name for path in site.glob("artikel/*/*/*/*/index.html")}


@pytest.mark.usefixtures("epoch")
def test_the_check_and_the_build_refuse_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _, refused = generated(12)
    texts = {f"docs/articles/d{n}/index.md": article(date=f"'{date}'") for n, date in enumerate(refused)}
    texts |= {
        "docs/articles/u/index.md": article(updated="2026-11-20"),
        "docs/articles/t/index.md": article(title="Post-mortem #7"),
        "docs/about.md": "---\ntitle: About #us\nupdated: 2026-13-01\nnoindex: perhaps\n---\nText.\n",
        "docs/note.md": "Note: this is text.\n",
        "docs/index.md": "---\nheadline: !important news\n---\n",
        "docs/redirects.yml": "/a/: /about/ #us\n",
        "mkdocs.yml": CONFIG.replace("site_name: Mini", "site_name: The #1 Mini"),
        "docs/authors.yml": "ada:\n  name: Ada # Lovelace\n",
    }
    root = mini(tmp_path, texts)
    monkeypatch.chdir(root)
    status, out, _ = engblog(capsys, "check")
    assert status == 1
    with pytest.raises(BuildError) as raised:
        build_here(root)
    told = "\n".join(
        line for line in out.strip().splitlines() if not re.match(r" +\d+ [A-Z]\d{3} ", line)
    )  # the counts
    assert told in str(raised.value)
    assert {line.partition(":")[0] for line in out.splitlines() if re.match(r"[^ ]+:\d", line)} == set(texts)
