"""A grammar of drawings and of other files: mostly what authors draw, with everything in it that could run or load."""

from __future__ import annotations

from hypothesis import strategies as st

SVG, XLINK, XHTML = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink", "http://www.w3.org/1999/xhtml"
FAR = "https://evil.example/x"
RUN = "fetch('/ran')"
CODE = f"javascript:{RUN}"

SCRIPTS = [
    f"<script>{RUN}</script>",
    f"<SCRIPT>{RUN}</SCRIPT>",
    f"<s:script>{RUN}</s:script>",
    f"<h:script>{RUN}</h:script>",
    f'<script href="data:text/javascript,{RUN}"/>',
    f'<script xlink:href="data:text/javascript,{RUN}"/>',
    f"<script><![CDATA[{RUN}]]></script>",
    f"<![CDATA[<!--]]><script>{RUN}</script><!-- -->",
    f'<h:img src="x" onerror="{RUN}"/>',
    f'<h:iframe srcdoc="&lt;script&gt;{RUN}&lt;/script&gt;"/>',
    f'<h:iframe src="{CODE}"/>',
    f'<h:object data="data:text/html,&lt;script&gt;{RUN}&lt;/script&gt;"/>',
    f'<h:embed src="data:text/html,&lt;script&gt;{RUN}&lt;/script&gt;"/>',
    f'<h:link rel="stylesheet" href="{FAR}"/>',
    f'<h:meta http-equiv="refresh" content="0;url={FAR}"/>',
    f'<h:base href="{FAR}"/>',
    f'<foreignObject><h:body onload="{RUN}"/></foreignObject>',
    f'<foreignObject><h:video autoplay="" src="{FAR}"/></foreignObject>',
    f'<image href="{FAR}"/>',
    f'<image xlink:href="{FAR}"/>',
    '<image href="data:image/svg+xml,&lt;svg/&gt;"/>',
    f'<feImage href="{FAR}"/>',
    f'<filter id="f"><feImage href="{FAR}"/></filter><rect filter="url(#f)"/>',
    f'<use href="{FAR}#a"/>',
    '<use xlink:href="data:image/svg+xml,&lt;svg id=&quot;a&quot;/&gt;#a"/>',
    f'<a href="{CODE}"><rect width="900" height="900"/></a>',
    f'<a xlink:href="{FAR}"><text y="50">x</text></a>',
    f'<a><animate attributeName="href" values="#;{CODE}"/><rect width="900" height="900"/></a>',
    f'<a><set attributeName="xlink:href" to="{CODE}"/><rect width="900" height="900"/></a>',
    f'<animate attributeName="href" values="{FAR}"/>',
    f'<animate onbegin="{RUN}" attributeName="x" dur="1s"/>',
    f'<set onbegin="{RUN}" attributeName="x" to="1"/>',
    f'<animateTransform onend="{RUN}" attributeName="x" dur="1ms"/>',
    f"<handler type='text/javascript'>{RUN}</handler>",
    f'<listener event="load" handler="{CODE}"/>',
    f"<style>@import '{FAR}';</style>",
    f"<style>rect{{fill:url({FAR})}}</style>",
    f"<style>@font-face{{font-family:a;src:url({FAR})}}text{{font-family:a}}</style>",
    f"<style>rect{{background:image-set('{FAR}' 1x)}}</style>",
    f"<style>rect{{mask-image:-webkit-image-set('{FAR}' 1x)}}</style>",
    f"<style>rect{{cursor:u\\72l({FAR}),auto}}</style>",
    f"<style>/*</style><style>*/rect{{mask:url('{FAR}')}}</style>",
    f'<style>a{{b:"}}rect{{mask:url({FAR})}}</style>',
    f"<style>rect{{x:'/*';mask:url({FAR});y:'*/'}}</style>",
    f"<style>@namespace url({FAR});</style>",
    f"<style>svg{{list-style:src('{FAR}')}}</style>",
    f"<h:style>@import '{FAR}';</h:style>",
    f"<h:link xmlns:h='{XHTML}' rel='preload' as='image' href='{FAR}'/>",
    f"<mask id='m'><image href='{FAR}'/></mask>",
    f"<cursor href='{FAR}'/>",
    f"<font-face-uri href='{FAR}'/>",
    f"<view/><metadata><h:script>{RUN}</h:script></metadata>",
    f"<switch><script>{RUN}</script></switch>",
    f"<discard href='#a' onend='{RUN}'/>",
    f"<audio src='{FAR}'/>",
    f"<h:audio src='{FAR}'/>",
    f"<tref xlink:href='{FAR}'/>",
]
"""Elements that run, load or lead away."""

