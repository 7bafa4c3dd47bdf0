"""The files of a library: found, read whole, and fingerprinted."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from advisor.errors import LibraryError, Place, Problem
from advisor.frozen import dataclass

MAX_BYTES = 5_000_000
"""Bytes that a file may have; of a larger one, one more is read, so that it can be refused."""
_HEADER = re.compile(rb"# yaml-language-server: \$schema=\S*?([a-z-]+)\.schema\.json\s*\n")
MEASURED = ("knowledge/calibration/", "knowledge/evidence/")
"""Constants and measurements whose readers are elsewhere; they count for the fingerprint."""


@dataclass(frozen=True, slots=True)
class File:
    """One file as it lies on disk; `path` is relative to its library, with `/`."""

    path: str
    pack: str
    raw: bytes

    @property
    def kind(self) -> str:
        """Return what the file holds, "" where its first line does not say."""
        found = _HEADER.match(self.raw)
        return found.group(1).decode() if found else ""


def files_of(root: Path, pack: str = "") -> tuple[File, ...]:
    """Return every rule and knowledge file below `root`, sorted by path; schemas are left out."""
    prefix = f"{root.name}/" if pack else ""
    return tuple(
        File(prefix + path, pack, _raw(f"{root}/{path}"))
        for folder in ("knowledge", "rules")
        for path in sorted(_below(root, folder))
    )


def signs_of(root: Path) -> tuple[str, float]:
    """Return path, size and time of every file that `files_of` reads as one text, and the latest
    time in seconds."""
    lines, latest = [], 0.0
    for folder in ("knowledge", "rules"):
        for path in sorted(_below(root, folder)):
            with contextlib.suppress(OSError):  # reading it says what is wrong
                found = os.stat(f"{root}/{path}")  # noqa: PTH116  (hundreds of files at once)
                lines.append(f"{path}\0{found.st_size}\0{found.st_mtime_ns}")
                latest = max(latest, found.st_mtime)
    return "\n".join(lines), latest


def _below(root: Path, folder: str) -> Iterator[str]:
    for place, folders, names in os.walk(root / folder):
        folders[:] = [name for name in folders if name != "schema"]
        inside = place[len(str(root)) + 1 :].replace(os.sep, "/")
        yield from (f"{inside}/{name}" for name in names if name.endswith((".yaml", ".csv")))


def _raw(path: str) -> bytes:
    try:
        with open(path, "rb", buffering=0) as stream:  # noqa: PTH123  (hundreds of files at once)
            small = os.fstat(stream.fileno()).st_size <= MAX_BYTES
            return stream.readall() if small else stream.read(MAX_BYTES + 1)
    except OSError as error:
        message = f"{error.strerror}; make the file readable"
        raise LibraryError([Problem(Place(path), "E200", "", message)]) from None


def fingerprint(files: Iterable[File]) -> str:
    """Return 16 hexadecimal digits that change with any byte of any file."""
    digest = hashlib.sha256()
    for file in files:
        digest.update(f"{file.pack}\0{file.path}\0{len(file.raw)}\0".encode())
        digest.update(file.raw)
    return digest.hexdigest()[:16]
