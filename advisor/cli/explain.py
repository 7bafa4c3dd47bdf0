"""`advisor explain`: why a decision fell as it did, and why not otherwise."""

from __future__ import annotations

from pathlib import Path

import click

from advisor.advise import advise
from advisor.analysis.explanations import explain_decision, why_not
from advisor.cli.inputs import answers_of, as_of_option, date_of, kit_of, packs_option, set_option
from advisor.errors import InputError, Place, Problem
from advisor.library.words import remedy
from advisor.planning.line import Line


@click.command()
@click.argument("answers", metavar="ANSWERS")
@click.argument("decision", required=False)
@click.option(
    "--why-not",
    "candidate",
    default=None,
    metavar="CANDIDATE",
    help="Say what stands against this candidate and what would have to change.",
)
@as_of_option
@packs_option
@set_option
def explain(
    answers: str,
    decision: str | None,
    candidate: str | None,
    as_of: str | None,
    packs: tuple[Path, ...],
    changes: tuple[str, ...],
) -> None:
    """Explain the plan for ANSWERS: every DECISION, or one, down to answers, rules and sources."""
    kit = kit_of(packs)
    line = Line(kit)
    plan = advise(answers_of(answers, changes, kit), line, date_of(as_of))
    if decision is not None and decision not in plan.decisions:
        raise _no_such("decision", decision, plan.decisions)
    if candidate is not None:
        known = [d for d, cs in kit.candidates.items() if any(c.id == candidate for c in cs)]
        if not known:
            raise _no_such("candidate", candidate, kit.names)
        for found in [decision] if decision else known:
            click.echo(why_not(plan, line, found, candidate))
        return
    for id_ in [decision] if decision else list(plan.decisions):
        click.echo(explain_decision(plan, line, id_))


def _no_such(what: str, wanted: str, known: object) -> InputError:
    words = list(known) if isinstance(known, dict) else []
    message = f"there is no {what} '{wanted}'; {remedy(wanted, words)}"
    return InputError([Problem(Place("advisor explain"), "E306", "", message)])
