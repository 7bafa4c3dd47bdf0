"""What an interview opens with: its questions and the models it may name, without the rest.

Kept beside the compiled library under the same key, so that both are of the same bytes.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING

from advisor.domain.questions import Question
from advisor.frozen import dataclass
from advisor.library import cache
from advisor.library.files import File, files_of, fingerprint, signs_of
from advisor.library.locate import library_root

if TYPE_CHECKING:
    from advisor.domain.model import ModelShape
    from advisor.library.load import Library
    from advisor.library.packs import Pack

PART = "opening"
STILL_S = 2.0
"""A file that was written since so short a time may be written again without another time."""


@dataclass(frozen=True, slots=True)
class Opening:
    """Questions in asking order and architectures by id. `library` is there where it had to be
    compiled for them."""

    fingerprint: str
    questions: tuple[Question, ...]
    shapes: Mapping[str, ModelShape] = field(hash=False)
    library: Library | None = None


def opening(packs: Iterable[Path] = (), compiling: Callable[[], None] = lambda: None) -> Opening:
    """Return what an interview opens with; the library is compiled where it has changed, which
    takes some seconds and is told by `compiling`.

    Raises LibraryError with every problem of every file.
    """
    given = tuple(packs)
    kept = cache.read(cache.key_of(fingerprint_of(_read(given))), PART)
    if isinstance(kept, Opening):
        return kept
    compiling()
    from advisor.library.load import load_library  # noqa: PLC0415  (only after a change)

    return opening_of(load_library(given))


def opening_of(library: Library) -> Opening:
    """Return what an interview opens with under a library that is read."""
    shapes = {id_: record.shape for id_, record in library.models.items()}
    return Opening(library.fingerprint, library.questions, shapes, library)


def fingerprint_of(packs: Iterable[Pack]) -> str:
    """Return the fingerprint of all files: that worked out before, where no file has another size
    or time since, as Python tells whether a module is to be compiled."""
    given = tuple(packs)
    places = (("", library_root()), *((pack.id, pack.folder) for pack in given))
    signs = [(id_, str(root), *signs_of(root)) for id_, root in places]
    still = time.time() - max(latest for *_, latest in signs) > STILL_S
    key = hashlib.sha256(repr(signs).encode()).hexdigest()[:32] if still else ""
    return cache.kept(key, "fingerprint", str, lambda: fingerprint(all_files(given)))


def all_files(packs: Iterable[Pack]) -> tuple[File, ...]:
    """Return the files of the built-in library and of the packs, in the order they are laid."""
    own = files_of(library_root())
    return own + tuple(file for pack in packs for file in files_of(pack.folder, pack.id))


def _read(packs: tuple[Path, ...]) -> tuple[Pack, ...]:
    if not packs:
        return ()
    from advisor.library.packs import read_pack  # noqa: PLC0415  (reads YAML; most have no pack)

    return tuple(map(read_pack, packs))
