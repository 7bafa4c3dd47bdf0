"""Compiled forms of a library, kept in the user's cache as Python keeps compiled modules.

Keyed by everything that could change the outcome, and never trusted: whatever is not exactly as
it was written is thrown away and compiled again. Equal strings are written once and are one object
when they are read: of 50,000 in the library 14,000 differ.
"""

from __future__ import annotations

import contextlib
import hashlib
import marshal
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from advisor.library.locate import PACKAGE, cache_folder, library_root

ENDING = ".marshal"
MOST_KEPT = 8
"""Compiled forms that are kept, so that the cache does not grow."""


def enabled() -> bool:
    """Return whether compiled libraries may be kept and used."""
    return not os.environ.get("ADVISOR_NO_CACHE")


def key_of(fingerprint: str) -> str:
    """Return the key of the compiled form: content, schemas, the code that compiles, Python."""
    digest = hashlib.sha256(f"{fingerprint} {sys.implementation.cache_tag}".encode())
    root = library_root()
    parts = [*root.glob("*/schema/*.json"), *(PACKAGE / "library").glob("*.py")]
    for path in sorted(parts):
        stat = path.stat()
        digest.update(f"{path.name} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()[:32]


def read(key: str, part: str) -> Any | None:
    """Return a part kept under `key`, None where there is none that can be used."""
    if not enabled():
        return None
    try:
        digest, _, body = _path(key, part).read_bytes().partition(b"\n")
        whole = hashlib.sha256(body).hexdigest().encode() == digest
        return marshal.loads(body) if whole else None  # noqa: S302  (as it was written)
    except (OSError, ValueError, EOFError, TypeError):
        return None


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
    body = marshal.dumps(_shared(content))
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        part.write_bytes(hashlib.sha256(body).hexdigest().encode() + b"\n" + body)
        part.replace(target)
    except OSError:
        part.unlink(missing_ok=True)
        raise


def _shared(content: Any) -> Any:
    """Return content made of plain values alone, in which equal strings are one object."""
    if isinstance(content, str):
        return sys.intern(str.__str__(content))
    if isinstance(content, Mapping):
        return {_shared(key): _shared(value) for key, value in content.items()}
    if isinstance(content, list | tuple):
        return [_shared(value) for value in content]
    return content


def _forget_older(current: Path, part: str) -> None:
    kept = sorted(current.parent.glob(f"{part}-*{ENDING}"), key=lambda p: p.stat().st_mtime)
    for path in kept[:-MOST_KEPT]:
        path.unlink(missing_ok=True)
