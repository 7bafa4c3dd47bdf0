"""Plan -> report: page one, then the chapters in the order in which an architect looks."""

from __future__ import annotations

from advisor.domain.plan import Plan
from advisor.report.appendix import appendix
from advisor.report.artefact_chapter import artefact_chapter
from advisor.report.assumption_chapter import assumption_chapter
from advisor.report.cost_table import cost_chapter
from advisor.report.decision_chapter import decision_chapter
from advisor.report.duty_chapters import control_chapter, practice_chapter
from advisor.report.failure_chapter import failure_chapter
from advisor.report.growth_chapters import growth_chapters
from advisor.report.headline import title_of
from advisor.report.lifetime_chapter import lifetime_chapter
from advisor.report.model import Report
from advisor.report.page_one import page_one
from advisor.report.rollout_chapter import rollout_chapter
from advisor.report.sizing_chapter import sizing_chapter
from advisor.report.target_chapter import target_chapter
from advisor.report.topology_chapter import topology_chapter


def report_of(plan: Plan) -> Report:
    """Return the report of a plan; the same plan gives the same report."""
    chapters = (
        target_chapter(plan),
        assumption_chapter(plan),
        decision_chapter(plan),
        cost_chapter(plan),
        *lifetime_chapter(plan),
        sizing_chapter(plan),
        topology_chapter(plan),
        control_chapter(plan),
        practice_chapter(plan),
        failure_chapter(plan),
        rollout_chapter(plan),
        *growth_chapters(plan),
        artefact_chapter(plan),
        appendix(plan),
    )
    return Report(title_of(plan), _marks(plan), page_one(plan), chapters)


def _replaced(plan: Plan) -> tuple[tuple[str, str], ...]:
    """Return the built-in rules that packs stand in for, nothing where there are none."""
    said = ", ".join(f"{gone} by {new}" for new, gone in plan.library.replaced)
    return (("Rules replaced by packs", said),) if said else ()


def _marks(plan: Plan) -> tuple[tuple[str, str], ...]:
    """Return what identifies the plan: day, library, packs and the command that repeats it."""
    library = plan.library
    packs = (("Packs", ", then ".join(library.packs)),) if library.packs else ()
    return (
        ("Day of the plan", plan.as_of),
        ("Library", f"{library.version}, fingerprint {library.fingerprint}"),
        *packs,
        *_replaced(plan),
        ("Repeat it", f"advisor recommend ANSWERS --as-of {plan.as_of}"),
    )
