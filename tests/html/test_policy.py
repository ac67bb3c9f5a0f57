"""The policy of a page, and the scripts that may stand in one."""

from __future__ import annotations

import base64
import hashlib

import pytest
from engblog.html.policy import inline_script, page_policy


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


def test_a_preview_lets_the_script_in_that_loads_it_again_and_is_as_strict_in_all_else() -> None:
    script = inline_script("a.js", b"a")
    strict, preview = parsed(page_policy([script])), parsed(page_policy([script], reloads=True))
    assert preview.pop("script-src") == ["'self'", "'unsafe-inline'"], "a hash would switch the other off"
    del strict["script-src"]
    assert preview == strict


def test_nothing_stands_in_a_policy_that_a_meta_element_cannot_say() -> None:
    assert not {"frame-ancestors", "report-uri", "sandbox"} & parsed(page_policy()).keys()
