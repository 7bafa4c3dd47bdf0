"""`advisor ask`: the interview, on screens or as plain prompts."""

from __future__ import annotations

from pathlib import Path

import click

from advisor.analysis.advice_session import AdviceSession
from advisor.cli.inputs import packs_option
from advisor.cli.plain_interview import PlainInterview
from advisor.domain.questions import DEPTHS


@click.command()
@click.argument("answers", metavar="[ANSWERS]", required=False, type=click.Path(path_type=Path))
@click.option(
    "--depth",
    type=click.Choice(DEPTHS),
    default="standard",
    show_default=True,
    help="How much is asked; the rest is assumed and listed.",
)
@click.option(
    "--plain",
    is_flag=True,
    help="Numbered prompts without screens, for screen readers and simple terminals.",
)
@packs_option
@click.pass_context
def ask(
    ctx: click.Context, answers: Path | None, depth: str, plain: bool, packs: tuple[Path, ...]
) -> int:
    """Interview you and recommend as you answer; ANSWERS is a file to begin with.

    Every answer is saved. The plain interview takes an interrupted one up by its name: type
    'sessions' at any prompt.
    """
    if not plain:
        opened: int = ctx.obj["interview"](depth, answers, packs)
        return opened
    advice = AdviceSession.start(depth, packs)
    try:
        if answers is not None:
            click.echo(advice.load(answers))
        return PlainInterview(advice).run()
    finally:
        advice.close()
