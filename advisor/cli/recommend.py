"""`advisor recommend`: answers in, a plan out."""

from __future__ import annotations

from pathlib import Path

import click

from advisor.advise import advise
from advisor.analysis.whole_plan import whole_plan
from advisor.cli.inputs import (
    answers_of,
    as_of_option,
    date_of,
    kit_of,
    machines_option,
    packs_option,
    set_option,
    with_machines,
)
from advisor.planning.line import Line
from advisor.report.formats import FORMATS, render
from advisor.report.save import write

EXTRAS = ("sensitivity",)
"""What a report holds only where it is asked for."""


@click.command()
@click.argument("answers", metavar="ANSWERS")
@click.option(
    "--format",
    "format_",
    type=click.Choice(FORMATS),
    default=None,
    help="Format of the report (default: from the name of the output, else md).",
)
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.option("-o", "--output", default="-", help="File to write, - for standard output.")
@click.option(
    "--with",
    "extras",
    type=click.Choice(EXTRAS),
    multiple=True,
    help="Add what takes many plans: sensitivity (some ten seconds).",
)
@as_of_option
@packs_option
@set_option
@machines_option
@click.pass_context
def recommend(
    ctx: click.Context,
    answers: str,
    format_: str | None,
    as_json: bool,
    output: str,
    extras: tuple[str, ...],
    as_of: str | None,
    packs: tuple[Path, ...],
    changes: tuple[str, ...],
    machines: Path | None,
) -> int:
    """Plan the architecture for the ANSWERS in a YAML or JSON file, - for standard input.

    Exits with 1 where no option meets every constraint; the report then says which constraint
    fails, by how much, and the cheapest relaxation.
    """
    kit = kit_of(packs)
    given = with_machines(answers_of(answers, changes, kit), machines, kit)
    line = Line(kit)
    plan = advise(given, line, date_of(as_of))
    if ctx.obj["debug"]:
        _show_stages(line)
    kind = "json" if as_json else format_ or _from_name(output)
    whole = whole_plan(plan, line, given, sensitivity=bool(extras))
    write(output, render(whole, kind))
    if plan.feasible:
        return 0
    if whole.ways_out:
        from advisor.analysis.relaxations import HEADING  # noqa: PLC0415  (few plans need it)

        click.echo("\n".join((HEADING, *whole.ways_out)), err=True)
    return 1


def _from_name(output: str) -> str:
    suffix = Path(output).suffix.lstrip(".")
    return suffix if suffix in FORMATS else "md"


def _show_stages(line: Line) -> None:
    """Print what each step told the rules, then the firings of each level, on standard error."""
    for origin, facts in line.told_by.items():
        click.echo(f"{origin}: {len(facts)} facts", err=True)
        for told in sorted(map(str, facts)):
            click.echo(f"    {told}", err=True)
    levels = line.kit.program.order.levels
    for firing in line.session.firings():
        click.echo(f"level {levels[firing.rule]} {firing.rule} {dict(firing.bindings)}", err=True)
        for fact in firing.added:
            click.echo(f"    + {fact}", err=True)
