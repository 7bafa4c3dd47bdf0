"""`advisor prices`: price lists into packs, and what they would change."""

from __future__ import annotations

import json
from pathlib import Path

import click

from advisor.analysis.price_import import Change, Imported, changes, imported, newest
from advisor.analysis.price_lists.detect import PriceList, read_price_list
from advisor.analysis.price_pack import Origin, pack_files
from advisor.cli.inputs import as_of_option, date_of, packs_option
from advisor.errors import InputError, Place, Problem
from advisor.library.load import Library, load_library
from advisor.library.locate import packs_in_force
from advisor.report.save import write

MAX_BYTES = 1_000_000_000
SHOWN = 10
provider_option = click.option(
    "--provider", default="", help="Whose prices these are, where file and path do not tell."
)


@click.group()
def prices() -> None:
    """Bring price lists in as dated packs, and see what they change."""


@prices.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), metavar="PACKDIR")
@provider_option
@as_of_option
@packs_option
def import_prices(
    file: Path, output: Path, provider: str, as_of: str | None, packs: tuple[Path, ...]
) -> None:
    """Write the prices in FILE for offers of the catalogue as a pack into PACKDIR.

    FILE is a SkyPilot vms.csv, a gpuhunt CSV, an AWS price list (JSON or CSV) or a page of the
    Azure Retail Prices API. Then plan with --pack PACKDIR.
    """
    library = load_library(packs)
    found = _read(file, provider, library)
    origin = Origin(found.kind, found.provider, file.name, _day(found, as_of, file))
    outcome = imported(found, library.offers)
    _narrate(outcome, found)
    if not outcome.prices:
        raise _refused(file, f"it prices no offer of {found.provider} in the catalogue")
    if output.exists() and any(output.iterdir()):
        raise _refused(output, "the folder is not empty; a pack is dated, so name a new one")
    for path, text in pack_files(outcome.prices, library.offers, origin).items():
        (output / path).parent.mkdir(parents=True, exist_ok=True)
        write(str(output / path), text.encode())
    _ = load_library([*packs, output])
    click.echo(f"{len(outcome.prices)} prices of {origin.day} in {output}", err=True)


@prices.command("diff")
@click.argument("source", metavar="PACK|FILE", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@provider_option
@packs_option
def diff_prices(source: Path, as_json: bool, provider: str, packs: tuple[Path, ...]) -> None:
    """Show the prices in a PACK or a price list that differ from the catalogue, in USD an hour."""
    library = load_library(packs)
    if source.is_dir():
        laid = load_library(packs_in_force([*packs, source]))
        found = changes(newest(laid.offers), library.offers)
    else:
        listed = _read(source, provider, library)
        outcome = imported(listed, library.offers)
        _narrate(outcome, listed)
        found = changes(outcome.prices, library.offers)
    if as_json:
        click.echo(json.dumps([_plain(change) for change in found], indent=2))
    else:
        click.echo("".join(map(_line, found)), nl=False)
    click.echo(f"{len(found)} prices differ", err=True)


def _read(file: Path, provider: str, library: Library) -> PriceList:
    try:
        with file.open("rb") as stream:
            raw = stream.read(MAX_BYTES)
    except OSError as error:
        raise _refused(file, f"{error.strerror}; check the path") from None
    return read_price_list(str(file), raw, provider, library.offers)


def _day(found: PriceList, as_of: str | None, file: Path) -> str:
    """Return the day of the prices; a list that states none is not taken for one of today."""
    if as_of is None and not found.day:
        raise _refused(file, "the list does not say of which day it is; write --as-of 2026-11-22")
    return date_of(as_of or found.day)


def _narrate(outcome: Imported, found: PriceList) -> None:
    click.echo(f"{found.kind} of {found.provider}: {len(found.rows)} rows", err=True)
    for reason, count in outcome.left.items():
        click.echo(f"  left out: {count} {reason}", err=True)
    if outcome.unknown:
        click.echo(f"  not in the catalogue: {_some(outcome.unknown)}", err=True)


def _some(names: tuple[str, ...]) -> str:
    rest = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(names[:SHOWN]) + rest


def _line(change: Change) -> str:
    before, percent = change.before, change.percent
    was = f"{before.usd_per_hour} ({before.effective})" if before else "no price"
    by = f"  {percent:+.1f} %" if percent is not None else ""
    where = f"{change.offer:<40} {change.terms:<12} {change.area:<4}"
    return f"{where} {was} -> {change.usd_per_hour:f}{by}\n"


def _plain(change: Change) -> dict[str, str | float | None]:
    before = change.before
    return {
        "offer": change.offer,
        "terms": change.terms,
        "area": change.area,
        "before_usd_per_hour": str(before.usd_per_hour) if before else None,
        "before_effective": before.effective if before else None,
        "usd_per_hour": f"{change.usd_per_hour:f}",
        "percent": None if change.percent is None else round(change.percent, 1),
    }


def _refused(path: Path, message: str) -> InputError:
    return InputError([Problem(Place(str(path)), "E351", "", message)])
