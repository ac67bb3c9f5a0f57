"""Characters that were set can be shown, and taken back to what was typed."""

from __future__ import annotations

from engblog.model.characters import HELD, as_shown, as_typed, straight

SET = "".join(HELD.values())


def test_held_characters_are_shown_or_as_typed() -> None:
    assert as_shown(f"a{SET}b") == "a“”‘’…–—b"
    assert as_typed(f"a{SET}b") == "a\"\"''...-----b"


def test_what_an_author_typed_is_never_changed_back() -> None:
    assert as_typed("a“”‘’…–—b") == "a“”‘’…–—b"
    assert as_shown("it's") == "it's"


def test_texts_that_typesetting_makes_equal_are_equal() -> None:
    assert straight("“It’s” – so…") == straight('"It\'s" -- so...') == '"It\'s" -- so...'
