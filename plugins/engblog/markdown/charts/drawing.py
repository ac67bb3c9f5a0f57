"""A chart as SVG that is set into a page: colours by class, so that it follows the theme.

Lines differ in the shape of their marks and in their dashes as well as in colour, because readers do too. A chart of
names has its names down the left side, where there is room for them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import median
from unicodedata import east_asian_width
from xml.sax.saxutils import escape

from engblog.markdown.charts.scales import Scale, linear, logarithmic, tick_label
from engblog.model.article import LabChart

WIDTH = 520
"""Units of the view box."""
_LETTER, _CAPITAL, _IDEOGRAPH = 8.0, 11.0, 15.0
"""Widths of letters, in the widest of the faces that a reader may see."""
_PLOT_HEIGHT = 230
_ROW = 30
"""Height of a bar or a row of dots, the space below it included."""
_LEGEND_ROW = 24


@dataclass(frozen=True, slots=True)
class Style:
    """The look of one line of a chart."""

    colour: str
    """Suffix of the classes ``s-``, ``a-`` and ``t-``."""
    dash: str
    mark: str


STYLES = (
    Style("accent", "", "circle"),
    Style("ink", "", "square"),
    Style("accent", " dash", "triangle"),
    Style("ink", " dash", "diamond"),
    Style("muted", "", "cross"),
    Style("muted", " dash", "ring"),
)
_MARKS = {
    "circle": '<circle class="a-{colour}" cx="{x}" cy="{y}" r="4"/>',
    "ring": '<circle class="f-paper s-{colour}" cx="{x}" cy="{y}" r="4"/>',
    "square": '<path class="a-{colour}" d="M{x} {y}m-4 -4h8v8h-8z"/>',
    "triangle": '<path class="a-{colour}" d="M{x} {y}m0 -5l5 9h-10z"/>',
    "diamond": '<path class="a-{colour}" d="M{x} {y}m0 -5.5l5.5 5.5l-5.5 5.5l-5.5 -5.5z"/>',
    "cross": '<path class="s-{colour}" d="M{x} {y}m-4 -4l8 8m0 -8l-8 8"/>',
}


def draw(chart: LabChart, prefix: str, description: str) -> str:
    """Draw *chart*; its ids are led by *prefix*, and *description* is read aloud in its place."""
    by_name = any(isinstance(x, str) for _, x, _ in chart.points)
    height, parts = _rows(chart) if by_name else _plane(chart)
    return (
        f'<svg viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" role="img" '
        f'aria-labelledby="{prefix}-title" aria-describedby="{prefix}-desc">'
        f'<title id="{prefix}-title">{escape(chart.title)}</title><desc id="{prefix}-desc">{escape(description)}</desc>'
        f"{''.join(parts)}</svg>"
    )


def _names(chart: LabChart) -> list[str]:
    return list(dict.fromkeys(line for line, _, _ in chart.points))


def _scale(values: Sequence[float], kind: str, *, zero: bool) -> Scale:
    return logarithmic(values) if kind == "log" and min(values) > 0 else linear(values, zero=zero)


def _plane(chart: LabChart) -> tuple[int, list[str]]:
    """A chart over two axes of numbers: its height, and its markup."""
    points = [(line, float(x), y) for line, x, y in chart.points]
    own = sorted({x for _, x, _ in points})
    across = _scale(own, chart.x_scale, zero=False)
    up = _scale([y for _, _, y in points], chart.y_scale, zero=True)
    legend, top = _legend(chart)
    top += 26  # the label of the vertical axis
    left = 14 + max(_width(tick_label(tick)) for tick in up.ticks)
    right, bottom = WIDTH - 22, top + _PLOT_HEIGHT
    fitted = replace(across, low=own[0], high=own[-1]) if len(own) > 1 else across
    ticks = _apart(own, fitted, right - left)
    if ticks:
        across = fitted

    def place(x: float, y: float) -> tuple[float, float]:
        return left + across.at(x) * (right - left), bottom - up.at(y) * _PLOT_HEIGHT

    parts = [*legend, _text(0, top - 14, chart.y, "t-muted")]
    for tick in up.ticks:
        at = place(across.low, tick)[1]
        parts += [_rule(left, at, right, at), _text(left - 8, at + 5, tick_label(tick), "t-muted", "end")]
    for tick in ticks or across.ticks:
        at = place(tick, up.low)[0]
        parts += [_rule(at, bottom, at, bottom + 5), _text(at, bottom + 22, tick_label(tick), "t-muted", "middle")]
    parts.append(_text(right, bottom + 44, chart.x, "t-muted", "end"))
    for style, name in zip(_styles(chart), _names(chart), strict=True):
        mine = sorted((x, y) for line, x, y in points if line == name)
        spots = [place(x, y) for x, y in mine]
        if chart.kind == "line":
            parts.append(_path(spots, style))
        elif len(mine) > len({x for x, _ in mine}):
            parts += [_path([place(x, y) for x, y in _medians(mine)], style)]
        parts += [_mark(x, y, style) for x, y in spots]
    return round(bottom + 56), parts


def _rows(chart: LabChart) -> tuple[int, list[str]]:
    """A chart with a name in each row: its height, and its markup."""
    along = _scale([y for _, _, y in chart.points], chart.y_scale, zero=True)
    places = list(dict.fromkeys(str(x) for _, x, _ in chart.points))
    names = _names(chart)
    legend, top = _legend(chart)
    top += 10
    left = 14 + min(max(map(_width, places)), WIDTH * 0.45)
    right = WIDTH - (78 if chart.kind == "bars" else 22)
    per_row = len(names)
    row = _ROW + (per_row - 1) * 18
    bottom = top + row * len(places)

    def at(value: float) -> float:
        return left + along.at(value) * (right - left)

    start = left if along.logarithmic else at(0)
    parts = list(legend)
    for tick in along.ticks:
        parts += [
            _rule(at(tick), top, at(tick), bottom),
            _text(at(tick), bottom + 20, tick_label(tick), "t-muted", "middle"),
        ]
    parts.append(_text(right, bottom + 42, chart.y, "t-muted", "end"))
    for number, place in enumerate(places):
        middle = top + row * number + row / 2
        parts.append(_text(left - 10, middle + 5, place, "t-ink", "end"))
        for order, (style, name) in enumerate(zip(_styles(chart), names, strict=True)):
            offset = middle + (order - (per_row - 1) / 2) * 18
            values = [y for line, x, y in chart.points if line == name and str(x) == place]
            if chart.kind == "bars":
                for value in values:
                    end = at(value)
                    label = _text(max(start, end) + 7, offset + 5, f"{value:,}", "t-ink small")
                    parts += [_bar(start, end, offset, style), label]
            else:
                parts += [_mark(at(value), offset, style) for value in values]
                if len(values) > 1:
                    centre = at(median(values))
                    parts.append(f'<path class="s-{style.colour}" d="M{_n(centre)} {_n(offset - 9)}v18"/>')
    return round(bottom + 54), parts


def _legend(chart: LabChart) -> tuple[list[str], int]:
    """The names of a chart's lines with their marks, as many in a row as fit; none for a single line."""
    names = _names(chart)
    if len(names) < 2:
        return [], 10
    parts, x, y = [], 0.0, 14
    for style, name in zip(_styles(chart), names, strict=True):
        width = 54 + _width(name)
        if x and x + width > WIDTH:
            x, y = 0.0, y + _LEGEND_ROW
        if chart.kind == "line":
            parts.append(f'<path class="s-{style.colour}{style.dash}" d="M{_n(x)} {y}h26"/>')
        sign = _bar(x, x + 26, y, style) if chart.kind == "bars" else _mark(x + 13, y, style)
        parts += [sign, _text(x + 34, y + 5, name, "t-ink")]
        x += width
    return parts, y + 20


