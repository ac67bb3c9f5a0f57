"""Pictures, diagrams and charts that stand alone become figures."""

from __future__ import annotations

import re
from pathlib import Path

from support.rendered import render, tree


def test_a_picture_alone_in_its_paragraph_is_a_figure(folder: Path) -> None:
    figure = tree(render('Before.\n\n![A photo](photo.png "It & all.")\n\nAfter.', folder)).find("figure")
    assert figure is not None
    assert figure.get("class") == "figure"
    image = figure.find("img")
    assert image is not None
    assert (image.get("src"), image.get("alt"), image.get("loading")) == ("photo.png", "A photo", "lazy")
    assert image.get("title") is None, "the caption is not said twice"
    assert figure.findtext("figcaption") == "It & all."


def test_a_chart_is_drawn_with_its_data_as_a_table(folder: Path) -> None:
    html = render('Before.\n\n![It rises](chart:pace "The pace.")\n\n![Again](chart:pace)\n\nAfter.', folder)
    first, second = tree(html).findall("figure")
    assert first.get("class") == "figure diagram chart"
    svg = first.find("div/svg")
    assert svg is not None
    assert svg.findtext("title") == "Pace & <more>"
    assert svg.findtext("desc") == "It rises"
    assert first.findtext("figcaption") == "The pace."
    assert [cell.text for cell in first.findall("details/div/table/thead/tr/th")] == ["dead, %", "keys"]
    assert [cell.text for cell in first.findall("details/div/table/tbody/tr/*")] == ["5", "1.5"]
    ids = re.findall(r'id="([^"]+)"', html)
    assert len(ids) == len(set(ids)), "two drawings of one chart share no id"
    assert second.find("figcaption") is None


def test_a_chart_that_the_record_does_not_have_is_left_to_the_check(folder: Path) -> None:
    assert 'src="chart:nope"' in render("![It](chart:nope)", folder)


def test_a_caption_has_measured_numbers_and_no_reasons(folder: Path) -> None:
    html = render('![A](drain.svg "It took {lab:wait} of 30 s {given:the default}, {lab:no}.")', folder)
    assert tree(html).findtext("figure/figcaption") == "It took 12.5\u00a0ms of 30 s, {lab:no}."


def test_a_picture_in_running_text_is_none(folder: Path) -> None:
    html = render('Text ![A photo](photo.png "t") text.\n\n![a](a.png) ![b](b.png)', folder)
    assert "<figure" not in html
    assert html.count("<img") == 3
    assert 'title="t"' in html


def test_a_diagram_is_set_into_the_page(folder: Path) -> None:
    figure = tree(render('![A drain](drain.svg "How it drains.")', folder)).find("figure")
    assert figure is not None
    assert figure.get("class") == "figure diagram"
    svg = figure.find("div/svg") or figure.find("div/{http://www.w3.org/2000/svg}svg")
    assert svg is not None
    assert svg.get("role") == "img"
    assert figure.find(".//img") is None
    assert figure.findtext("figcaption") == "How it drains."


def test_two_diagrams_share_no_id(folder: Path) -> None:
    text = "![A](drain.svg)\n\n![B](drain.svg)\n\n![C](other%20drain.svg)\n\n- x\n\n    ![D](drain.svg)\n"
    html = render(text, folder)
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert len(ids) == 4 * 3
    assert len(set(ids)) == len(ids)
    assert {"fig-drain-title", "fig-drain-2-title", "fig-other-drain-title", "fig-drain-3-box"} <= set(ids)


def test_figures_stand_in_admonitions_tabs_lists_and_quotes(folder: Path) -> None:
    text = (
        '!!! note "N"\n    ![A](drain.svg)\n\n=== "T"\n\n    ![B](drain.svg)\n\n- one\n\n    ![C](drain.svg)\n\n'
        "> ![D](drain.svg)\n\n??? note\n    ![E](drain.svg)\n"
    )
    assert render(text, folder).count('<figure class="figure diagram">') == 5


def test_what_cannot_be_set_in_stays_a_picture(folder: Path) -> None:
    for target in ("bad.svg", "gone.svg", "https://x.example/a.svg"):
        html = render(f"![A]({target})", folder)
        assert f'src="{target}"' in html
        assert "<svg" not in html
    assert "<svg" not in render("![A](drain.svg)"), "without a folder, no file is looked for"
