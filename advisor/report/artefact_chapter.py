"""What of the plan can be exported as files to run, and why the rest cannot."""

from __future__ import annotations

from advisor.domain.plan import Plan
from advisor.report.artefacts.targets import NOT_FEASIBLE, TARGETS, exported, why_not
from advisor.report.model import Block, Listing, Paragraph, Section, Table, Words
from advisor.report.text import counted, sentence


def artefact_chapter(plan: Plan) -> Section:
    """Return what can be made with `advisor export`, and what there is no place for."""
    blocks = (Paragraph(sentence(NOT_FEASIBLE)),) if not plan.feasible else _blocks(plan)
    return Section("artefacts", "Artefacts", blocks)


def _blocks(plan: Plan) -> tuple[Block, ...]:
    made = exported(plan)
    rows: list[tuple[Words, ...]] = []
    for target in TARGETS:
        if target.id in made:
            files = made[target.id].files
            what = f"{counted(len(files), 'file')}, begins with {files[0].path}"
            rows.append((target.id, target.name, "yes", what))
        else:
            why = why_not(plan, target)
            answer = "no" if why else "on demand"
            rows.append((target.id, target.name, answer, why or target.reservation(plan)))
    text = (
        "The plan as files that an engineer runs, with what must be set listed in their README. "
        "Nothing is applied to any system, and no file holds a secret."
        if made
        else "The plan calls for none of the files that the advisor writes."
    )
    table = Table(("Target", "What it is", "Made", "Which files, or why not"), tuple(rows))
    if not made:
        return Paragraph(text), table
    command = f"advisor export ANSWERS --as-of {plan.as_of} -o artefacts"
    return Paragraph(text), Listing("sh", command), table
