"""After the start: scaling up and down, the calendar of trainings, and leaving."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from advisor.domain.lifetime import Outlook, Run, Step
from advisor.domain.plan import Plan
from advisor.report.load_chart import load_chart
from advisor.report.model import Block, Bullets, Paragraph, Section, Table, Words
from advisor.report.text import listed, number, sentence, usd

STEPS_SHOWN = 14
RUNS_SHOWN = 12
SCALING = ("autoscaling", "scale_to_zero", "queue", "quota", "spares", "preemption")
RETRAINING = ("drift_monitoring", "registry", "canary", "shadow", "backfill", "human_review")
LEAVING = ("portable_stack", "multi_cloud", "versioning", "reuse_existing")


def growth_chapters(plan: Plan) -> Iterator[Section]:
    """Yield the chapters that have something to say; none before the life was worked out."""
    outlook = plan.outlook
    if outlook is None:
        return
    chapters = (
        ("scaling", "Scale-up and scale-down plan", _scaling(plan, outlook)),
        ("retraining", _cycle_title(outlook), _retraining(plan, outlook)),
        ("exit", "Exit and decommissioning", _leaving(plan, outlook)),
    )
    for id_, title, blocks in chapters:
        if shown := tuple(blocks):
            yield Section(id_, title, shown)


def _cycle_title(outlook: Outlook) -> str:
    return "Retraining calendar" if outlook.runs else "Releases"


def _scaling(plan: Plan, outlook: Outlook) -> Iterator[Block]:
    if plan.life:
        yield from load_chart(plan.life.calendar[plan.life.lead :], outlook)
    if len(outlook.steps) > 1:
        yield Paragraph(
            "Each row is a month in which the likely load passes what stood before; order quota "
            "and machines for it in the month before."
        )
        head = ("Month", "Load", "Replicas", "Devices", "Cost a month", "Full at")
        rows = tuple(map(_step, outlook.steps[:STEPS_SHOWN]))
        yield Table(head, rows, frozenset(range(1, 6)))
        more = outlook.steps[STEPS_SHOWN:]
        if more:
            last = more[-1]
            yield Paragraph(
                f"{len(more)} more steps up to {last.month}: {last.replicas:,} replicas on "
                f"{last.devices:,} devices, {usd(last.month_usd)} a month."
            )
    yield from _bullets((*map(sentence, outlook.scaling), *_practices(plan, SCALING)))


def _step(step: Step) -> tuple[Words, ...]:
    return (
        step.month,
        f"{number(step.load)}x",
        f"{step.replicas:,}",
        f"{step.devices:,}",
        usd(step.month_usd),
        f"{number(step.full_at)}x",
    )


def _retraining(plan: Plan, outlook: Outlook) -> Iterator[Block]:
    if not outlook.runs:
        yield from _bullets(map(sentence, outlook.cycle))
        return
    if len(outlook.runs) == 1 and outlook.runs[0].count == 1:
        run = outlook.runs[0]
        yield Paragraph(
            f"One training in {run.month}, {number(run.device_hours)} device-hours, "
            f"{usd(run.usd)}; no further one is asked for."
        )
    else:
        yield from _calendar(outlook.runs)
    yield from _bullets((*map(sentence, outlook.cycle), *_practices(plan, RETRAINING)))


def _calendar(runs: Sequence[Run]) -> Iterator[Block]:
    """Yield the trainings; those on machines of one's own cost nothing beside the machines."""
    paid = any(run.usd for run in runs)
    head = ("Month", "Trainings", "Device-hours each", "Cost each")[: 4 if paid else 3]
    rows = tuple(_run(run)[: len(head)] for run in runs[:RUNS_SHOWN])
    yield Table(head, rows, frozenset(range(1, len(head))))
    if more := runs[RUNS_SHOWN:]:
        each = f", at {usd(more[-1].usd)} each" if paid else ""
        yield Paragraph(f"{sum(run.count for run in more):,} more up to {more[-1].month}{each}.")
    if not paid:
        yield Paragraph("They run on machines that stand there and are paid whether used or not.")


def _run(run: Run) -> tuple[Words, ...]:
    return run.month, f"{run.count:,}", number(run.device_hours), usd(run.usd)


def _leaving(plan: Plan, outlook: Outlook) -> Iterator[Block]:
    items: list[Words] = [sentence(text) for text in outlook.leaving]
    own = {use.use for use in plan.hardware if use.provider == "own"}
    for way in outlook.ways:
        if way.exit_cost and way.id == "owned" and way.use in own:
            items.append(
                f"Leaving half-way with {way.name} for {way.use}: {usd(way.exit_cost)} are paid "
                "for nothing."
            )
    yield from _bullets((*items, *_practices(plan, LEAVING)))


def _practices(plan: Plan, wanted: Iterable[str]) -> Iterator[Words]:
    """Yield the names of practices that belong here; their chapter says why."""
    names = {p.id: p.name for p in plan.practices}
    if mine := [names[id_] for id_ in wanted if id_ in names]:
        yield f"Practices that serve this: {listed(mine)}."


def _bullets(items: Iterable[Words]) -> Iterator[Bullets]:
    if shown := tuple(items):
        yield Bullets(shown)
