"""The names of HTML: its elements and their attributes (HTML Standard, 2026, indices of elements and of attributes)."""

from __future__ import annotations

VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"}
)
"""Elements that have no content and no end tag."""

ELEMENTS = VOID | frozenset(
    {
        "a", "abbr", "acronym", "address", "article", "aside", "audio", "b", "bdi", "bdo", "big",
        "blockquote", "body", "button",
        "canvas", "caption", "center", "cite", "code", "colgroup", "data", "datalist", "dd", "del", "details", "dfn",
        "dialog", "div", "dl", "dt", "em", "fieldset", "figcaption", "figure", "font", "footer",
        "form", "h1", "h2", "h3",
        "h4", "h5", "h6", "head", "header", "hgroup", "html", "i", "iframe", "ins", "kbd", "label",
        "legend", "li", "main",
        "map", "mark", "math", "menu", "meter", "nav", "nobr", "noscript", "object", "ol", "optgroup",
        "option", "output", "p",
        "picture", "pre", "progress", "q", "rp", "rt", "ruby", "s", "samp", "script", "search", "section", "select",
        "slot", "small", "span", "strike", "strong", "style", "sub", "summary", "sup", "svg", "table", "tbody", "td",
        "template", "textarea", "tfoot", "th", "thead", "time", "title", "tr", "tt", "u", "ul", "var", "video",
    }
)  # fmt: skip
"""Elements that browsers show, those of old pages with them."""

ATTRIBUTES = frozenset(
    {
        "abbr", "accept", "accesskey", "action", "align", "allow", "allowfullscreen", "alt", "async",
        "attributionsrc", "autocapitalize",
        "autocomplete", "autofocus", "autoplay", "background", "bgcolor", "border", "cellpadding", "cellspacing",
        "charset", "checked", "cite", "class", "clear", "color", "cols", "colspan", "content", "contenteditable",
        "controls", "coords", "crossorigin", "data", "datetime", "decoding", "default", "defer", "dir", "disabled",
        "download", "draggable", "enctype", "enterkeyhint", "face", "fetchpriority", "for", "formaction",
        "frameborder",
        "headers", "height", "hidden", "high", "href", "hreflang", "http-equiv", "id", "imagesizes", "imagesrcset",
        "inert", "inputmode", "integrity", "is", "ismap", "itemid", "itemprop", "itemref", "itemscope", "itemtype",
        "kind", "label", "lang", "list", "loading", "loop", "low", "longdesc", "marginheight", "marginwidth",
        "markdown", "max", "maxlength", "media", "method",
        "min", "minlength", "multiple", "muted", "name", "nonce", "nowrap", "open", "optimum",
        "part", "pattern", "ping",
        "placeholder", "playsinline", "popover", "popovertarget", "poster", "preload", "readonly", "referrerpolicy",
        "rel", "required", "reversed", "role", "rows", "rowspan", "rules", "sandbox", "scope",
        "selected", "shape", "size",
        "sizes", "slot", "span", "spellcheck", "src", "srcdoc", "srclang", "srcset", "start",
        "step", "style", "summary",
        "tabindex", "target", "title", "translate", "type", "usemap", "valign", "value", "vspace", "hspace", "width",
        "wrap", "xlink:href", "xmlns", "xml:lang",
    }
)  # fmt: skip
"""Attributes of these elements without ``data-…``, ``aria-…`` and handlers; ``markdown`` is the renderer's."""
