"""Packs: folders of rules and knowledge laid over the built-in library. Data only, no code."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from advisor.domain.rule import RuleSpec
from advisor.errors import InputError, LibraryError, Place, Problem
from advisor.frozen import dataclass
from advisor.library import schema, yamlfile
from advisor.library.store import Entry
from advisor.library.yamlfile import Ids, dotted


@dataclass(frozen=True, slots=True)
class Pack:
    """One pack: `pack.yaml` says its id and version; ids of its rules start with `ID-`."""

    id: str
    version: str
    folder: Path

    @property
    def prefix(self) -> str:
        """Return what the ids of the pack's rules start with."""
        return f"{self.id.upper()}-"


def read_pack(folder: Path) -> Pack:
    """Return the pack in a folder.

    Raises InputError where there is no such folder, LibraryError where `pack.yaml` is missing or
    wrong.
    """
    if not folder.is_dir():
        message = "there is no such folder; name one that holds a pack.yaml, rules/ and knowledge/"
        raise InputError([Problem(Place(str(folder)), "E308", "", message)])
    path = folder / "pack.yaml"
    document = yamlfile.read(path, Ids("E200", LibraryError))
    if problems := schema.check(document, "pack"):
        raise LibraryError(problems)
    return Pack(document.data["id"], document.data["version"], folder)


def pack_problems(found: Sequence[Entry], packs: Iterable[Pack]) -> list[Problem]:
    """Return rules whose id lacks their pack's prefix, and packs that share an id."""
    given = tuple(packs)
    by_id = {pack.id: pack for pack in given}
    problems = [
        Problem(
            Place(str(pack.folder / "pack.yaml")),
            "E142",
            "id",
            f"'{pack.id}' is the id of {by_id[pack.id].folder}, too; rename one of the packs",
        )
        for pack in given
        if by_id[pack.id] is not pack
    ]
    for entry in found:
        if entry.kind != "rules" or not isinstance(entry.document.data, dict):
            continue
        prefix = by_id[entry.pack].prefix if entry.pack else ""
        for index, rule in enumerate(entry.document.data.get("rules", ())):
            said = str(rule.get("id", "")) if isinstance(rule, dict) else ""
            if said and ((said.count("-") > 1) is not bool(prefix) or not said.startswith(prefix)):
                pointer = ("rules", index, "id")
                wanted = f"'{prefix}'" if prefix else "its area alone"
                problems.append(
                    Problem(
                        entry.document.place(pointer),
                        "E140",
                        dotted(pointer),
                        f"the id '{said}' must start with {wanted}; rename it",
                    )
                )
    return problems


def without_replaced_rules(rules: Sequence[RuleSpec]) -> tuple[RuleSpec, ...]:
    """Return the rules without those that a pack's rule stands in for."""
    replaced = {rule.replaces for rule in rules}
    return tuple(rule for rule in rules if rule.id not in replaced)
