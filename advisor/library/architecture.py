"""An architecture file: answers, and what was chosen, checked against the words of the library.

answers: {question_id: value}      as in any answers file; `model:` beside it
decisions: {serving_pattern: online, data_quality: [pandera], feature_store: none}
machines: {serving: 8}             accelerators, or machines where there are none
practices: [drift_monitoring]      all that are in place; left out, they are not judged
controls: [access-review]          the same
suppress: [{about: feature_store, reason: bought until the summer, until: "2027-06-30"}]
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from advisor.domain.answers import Answers
from advisor.domain.architecture import Architecture, Held, Suppression
from advisor.domain.questions import Question
from advisor.errors import InputError, Problem
from advisor.frozen import dataclass
from advisor.library import schema, yamlfile
from advisor.library.answers import IDS, answers_beside
from advisor.library.words import remedy
from advisor.library.yamlfile import Document, Pointer, dotted

KIND = "architecture"
NOTHING = "none"
ELSEWHERE = ("serving_machines", "training_machines", "practices", "controls", "budget", "rules")
"""What findings may be about besides decisions."""


@dataclass(frozen=True, slots=True)
class ArchitectureWords:
    """What an architecture may name: ids by decision (`lists` take several), and the rest."""

    decisions: Mapping[str, Collection[str]]
    lists: frozenset[str]
    practices: Collection[str]
    controls: Collection[str]


def read_architecture(
    path: Path, questions: Iterable[Question], models: Collection[str], words: ArchitectureWords
) -> tuple[Answers, Architecture]:
    """Return the answers and the architecture in a file; raises InputError with every problem."""
    document = yamlfile.read(path, IDS)
    if problems := schema.check(document, KIND):
        raise InputError(problems)
    problems = list(_problems(document, words))
    try:
        answers = answers_beside(document, path.parent, questions, models)
    except InputError as error:
        raise InputError([*error.problems, *problems]) from None
    if problems:
        raise InputError(problems)
    return answers, _architecture(document, words.lists)


def schema_with(words: ArchitectureWords) -> dict[str, Any]:
    """Return the published schema with the ids that each decision takes."""
    found: dict[str, Any] = json.loads(schema.schema_path(KIND).read_text(encoding="utf-8"))
    fields = found["properties"]
    fields["decisions"] |= {
        "properties": {
            id_: {"type": "array", "items": {"enum": [*ids]}}
            if id_ in words.lists
            else {"enum": [*ids]}
            for id_, ids in words.decisions.items()
        },
        "additionalProperties": False,
    }
    fields["practices"]["items"] = {"enum": sorted(words.practices)}
    fields["controls"]["items"] = {"enum": sorted(words.controls)}
    return found


def _choices(ids: list[str], *, several: bool) -> dict[str, Any]:
    return {"type": "array", "items": {"enum": ids}} if several else {"enum": ids}


def _architecture(document: Document, lists: Collection[str]) -> Architecture:
    data = document.data
    suppressions = (
        Suppression(row["about"], row["reason"], row["until"], document.place(("suppress", n)))
        for n, row in enumerate(data.get("suppress", ()))
    )
    choices = {id_: _ids(said) for id_, said in data["decisions"].items()}
    choices |= {id_: () for id_, ids in choices.items() if id_ in lists and ids == (NOTHING,)}
    return Architecture(
        Held(choices, data.get("machines", {})),
        _listed(data.get("practices")),
        _listed(data.get("controls")),
        tuple(suppressions),
    )


def _ids(said: str | list[str]) -> tuple[str, ...]:
    if isinstance(said, list):
        return tuple(dict.fromkeys(said))
    return (said,)


def _listed(said: list[str] | None) -> tuple[str, ...] | None:
    return None if said is None else tuple(said)


def _problems(document: Document, words: ArchitectureWords) -> Iterator[Problem]:
    data = document.data
    for id_, said in data["decisions"].items():
        yield from _decision_problems(document, words, id_, said)
    for part in ("practices", "controls"):
        known: Collection[str] = getattr(words, part)
        for n, word in enumerate(data.get(part, ())):
            if word not in known:
                here: Pointer = (part, n)
                yield _problem(document, here, f"no {part[:-1]} '{word}'; {remedy(word, known)}")
    subjects = [*words.decisions, *ELSEWHERE]
    for n, row in enumerate(data.get("suppress", ())):
        subject = row["about"].partition(".")[0]
        if subject not in subjects:
            near = remedy(subject, subjects)
            yield _problem(document, ("suppress", n, "about"), f"no decision '{subject}'; {near}")
        if not _is_day(row["until"]):
            message = f"'{row['until']}' is no day; write it as 2027-06-30"
            yield _problem(document, ("suppress", n, "until"), message)


def _decision_problems(
    document: Document, words: ArchitectureWords, id_: str, said: str | list[str]
) -> Iterator[Problem]:
    here: Pointer = ("decisions", id_)
    if id_ not in words.decisions:
        yield _problem(document, here, f"no decision '{id_}'; {remedy(id_, words.decisions)}")
        return
    if isinstance(said, list) and id_ not in words.lists:
        yield _problem(document, here, "this decision takes one id, not a list; name the main one")
        return
    allowed = words.decisions[id_]
    for word in _ids(said):
        if word not in allowed:
            homes = [d for d, ids in words.decisions.items() if word in ids and d != id_]
            where = f"; '{word}' belongs to {' or '.join(homes)}" if homes else ""
            near = "" if homes else f"; {remedy(word, allowed)}, or leave this decision out"
            yield _problem(document, here, f"no '{word}' here{where}{near}")


def _problem(document: Document, here: Pointer, message: str) -> Problem:
    return Problem(document.place(here), "E302", dotted(here), message)


def _is_day(text: str) -> bool:
    try:
        datetime.date.fromisoformat(text)
    except ValueError:
        return False
    return True
