"""`advisor sensitivity`: what would flip the plan, and what each answer does to the cost."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from advisor.analysis import sensitivity as study
from advisor.analysis.sensitivity_words import sensitivity_lines
from advisor.analysis.whatif import WhatIf
from advisor.cli.inputs import answers_of, as_of_option, date_of, kit_of, packs_option, set_option
from advisor.planning.line import Line


@click.command()
@click.argument("answers", metavar="ANSWERS")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@set_option
@as_of_option
@packs_option
def sensitivity(
    answers: str,
    as_json: bool,
    changes: tuple[str, ...],
    as_of: str | None,
    packs: tuple[Path, ...],
) -> None:
    """Show for each answer and assumption what would change the plan for ANSWERS.

    Each is varied over its likely range while the others stay: the nearest value at which a
    choice changes, and the whole-life cost it leads to. Exits with 0 when it ran.
    """
    kit = kit_of(packs)
    ask = WhatIf(Line(kit), answers_of(answers, changes, kit), date_of(as_of))
    found = study.sensitivity(ask)
    click.echo(
        json.dumps(_data(found), indent=1) if as_json else "\n".join(sensitivity_lines(found, kit))
    )


def _data(found: study.Sensitivity) -> dict[str, Any]:
    return {
        "lifetime_usd": str(found.lifetime_usd),
        "to_check": [one.question.id for one in found.to_check],
        "answers": [_one(one) for one in found.influences],
    }


def _one(one: study.Influence) -> dict[str, Any]:
    flips = {"below": one.below, "above": one.above}
    return {
        "question": one.question.id,
        "value": one.value,
        "source": one.source.value,
        **{
            side: flip and {"value": flip.value, "decisions": list(flip.decisions)}
            for side, flip in flips.items()
        },
        "lifetime_low_usd": str(one.low_usd),
        "lifetime_high_usd": str(one.high_usd),
        "decisions": list(one.decisions),
    }
