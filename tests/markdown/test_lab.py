"""In-article syntax, rendered with the extensions that mkdocs.yml lists."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.rendered import REFUSAL, render, tree


def test_a_reason_why_a_figure_needs_no_source_shows_nothing() -> None:
    assert render("It sends 9 keys {given:our load}. More.") == "<p>It sends 9 keys. More.</p>"
    assert "{given:x}" in render("It is `{given:x}`.")


def test_a_measured_number_is_shown_with_what_was_measured() -> None:
    root = tree(render("It waits {lab:wait}, {lab: wait } and **{lab:wait}**."))
    links = [*root.iter("a")]
    assert [link.text for link in links] == ["12.5\u00a0ms"] * 3
    assert {link.get("title") for link in links} == {"Measured: from SIGTERM to exit"}
    assert {link.get("href") for link in links} == {"lab/index.md#number-wait"}
    assert "".join(root.itertext()).strip() == "It waits 12.5\u00a0ms, 12.5\u00a0ms and 12.5\u00a0ms."


def test_a_measured_text_is_text_whatever_it_holds() -> None:
    link = tree(render("{lab:odd}")).find(".//a")
    assert link is not None
    assert (link.text, link.get("title")) == ("<b> & {x}", 'Measured: a "note"')


def test_a_number_of_a_lab_without_a_page_leads_nowhere() -> None:
    assert render("{lab:unlisted}") == '<p><span class="measured" title="Measured: a lab without a page">7</span></p>'


def test_what_a_program_said_is_set_as_code_that_can_be_copied() -> None:
    root = tree(render("It answers {lab:refusal}."))
    message = root.find('.//span[@class="message"]')
    assert message is not None
    assert message.findtext("a[@class='measured']/code") == REFUSAL
    assert "".join(root.itertext()).strip() == f"It answers {REFUSAL}."


def test_a_number_within_a_link_is_no_link_of_its_own() -> None:
    root = tree(render("[It waits {lab:wait}, {lab:refusal}{claim:test_it_waits}](other.md) and {lab:wait}."))
    assert [link.get("class") for link in root.iter("a")] == [None, "measured"]
    assert root.findtext('.//a/span[@class="measured"]') == "12.5\u00a0ms"
    assert not [span for span in root.iter("span") if span.get("href") or span.get("aria-label")]


def test_a_claim_leads_to_its_test() -> None:
    root = tree(render("It waits. {claim:test_it_waits} More."))
    link = root.find(".//a")
    assert link is not None
    assert link.get("href") == "lab/index.md#test-it-waits"
    assert link.get("aria-label") == 'Verified by a test: It "waits".'
    assert link.get("class") == "claim"
    assert "".join(root.itertext()) == "It waits. More."


def test_a_claim_that_does_not_hold_everywhere_leads_to_its_test_as_well() -> None:
    root = tree(render("It waits. {claim:test_it_waits not on Redis 6.2, Valkey 9.1} More."))
    link = root.find(".//a")
    assert link is not None
    assert link.get("href") == "lab/index.md#test-it-waits"
    assert link.get("aria-label") == 'Verified by a test: It "waits". Not on Redis 6.2, Valkey 9.1.'
    assert "".join(root.itertext()) == "It waits. More."


def test_a_claim_says_when_its_test_fails() -> None:
    link = tree(render("It holds. {claim:test_it_fails}")).find(".//a")
    assert link is not None
    assert link.get("aria-label") == (
        "Verified by a test: It holds. It fails, as it should, when hz is 500; or when off."
    )


def test_every_mark_of_a_claim_has_an_id_of_its_own_in_the_order_of_the_page() -> None:
    text = "- a {claim:test_it_waits}\n\n    - b **c {claim:test_it_waits}**\n\n"
    text += "d {claim:test_it_waits} {claim:test_it_fails}\n"
    marks = [link.get("id") for link in tree(render(text)).iter("a")]
    assert marks == ["claim-test-it-waits", "claim-test-it-waits-2", "claim-test-it-waits-3", "claim-test-it-fails"]


@pytest.mark.parametrize("text", ["{lab:gone}", "{claim:test_gone}", "{lab:}", "{lab:wait"])
def test_what_is_not_recorded_stays_as_it_stands(text: str) -> None:
    assert text in render(f"Text {text} text.")


@pytest.mark.parametrize(
    "text",
    [
        "`{lab:wait}` and `{claim:test_it_waits}`",
        "```python\nx = '{lab:wait} {claim:test_it_waits}'\n```",
        '```python\n--8<-- "lab/a.py"\n```',
        "    {lab:wait} {claim:test_it_waits}",
        "<code>`{lab:wait} {claim:test_it_waits}`</code>",
    ],
)
def test_code_stays_as_it_stands(folder: Path, text: str) -> None:
    root = tree(render(text, folder))
    shown = "".join(root.itertext())
    assert "{lab:wait}" in shown
    assert "{claim:test_it_waits}" in shown
    assert root.find('.//*[@class="measured"]') is None
    assert root.find('.//*[@class="claim"]') is None


def test_numbers_and_claims_stand_in_headings_tables_lists_notes_and_footnotes() -> None:
    text = (
        "## After {lab:wait}\n\n| a |\n|---|\n| {lab:wait} {claim:test_it_waits} |\n\n"
        "- {lab:wait} {claim:test_it_waits}\n\n"
        '!!! note "It takes {lab:wait}"\n    {lab:wait} {claim:test_it_waits}\n\nA source.[^a]\n\n[^a]: {lab:wait}\n'
    )
    html = render(text)
    assert html.count('class="measured"') == 6
    assert html.count('class="claim"') == 3
    assert "{lab:" not in html


def test_a_heading_with_a_number_has_a_plain_address() -> None:
    md_html = render("## After {lab:wait}\n")
    heading = tree(md_html).find("h2")
    assert heading is not None
    assert heading.get("id") == "after-125-ms"


def test_includes_come_from_the_articles_folder(folder: Path) -> None:
    shown = "".join(tree(render('```python title="lab/a.py"\n--8<-- "lab/a.py"\n```\n', folder)).itertext())
    assert "x = '{lab:wait}" in shown
    (folder / "outside.py").write_text("the password")
    outside = tree(render('```\n--8<-- "../outside.py"\n```\n', folder / "lab"))
    assert "".join(outside.itertext()).strip() == '--8<-- "../outside.py"'
