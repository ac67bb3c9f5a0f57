"""``![description](chart:key "Caption")``: a chart of the lab's record, drawn, with its data as a table."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown

from engblog.markdown.attributes import seal
from engblog.markdown.charts import draw, table_of
from engblog.model.article import LabChart
from engblog.model.text import slugify

SCHEME = "chart:"


def chart_figure(
    image: Element, charts: Mapping[str, LabChart], prefixes: set[str], md: Markdown, seal_text: str = ""
) -> Element | None:
    """The figure for *image*, whose address names a chart; None where the record has no such chart (the check of the
    sources says so)."""
    chart = charts.get(image.get("src", "").removeprefix(SCHEME))
    if chart is None:
        return None
    prefix = f"chart-{slugify(chart.key) or 'data'}"
    while prefix in prefixes:
        prefix += "-again"
    prefixes.add(prefix)
    figure = seal(Element("figure", {"class": "figure diagram chart", "id": prefix}), seal_text)
    box = seal(SubElement(figure, "div", {"class": "figure-scroll"}), seal_text)
    box.text = md.htmlStash.store(draw(chart, prefix, image.get("alt", "")))
    figure.append(_data(chart, md, seal_text))
    if caption := image.get("title", ""):
        SubElement(figure, "figcaption").text = caption  # HTML wants it first or last
    return figure


def _data(chart: LabChart, md: Markdown, seal_text: str) -> Element:
    table = table_of(chart)
    head = "".join(f'<th scope="col">{escape(each)}</th>' for each in table.heads)
    rows = "".join(
        f'<tr><th scope="row">{escape(name)}</th>{"".join(f"<td>{escape(value)}</td>" for value in values)}</tr>'
        for name, *values in table.rows
    )
    caption = f"{chart.title}. {chart.note}" if chart.note else chart.title
    details = seal(Element("details", {"class": "chart-data"}), seal_text)
    SubElement(details, "summary").text = "The data"
    label = {"class": "table-scroll", "role": "region", "aria-label": chart.title, "tabindex": "0"}
    box = seal(SubElement(details, "div", label), seal_text)
    box.text = md.htmlStash.store(
        f"<table><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
    )
    return details
