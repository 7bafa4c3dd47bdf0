"""Interviews on disk: saved after every answer, listed, and taken up again.

A session is one JSON file in the user's data folder. It is replaced in one step, so that a crash
leaves the last saved answers, and it names the library it was answered under. A lock held while it
is open keeps a second program from writing over it.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from platformdirs import user_data_path

from advisor.frozen import dataclass
from advisor.library.atomic import replace_file

if TYPE_CHECKING:
    from advisor.analysis.interview import Interview
    from advisor.domain.answers import Value

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Saved:
    """One session in the folder; `fingerprint` is of the library that it was answered under."""

    path: Path
    answered: int
    fingerprint: str
    changed: float

    @property
    def name(self) -> str:
        """Return the session's name."""
        return self.path.stem

    @property
    def age_s(self) -> float:
        """Return the seconds since the session was saved."""
        return max(0.0, time.time() - self.changed)


def folder() -> Path:
    """Return where sessions are kept; `ADVISOR_SESSIONS` names another place."""
    named = os.environ.get("ADVISOR_SESSIONS")
    return Path(named) if named else user_data_path("ml-architecture-advisor") / "sessions"


# --- writing ------------------------------------------------------------------------------


def save(
    interview: Interview, name: str, fingerprint: str, result: Mapping[str, str] | None = None
) -> Path:
    """Write the session, with what its plan says line by line where that is known.

    Raises OSError where the disk refuses.
    """
    path = folder() / f"{name}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    record = interview.record
    data = {
        "format": FORMAT,
        "library": fingerprint,
        "model": record.model,
        "shape": asdict(record.shape) if record.shape else None,
        "answers": {
            **record.stale,
            **{
                id_: {"value": _plain(value), "source": record.sources[id_].value}
                for id_, value in record.values.items()
            },
        },
        "later": sorted(record.later),
        "notes": dict(record.notes),
        "result": dict(result or {}),
    }
    replace_file(path, json.dumps(data, indent=1, ensure_ascii=False).encode())
    return path


def _plain(value: Value) -> Any:
    return list(value) if isinstance(value, tuple) else value


# --- reading ------------------------------------------------------------------------------


def saved() -> tuple[Saved, ...]:
    """Return the sessions that can be read, the last changed first."""
    found = [s for path in sorted(folder().glob("*.json")) if (s := _saved(path))]
    return tuple(sorted(found, key=lambda s: (-s.changed, s.name)))


def _saved(path: Path) -> Saved | None:
    data = read(path)
    if data is None:
        return None
    return Saved(path, len(data["answers"]), str(data.get("library", "")), path.stat().st_mtime)


def read(path: Path) -> dict[str, Any] | None:
    """Return what a session's file says, None where it cannot be used."""
    try:
        data = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
    good = isinstance(data, dict) and data.get("format") == FORMAT
    return data if good and isinstance(data.get("answers"), dict) else None


# --- names and locks ----------------------------------------------------------------------


class Claim:
    """A session held by this program until it ends, however it ends."""

    def __init__(self, name: str, lock: IO[bytes] | None) -> None:
        self.name = name
        self._lock = lock

    def release(self) -> None:
        """Let others have the session."""
        if self._lock is not None:
            self._lock.close()


def claim(name: str) -> Claim | None:
    """Return a claim on a session, None where another running program holds it.

    Where files cannot be locked, the claim is given without a lock.
    """
    try:
        import fcntl  # noqa: PLC0415  (not on every system)

        folder().mkdir(parents=True, exist_ok=True)
        lock = (folder() / f".{name}.lock").open("wb")
    except (ImportError, OSError):
        return Claim(name, None)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        return None
    return Claim(name, lock)


def claim_fresh() -> Claim:
    """Return a claim on the first free name: interview-1, interview-2 ..."""
    taken = {path.stem for path in folder().glob("*.json")}
    number = 1
    while True:
        name = f"interview-{number}"
        if name not in taken and (found := claim(name)):
            return found
        number += 1
