"""Interviews on disk: saved after every answer, listed, and taken up again.

A session is one JSON file in the user's data folder. It is replaced in one step, so that a crash
leaves the last saved answers, and it names the library it was answered under.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from platformdirs import user_data_path

from advisor.analysis.interview import Interview, Record
from advisor.domain.answers import Source, Value
from advisor.library.atomic import replace_file

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


def folder() -> Path:
    """Return where sessions are kept; `ADVISOR_SESSIONS` names another place."""
    named = os.environ.get("ADVISOR_SESSIONS")
    return Path(named) if named else user_data_path("ml-architecture-advisor") / "sessions"


def save(interview: Interview, name: str, fingerprint: str) -> Path:
    """Write the session; raises OSError where the disk refuses."""
    path = folder() / f"{name}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    record = interview.record
    data = {
        "format": FORMAT,
        "library": fingerprint,
        "model": record.model,
        "answers": {
            id_: {"value": _plain(value), "source": record.sources[id_].value}
            for id_, value in record.values.items()
        },
        "later": sorted(record.later),
    }
    replace_file(path, json.dumps(data, indent=1, ensure_ascii=False).encode())
    return path


def saved() -> tuple[Saved, ...]:
    """Return the sessions that can be read, the last changed first."""
    found = [s for path in sorted(folder().glob("*.json")) if (s := _saved(path))]
    return tuple(sorted(found, key=lambda s: (-s.changed, s.name)))


def resume(interview: Interview, session: Saved) -> tuple[str, ...]:
    """Take the answers of a session up; return the questions that no longer exist or accept them.

    What cannot be taken up stays in the file until the next answer is saved.
    """
    data = _read(session.path) or {}
    interview.record = Record(later=frozenset(data.get("later", ())), model=data.get("model", ""))
    return tuple(_taken_up(interview, data.get("answers", {})))


def _taken_up(interview: Interview, answers: dict[str, Any]) -> Iterator[str]:
    known = {question.id: question for question in interview.questions}
    for id_, entry in answers.items():
        try:
            interview.answer(known[id_], _value(entry["value"]), Source(entry["source"]))
        except (KeyError, ValueError, TypeError):
            yield id_


def fresh_name() -> str:
    """Return the first free name: interview-1, interview-2 ..."""
    taken = {path.stem for path in folder().glob("*.json")}
    return next(n for i in range(1, len(taken) + 2) if (n := f"interview-{i}") not in taken)


def _saved(path: Path) -> Saved | None:
    data = _read(path)
    if data is None:
        return None
    return Saved(path, len(data["answers"]), str(data.get("library", "")), path.stat().st_mtime)


def _read(path: Path) -> dict[str, Any] | None:
    try:
        data = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
    good = isinstance(data, dict) and data.get("format") == FORMAT
    return data if good and isinstance(data.get("answers"), dict) else None


def _plain(value: Value) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _value(value: Any) -> Value:
    return tuple(value) if isinstance(value, list) else value
