"""Rollout: first week, the test that confirms or refutes the sizing, and the alarms."""

from __future__ import annotations

from collections.abc import Iterator

from advisor.domain.deployment import ServingSetting
from advisor.domain.plan import Assumption, HardwareUse, Plan
from advisor.report.assumption_chapter import moving, ranked
from advisor.report.model import Block, Bullets, Paragraph, Section, Table, Words
from advisor.report.naming import USES, use_of
from advisor.report.next_steps import together
from advisor.report.text import interval, listed, number, phrase

STEPS = ("confirm", "missing", "next_step")
WHEN = {
    "high": ("rollout-first", "First week"),
    "medium": ("rollout-release", "Before the first release"),
    "low": ("rollout-later", "Later"),
}
ASKED = 3
WATCHED = ("drift_monitoring", "audit_log", "bias_check", "guardrails", "human_review")
"""Practices that watch what runs."""
TEST = "The test that confirms or refutes"


def rollout_chapter(plan: Plan) -> Section:
    """Return what to do when, the test with the ranges that it must hit, and what to watch."""
    return Section(
        "rollout",
        "Rollout",
        (),
        (
            *_steps(plan),
            Section("rollout-test", TEST, tuple(_test(plan))),
            *_alarms(plan),
        ),
    )


def _steps(plan: Plan) -> Iterator[Section]:
    """Yield what to do, by how soon it counts."""
    asked = tuple(f"Find out: {phrase(a.text)} (assumed for now)" for a in _telling(plan)[:ASKED])
    found = {s: [f for f in plan.findings if f.severity == s and f.kind in STEPS] for s in WHEN}
    for severity, (id_, title) in WHEN.items():
        items = (*(asked if severity == "high" else ()), *together(found[severity]))
        if items:
            yield Section(id_, title, (Bullets(items, numbered=True),))


def _telling(plan: Plan) -> list[Assumption]:
    """Return the assumptions on which something rests: a choice, or the cost where it was worked
    out; one that moves neither is no task for the first week."""
    first = moving(plan).union(t.question for t in plan.to_settle)
    return [a for a in ranked(plan) if a.decisions or a.question in first]


def _test(plan: Plan) -> Iterator[Block]:
    rows: list[tuple[Words, ...]] = [
        (
            USES.get(use.use, use.use),
            figure.name,
            f"{number(figure.value.likely)} {figure.unit}",
            interval(figure.value, figure.unit),
        )
        for use in plan.hardware
        for figure in use.figures
    ]
    if not rows:
        yield Paragraph("The plan sizes no hardware; there is nothing to confirm by load.")
        return
    runs = any(use.count or use.nodes for use in plan.hardware)
    where = "on one machine of the chosen kind " if runs else ""
    fit = ", or fit the estimates to it with advisor calibrate," if runs else ""
    yield Paragraph(
        f"Measure each quantity {where}with a day of real requests or data. Inside the range the "
        f"plan stands; outside it, put the measured value into the answers{fit} and plan again."
    )
    if load := _load(plan):
        yield Paragraph(load)
    head = ("Use", "Quantity", "Expected", "Plan again if outside")
    yield Table(head, tuple(rows), frozenset({2, 3}))


def _load(plan: Plan) -> str:
    """Return the load to offer to one replica, "" where none was sized by requests."""
    serving = use_of(plan, "serving")
    rate = _likely(serving, "rate")
    if serving is None or not rate:
        return ""
    what = "replica" if "tokens_in_out" in plan.answers else "device"
    texts = ", each of the stated tokens in and out," if what == "replica" else ""
    setting = serving.setting
    online = plan.decisions["serving_pattern"].ids == ("online",)
    several = online and isinstance(setting, ServingSetting) and setting.replicas > 1
    stop = f"; then stop a {what} under load and watch that the others take over"
    fails = stop if several else ""
    return (
        f"Offer one {what} requests{texts} at {number(rate)} a second until its times are steady"
        f"{fails}."
    )


def _likely(use: HardwareUse | None, id_: str) -> float:
    figures = use.figures if use else ()
    return next((f.value.likely for f in figures if f.id == id_), 0.0)


def _alarms(plan: Plan) -> Iterator[Section]:
    """Yield what to raise an alarm on, from limits, capacity and practices."""
    items: list[Words] = [f"Limit: {phrase(limit.text)}." for limit in plan.limits]
    steps = plan.outlook.steps if plan.outlook else ()
    if len(steps) > 1:
        items.append(
            f"Load: {number(steps[0].full_at)}x of today's peak fills what stands; the next step "
            f"is due in {steps[1].month}."
        )
    names = {p.id: p.name for p in plan.practices}
    if watched := [names[id_] for id_ in WATCHED if id_ in names]:
        items.append(f"What the chapter on practices asks to be watched: {listed(watched)}.")
    if items:
        ranges = "The ranges above are the first alarms of machines; these come beside them."
        once = tuple(dict.fromkeys(items))
        yield Section("rollout-alarms", "Alarms", (Paragraph(ranges), Bullets(once)))