ATTRIBUTES = [
    f'onload="{RUN}"',
    f'ONLOAD="{RUN}"',
    f'onclick="{RUN}"',
    f'onfocusin="{RUN}" tabindex="0"',
    f'onbegin="{RUN}"',
    f'fill="url({FAR})"',
    f"fill=\"url('{FAR}#a')\"",
    f'fill="URL({FAR}#a)"',
    f'fill="url(&quot;{FAR}&quot;) red"',
    f'fill="u\\72l({FAR})"',
    'stroke="url(//evil.example/x#a)"',
    f'clip-path="url({FAR}#a)"',
    f'mask="url({FAR})"',
    f'marker-end="url({FAR}#a)"',
    f'filter="url({FAR}#a)"',
    f'cursor="url({FAR}),auto"',
    f'style="fill:url({FAR})"',
    f"style=\"background-image:image-set('{FAR}' 1x)\"",
    f'style="mask:-webkit-cross-fade(url({FAR}),url({FAR}),1)"',
    f'style="--a:url({FAR});mask:var(--a)"',
    f'href="{FAR}"',
    f'xlink:href="{FAR}"',
    f'xlink:href="{CODE}"',
    f'xml:base="{FAR}"',
    f'href="{CODE}"',
    f'src="{FAR}"',
    'xlink:show="new" xlink:actuate="onLoad"',
    'fill="url( &#x23;a )"',
    f'fill="url(#a)url({FAR})"',
    f'font-family="a;src:url({FAR})"',
    f'd="M0 0 url({FAR})"',
    f'h:onload="{RUN}"',
    f'class="a" on:click="{RUN}"',
    f'style="behavior:url({FAR})"',
    f"style=\"@import '{FAR}'\"",
]
"""Attributes that do the same."""

HEADS = [
    '<?xml version="1.0" encoding="UTF-8"?>\n',
    "\ufeff",
    "<!-- drawn -->",
    f'<?xml-stylesheet href="{FAR}" type="text/css"?>',
    f'<?xml-stylesheet href="data:text/xsl,{FAR}" type="text/xsl"?>',
    "<?xml-stylesheet href='#x' type='text/xsl'?>",
    "<!DOCTYPE svg>",
    f'<!DOCTYPE svg SYSTEM "{FAR}">',
    f'<!DOCTYPE svg [<!ENTITY a "&#60;script&#62;{RUN}&#60;/script&#62;">]>',
    f'<!DOCTYPE svg [<!ATTLIST svg onload CDATA "{RUN}">]>',
    f'<!DOCTYPE svg [<!ENTITY % a SYSTEM "{FAR}"> %a;]>',
    '<?xml version="1.0" encoding="ISO-2022-JP"?>\n',
    '<?xml version="1.0" encoding="utf-7"?>\n',
    '<?xml version="1.0" encoding="UTF-16"?>\n',
    '<?xml version="1.1"?>\n',
    "<?php echo 1?>",
]
"""What comes before the root."""

PAINT = [
    'fill="#222"',
    'fill="none"',
    'stroke="rgb(1,2,3)"',
    'fill="url(#a)"',
    "fill=\"url('#b') red\"",
    'class="t-ink strong"',
    'stroke-dasharray="5 4"',
    'marker-end="url(#a)"',
    'marker-mid="url(#b)"',
    'transform="translate(1 2) rotate(3)"',
    'style="fill:red;stroke:url(#a)"',
    'clip-path="url(#b)"',
    'mask="url(#a)"',
    'opacity=".5"',
    "font-family=\"a, 'b c'\"",
]
SHAPES = [
    '<rect x="1" y="2" width="900" height="900" {}/>',
    '<path d="M0 0L5 5 9 0z" {}/>',
    '<circle r="9" {}/>',
    '<text x="5" y="40" {}>a &lt;script&gt; <tspan>b</tspan></text>',
    '<line x2="9" y2="9" {}/>',
    '<use href="#a" {}/>',
    '<use xlink:href="#b" {}/>',
    "<style>rect{{fill:#eee}} @media (prefers-color-scheme: dark){{.a{{fill:#111}}}}</style>",
    '<polyline points="0,0 5,5 9,0" {}/>',
    "<![CDATA[<script>{}</script>]]>",
    "<!-- {} -->",
]
GROUPS = ["g", "defs", "symbol", "marker", "pattern", "clipPath", "mask", "linearGradient", "svg", "textPath"]

