"""`advisor check`: is everything that the advisor knows in order?"""

from __future__ import annotations

import datetime
from pathlib import Path

import click

from advisor.analysis.random_answers import random_answers
from advisor.analysis.reachability import reach_of, reach_problems
from advisor.analysis.rule_checks import check_rules
from advisor.cli.inputs import as_of_option, date_of, packs_option
from advisor.errors import LibraryError, Problem
from advisor.library.lint import check_library
from advisor.library.load import load_library
from advisor.planning.kit import Kit


@click.command()
@click.option("--strict", is_flag=True, help="Warnings count as failures.")
@click.option(
    "--reach",
    "sets",
    type=click.IntRange(min=0),
    default=0,
    metavar="N",
    help="Also plan N random sets of answers: rules that never fire, musts that contradict, "
    "decisions without a reason. A thousand take some minutes.",
)
@as_of_option
@packs_option
def check(strict: bool, sets: int, as_of: str | None, packs: tuple[Path, ...]) -> int:
    """Check the rulebook and the catalogue: schemas, words, cases, order, sources, shelf lives.

    Prints every problem, one a line; exits with 1 where there are errors.
    """
    found = check_library(datetime.date.fromisoformat(date_of(as_of)), packs)
    problems = [*found.problems, *check_rules(found.rules)]
    if not any(_is_error(problem) for problem in problems):
        problems += _order_problems(packs)
        problems += _reach_problems(sets, date_of(as_of), packs) if sets else []
    for problem in sorted(problems):
        click.echo(str(problem))
    errors = sum(_is_error(problem) for problem in problems)
    warnings = len(problems) - errors
    click.echo(f"{len(found.rules)} rules checked: {errors} errors, {warnings} warnings", err=True)
    return 1 if errors or (strict and warnings) else 0


def _is_error(problem: Problem) -> bool:
    return problem.id.startswith("E")


def _order_problems(packs: tuple[Path, ...]) -> list[Problem]:
    """Return why the rules cannot be put in an order, if they cannot."""
    try:
        _ = Kit(load_library(packs)).program
    except LibraryError as error:
        return list(error.problems)
    return []


def _reach_problems(sets: int, day: str, packs: tuple[Path, ...]) -> list[Problem]:
    """Return what random answers show of the rules."""
    kit = Kit(load_library(packs))
    answers = (random_answers(seed, kit.questions, kit.shapes) for seed in range(sets))
    return reach_problems(reach_of(answers, kit, day), kit)
