"""British and American spellings of a word as one: the American.

A reader who asks for *optimisation* means the article on *optimization*. The rules are those in which the two differ by
a pattern (*-ise*, *-our*, *-re*, *-ence*, *-ogue*, *-yse*), each for the words that follow it, and a table of the rest.
Which spelling is the common one does not matter, because index and query are read alike. ``spelling.mjs`` is the same.
"""

from __future__ import annotations

import re

_OUR = (
    "arm|behavi|cand|clam|col|demean|endeav|fav|ferv|flav|glam|harb|hon|hum|lab|misdemean|neighb|od|parl|ranc|rig|rum|"
    "sav|savi|splend|succ|tum|val|vap|vig"
)
_RE = "accout|calib|cent|fib|lit|lust|maneuv|meag|met|mit|nit|och|reconnoit|sab|scept|somb|spect|theat"
_MEASURES = "centi|deci|kilo|micro|milli|nano"
_ENCE = "def|lic|off|pret"
_OGUE = "anal|catal|dial|epil|homol|monol|prol|travel"
_YSE = "anal|catal|dial|electrol|hydrol|paral|psychoanal"
_NOT_IZE = (
    "adv|adver|advert|an|appr|chast|circumc|compr|comprom|conc|dem|desp|dev|disgu|enterpr|exc|exerc|expert|franch|"
    "guis|imprec|improv|inc|merchand|mort|parad|prec|prem|prom|repr|rev|superv|surpr|telev|treat|unsuperv|vis"
)
"""Beginnings of words in ``ise`` that both spell alike."""
_OTHERS = """
    ageing:aging aluminium:aluminum amongst:among artefact:artifact artefacts:artifacts cosy:cozy disc:disk discs:disks
    encyclopaedia:encyclopedia focussed:focused focusses:focuses focussing:focusing fulfil:fulfill fulfils:fulfills
    grey:gray greyed:grayed greys:grays greyscale:grayscale instalment:installment instalments:installments
    judgement:judgment judgements:judgments acknowledgement:acknowledgment acknowledgements:acknowledgments
    learnt:learned manoeuvre:maneuver manoeuvres:maneuvers manoeuvred:maneuvered manoeuvring:maneuvering mould:mold
    moulds:molds orientated:oriented plough:plow practise:practice practised:practiced practises:practices
    practising:practicing programme:program programmes:programs queueing:queuing sceptic:skeptic sceptical:skeptical
    skilful:skillful sulphur:sulfur whilst:while
"""
_TABLE = dict(pair.split(":") for pair in _OTHERS.split())
_DIFFERENT = re.compile(
    rf"^(?P<our>(?:dis|mis|multi|un)?(?:{_OUR}))our"
    rf"|^(?P<re>(?:{_MEASURES})?(?:{_RE}))r(?:e(?=s?$)|(?=ed$|ing$))"
    rf"|^(?P<ence>(?:{_ENCE}))ence(?=$|s|d|less)"
    rf"|^(?P<ogue>(?:{_OGUE}))ogu(?:e(?=s?$)|(?=ed$|ing$))"
    rf"|^(?P<yse>(?:{_YSE}))ys(?=e|ing$)"
    rf"|^(?!(?:{_NOT_IZE})is)(?P<ise>[a-z]{{2,}}[^aeiouw])is(?=e$|e[dsr]$|ers$|ing$|ation|able$)"
)
_WRITTEN = {"our": "or", "re": "er", "ence": "ense", "ogue": "og", "yse": "yz", "ise": "iz"}


def american(word: str) -> str:
    """The American spelling of *word*, lower-case ASCII letters."""
    if (other := _TABLE.get(word)) is not None:
        return other
    found = _DIFFERENT.match(word)
    if found is None or found.lastgroup is None:
        return word
    return found[found.lastgroup] + _WRITTEN[found.lastgroup] + word[found.end() :]
