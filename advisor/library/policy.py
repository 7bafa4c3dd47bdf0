"""Policy and practices: knowledge files -> records."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from advisor.domain.policy import Parameter, Policy, PracticeRecord
from advisor.library.records import Row, by_id, provenance, read_files
from advisor.library.yamlfile import Document


def parse(documents: Iterable[Document]) -> Policy:
    """Return the parameters of all documents; of two with the same id the later one holds.

    That lets a pack set the policy of a house. The documents have passed their schema.
    """
    found = {
        f"{group}.{name}": _parameter(f"{group}.{name}", row)
        for document in documents
        for group, entries in document.data.items()
        for name, row in entries.items()
    }
    return Policy(dict(sorted(found.items())))


def parse_practices(documents: Iterable[Document]) -> dict[str, PracticeRecord]:
    """Return the practices by id; raises LibraryError where an id stands twice."""
    return by_id(
        documents,
        "practices",
        lambda row: PracticeRecord(row["id"], row["name"], row["meaning"]),
    )


def load_policy(knowledge: Path) -> Policy:
    """Return the policy of a knowledge folder; raises LibraryError with every problem."""
    return parse(read_files([knowledge / "policy.yaml"], "policy"))


def _parameter(id_: str, row: Row) -> Parameter:
    return Parameter(
        id=id_,
        value=row["value"],
        unit=row["unit"],
        meaning=row["meaning"],
        provenance=provenance(row),
        low=row.get("low"),
        high=row.get("high"),
    )
