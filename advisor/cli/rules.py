"""`advisor rules`: the rulebook in words, its pages, and a skeleton for a new rule."""

from __future__ import annotations

from pathlib import Path

import click

from advisor.analysis.rule_skeleton import ID, NewRule, free_id, open_places, with_rule
from advisor.cli.inputs import as_of_option, date_of, packs_option
from advisor.cli.plain_data import json_option, known, plain, print_json
from advisor.errors import InputError, LibraryError, Place, Problem
from advisor.library.load import Library, load_library
from advisor.library.locate import library_root
from advisor.library.rulebook import AREAS
from advisor.report.rule_pages import rule_pages, stale_pages
from advisor.report.rule_text import rule_text
from advisor.report.save import write


@click.group()
def rules() -> None:
    """Show the rulebook, and begin a new rule."""


@rules.command("list")
@json_option
@packs_option
def list_rules(as_json: bool, packs: tuple[Path, ...]) -> None:
    """List every rule: id, strength, title."""
    found = load_library(packs).rules
    if as_json:
        print_json([{"id": r.id, "strength": r.strength, "title": r.title} for r in found])
        return
    for rule in found:
        click.echo(f"{rule.id:<10} {rule.strength:<7} {rule.title}")


@rules.command("show")
@click.argument("rule_id", metavar="RULE")
@json_option
@packs_option
def show_rule(rule_id: str, as_json: bool, packs: tuple[Path, ...]) -> None:
    """Show one rule: what it says, when it fires, why, its sources and examples."""
    rule = known({r.id: r for r in load_library(packs, cases=True).rules}, rule_id, "rule")
    if as_json:
        print_json(plain(rule))
    else:
        click.echo(rule_text(rule))


@rules.command("pages")
@click.option("--check", "only_check", is_flag=True, help="Name stale pages, write nothing.")
def write_pages(only_check: bool) -> int:
    """Write the page of each area, rules/AREA/README.md, from the rules.

    With --check, exits with 1 where a page differs from what the rules say now.
    """
    pages, root = rule_pages(load_library(cases=True).rules), library_root()
    stale = stale_pages(root, pages)
    for path in stale:
        if not only_check:
            write(str(root / path), pages[path].encode())
        click.echo(path)
    return 1 if only_check and stale else 0


@rules.command("new")
@click.argument("rule_id", metavar="ID")
@click.option("--title", required=True, help="What the rule says, in one line.")
@click.option(
    "--file", type=click.Path(path_type=Path), help="The topic's file; a new one if none."
)
@as_of_option
@packs_option
def new_rule(
    rule_id: str, title: str, file: Path | None, as_of: str | None, packs: tuple[Path, ...]
) -> None:
    """Write the skeleton of a rule with cases, and say what is left to fill.

    ID is PERF, SCALE, LIFE, COST or COMP with a number (COST-301), or without one for the next
    free number. A prefix names the pack of --pack that the rule belongs to (ACME-COST-001).
    """
    library = load_library(packs)
    if not ID.fullmatch(rule_id):
        raise _refused(rule_id, "no id of a rule; write an area and a number, such as COST-301")
    new = NewRule(free_id(rule_id, library.rules), title, date_of(as_of))
    if any(rule.id == new.id for rule in library.rules):
        raise _refused(new.id, f"the id is taken; the next free one is {_next(new.id, library)}")
    place = file or _folder(new, library) / f"{new.slug.replace('-', '_')}.yaml"
    _add(place, new, library, packs)
    added = next(r for r in load_library(packs, cases=True).rules if r.id == new.id)
    left = ", ".join(("when", "then", *open_places(added)))
    click.echo(f"{added.place}: {new.id} is written; left to fill: {left}")
    click.echo(f"then run: advisor rules show {new.id}; advisor check", err=True)


def _next(taken: str, library: Library) -> str:
    return free_id(taken.rpartition("-")[0], library.rules)


def _folder(new: NewRule, library: Library) -> Path:
    """Return the folder of the rule's area, in the library or in the pack that it belongs to."""
    prefix, _, _ = new.id.rpartition("-")
    pack_id, _, area = prefix.rpartition("-")
    if not pack_id:
        return library_root() / "rules" / AREAS[area]
    for pack in library.packs:
        if pack.prefix == f"{pack_id}-":
            return pack.folder / "rules" / AREAS[area]
    raise _refused(new.id, f"no pack '{pack_id.lower()}' is in force; name its folder with --pack")


def _add(place: Path, new: NewRule, library: Library, packs: tuple[Path, ...]) -> None:
    """Write the skeleton into the file; leave everything as it was where it does not load."""
    before = place.read_bytes() if place.is_file() else None
    text = with_rule((before or b"").decode(), new, library.questions)
    place.parent.mkdir(parents=True, exist_ok=True)
    write(str(place), text.encode())
    try:
        if all(rule.id != new.id for rule in load_library(packs).rules):
            raise _refused(str(place), "the file is in no library in force; name one in rules/")
    except (LibraryError, InputError):
        if before is None:
            place.unlink()
        else:
            write(str(place), before)
        raise


def _refused(what: str, message: str) -> InputError:
    return InputError([Problem(Place(what), "E309", "", message)])
