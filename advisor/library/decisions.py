"""Decisions and vocabulary: knowledge files -> records."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from advisor.domain.decisions import Choice, DecisionSpec, Slot, StageSpec, Words
from advisor.library.records import Row, read_files, rows, truth
from advisor.library.yamlfile import Document

_NAMES = ("id", "name")


def parse(documents: Iterable[Document]) -> tuple[StageSpec, ...]:
    """Return the stages in the order in which they are settled; the schema has been passed."""
    return tuple(_stage(row) for _, _, row in rows(documents, "stages"))


def parse_words(documents: Iterable[Document]) -> Words:
    """Return the words of all documents; packs may add words and sharpen a meaning."""
    merged: dict[str, dict[str, str]] = {"classes": {}, "needs": {}, "duties": {}}
    for document in documents:
        for section, words in document.data.items():
            merged[section].update(words)
    return Words(**{section: dict(sorted(words.items())) for section, words in merged.items()})


def load_stages(knowledge: Path) -> tuple[StageSpec, ...]:
    """Return the stages of a knowledge folder; raises LibraryError with every problem."""
    return parse(read_files([knowledge / "decisions.yaml"], "decisions"))


def load_words(knowledge: Path) -> Words:
    """Return the vocabulary of a knowledge folder; raises LibraryError with every problem."""
    return parse_words(read_files([knowledge / "vocabulary.yaml"], "vocabulary"))


def _stage(row: Row) -> StageSpec:
    decisions = tuple(_decision(entry, row["id"]) for entry in row["decisions"])
    return StageSpec(row["id"], row["name"], decisions)


def _decision(row: Row, stage: str) -> DecisionSpec:
    return DecisionSpec(
        id=row["id"],
        name=row["name"],
        stage=stage,
        is_list=truth(row.get("list", "no")),
        catalogue=row.get("catalogue", ""),
        slots=tuple(
            Slot(s["id"], s["name"], s["pick"], s.get("need", "")) for s in row.get("slots", ())
        ),
        options=tuple(_choice(entry) for entry in row.get("options", ())),
    )


def _choice(row: Row) -> Choice:
    """Return an option; lists become traits, all other fields attributes."""
    extra = {name: value for name, value in row.items() if name not in _NAMES}
    return Choice(
        row["id"],
        row["name"],
        {name: value for name, value in extra.items() if not isinstance(value, list)},
        {name: tuple(value) for name, value in extra.items() if isinstance(value, list)},
    )
