"""Text that is written as YAML is read back as the same text, by any reader of YAML."""

from __future__ import annotations

import yaml
from engblog.source.yaml_text import as_scalar
from hypothesis import given
from hypothesis import strategies as st

WORDS = st.sampled_from(
    ["yes", "No", "null", "~", "1.5", "2026-11-20", "C#", "Node.js", "C++", "a: b", "- a", "'", '"', "\\"]
)


@given(
    WORDS | st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"], exclude_characters="\ufeff"), min_size=1)
)
def test_text_is_read_back(text: str) -> None:
    if "\ufffe" not in text and "\uffff" not in text:
        assert yaml.safe_load(f"[{as_scalar(text)}]") == [text]
