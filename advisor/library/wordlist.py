"""The vocabulary of a library, gathered from its own files: what is not stated cannot be read."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from advisor.domain.catalogue import accelerator_attributes, model_attributes
from advisor.domain.quantities import QUANTITIES
from advisor.domain.rule import Scalar
from advisor.library import hardware, models
from advisor.library.components import ATTRIBUTES
from advisor.library.schema import schema_path
from advisor.library.store import Entry
from advisor.library.vocabulary import ANY, Vocabulary, Words, with_union

Row = dict[str, Any]


def vocabulary(entries: Iterable[Entry]) -> Vocabulary:
    """Return every closed set of words that the documents define."""
    found = Rows(entries)
    return Vocabulary(
        words=found.words(),
        options=found.options(),
        candidates={d["id"]: found.candidates(d) for d in found.decisions()},
        attributes=with_union(found.attributes()),
        trait_values=found.trait_values(),
    )


def _ids(rows: Iterable[Row]) -> Words:
    return frozenset(row["id"] for row in rows)


class Rows:
    """The rows of all documents by kind."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.documents: dict[str, list[Any]] = defaultdict(list)
        for entry in entries:
            self.documents[entry.kind].append(entry.document)

    def rows(self, kind: str, key: str) -> Iterator[Row]:
        """Yield the entries of a list over all documents of a kind."""
        for document in self.documents[kind]:
            yield from document.data.get(key, ())

    def defined(self, key: str) -> Words:
        """Return the words of a section of the vocabulary."""
        return frozenset(w for d in self.documents["vocabulary"] for w in d.data.get(key, ()))

    def decisions(self) -> Iterator[Row]:
        """Yield every decision in the order of settling."""
        for stage in self.rows("decisions", "stages"):
            yield from stage["decisions"]

    def entries(self) -> Iterator[Row]:
        """Yield components, orchestrators and options, each with its decision."""
        yield from self.rows("components", "components")
        yield from self.rows("orchestrators", "orchestrators")
        for decision in self.decisions():
            for option in decision.get("options", ()):
                yield {**option, "decision": decision["id"]}

    def options(self) -> dict[str, Words]:
        """Return the options by question, empty for numbers."""
        return {q["id"]: _ids(q.get("options", ())) for q in self.rows("questions", "questions")}

    def words(self) -> dict[str, Words]:
        """Return the ids of everything that a field may name."""
        return {
            "question": _ids(self.rows("questions", "questions")),
            "decision": _ids(self.decisions()),
            "class": self.defined("classes"),
            "need": self.defined("needs"),
            "duty": self.defined("duties"),
            "practice": _ids(self.rows("practices", "practices")),
            "control": _ids(self.rows("controls", "controls")),
            "clause": _ids(self.rows("regulations", "clauses")),
            "quantity": frozenset(QUANTITIES),
            "trait": frozenset(self.trait_values()),
        }

    def candidates(self, decision: Row) -> Words:
        """Return the ids that could fill a decision."""
        own = {row["id"] for row in self.entries() if row["decision"] == decision["id"]}
        if decision.get("catalogue") == "accelerators":
            own |= _ids(self.rows("accelerators", "accelerators"))
        return frozenset(own)

    def trait_values(self) -> dict[str, Words]:
        """Return the values of every many-valued field."""
        found: dict[str, set[Scalar]] = {
            **_schema_words("array"),
            "tools": set(self.options().get("existing_tools", ())),
            "provides": set(self.defined("needs")),
            "choose_when": set(self.defined("classes")),
            "avoid_when": set(self.defined("classes")),
        }
        for row in self.entries():
            for name, value in row.items():
                if isinstance(value, list):
                    found.setdefault(name, set()).update(value)
        return {name: frozenset(values) for name, values in found.items()}

    def attributes(self) -> dict[str, dict[str, Words]]:
        """Return field -> words by decision; `model` has those of models."""
        seen: dict[str, dict[str, set[Scalar]]] = defaultdict(lambda: defaultdict(set))
        for owner, name, value in self.attribute_values():
            seen[owner][name].add(value)
        for decision in self.decisions():
            if decision.get("catalogue") in {"components", "orchestrators"}:
                for name, words in _schema_words("scalar").items():
                    seen[decision["id"]][name] |= words
                seen[decision["id"]]["only_with"] |= self.defined("classes")
        return {
            owner: {name: _closed(values) for name, values in fields.items()}
            for owner, fields in seen.items()
        }

    def attribute_values(self) -> Iterator[tuple[str, str, Scalar]]:
        """Yield decision, field and value of everything that rules may read of a candidate."""
        for row in self.entries():
            for name, value in _attributes(row):
                yield row["decision"], name, value
        homes = [d["id"] for d in self.decisions() if d.get("catalogue") == "accelerators"]
        for device in hardware.parse(self.documents["accelerators"]).values():
            for name, value in accelerator_attributes(device).items():
                for home in homes:
                    yield home, name, value
        for model in models.parse(self.documents["models"]).values():
            for name, value in model_attributes(model).items():
                yield "model", name, value


def _attributes(row: Row) -> Iterator[tuple[str, Scalar]]:
    is_option = "source" not in row
    for name, value in row.items():
        read = name in ATTRIBUTES or (is_option and name not in {"id", "name", "decision"})
        if read and not isinstance(value, list):
            yield name, value
    for name, feature in row.get("features", {}).items():
        yield name, feature["value"]


def _closed(values: set[Scalar]) -> Words:
    return frozenset(values) if all(isinstance(v, str) for v in values) else ANY


def _schema_words(shape: str) -> dict[str, set[Scalar]]:
    """Return the fields of components that rules read, with the words that their schema allows.

    `shape` is array or scalar; a word that no entry uses yet is a word all the same.
    """
    schema = json.loads(schema_path("components").read_text(encoding="utf-8"))
    fields = schema["properties"]["components"]["items"]["properties"]
    if shape == "array":
        arrays = {n: f["items"] for n, f in fields.items() if f.get("type") == "array"}
        return {name: set(items.get("enum", ())) for name, items in arrays.items()}
    return {name: set(fields[name].get("enum", ())) for name in ATTRIBUTES if name in fields}
