"""`advisor test`: do the plans hold what their scenarios expect?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from advisor.advise import advise
from advisor.analysis.scenario_tests import Held, expected_words, hold_against
from advisor.cli.inputs import answers_of, as_of_option, date_of, kit_of, packs_option
from advisor.domain.expectations import Expectation
from advisor.errors import InputError, Place, Problem
from advisor.library.expectations import read_expectations
from advisor.planning.kit import Kit
from advisor.planning.line import Line


@click.command()
@click.argument("paths", metavar="DIR|FILE...", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@as_of_option
@packs_option
def test(paths: tuple[str, ...], as_json: bool, as_of: str | None, packs: tuple[Path, ...]) -> int:
    """Plan every answers file that has an `expect:` section, and say what holds.

    Of a folder, every .yaml file in it. With each expectation comes the rule or figure that
    decided. Exits with 1 where one does not hold.
    """
    kit, day = kit_of(packs), date_of(as_of)
    expected = _expected([file for path in paths for file in _files(Path(path))], kit)
    outcomes = {
        file: hold_against(advise(answers_of(str(file), (), kit), Line(kit), day), expectations)
        for file, expectations in expected.items()
    }
    if as_json:
        plain = {str(file): [_plain(held) for held in found] for file, found in outcomes.items()}
        click.echo(json.dumps(plain, indent=2, ensure_ascii=False))
    else:
        for found in outcomes.values():
            click.echo("\n".join(map(_lines, found)))
    every = [held for found in outcomes.values() for held in found]
    failed = sum(not held.holds for held in every)
    click.echo(
        f"{len(every)} expectations in {len(outcomes)} files: {failed} do not hold", err=True
    )
    return 1 if failed else 0


def _files(path: Path) -> list[Path]:
    return sorted(path.glob("*.yaml")) if path.is_dir() else [path]


def _expected(files: list[Path], kit: Kit) -> dict[Path, tuple[Expectation, ...]]:
    """Return the expectations of the files that have some; all problems of all files at once."""
    words = expected_words(kit)
    problems: list[Problem] = []
    found: dict[Path, tuple[Expectation, ...]] = {}
    for file in files:
        try:
            if expectations := read_expectations(file, words):
                found[file] = expectations
        except InputError as error:
            problems += error.problems
    if not found and not problems:
        message = "no file has an 'expect:' section; write what must hold, such as training_host"
        problems.append(Problem(Place("advisor test"), "E307", "", message))
    if problems:
        raise InputError(problems)
    return found


def _lines(held: Held) -> str:
    """Return an outcome in a line, and what decided below it."""
    has = f", the plan has {held.found}" if held.found else ""
    mark = "pass" if held.holds else "FAIL"
    first = f"{mark} {held.expectation.place}: {held.expectation}{has}"
    return "\n".join([first, *(f"       {line}" for line in held.decided_by)])


def _plain(held: Held) -> dict[str, Any]:
    expectation = held.expectation
    return {
        "expectation": str(expectation),
        "line": expectation.place.line,
        "holds": held.holds,
        "found": held.found,
        "decided_by": list(held.decided_by),
    }
