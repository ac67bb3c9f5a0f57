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

OLD_ELEMENTS = frozenset(
    {
        "applet", "basefont", "bgsound", "blink", "dir", "fencedframe", "font", "frame", "frameset", "image", "isindex",
        "keygen", "listing", "marquee", "multicol", "nextid", "noembed", "noframes", "plaintext", "portal", "rb",
        "rtc", "selectedcontent", "spacer", "xmp",
    }
)  # fmt: skip
"""Elements that browsers know, although authors should not."""

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

PROPERTIES = frozenset(
    {
        "action", "after", "alert", "align", "all", "alt", "anchors", "animate", "append", "applets", "assign", "atob",
        "attributes", "autocapitalize", "autocomplete", "autocorrect", "autofocus", "back", "before", "blur", "body",
        "border", "btoa", "caches", "charset", "children", "chrome", "clear", "click", "close", "closed", "closest",
        "complete", "confirm", "connection", "console", "constructor", "contains", "cookie", "credentialless",
        "credentials", "crypto", "dataset", "decode", "decoding", "dir", "doctype", "document", "domain", "draggable",
        "elements", "embeds", "encoding", "enctype", "escape", "eval", "evaluate", "event", "external", "fence",
        "fetch", "find", "focus", "fonts", "forms", "forward", "frames", "fullscreen", "geolocation", "go", "hash",
        "head", "height", "hidden", "history", "host", "hostname", "href", "hspace", "id", "images", "implementation",
        "inert", "ink", "lang", "language", "languages", "length", "links", "loading", "location", "locationbar",
        "lowsrc", "matches", "menubar", "method", "name", "navigation", "navigator", "nonce", "normalize", "open",
        "opener", "origin", "parent", "part", "pathname", "performance", "permissions", "personalbar", "platform",
        "plugins", "popover", "port", "prefix", "prepend", "prerendering", "print", "product", "prompt", "protocol",
        "pseudo", "referrer", "rel", "reload", "remove", "replace", "reset", "role", "scheduler", "scheduling",
        "screen", "scripts", "scroll", "scrollbars", "search", "self", "sizes", "slot", "spellcheck", "src", "srcset",
        "state", "status", "statusbar", "stop", "storage", "style", "submit", "target", "timeline", "title", "toolbar",
        "top", "translate", "undefined", "unescape", "vendor", "vibrate", "viewport", "vspace", "webdriver", "when",
        "width", "window", "write", "writeln", "x", "y",
    }
)  # fmt: skip
"""Properties of a browser's window, document, form and picture whose names are one lower-case word without a hyphen
(Chromium 142); handlers, which begin with ``on``, are left out."""
