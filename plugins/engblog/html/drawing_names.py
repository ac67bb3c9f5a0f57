"""The elements and attributes that a drawing may have: shapes, lines, letters and paint.

Everything else is refused: scripts, links, animations (one can change where a link leads), pictures in pictures, other
languages inside (``foreignObject``), filters, and what programs note for themselves.
"""

from __future__ import annotations

ELEMENTS = frozenset(
    {
        "circle", "clipPath", "defs", "desc", "ellipse", "g", "line", "linearGradient", "marker", "mask", "path",
        "pattern", "polygon", "polyline", "radialGradient", "rect", "stop", "style", "svg", "symbol", "text",
        "textPath", "title", "tspan", "use",
    }
)  # fmt: skip
REFERRING = frozenset({"linearGradient", "pattern", "radialGradient", "textPath", "use"})
"""Elements that may refer to another one of the same drawing (``href``)."""

WORDS = frozenset(
    {
        "aria-describedby", "aria-hidden", "aria-label", "aria-labelledby", "class", "focusable", "id", "lang", "media",
        "role", "type", "version",
    }
)  # fmt: skip
"""Attributes that browsers do not read as CSS."""
VALUES = frozenset(
    {
        "alignment-baseline", "baseline-shift", "clip-path", "clip-rule", "clipPathUnits", "color",
        "color-interpolation", "color-rendering", "cx", "cy", "d", "direction", "display", "dominant-baseline", "dx",
        "dy", "fill", "fill-opacity", "fill-rule", "font-family", "font-size", "font-size-adjust", "font-stretch",
        "font-style", "font-variant", "font-weight", "fr", "fx", "fy", "gradientTransform", "gradientUnits", "height",
        "image-rendering", "kerning", "lengthAdjust", "letter-spacing", "marker-end", "marker-mid", "marker-start",
        "markerHeight", "markerUnits", "markerWidth", "mask", "mask-type", "maskContentUnits", "maskUnits", "method",
        "offset", "opacity", "orient", "overflow", "paint-order", "pathLength", "patternContentUnits",
        "patternTransform", "patternUnits", "pointer-events", "points", "preserveAspectRatio", "r", "refX", "refY",
        "rotate", "rx", "ry", "shape-rendering", "side", "spacing", "spreadMethod", "startOffset", "stop-color",
        "stop-opacity", "stroke", "stroke-dasharray", "stroke-dashoffset", "stroke-linecap", "stroke-linejoin",
        "stroke-miterlimit", "stroke-opacity", "stroke-width", "style", "text-anchor", "text-decoration",
        "text-rendering", "textLength", "transform", "transform-origin", "unicode-bidi", "vector-effect", "viewBox",
        "visibility", "white-space", "width", "word-spacing", "writing-mode", "x", "x1", "x2", "y", "y1", "y2",
    }
)  # fmt: skip
"""Attributes whose values are CSS, or could be in another browser."""
XML = frozenset({"lang", "space"})
"""Attributes that begin with ``xml:``."""
