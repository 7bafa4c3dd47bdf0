"""Answers files: YAML or JSON, checked against the questions, every problem at once.

answers: {question_id: value}      or the bare mapping of questions to values
model: llama-3-70b                 a catalogue id, or the path of a `config.json`
notes: {question_id: text}         beside a question; they stand in the report
expect: {...}                      read by `advisor test`, ignored otherwise
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

from advisor.domain.answers import LONGEST_NOTE, Answers, Source, Value
from advisor.domain.model import ModelShape
from advisor.domain.questions import Question
from advisor.errors import InputError, Problem
from advisor.frozen import replace
from advisor.library import yamlfile
from advisor.library.answer_values import checked
from advisor.library.hf_config import read_config
from advisor.library.words import remedy, shown
from advisor.library.yamlfile import Document, Ids, Pointer, dotted

IDS = Ids("E300")
_BESIDE = ("model", "notes", "expect")


def read_answers(path: Path, questions: Iterable[Question], models: Collection[str]) -> Answers:
    """Return the answers in a file; raises InputError with every problem.

    A relative path under `model` is relative to the file.
    """
    return _Reader(yamlfile.read(path, IDS), path.parent, questions, models).answers()


def parse_answers(
    raw: bytes, name: str, questions: Iterable[Question], models: Collection[str]
) -> Answers:
    """Return the answers in a text, such as standard input; raises InputError."""
    return _Reader(yamlfile.parse(raw, IDS, name), Path(), questions, models).answers()


def settled(answers: Answers, questions: Iterable[Question], changes: Mapping[str, Any]) -> Answers:
    """Return the answers with some replaced, checked like those of a file.

    Raises InputError for every change that is no answer; the place is the option's name.
    """
    document, asked = Document("--set", dict(changes)), tuple(questions)
    changed = _Reader(document, Path(), asked, ()).answers()
    merged = {**answers.values, **changed.values}
    values = {q.id: merged[q.id] for q in asked if q.id in merged}
    sources = {**answers.sources, **dict.fromkeys(changed.values, Source.GIVEN)}
    warnings = (*answers.warnings, *changed.warnings)
    return replace(answers, values=values, sources=sources, warnings=warnings)


def restored(values: Mapping[str, Any], name: str, questions: Iterable[Question]) -> Answers:
    """Return answers that a file called `name` kept beside other things, checked again."""
    return _Reader(Document(name, {"answers": dict(values)}), Path(), questions, ()).answers()


def answers_beside(
    document: Document, folder: Path, questions: Iterable[Question], models: Collection[str]
) -> Answers:
    """Return the answers of a document that holds other fields, too; raises InputError."""
    own = {key: document.data[key] for key in ("answers", *_BESIDE) if key in document.data}
    return _Reader(replace(document, data=own), folder, questions, models).answers()


class _Reader:
    """Reads one document, noting every problem on the way."""

    def __init__(
        self,
        document: Document,
        folder: Path,
        questions: Iterable[Question],
        models: Collection[str],
    ) -> None:
        self.document = document
        self.folder = folder
        self.questions = {question.id: question for question in questions}
        self.models = models
        self.problems: list[Problem] = []
        self.warnings: list[Problem] = []

    def answers(self) -> Answers:
        data = self.document.data
        if not isinstance(data, dict):
            self.report((), f"{shown(data)} is no mapping; write question: answer")
            raise InputError(self.problems)
        base: Pointer = ("answers",) if "answers" in data else ()
        values = self.values(data, base)
        model, shape = self.model(data.get("model"))
        notes = self.notes(data.get("notes", {}))
        if self.problems:
            raise InputError(self.problems)
        ordered = {name: values[name] for name in self.questions if name in values}
        sources = dict.fromkeys(ordered, Source.FILE)
        return Answers(ordered, sources, model, shape, tuple(self.warnings), notes)

    def notes(self, said: Any) -> dict[str, str]:
        """Return what is written beside questions, each on one line."""
        if not isinstance(said, dict):
            self.report(("notes",), f"{shown(said)} is no mapping; write question: text")
            return {}
        found: dict[str, str] = {}
        for name, text in said.items():
            if name not in self.questions:
                near = remedy(name, self.questions)
                self.report(("notes", name), f"no question '{name}'; {near}", "E302")
            elif not isinstance(text, str) or not 0 < len(text.strip()) <= LONGEST_NOTE:
                what = f"a note is a text of at most {LONGEST_NOTE} characters"
                self.report(("notes", name), what)
            else:
                found[name] = " ".join(text.split())
        return {name: found[name] for name in self.questions if name in found}

    def values(self, data: dict[str, Any], base: Pointer) -> dict[str, Value]:
        if base:
            self.check_outline(data)
        said = data["answers"] if base else {k: v for k, v in data.items() if k not in _BESIDE}
        if not isinstance(said, dict):
            self.report(base, f"{shown(said)} is no mapping; write question: answer")
            return {}
        found: dict[str, Value] = {}
        for name, value in said.items():
            if name in self.questions:
                self.value(name, value, (*base, name), found)
            else:
                near = remedy(name, [*self.questions, *(() if base else _BESIDE)])
                self.report((*base, name), f"no question '{name}'; {near}", "E302")
        return found

    def value(self, name: str, said: Any, here: Pointer, found: dict[str, Value]) -> None:
        try:
            found[name], warning = checked(self.questions[name], said)
        except ValueError as error:
            self.report(here, str(error))
            return
        if warning:
            place = self.document.place(here)
            self.warnings.append(Problem(place, "W301", dotted(here), warning))

    def check_outline(self, data: dict[str, Any]) -> None:
        for key in data:
            if key not in ("answers", *_BESIDE):
                what = f"unknown field '{key}'"
                if key in self.questions:
                    self.report((key,), f"{what}; move it under 'answers'", "E302")
                else:
                    self.report((key,), f"{what}; {remedy(key, ('answers', *_BESIDE))}", "E302")

    def model(self, said: Any) -> tuple[str, ModelShape | None]:
        """Return the catalogue id or the shape that `model:` names."""
        if said is None:
            return "", None
        if not isinstance(said, str) or not said:
            self.report(("model",), f"{shown(said)} is no model; write an id or a path")
            return "", None
        if said in self.models:
            return said, None
        if not said.endswith(".json"):
            near = remedy(said, self.models)
            self.report(("model",), f"no model '{said}' and no path of a config.json; {near}")
            return "", None
        try:
            return "", read_config(self.folder / said)
        except InputError as error:
            self.problems += error.problems
            return "", None

    def report(self, here: Pointer, message: str, id_: str = "E301") -> None:
        self.problems.append(Problem(self.document.place(here), id_, dotted(here), message))
