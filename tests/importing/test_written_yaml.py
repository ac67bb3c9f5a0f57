"""Values that are written as YAML are read back as the same text."""

from __future__ import annotations

from engblog.importing.written_yaml import flat_line, flow, scalar
from engblog.model.problems import Problems
from engblog.source import marked_yaml
from engblog.source.marked_yaml import Mapping, Scalar, Sequence
from hypothesis import example, given
from hypothesis import strategies as st


@given(st.text())
@example("null")
@example("~")
@example("a # b")
@example("C:\\new 'x' \"y\"")
@example("2020-01-02")
@example("- a")
def test_a_text_is_read_back(text: str) -> None:
    problems = Problems()
    value = marked_yaml.parse(f"a: {scalar(text)}\n", "a", problems)
    assert problems.found == []
    assert isinstance(value, Mapping)
    ((_, found),) = value.pairs
    assert isinstance(found, Scalar)
    assert found.text == flat_line(text)
    assert found.kind == "str" or not found.text


@given(st.lists(st.text(min_size=1)))
@example(["a, b", "c]", "{d"])
def test_a_list_is_read_back(texts: list[str]) -> None:
    problems = Problems()
    value = marked_yaml.parse(f"a: {flow(texts)}\n", "a", problems)
    assert problems.found == []
    assert isinstance(value, Mapping)
    found = value.pairs[0][1]
    assert isinstance(found, Sequence)
    assert [getattr(each, "text", None) for each in found.items] == [flat_line(text) for text in texts]
