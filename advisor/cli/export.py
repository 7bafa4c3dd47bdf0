"""`advisor export`: the plan as files that an engineer runs."""

from __future__ import annotations

import json
from pathlib import Path

import click

from advisor.advise import advise
from advisor.cli.inputs import answers_of, as_of_option, date_of, kit_of, packs_option, set_option
from advisor.domain.plan import Plan
from advisor.errors import InputError, Place, Problem
from advisor.planning.line import Line
from advisor.report.artefacts.folder import folder
from advisor.report.artefacts.model import Artefact
from advisor.report.artefacts.targets import BY_ID, NOT_FEASIBLE, TARGETS, exported, why_not
from advisor.report.bundle import zipped
from advisor.report.save import STDOUT, write, write_folder

ALL = "all"


@click.command()
@click.argument("answers", metavar="ANSWERS")
@click.option(
    "--target",
    "targets",
    multiple=True,
    type=click.Choice([ALL, *BY_ID]),
    help="What to make; may be repeated (default: all that the plan calls for).",
)
@click.option("--list", "only_list", is_flag=True, help="Say what can be made and what cannot.")
@click.option("--json", "as_json", is_flag=True, help="With --list: print JSON.")
@click.option(
    "-o",
    "--output",
    default=None,
    metavar="DIR",
    help="Folder to write, made where it is missing; a name in .zip makes an archive; - prints "
    "a target that is one file.",
)
@as_of_option
@packs_option
@set_option
def export(
    answers: str,
    targets: tuple[str, ...],
    only_list: bool,
    as_json: bool,
    output: str | None,
    as_of: str | None,
    packs: tuple[Path, ...],
    changes: tuple[str, ...],
) -> int:
    """Write the plan for ANSWERS as files to run: manifests, job scripts, commands, pipelines.

    Nothing is applied to any system. A target that the plan has no place for is refused with the
    reason; `all` makes those that fit and says which do not. Exits with 1 where no option meets
    every constraint, or where the plan calls for no artefact at all.
    """
    kit = kit_of(packs)
    plan = advise(answers_of(answers, changes, kit), Line(kit), date_of(as_of))
    if only_list:
        _list(plan, as_json=as_json)
        return 0 if plan.feasible else 1
    if not plan.feasible:
        click.echo(f"{answers}: {NOT_FEASIBLE}; `advisor recommend` says which", err=True)
        return 1
    if output is None:
        message = "no folder is named; add -o DIR, or --list to see what can be made"
        raise InputError([Problem(Place("-o"), "E363", "", message)])
    made = _made(plan, targets)
    if not made:
        click.echo("the plan calls for none of these artefacts; nothing is written", err=True)
        return 1
    _write(plan, made, output)
    return 0


def _list(plan: Plan, *, as_json: bool) -> None:
    rows = [
        {
            "id": t.id,
            "name": t.name,
            "refused": why_not(plan, t),
            "on_demand": _reserved(plan, t.id),
        }
        for t in TARGETS
    ]
    if as_json:
        click.echo(json.dumps(rows, indent=1))
        return
    width = max(len(t.id) for t in TARGETS)
    for row in rows:
        said = f"no: {row['refused']}" if row["refused"] else "yes"
        if not row["refused"] and row["on_demand"]:
            said = f"when asked for by name: {row['on_demand']}"
        click.echo(f"{row['id']:<{width}}  {row['name']}: {said}")


def _reserved(plan: Plan, target: str) -> str:
    return "" if why_not(plan, BY_ID[target]) else BY_ID[target].reservation(plan)


def _made(plan: Plan, targets: tuple[str, ...]) -> dict[str, Artefact]:
    """Return what was asked for; raises InputError for what has no place in the plan."""
    named = [t for t in targets if t != ALL]
    refused = [(t, why_not(plan, BY_ID[t])) for t in named if why_not(plan, BY_ID[t])]
    if refused:
        advice = "ask for another, or see --list"
        raise InputError(
            [Problem(Place("--target"), "E361", t, f"{why}; {advice}") for t, why in refused]
        )
    found = exported(plan) if ALL in targets or not targets else {}
    if ALL in targets or not targets:
        for target in TARGETS:
            if why := why_not(plan, target) or target.reservation(plan):
                click.echo(f"not made: {target.id}: {why}", err=True)
    asked = {t: BY_ID[t].make(plan) for t in named}
    return {t.id: (found | asked)[t.id] for t in TARGETS if t.id in found or t.id in asked}


def _write(plan: Plan, made: dict[str, Artefact], output: str) -> None:
    if output == STDOUT:
        files = [file for artefact in made.values() for file in artefact.files]
        if len(files) != 1:
            message = f"{len(files)} files do not fit standard output; name a folder with -o DIR"
            raise InputError([Problem(Place("-o"), "E362", "", message)])
        write(STDOUT, files[0].text.encode())
        return
    files_by_path = folder(plan, made)
    if output.endswith(".zip"):
        write(output, zipped(files_by_path))
    else:
        write_folder(Path(output), files_by_path)
    click.echo(f"{output}: {len(files_by_path)} files; begin with README.md", err=True)
