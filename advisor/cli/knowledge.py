"""`advisor knowledge`: the catalogue, and what in it has outlived its shelf life."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from advisor.cli.inputs import as_of_option, date_of, packs_option
from advisor.cli.plain_data import json_option, known, plain, print_json
from advisor.library.lint import Shelves, shelves
from advisor.library.load import Library, load_library

KINDS = (
    "accelerators",
    "models",
    "offers",
    "providers",
    "api_prices",
    "hosted_prices",
    "storage",
    "components",
    "orchestrators",
    "clauses",
    "controls",
    "practices",
    "policy",
)


@click.group()
def knowledge() -> None:
    """Show the catalogue."""


@knowledge.command("list")
@click.argument("kind", type=click.Choice(KINDS))
@json_option
@packs_option
def list_knowledge(kind: str, as_json: bool, packs: tuple[Path, ...]) -> None:
    """List the entries of a KIND."""
    found = _entries(load_library(packs), kind)
    if as_json:
        print_json({id_: plain(record) for id_, record in found.items()})
        return
    for id_, record in found.items():
        name = getattr(record, "name", "") or getattr(record, "meaning", "")
        click.echo(f"{id_:<36} {name}")


@knowledge.command("show")
@click.argument("entry", metavar="ID")
@packs_option
def show_knowledge(entry: str, packs: tuple[Path, ...]) -> None:
    """Show every record with this ID, with its sources and dates, as JSON."""
    library = load_library(packs)
    found = {kind: _entries(library, kind) for kind in KINDS}
    hits = {kind: plain(rows[entry]) for kind, rows in found.items() if entry in rows}
    if not hits:
        known({id_: None for rows in found.values() for id_ in rows}, entry, "entry")
    print_json(hits)


def _entries(library: Library, kind: str) -> Mapping[str, Any]:
    if kind == "policy":
        return library.policy.parameters
    found: Mapping[Any, Any] = getattr(library, kind)
    return {key if isinstance(key, str) else key[-1]: record for key, record in found.items()}


@knowledge.command("stale")
@json_option
@as_of_option
@packs_option
def stale_knowledge(as_json: bool, as_of: str | None, packs: tuple[Path, ...]) -> None:
    """List what has outlived its shelf life, the longest first, and its share of the catalogue."""
    day = date_of(as_of)
    found = shelves(datetime.date.fromisoformat(day), packs)
    if as_json:
        print_json(_stale_data(found, day))
        return
    for kind in found.dated:
        click.echo(_shelf(found, kind))
    click.echo(f"{_share(len(found.stale), sum(found.dated.values()))} of all dated entries")


def _shelf(found: Shelves, kind: str) -> str:
    """Return a kind's share and the entries behind it."""
    late = [item for item in found.stale if item.kind == kind]
    lines = [f"{kind}: {_share(len(late), found.dated[kind])} past their shelf life"]
    for item in sorted(late, key=lambda i: (i.shelf_life_days - i.age_days, i.id)):
        said = f"{item.as_of}, {item.age_days} days old, shelf life {item.shelf_life_days}"
        lines.append(f"  {item.id:<48} {said}  {item.place}")
    return "\n".join(lines)


def _share(late: int, whole: int) -> str:
    return f"{late} of {whole} ({100 * late / max(1, whole):.0f} %)"


def _stale_data(found: Shelves, day: str) -> dict[str, Any]:
    late = {kind: sum(1 for i in found.stale if i.kind == kind) for kind in found.dated}
    return {
        "as_of": day,
        "kinds": {k: {"dated": n, "stale": late[k]} for k, n in found.dated.items()},
        "stale": [{**plain(item), "place": str(item.place)} for item in found.stale],
    }
