"""`advisor cost`: what the plan costs over its life, month by month or by component."""

from __future__ import annotations

import json
from pathlib import Path

import click

from advisor.advise import advise
from advisor.cli.inputs import answers_of, as_of_option, date_of, kit_of, packs_option, set_option
from advisor.planning.lifetime_outlook import outlook_of
from advisor.planning.lifetime_plan import lifetime_of
from advisor.planning.line import Line
from advisor.report.lifetime_data import lifetime_data, outlook_data
from advisor.report.lifetime_text import life_text, outlook_text, ways_text


@click.command()
@click.argument("answers", metavar="ANSWERS")
@click.option("--by", type=click.Choice(["month", "component"]), default="component")
@click.option(
    "--months", type=click.IntRange(1, 240), help="Months of use instead of the stated life."
)
@click.option("--compare-ways", is_flag=True, help="Compare the ways to pay for each use.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@as_of_option
@packs_option
@set_option
def cost(
    answers: str,
    by: str,
    months: int | None,
    compare_ways: bool,
    as_json: bool,
    as_of: str | None,
    packs: tuple[Path, ...],
    changes: tuple[str, ...],
) -> int:
    """Show what the plan for ANSWERS costs from its first month to its last, growth included.

    Exits with 1 where no option meets every constraint, as `advisor recommend` does.
    """
    kit = kit_of(packs)
    line = Line(kit)
    plan = advise(answers_of(answers, changes, kit), line, date_of(as_of))
    life = lifetime_of(line, plan.cost, months or 0)
    outlook = outlook_of(line, life)
    if as_json:
        data = {**lifetime_data(life), **outlook_data(outlook, ways=compare_ways)}
        click.echo(json.dumps(data, indent=1, allow_nan=False))
    else:
        click.echo("\n".join(ways_text(life, outlook) if compare_ways else life_text(life, by)))
        if not compare_ways:
            click.echo("\n".join(("", *outlook_text(outlook))))
    return 0 if plan.feasible else 1
