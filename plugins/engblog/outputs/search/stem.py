"""English word stems: Porter's algorithm (Program 14:3, 1980) with a table of irregular forms.

Three departures from Porter, all so that words of one family meet: a table of irregular forms (*lost*, *loss* →
*lose*), a ``y`` that became ``i`` is dropped from longer stems, so that *expiry* meets *expire*, and British spellings
are read as the American ones. ``stem.mjs`` is the same algorithm.
"""

from __future__ import annotations

import re
from functools import lru_cache

from engblog.outputs.search.spelling import american

_FORMS = """
    lost:lose loss:lose losses:lose ran:run broke:break broken:break wrote:write written:write sent:send built:build
    slept:sleep kept:keep froze:freeze frozen:freeze stuck:stick hung:hang died:die dying:die dead:die death:die
    grew:grow grown:grow growth:grow chose:choose chosen:choose choice:choose caught:catch held:hold went:go gone:go
    made:make took:take taken:take gave:give given:give got:get found:find bought:buy brought:bring thought:think
    told:tell felt:feel left:leave meant:mean met:meet read:read rose:rise risen:rise shrank:shrink shrunk:shrink
    spoke:speak spent:spend stole:steal stood:stand stopped:stop threw:throw thrown:throw knew:know known:know
    woke:wake began:begin begun:begin came:come drew:draw drawn:draw fell:fall fallen:fall forgot:forget
    forgotten:forget hid:hide hidden:hide saw:see seen:see shown:show sought:seek sold:sell slow:slow slower:slow
    slowest:slow slowness:slow slowly:slow faster:fast fastest:fast failure:fail failures:fail proof:prove
    proven:prove belief:believe children:child indices:index indexes:index vertices:vertex matrices:matrix
    mice:mouse men:man women:woman people:person data:data bigger:big biggest:big larger:large largest:large
    smaller:small smallest:small news:news series:series less:less replica:replicate replicas:replicate
    generic:generic generics:generic general:general generally:general container:container containers:container
    important:important importance:important engineer:engineer engineers:engineer engineering:engineer
    terminal:terminal terminals:terminal policy:policy policies:policy operator:operator operators:operator
    experience:experience experiences:experience experienced:experience experiment:experiment experiments:experiment
    experimental:experiment internal:internal internals:internal internally:internal community:community
    communities:community authorize:authorize authorized:authorize authorization:authorize authority:authority
    authorities:authority relational:relational relative:relative relatively:relative customer:customer
    customers:customer positive:positive positives:positive factory:factory factories:factory several:several
    consistent:consistent consistency:consistent consistently:consistent edition:edition editions:edition
    objective:objective business:business businesses:business bus:bus buses:bus https:https ios:ios
    university:university universities:university analysis:analyze analyses:analyze analyse:analyze analysed:analyze
    alias:alias aliases:alias bias:bias biases:bias focus:focus focuses:focus status:status statuses:status
    redis:redis kubernetes:kubernetes postgres:postgres jenkins:jenkins axios:axios rails:rails
    follower:follower followers:follower
"""
_IRREGULAR = dict(pair.split(":") for pair in _FORMS.split())

_STEP2 = {
    "ational": "ate", "tional": "tion", "enci": "ence", "anci": "ance", "izer": "ize", "bli": "ble", "alli": "al",
    "entli": "ent", "eli": "e", "ousli": "ous", "fulli": "ful", "ization": "ize", "ation": "ate", "ator": "ate",
    "alism": "al", "iveness": "ive", "fulness": "ful", "ousness": "ous", "aliti": "al", "iviti": "ive",
    "biliti": "ble", "logi": "log",
}  # fmt: skip
_STEP3 = {"icate": "ic", "ative": "", "alize": "al", "iciti": "ic", "ical": "ic", "ful": "", "ness": ""}


def _ending(endings: dict[str, str]) -> re.Pattern[str]:
    return re.compile(f"(?:{'|'.join(sorted(endings, key=lambda ending: (-len(ending), ending)))})$")


_SUFFIX2 = _ending(_STEP2)
_SUFFIX3 = _ending(_STEP3)
_SUFFIX4 = re.compile(r"(?:ement|ance|ence|able|ible|ment|ant|ent|ism|ate|iti|ous|ive|ize|(?<=[st])ion|al|er|ic|ou)$")
_CONSONANT_Y = re.compile(r"^y|(?<=[aeiou])y")
_VOWEL = re.compile(r"[aeiouy]")
_GROUP = re.compile(r"[aeiouy][^aeiouy]")
_SHORT = re.compile(r"[^aeiouy][aeiouy][^aeiouywxY]$")
_DOUBLE = re.compile(r"([bcdfghjkmnpqrtvwx])\1$")
_ENDINGS = (
    "s", "e", "y", "i", "ed", "ing", "al", "er", "ic", "ll", "ou", "ant", "ent", "ism", "ion", "ful", "ator",
)  # fmt: skip
"""A word without any of these endings is its own stem."""
_LONGEST = 32


@lru_cache(maxsize=1 << 17)
def stem(word: str) -> str:
    """The stem of *word*, lower-case ASCII letters; a word of one or two letters, or of more than 32, is its own."""
    word = american(word)
    if word in _IRREGULAR:
        if _IRREGULAR[word] == word:
            return word  # its last letter is not an ending
        word = _IRREGULAR[word]
    if not word.endswith(_ENDINGS) or not 2 < len(word) <= _LONGEST:
        return word
    if "y" in word:
        word = _CONSONANT_Y.sub("Y", word)
    word = _step1(word)
    word = _replace(word, _SUFFIX2, _STEP2)
    word = _replace(word, _SUFFIX3, _STEP3)
    if word[-1] == "i" and word[-3:] != "iti" and _measure(word[:-1]) > 1:
        word = word[:-1]
    if (found := _SUFFIX4.search(word)) and _measure(word[: found.start()]) > 1:
        word = word[: found.start()]
    if word[-1] == "e":
        root = word[:-1]
        measure = _measure(root)
        if measure > 1 or (measure == 1 and not _SHORT.search(root)):
            word = root
    if word[-2:] == "ll" and _measure(word[:-1]) > 1:
        word = word[:-1]
    return word.lower()


def _step1(word: str) -> str:
    if word[-1] == "s":
        if word.endswith(("sses", "ies")):
            word = word[:-2]
        elif word[-2] != "s":
            word = word[:-1]
    if word.endswith("eed"):
        if _measure(word[:-3]):
            word = word[:-1]
    elif word.endswith(("ed", "ing")):
        root = word[: -2 if word[-1] == "d" else -3]
        if _VOWEL.search(root):
            word = root
            if word.endswith(("at", "bl", "iz")) or (_measure(word) == 1 and _SHORT.search(word)):
                word += "e"
            elif _DOUBLE.search(word):
                word = word[:-1]
    if word[-1] == "y" and _VOWEL.search(word[:-1]):
        word = word[:-1] + "i"
    return word


def _replace(word: str, suffix: re.Pattern[str], by: dict[str, str]) -> str:
    found = suffix.search(word)
    if found and _measure(word[: found.start()]):
        return word[: found.start()] + by[found.group()]
    return word


def _measure(root: str) -> int:
    return len(_GROUP.findall(root))
