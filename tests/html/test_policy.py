"""The policy of a page, and the scripts that may stand in one."""

from __future__ import annotations

import base64
import hashlib

import pytest
from engblog.html.policy import inline_script, page_policy, script_sources


def parsed(policy: str) -> dict[str, list[str]]:
    """Directives and their sources."""
    return {words[0]: words[1:] for words in (directive.split() for directive in policy.split(";"))}


def digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def test_the_hash_is_that_of_the_text_which_stands_in_the_page() -> None:
    script = inline_script("inline/a.js", 'const a = "ä";\n'.encode())
    assert (script.name, script.text) == ("inline/a.js", 'const a = "ä";\n')
    assert script.source == digest('const a = "ä";\n')


def test_the_text_is_hashed_as_a_browser_reads_it() -> None:
    """Browsers read CRLF and CR as LF before they hash (HTML, "preprocessing the input stream")."""
    script = inline_script("inline/a.js", b"\xef\xbb\xbfa;\r\nb;\rc;\n")
    assert script.text == "a;\nb;\nc;\n"
    assert script.source == digest("a;\nb;\nc;\n")


def test_a_known_hash() -> None:
    """As the specification's own example has it (CSP 3, 8.3: `alert('Hello, world.');`)."""
    script = inline_script("a.js", b"alert('Hello, world.');")
    assert script.source == "'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='"


@pytest.mark.parametrize("part", ["</script>", "</SCRIPT ", "<!--", "<script"])
def test_a_script_that_could_end_its_element_is_refused(part: str) -> None:
    with pytest.raises(ValueError, match=r"inline/a\.js:2: .* cannot be used in an inline script"):
        inline_script("inline/a.js", f"a;\nconst b = '{part}';\n".encode())


@pytest.mark.parametrize(("data", "why"), [(b"\xff", "UTF-8"), (b"a\0b", "NUL")])
def test_a_script_whose_hash_would_not_fit_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        inline_script("inline/a.js", data)


def test_a_page_may_load_from_its_own_site_alone() -> None:
    first, second = inline_script("a.js", b"a"), inline_script("b.js", b"b")
    policy = parsed(page_policy([first, second]))
    assert policy["default-src"] == policy["base-uri"] == ["'none'"]
    assert policy["script-src"] == ["'self'", *sorted([first.source, second.source])]
    assert {name: sources for name, sources in policy.items() if "unsafe" in " ".join(sources)} == {}
    assert {source for sources in policy.values() for source in sources} == {
        "'self'", "'none'", "data:", first.source, second.source,
    }  # fmt: skip
    assert policy["img-src"] == ["'self'", "data:"]


def test_the_order_of_scripts_does_not_matter_and_a_script_counts_once() -> None:
    first, second = inline_script("a.js", b"a"), inline_script("b.js", b"b")
    assert page_policy([first, second, first]) == page_policy([second, first])


def test_a_preview_lets_the_servers_script_in_by_a_nonce_and_is_as_strict_in_all_else() -> None:
    script = inline_script("a.js", b"a")
    strict, preview = parsed(page_policy([script])), parsed(page_policy([script], nonce="abc"))
    assert preview.pop("script-src") == [*strict.pop("script-src"), "'nonce-abc'"]
    assert preview == strict
    assert "unsafe-inline" not in page_policy([script], nonce="abc")


def test_scripts_come_from_the_themes_folders_and_from_nowhere_else() -> None:
    sources = script_sources("https://a.example/my blog/", ["assets/js/", "sw.js"])
    assert sources == (
        "https://a.example/my%20blog/assets/js/", "https://a.example/my%20blog/sw.js",
        "http://localhost:*/my%20blog/assets/js/", "http://localhost:*/my%20blog/sw.js",
        "http://localhost:*/assets/js/", "http://localhost:*/sw.js",
        "http://127.0.0.1:*/my%20blog/assets/js/", "http://127.0.0.1:*/my%20blog/sw.js",
        "http://127.0.0.1:*/assets/js/", "http://127.0.0.1:*/sw.js",
    )  # fmt: skip
    policy = parsed(page_policy([], files=sources, workers=sources[:1]))
    assert policy["script-src"] == [*sources]
    assert policy["worker-src"] == [*sources[:1]]


def test_a_site_without_scripts_runs_none_and_one_without_an_address_its_own() -> None:
    assert parsed(page_policy([], files=script_sources("https://a.example/", [])))["script-src"] == ["'none'"]
    script = inline_script("a.js", b"a")
    none = page_policy([script], files=script_sources("https://a.example/", []))
    assert parsed(none)["script-src"] == [script.source], "'none' stands alone, or it is ignored"
    assert script_sources("", ["assets/js/"]) == ("'self'",)


@pytest.mark.parametrize("path", ["a;b/", "a,b/", "a b/", "a'b/", "a\nb/"])
def test_no_path_ends_a_directive(path: str) -> None:
    (first, *_) = script_sources("https://a.example/", [path])
    assert not set(first) & set(";, '\n")


def test_nothing_stands_in_a_policy_that_a_meta_element_cannot_say() -> None:
    assert not {"frame-ancestors", "report-uri", "sandbox"} & parsed(page_policy()).keys()
