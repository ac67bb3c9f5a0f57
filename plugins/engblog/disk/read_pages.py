"""Keeps what the contract read of a finished page, under the digest of the page: one that is the same is not read."""

from __future__ import annotations

import json
from collections.abc import Callable

from engblog.disk.store import Store, key_of
from engblog.html.page import Inline, PageReference, ReadPage, Use
from engblog.model.publication import Tree


class ReadPages:
    """The pages that earlier builds have left in *store*. *read* reads those that are not there, each from
    nothing but the name and the bytes of its file; *surroundings* is a digest of its code."""

    def __init__(self, store: Store, surroundings: str, read: Callable[[Tree, str], ReadPage]) -> None:
        self._store, self._surroundings, self._read = store, surroundings, read

    def read(self, tree: Tree, path: str) -> ReadPage:
        """Read the file *path* of *tree*, or take what is known of a file with the same bytes and ending."""
        kind = path.lower().rpartition(".")[2]
        key = key_of("read page", self._surroundings, kind, tree.digest(path))
        if (found := _unpacked(self._store.get(key))) is None:
            found = self._read(tree, path)
            self._store.put(key, _packed(found))
        return found


def _packed(page: ReadPage) -> bytes:
    references = [(each.use.name, each.element, each.address) for each in page.references]
    row = [
        page.title, sorted(page.ids), references, page.inline, page.data, page.policy, page.foreign, page.hidden,
    ]  # fmt: skip
    return json.dumps(row).encode()


def _unpacked(data: bytes | None) -> ReadPage | None:
    try:
        title, ids, references, inline, blocks, policy, foreign, hidden = json.loads(data or b"")
        return ReadPage(
            title,
            set(ids),
            [PageReference(Use[use], element, address) for use, element, address in references],
            [Inline(kind, text) for kind, text in inline],
            [Inline(kind, text) for kind, text in blocks],
            policy,
            [(kind, text) for kind, text in foreign],
            hidden,
        )
    except (ValueError, TypeError, KeyError):
        return None
