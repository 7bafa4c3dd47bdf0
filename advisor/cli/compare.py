"""`advisor compare`: two plans side by side, differences first."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from advisor.advise import advise
from advisor.analysis.plan_again import kept
from advisor.analysis.whatif import Difference, difference
from advisor.cli.difference_text import (
    difference_data,
    difference_markdown,
    feasible_lines,
    part_lines,
    same_lines,
)
from advisor.cli.inputs import answers_of, as_of_option, date_of, kit_of, packs_option
from advisor.domain.plan import Plan
from advisor.frozen import dataclass
from advisor.library.plan_file import is_plan, read_plan
from advisor.planning.kit import Kit
from advisor.planning.line import Line
from advisor.report.save import write
from advisor.report.text import markdown as escaped

FORMATS = ("text", "md", "json")
LEFT_OUT = ("rules",)
"""Parts that are only counted here; `--format json` lists them."""


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two: what it is called, and its plan."""

    name: str
    plan: Plan


@click.command()
@click.argument("one", metavar="A")
@click.argument("two", metavar="B")
@click.option("--format", "format_", type=click.Choice(FORMATS), default="text")
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.option("-o", "--output", default="-", help="File to write, - for standard output.")
@as_of_option
@packs_option
def compare(
    one: str,
    two: str,
    format_: str,
    as_json: bool,
    output: str,
    as_of: str | None,
    packs: tuple[Path, ...],
) -> None:
    """Compare the plans of A and B: first what differs, then in short what is the same.

    Each is an answers file, which is planned, or a plan of `advisor recommend --format json`,
    which is taken as it stands. Exits with 0 when it ran, alike or not.
    """
    kit, day = kit_of(packs), date_of(as_of)
    left, right = (_side(path, kit, day) for path in (one, two))
    found = difference(left.plan, right.plan)
    kind = "json" if as_json else format_
    shown = {"text": _text, "md": _markdown, "json": _json}[kind](left, right, found)
    write(output, shown.encode())


def _side(path: str, kit: Kit, day: str) -> Side:
    if path.endswith(".json") and _holds_plan(Path(path)):
        return Side(path, kept(read_plan(Path(path)), path, kit).plan)
    return Side(path, advise(answers_of(path, (), kit), Line(kit), day))


def _holds_plan(path: Path) -> bool:
    """Return whether a JSON file is a plan; whatever else it is, the answers reader says."""
    try:
        return is_plan(json.loads(path.read_bytes()))
    except (OSError, ValueError):
        return False


def _marks(side: Side) -> str:
    plan = side.plan
    packs = f", packs {', '.join(plan.library.packs)}" if plan.library.packs else ""
    return f"{side.name}, on {plan.as_of} with library {plan.library.fingerprint}{packs}"


def _stands(left: Side, right: Side, found: Difference) -> Iterator[str]:
    """Yield what holds of the two before any detail."""
    if any(feasible_lines(found)):
        able = left if left.plan.feasible else right
        yield f"Only {able.name} meets every must."
    if found.empty:
        yield "Both recommend the same."


def _text(left: Side, right: Side, found: Difference) -> str:
    head = [f"A  {_marks(left)}", f"B  {_marks(right)}", *_stands(left, right, found)]
    same = [f"  {line}" for line in same_lines(found)]
    told = part_lines(found, LEFT_OUT)
    return "\n".join([*head, "", *told, "The same on both sides", *same, ""])


def _markdown(left: Side, right: Side, found: Difference) -> str:
    head = ["# Two plans compared", "", f"- A: {escaped(_marks(left))}"]
    head += [f"- B: {escaped(_marks(right))}", ""]
    head += [line for said in _stands(left, right, found) for line in (escaped(said), "")]
    same = [f"- {escaped(line)}" for line in same_lines(found)]
    told = difference_markdown(found, ("A", "B"), LEFT_OUT)
    return "\n".join([*head, told, "## The same on both sides", "", *same, ""])


def _json(left: Side, right: Side, found: Difference) -> str:
    data: dict[str, Any] = {
        side: {
            "file": of.name,
            "as_of": of.plan.as_of,
            "library": of.plan.library.fingerprint,
            "packs": list(of.plan.library.packs),
            "feasible": of.plan.feasible,
        }
        for side, of in (("a", left), ("b", right))
    }
    told = {k: v for k, v in difference_data(found).items() if k != "feasible"}
    same = {part: len(names) for part, names in found.same.items()}
    data |= {"differences": told, "same": {**same, "decisions": list(found.same["decisions"])}}
    return json.dumps(data, indent=1, ensure_ascii=True) + "\n"
