"""Compiled forms of a library, kept as JSON in the user's cache.

Keyed by everything that could change the outcome, and never trusted: whatever is not exactly as
it was written is thrown away and compiled again.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from advisor.library.locate import PACKAGE, cache_folder, library_root

MOST_KEPT = 8
"""Compiled forms that are kept, so that the cache does not grow."""


def enabled() -> bool:
    """Return whether compiled libraries may be kept and used."""
    return not os.environ.get("ADVISOR_NO_CACHE")


def key_of(fingerprint: str) -> str:
    """Return the key of the compiled form: content, schemas and the code that compiles."""
    digest = hashlib.sha256(fingerprint.encode())
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
        return json.loads(body) if whole else None
    except (OSError, ValueError):
        return None


def write(key: str, parts: Mapping[str, Any]) -> None:
    """Keep parts under `key`; a cache that cannot be written is no error."""
    if enabled():
        with contextlib.suppress(OSError):
            for part, content in parts.items():
                _write(_path(key, part), content)
                _forget_older(_path(key, part), part)


def _path(key: str, part: str) -> Path:
    return cache_folder() / f"{part}-{key}.json"


def _write(target: Path, content: Any) -> None:
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        part.write_bytes(hashlib.sha256(body).hexdigest().encode() + b"\n" + body)
        part.replace(target)
    except OSError:
        part.unlink(missing_ok=True)
        raise


def _forget_older(current: Path, part: str) -> None:
    kept = sorted(current.parent.glob(f"{part}-*.json"), key=lambda p: p.stat().st_mtime)
    for path in kept[:-MOST_KEPT]:
        path.unlink(missing_ok=True)
