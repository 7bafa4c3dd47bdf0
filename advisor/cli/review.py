"""`advisor review`: an architecture that stands, judged by the rules of the plan."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from advisor.advise import advise
from advisor.analysis.review import architecture_words
from advisor.analysis.review import review as reviewed
from advisor.cli.inputs import answers_of, as_of_option, date_of, kit_of, packs_option
from advisor.domain.answers import UNKNOWN, Source
from advisor.domain.plan import Plan
from advisor.domain.review import Review
from advisor.errors import InputError, Place, Problem
from advisor.library.architecture import read_architecture, schema_with
from advisor.planning.kit import Kit
from advisor.planning.line import Line
from advisor.report.html import render_html
from advisor.report.markdown import render_markdown
from advisor.report.plain import plain_section
from advisor.report.review_json import review_json
from advisor.report.review_report import review_report
from advisor.report.save import write

FORMATS = ("text", "md", "json", "html")
PLAIN = re.compile(r"[a-z][a-z0-9_.-]*")
SPECIAL = ("yes", "no", "on", "off", "true", "false", "null", "y", "n")
"""Words that are no text to YAML."""
SHOWN = 6
"""Other ids that a template names beside a choice."""


@click.command()
@click.argument("architecture", metavar="ARCHITECTURE", required=False)
@click.option("--format", "format_", type=click.Choice(FORMATS), default=None)
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.option("-o", "--output", default="-", help="File to write, - for standard output.")
@click.option(
    "--template",
    "template",
    default=None,
    metavar="ANSWERS",
    help="Write an architecture file to begin with: the answers, and what the plan would choose.",
)
@click.option("--schema", "schema", is_flag=True, help="Print the JSON Schema of the file.")
@as_of_option
@packs_option
def review(
    architecture: str | None,
    format_: str | None,
    as_json: bool,
    output: str,
    template: str | None,
    schema: bool,
    as_of: str | None,
    packs: tuple[Path, ...],
) -> int:
    """Judge the ARCHITECTURE in a file: `answers:`, and `decisions:` with what was chosen.

    Says what breaks a must, what misses a target, what is too little or too much, what nothing
    asks for and what is missing, what to choose instead, and what changing it costs and saves.
    Exits with 1 where something severe stands that nobody has accepted.
    """
    kit, day = kit_of(packs), date_of(as_of)
    if schema:
        text = json.dumps(schema_with(architecture_words(kit)), indent=1, ensure_ascii=False)
        write(output, f"{text}\n".encode())
        return 0
    if template is not None:
        answers = answers_of(template, (), kit)
        plan = advise(answers, Line(kit), day)
        write(output, "\n".join((*_template(plan, kit), "")).encode())
        return 0
    if architecture is None:
        message = "no file is named; begin with 'advisor review --template ANSWERS -o FILE'"
        raise InputError([Problem(Place("advisor review"), "E309", "", message)])
    found = _reviewed(architecture, kit, day)
    kind = "json" if as_json else format_ or _from_name(output)
    write(output, _rendered(found, kind).encode())
    return 1 if found.count("high") else 0


def _reviewed(path: str, kit: Kit, day: str) -> Review:
    words = architecture_words(kit)
    models = kit.shapes.keys()
    answers, architecture = read_architecture(Path(path), kit.questions, models, words)
    for warning in answers.warnings:
        click.echo(str(warning), err=True)
    return reviewed(path, answers, architecture, Line(kit), day)


def _from_name(output: str) -> str:
    suffix = Path(output).suffix.lstrip(".")
    return suffix if suffix in FORMATS else "text"


def _rendered(found: Review, kind: str) -> str:
    if kind == "json":
        return review_json(found)
    report = review_report(found)
    if kind == "text":
        return "\n".join(plain_section(s, 100) for s in (report.page_one, *report.chapters[:-1]))
    return render_html(report) if kind == "html" else render_markdown(report)


# --- a file to begin with ------------------------------------------------------------------


def _template(plan: Plan, kit: Kit) -> Iterator[str]:
    """Yield an architecture file: the answers that were given, and the choices of the plan."""
    yield "# What stands, in the words of the decisions. Change what you have otherwise, and run:"
    yield "#   advisor review THIS_FILE"
    yield "# A decision that you leave out is not judged. All ids: advisor review --schema"
    if plan.model:
        yield f"model: {_flow(plan.model)}"
    yield "answers:"
    for id_, (value, source) in plan.answers.items():
        if source is not Source.DEFAULT:
            said = UNKNOWN if source is Source.UNKNOWN else value
            yield f"  {id_}: {_flow(said)}"
    yield "decisions:"
    for id_, decision in plan.decisions.items():
        choice = list(decision.ids) if isinstance(decision.chosen, tuple) else decision.chosen
        yield f"  {id_}: {_flow(choice)}  # {_others(kit, id_, decision.ids)}"
    yield from _machines(plan)


def _flow(value: Any) -> str:
    """Return a value as YAML takes it on one line; JSON is that, and plain ids need no quotes."""
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_flow, value))}]"
    if isinstance(value, str) and PLAIN.fullmatch(value) and value not in SPECIAL:
        return value
    return json.dumps(value, ensure_ascii=False)


def _others(kit: Kit, decision: str, chosen: tuple[str, ...]) -> str:
    """Return what else could stand there."""
    ids = [c.id for c in kit.candidates[decision] if c.id not in chosen]
    more = f" and {len(ids) - SHOWN} more" if len(ids) > SHOWN else ""
    return f"or {', '.join(ids[:SHOWN])}{more}" if ids else "the only choice"


def _machines(plan: Plan) -> Iterator[str]:
    counts = {use.use: use.count or use.nodes for use in plan.hardware}
    counted = {use: n for use, n in counts.items() if n}
    if counted:
        yield "machines:  # accelerators, or machines where there are none"
        yield from (f"  {use}: {n}" for use, n in counted.items())
    yield "# practices: []    # all that are in place; left out, they are not judged"
    yield "# controls: []     # the same"
    yield "# suppress:"
    yield "#   - {about: feature_store, reason: bought until the summer, until: '2027-06-30'}"
