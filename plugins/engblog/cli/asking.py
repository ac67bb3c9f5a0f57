"""Questions to a person at a terminal, with completion by the tab key."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from engblog.model.problems import did_you_mean

try:
    import readline
except ImportError:  # some builds of Python lack it
    readline = None  # type: ignore[assignment]


def ask(question: str, *, fault: Callable[[str], str] = lambda _: "", default: str = "") -> str:
    """The answer to *question*, asked again until *fault* finds nothing wrong with it; *default* if it is empty."""
    while True:
        answer = input(f"{question}{f' [{default}]' if default else ''}: ").strip() or default
        if not (said := fault(answer)):
            return answer
        print(f"  {said}")


def choose(question: str, choices: Sequence[str], *, may_be_empty: bool = False) -> str:
    """One of *choices*, whatever its case; empty if that is allowed."""

    def fault(answer: str) -> str:
        if not answer:
            return "" if may_be_empty else f"choose from: {', '.join(choices)}"
        return "" if _known(answer, choices) else did_you_mean(answer, choices) or "there is none of that name"

    with _Completion(choices):
        return _known(ask(question, fault=fault), choices)


def choose_some(question: str, choices: Sequence[str], *, known: Iterable[str], least: int, most: int) -> list[str]:
    """From *least* to *most* of *choices*, with commas between them; names in *known* count as well."""
    names = {each.casefold() for each in (*choices, *known)}

    def fault(answer: str) -> str:
        parts = _parts(answer)
        wrong = [each for each in parts if each.casefold() not in names]
        if wrong:
            return f"there is no {wrong[0]}; {did_you_mean(wrong[0], choices) or 'press the tab key for the list'}"
        return "" if least <= len({*parts}) <= most else f"give {least} to {most}, with commas between them"

    with _Completion(choices):
        return _parts(ask(question, fault=fault))


def _parts(answer: str) -> list[str]:
    return [each.strip() for each in answer.split(",") if each.strip()]


def _known(answer: str, choices: Iterable[str]) -> str:
    return next((each for each in choices if each.casefold() == answer.casefold()), "")


class _Completion:
    """Completes what is typed by one of *choices* while it is entered."""

    def __init__(self, choices: Sequence[str]) -> None:
        self._choices = choices
        self._before: tuple[object, str] = (None, "")

    def __enter__(self) -> None:
        if readline is not None:
            self._before = readline.get_completer(), readline.get_completer_delims()
            readline.set_completer(self._next)
            readline.set_completer_delims(",")
            readline.parse_and_bind("tab: complete")

    def __exit__(self, *_: object) -> None:
        if readline is not None:
            completer, delimiters = self._before
            readline.set_completer(completer)  # type: ignore[arg-type]
            readline.set_completer_delims(delimiters)

    def _next(self, typed: str, number: int) -> str | None:
        lead = typed[: len(typed) - len(typed.lstrip())]
        start = typed.strip().casefold()
        found = [f"{lead}{each}" for each in self._choices if each.casefold().startswith(start)]
        return found[number] if number < len(found) else None
