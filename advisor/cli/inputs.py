"""What commands share: reading answers, the library and the date."""

from __future__ import annotations

import datetime
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from advisor.domain.answers import Answers
from advisor.errors import InputError, Place, Problem
from advisor.library.answer_values import from_text
from advisor.library.answers import parse_answers, read_answers, settled
from advisor.library.load import load_library
from advisor.library.locate import packs_in_force
from advisor.planning.kit import Kit, kept_kit

F = TypeVar("F", bound=Callable[..., Any])

packs_option = click.option(
    "--pack",
    "packs",
    multiple=True,
    type=click.Path(path_type=Path),
    callback=lambda _context, _option, stated: packs_in_force(stated),
    help="A folder with rules and knowledge of your own; may be repeated. Packs in the folder of "
    "your configuration come first, unless ADVISOR_NO_USER_PACKS=1.",
)
as_of_option = click.option(
    "--as-of",
    "as_of",
    default=None,
    metavar="DATE",
    help="The day for which prices, statuses and law are taken (default: today).",
)
set_option = click.option(
    "--set",
    "changes",
    multiple=True,
    metavar="QUESTION=VALUE",
    help="Replace an answer; may be repeated.",
)


def date_of(as_of: str | None) -> str:
    """Return an ISO date; today where none is given, which is the only clock the program reads."""
    if as_of is None:
        return datetime.datetime.now(tz=datetime.UTC).date().isoformat()
    try:
        return datetime.date.fromisoformat(as_of).isoformat()
    except ValueError:
        message = f"'{as_of}' is no date; write it as 2026-11-22"
        raise InputError([Problem(Place("--as-of"), "E304", "", message)]) from None


def kit_of(packs: tuple[Path, ...]) -> Kit:
    """Return the library with its packs, ready for planning."""
    return kept_kit(load_library(packs))


machines_option = click.option(
    "--machines",
    "machines",
    default=None,
    type=click.Path(path_type=Path),
    help='Saved output of `nvidia-smi -L`, `kubectl get nodes -o json` or `sinfo -o "%N %D %G"`: '
    "answers which accelerators are owned.",
)


def with_machines(answers: Answers, machines: Path | None, kit: Kit) -> Answers:
    """Return the answers with those that a list of machines gives."""
    if machines is None:
        return answers
    from advisor.analysis.owned_machines import beside, read_owned  # noqa: PLC0415  (rarely given)

    found = read_owned(machines, kit)
    if found is None:
        message = "cannot be read, or is no output of nvidia-smi, kubectl or sinfo"
        raise InputError([Problem(Place(str(machines)), "E330", "", message)])
    added, words = found
    click.echo(words, err=True)
    return beside(answers, added)


def answers_of(path: str, changes: tuple[str, ...], kit: Kit) -> Answers:
    """Return the answers in a file or on standard input (`-`), with `--set` applied."""
    models = kit.shapes.keys()
    if path == "-":
        answers = parse_answers(sys.stdin.buffer.read(), "stdin", kit.questions, models)
    else:
        answers = read_answers(Path(path), kit.questions, models)
    if changes:
        answers = settled(answers, kit.questions, changes_of(changes, kit))
    for warning in answers.warnings:
        click.echo(str(warning), err=True)
    return answers


def changes_of(changes: tuple[str, ...], kit: Kit) -> dict[str, Any]:
    """Return what `--set` says, read as the question's type asks."""
    known = {question.id: question for question in kit.questions}
    found: dict[str, Any] = {}
    for change in changes:
        name, mark, text = (part.strip() for part in change.partition("="))
        if not mark:
            message = f"'{change}' has no '='; write --set peak_rps=50"
            raise InputError([Problem(Place("--set"), "E305", "", message)])
        found[name] = from_text(known[name], text) if name in known else text
    return found
