"""The sentences that a lab verifies, as they stand in the article."""

from __future__ import annotations

import time

import pytest
from engblog.model.article import LabTest
from engblog.source.sentences import cited, first_sentences, verified_sentences
from hypothesis import given
from hypothesis import strategies as st

MARK = '<a class="claim" id="claim-test-a" href="lab/#test-a"></a>'
OTHER = MARK.replace("test-a", "test-b")
A, B, C = (LabTest(f"test_{name}", "test.py", 1, "") for name in "abc")

CASES = {
    "the sentence before the mark": (f"<p>One. Two.{MARK} Three.</p>", "Two."),
    "the first of a paragraph": (f"<p>\n  One is\n here.{MARK} Two.</p>", "One is here."),
    "of this paragraph alone": (f"<p>One.</p>\n<p>Two.{MARK}</p>", "Two."),
    "a sentence that goes on": (f"<p>One. Two is so{MARK}, and three.</p>", "Two is so …"),
    "a sentence whose stop is behind the mark": (f"<p>One. Two is so{MARK}.</p>", "Two is so …"),
    "the end of a paragraph without a stop": (f"<p>One. Two:{MARK}</p>", "Two:"),
    "code and emphasis": (
        f"<p>A <code>b &lt; c. D</code> <em>e</em>.{MARK}</p>",
        "A <code>b &lt; c. D</code> <em>e</em>.",
    ),
    "a sentence that begins with code": (f"<p>One. <code>hz</code> is.{MARK}</p>", "<code>hz</code> is."),
    "colours in code, links and numbers": (
        f'<p><code><span class="k">a</span></code> <a href="x">b</a> <span class="measured">1 ms</span>.{MARK}</p>',
        "<code>a</code> b 1 ms.",
    ),
    "marks of footnotes": (f'<p>One.<sup id="fnref:a"><a href="#fn:a">1</a></sup> Two.{MARK}</p>', "Two."),
    "a version": (f"<p>Redis 7.0. 15 keys.{MARK}</p>", "15 keys."),
    "numbers with a point": (f"<p>It was 7.0.15 in 1.5 s. Then it grew to 2.5.{MARK}</p>", "Then it grew to 2.5."),
    "abbreviations": (f"<p>Keys, e.g. Sets vs. Lists, by J. Doe.{MARK}</p>", "Keys, e.g. Sets vs. Lists, by J. Doe."),
    "a small letter behind a stop": (f"<p>The file a. b is one.{MARK}</p>", "The file a. b is one."),
    "a question": (f"<p>Who says so? “We do.” They said.{MARK}</p>", "They said."),
    "a quotation": (f"<p>It says “No.” (Why?) It must.{MARK}</p>", "It must."),
    "an item of a list": (f"<ul><li>One. Two.{MARK}<ul><li>Three.</li></ul></li></ul>", "Two."),
    "a row of a table": (
        f"<table><tr>\n<td>GET</td>\n<td>nil. Then</td><td><code>0</code>{MARK}</td><td>end</td></tr></table>",
        "GET · nil. Then · <code>0</code> · end",
    ),
    "what is no text": (f"<p>One. <svg><title>No.</title></svg>Two<img alt='x'>.<br>\nThree.{MARK}</p>", "Three."),
    "entities": (f"<p>1 &lt; 2 &amp;&amp; 3.{MARK}</p>", "1 &lt; 2 &amp;&amp; 3."),
    "elements that are not closed": (f"<p>One. <em><b>Two.{MARK}", "<em>Two.</em>"),
}  # fmt: skip


@pytest.mark.parametrize(("html", "expected"), CASES.values(), ids=CASES.keys())
def test_a_sentence_is_found_before_its_mark(html: str, expected: str) -> None:
    assert verified_sentences(html, [A]) == {"test_a": expected}


def test_two_marks_behind_one_stop_have_one_sentence() -> None:
    html = f"<p>One. Two.{MARK} {OTHER} Three.</p>"
    assert verified_sentences(html, [A, B]) == {"test_a": "Two.", "test_b": "Two."}


def test_a_later_mark_in_a_sentence_has_more_of_it() -> None:
    html = f"<p>One is so{MARK}, and two.{OTHER}</p>"
    assert verified_sentences(html, [A, B]) == {"test_a": "One is so …", "test_b": "One is so, and two."}


def test_the_first_mark_of_a_claim_counts() -> None:
    again = MARK.replace("claim-test-a", "claim-test-a-2")
    assert verified_sentences(f"<p>One.{MARK}</p><p>Two.{again}</p>", [A]) == {"test_a": "One."}


def test_no_markup_of_the_page_gets_through() -> None:
    html = f'<p><code onclick="x" class="y">a</code><script>bad()</script> &lt;img src=x&gt;.{MARK}</p>'
    assert verified_sentences(html, [A]) == {"test_a": "<code>a</code> &lt;img src=x&gt;."}


def test_a_test_without_a_mark_has_no_sentence() -> None:
    assert verified_sentences("<p>One.</p>", [A]) == {}


@pytest.mark.parametrize("piece", ["a. B ", "<em>", "<p>", "<td>", "(", "e.g. ", f"One.{MARK} "])
def test_odd_text_is_read_in_bounded_time(piece: str) -> None:
    began = time.process_time()
    verified_sentences(f"<p>{piece * 5_000}{MARK}", [A])
    assert time.process_time() - began < 3


def test_claims_stand_in_the_order_of_the_article_and_others_behind() -> None:
    order = cited(
        [A, B, C], "One.{claim:test_c not on Redis 6.2} `{claim:test_b}` Two.{claim:test_a}{claim:test_c}{claim:gone}\n"
    )
    assert order.tests == (C, A)
    assert order.others == (B,)
    assert order.every == (C, A, B)


@pytest.mark.parametrize(
    ("text", "first", "two"),
    [
        ("One. Two. Three.", "One.", "One. Two."),
        ("One. Two.", "One.", "One. Two."),
        ("One", "One", "One"),
        ("On 7.0.15, e.g. keys. It “waits.” Then?", "On 7.0.15, e.g. keys.", "On 7.0.15, e.g. keys. It “waits.”"),
        ("Is it? Yes! No.", "Is it?", "Is it? Yes!"),
        ("A file a. b is one. Two.", "A file a. b is one.", "A file a. b is one. Two."),
        ("", "", ""),
    ],
)  # fmt: skip
def test_the_first_sentences_of_a_text(text: str, first: str, two: str) -> None:
    assert (first_sentences(text, 1), first_sentences(text, 2)) == (first, two)


@given(st.text(alphabet="Aa.!?… \n”)1", max_size=60), st.integers(1, 5))
def test_first_sentences_begin_the_text_and_grow_to_all_of_it(text: str, count: int) -> None:
    shown = [first_sentences(text, number) for number in range(1, count + 1)]
    assert all(text.startswith(each) for each in shown)
    assert shown == sorted(shown, key=len)
    assert first_sentences(text, len(text) + 1) == text