_paint = st.lists(st.sampled_from(PAINT), max_size=2, unique_by=lambda each: each.split("=")[0]).map(" ".join)
_rare = st.integers(0, 14)


@st.composite
def _element(draw: st.DrawFn, depth: int = 0) -> str:
    luck = draw(_rare)
    if luck == 0:
        return draw(st.sampled_from(SCRIPTS))
    attributes = draw(_paint)
    if luck == 1:
        attributes = f"{attributes} {draw(st.sampled_from(ATTRIBUTES))}"
    if luck < 10 or depth > 3:
        return draw(st.sampled_from(SHAPES)).format(attributes)
    name = draw(st.sampled_from(GROUPS))
    inside = "".join(draw(st.lists(_element(depth + 1), max_size=4)))
    return f'<{name} id="{draw(st.sampled_from("abc"))}" {attributes}>{inside}</{name}>'


@st.composite
def drawings(draw: st.DrawFn) -> bytes:
    """The bytes of a drawing, which may be a bad one."""
    head = "".join(draw(st.lists(st.sampled_from(HEADS), max_size=2))) if draw(_rare) < 3 else ""
    root = f'xmlns="{SVG}" xmlns:xlink="{XLINK}" xmlns:s="{SVG}" xmlns:h="{XHTML}" viewBox="0 0 720 400"'
    if draw(_rare) == 0:
        root += f" {draw(st.sampled_from(ATTRIBUTES))}"
    inside = "".join(draw(st.lists(_element(), max_size=5)))
    text = f"{head}<svg {root}><title>A</title><desc>B</desc>{inside}</svg>"
    if draw(_rare) == 0:  # cut, doubled or changed somewhere
        at, end = sorted(draw(st.tuples(st.integers(0, len(text)), st.integers(0, len(text)))))
        text = draw(st.sampled_from([text[:at], text[:at] + text[end:], text[:end] + text[at:]]))
    coding = draw(st.sampled_from(["utf-8"] * 12 + ["utf-16", "utf-16-le", "iso2022_jp", "utf-7", "latin-1"]))
    return text.encode(coding, "xmlcharrefreplace")


ENDINGS = [
    "svg",
    "svgz",
    "html",
    "htm",
    "HTML",
    "xhtml",
    "xht",
    "xml",
    "xsl",
    "xslt",
    "xsd",
    "rng",
    "rdf",
    "rs",
    "mml",
    "txt",
    "csv",
    "json",
    "js",
    "mjs",
    "css",
    "md",
    "pdf",
    "png",
    "jpg",
    "gif",
    "webp",
    "ico",
    "woff2",
    "log",
    "",
    "py",
    "go",
    "toml",
    "yaml",
    "conf",
    "mod",
    "ts",
    "atom",
    "rss",
    "opml",
    "wsdl",
    "kml",
    "gpx",
    "dtd",
    "mht",
    "eml",
    "swf",
    "ipynb",
    "webmanifest",
    "ttml",
    "smil",
    "x3d",
    "owl",
    "ent",
    "java",
    "c",
    "zip",
    "sql",
    "lua",
    "asc",
    "sh",
]
"""Endings of names of files, most of which no site may publish."""
RUNNING = [
    f"<script>{RUN}</script>",
    f'<html><body onload="{RUN}">',
    f"<x:script xmlns:x='{XHTML}'>{RUN}</x:script>",
    f"<svg xmlns='{SVG}' onload=\"{RUN}\"/>",
    "<?xml-stylesheet href='x.txt' type='text/xsl'?><x><y/></x>",
    RUN,
    f"<?xml version='1.0'?><html xmlns='{XHTML}'><script>{RUN}</script></html>",
    f"\ufeff<script>{RUN}</script>",
    f"<xmp><!--</xmp><script>{RUN}</script>",
    f"GIF89a/*<script>*/={RUN}//</script>",
    f"@import '{FAR}';",
    f"<meta http-equiv=refresh content='0;url={FAR}'>",
    f"MIME-Version: 1.0\nContent-Type: text/html\n\n<script>{RUN}</script>",
]
"""Texts that run or load if a browser takes them for a document."""
