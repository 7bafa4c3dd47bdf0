"""`advisor questions`: what the interview asks."""

from __future__ import annotations

from pathlib import Path

import click

from advisor.cli.inputs import packs_option
from advisor.cli.plain_data import json_option, plain, print_json
from advisor.domain.questions import DEPTHS, Question
from advisor.library.load import load_library


@click.command()
@click.option("--depth", type=click.Choice(DEPTHS), default=None)
@json_option
@packs_option
def questions(depth: str | None, as_json: bool, packs: tuple[Path, ...]) -> None:
    """List the questions of the interview with what is assumed instead of an answer."""
    found = [q for q in load_library(packs).questions if depth in (None, q.depth)]
    if as_json:
        print_json([plain(q) for q in found])
        return
    for question in found:
        click.echo(_lines(question))


def _lines(question: Question) -> str:
    options = ", ".join(option.id for option in question.options) or question.unit
    asked = "" if not question.ask_when else "  (asked only where it applies)"
    value = question.default
    usual = ", ".join(map(str, value)) if isinstance(value, tuple) else value
    return (
        f"{question.id}  [{question.section}, {question.depth}]{asked}\n"
        f"    {question.text}\n    {question.type}: {options}\n"
        f"    assumed: {'no value' if usual is None else usual}; unknown: {question.unknown.note}\n"
    )
