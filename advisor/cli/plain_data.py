"""What listings share: JSON of records, and refusing an id that nobody has."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Mapping
from typing import Any

import click

from advisor.errors import InputError, Place, Problem
from advisor.library.words import remedy

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def known(entries: Mapping[str, Any], wanted: str, what: str) -> Any:
    """Return the entry; raises InputError with the nearest id where there is none."""
    if wanted not in entries:
        message = f"there is no {what} '{wanted}'; {remedy(wanted, entries)}"
        raise InputError([Problem(Place("advisor"), "E306", "", message)])
    return entries[wanted]


def plain(record: object) -> Any:
    """Return a record as lists, mappings and scalars; places in files are left out."""
    if dataclasses.is_dataclass(record) and not isinstance(record, type):
        fields = dataclasses.fields(record)
        return {f.name: plain(getattr(record, f.name)) for f in fields if f.name != "place"}
    if isinstance(record, Mapping):
        return {str(key): plain(value) for key, value in record.items()}
    if isinstance(record, Iterable) and not isinstance(record, str):
        return [plain(value) for value in record]
    return record if isinstance(record, str | int | float | bool | None) else str(record)


def print_json(data: object) -> None:
    """Print plain data."""
    click.echo(json.dumps(data, indent=2, ensure_ascii=False))
