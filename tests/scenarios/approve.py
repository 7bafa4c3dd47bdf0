"""Writes the plan and report of every scenario, to be read and approved in review.

python -m tests.scenarios.approve
"""

from __future__ import annotations

from pathlib import Path

from advisor.advise import advise
from advisor.analysis.whole_plan import whole_plan
from advisor.domain.plan import Plan
from advisor.library.answers import read_answers
from advisor.library.load import load_library
from advisor.planning.kit import Kit
from advisor.planning.line import Line
from advisor.report.formats import render

FOLDER = Path(__file__).parent
AS_OF = "2026-11-22"
SUFFIXES = {"json": ".plan.json", "md": ".report.md"}


def scenarios() -> list[Path]:
    """Return the answers files, sorted."""
    return sorted(FOLDER.glob("*.yaml"))


def plan_of(path: Path, kit: Kit) -> Plan:
    """Return the plan of one scenario on the day of approval, as `recommend` writes it."""
    answers, line = read_answers(path, kit.questions, kit.shapes.keys()), Line(kit)
    return whole_plan(advise(answers, line, AS_OF), line, answers)


def main() -> None:
    """Write every approved file."""
    kit = Kit(load_library())
    for path in scenarios():
        plan = plan_of(path, kit)
        for format_, suffix in SUFFIXES.items():
            path.with_suffix(suffix).write_bytes(render(plan, format_))


if __name__ == "__main__":
    main()