def _width(words: str) -> float:
    """The room that *words* need."""
    return sum(
        _IDEOGRAPH if east_asian_width(letter) in "WF" else _CAPITAL if letter.isupper() else _LETTER
        for letter in words
    )


def _styles(chart: LabChart) -> Iterator[Style]:
    names = _names(chart)
    return (STYLES[number % len(STYLES)] for number in range(len(names)))


def _apart(values: Sequence[float], scale: Scale, width: float) -> Sequence[float]:
    """Use *values* as ticks if they are few and their labels do not touch; otherwise use none."""
    places = [scale.at(value) * width for value in values]
    room = [_width(tick_label(value)) + 10 for value in values]
    touching = any(
        second - first < (before + behind) / 2
        for first, second, before, behind in zip(places, places[1:], room, room[1:], strict=False)
    )
    return [] if touching or len(values) > 10 else values


def _medians(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    return [(place, median(y for x, y in points if x == place)) for place in sorted({x for x, _ in points})]


def _path(spots: Sequence[tuple[float, float]], style: Style) -> str:
    way = "L".join(f"{_n(x)} {_n(y)}" for x, y in spots)
    return f'<path class="s-{style.colour}{style.dash}" fill="none" d="M{way}"/>'


def _bar(start: float, end: float, middle: float, style: Style) -> str:
    filled = {"accent": "f-accent", "ink": "f-soft", "muted": "f-paper"}[style.colour]
    place = f'x="{_n(min(start, end))}" y="{_n(middle - 7)}" width="{_n(abs(end - start))}" height="14"'
    return f'<rect class="{filled} s-{style.colour}{style.dash}" {place}/>'


def _mark(x: float, y: float, style: Style) -> str:
    return _MARKS[style.mark].format(colour=style.colour, x=_n(x), y=_n(y))


def _rule(x: float, y: float, to_x: float, to_y: float) -> str:
    return f'<path class="chart-rule" d="M{_n(x)} {_n(y)}L{_n(to_x)} {_n(to_y)}"/>'


def _text(x: float, y: float, words: str, classes: str, anchor: str = "") -> str:
    anchored = f' text-anchor="{anchor}"' if anchor else ""
    return f'<text class="{classes}" x="{_n(x)}" y="{_n(y)}"{anchored}>{escape(words)}</text>'


def _n(value: float) -> str:
    """A coordinate: at most one decimal, so that the same data gives the same bytes."""
    return f"{value:.1f}".removesuffix(".0")
