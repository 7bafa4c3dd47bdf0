"""Compiled forms of a library, kept in the user's cache as Python keeps compiled modules.

Keyed by everything that could change the outcome, and never trusted: whatever is not exactly as
it was written is thrown away and compiled again, and nothing but values of our own can be read.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import pickle
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from advisor.library.locate import PACKAGE, cache_folder, library_root

T = TypeVar("T")

ENDING = ".pickle"
CODE = ("", "domain", "engine", "library", "planning", "sizing")
"""Folders of the code that makes what is kept."""
PLAIN = (("decimal", "Decimal"),)
"""Classes of others that values hold."""
UNUSABLE = (
    *(OSError, ValueError, EOFError, TypeError),
    *(ImportError, AttributeError, pickle.UnpicklingError),
)
"""What reading a form raises that is damaged or of other code."""
MOST_KEPT = 8
"""Compiled forms that are kept, so that the cache does not grow."""


def enabled() -> bool:
    """Return whether compiled libraries may be kept and used."""
    return not os.environ.get("ADVISOR_NO_CACHE")


def key_of(fingerprint: str) -> str:
    """Return the key of the compiled form: content, schemas, the code that compiles, Python."""
    digest = hashlib.sha256(f"{fingerprint} {sys.implementation.cache_tag}".encode())
    root = library_root()
    schemas = (root / folder / "schema" for folder in ("knowledge", "rules"))
    for folder in (*schemas, *(PACKAGE / name for name in CODE)):
        for line in _signs(folder):
            digest.update(line.encode())
    return digest.hexdigest()[:32]


def _signs(folder: Path) -> list[str]:
    """Return name, size and time of each schema or module in a folder, sorted."""
    if not folder.is_dir():
        return []
    with os.scandir(folder) as found:
        files = [(f.name, f.stat()) for f in found if f.name.endswith((".py", ".json"))]
    return sorted(f"{name} {stat.st_size} {stat.st_mtime_ns}\n" for name, stat in files)


def read(key: str, part: str) -> Any | None:
    """Return a part kept under `key`, None where there is none that can be used."""
    if not enabled():
        return None
    try:
        digest, _, body = _path(key, part).read_bytes().partition(b"\n")
        whole = hashlib.sha256(body).hexdigest().encode() == digest
        return _Reader(io.BytesIO(body)).load() if whole else None
    except UNUSABLE:
        return None


class _Reader(pickle.Unpickler):
    """Makes values of our own classes alone."""

    def find_class(self, module: str, name: str) -> Any:
        """Return the class; raises UnpicklingError for anything else."""
        if module.startswith("advisor.") or (module, name) in PLAIN:
            found = super().find_class(module, name)
            if isinstance(found, type) and found.__module__ == module:
                return found
        raise pickle.UnpicklingError(f"{module}.{name}")


def kept(key: str, part: str, kind: type[T], work: Callable[[], T]) -> T:
    """Return a part kept under `key`; worked out, and kept for the next time, where there is none.

    Without a key nothing is kept.
    """
    if not key:
        return work()
    found = read(key, part)
    if isinstance(found, kind):
        return found
    made = work()
    write(key, {part: made})
    return made


def write(key: str, parts: Mapping[str, Any]) -> None:
    """Keep parts under `key`; a cache that cannot be written is no error."""
    if enabled():
        with contextlib.suppress(OSError):
            for part, content in parts.items():
                _write(_path(key, part), content)
                _forget_older(_path(key, part), part)


def _path(key: str, part: str) -> Path:
    return cache_folder() / f"{part}-{key}{ENDING}"


def _write(target: Path, content: Any) -> None:
    body = pickle.dumps(content, protocol=5)
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        part.write_bytes(hashlib.sha256(body).hexdigest().encode() + b"\n" + body)
        part.replace(target)
    except OSError:
        part.unlink(missing_ok=True)
        raise


def _forget_older(current: Path, part: str) -> None:
    kept = sorted(current.parent.glob(f"{part}-*"), key=lambda p: p.stat().st_mtime)
    for path in kept[:-MOST_KEPT]:
        path.unlink(missing_ok=True)
