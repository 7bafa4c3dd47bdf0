"""Hardware: what each use runs on, and the arithmetic that a reader can do again by hand."""

from __future__ import annotations

from collections.abc import Iterator

from advisor.domain.plan import Figure, HardwareUse, Plan
from advisor.report.charts import memory_chart
from advisor.report.model import Block, Bullets, Paragraph, Section, Table, Words
from advisor.report.naming import USES, machines
from advisor.report.text import interval, listed, number, phrase, sentence


def sizing_chapter(plan: Plan) -> Section:
    """Return one section for each use."""
    intro = Paragraph(
        "Each figure has a likely value and an interval that should hold it four times out of "
        "five. The arithmetic gives the likely value."
    )
    uses = tuple(_use(use) for use in plan.hardware)
    return Section("hardware", "Hardware and its arithmetic", (intro,), uses)


def _use(use: HardwareUse) -> Section:
    return Section(f"hardware-{use.use}", USES.get(use.use, use.use), tuple(_blocks(use)))


def _blocks(use: HardwareUse) -> Iterator[Block]:
    if use.accelerator == "none":
        yield Paragraph(_unsized(use) + sentence(use.why) + _place(use))
    else:
        yield Paragraph(f"{sentence(machines(use))} Layout: {use.layout}. {sentence(use.why)}")
    if use.figures:
        head = ("Figure", "Likely", "80 % interval", "Arithmetic")
        yield Table(head, tuple(_figure(f) for f in use.figures), frozenset({1, 2}))
        yield from _bases(use)
    if use.like:
        yield Paragraph("The published measurements that are most like this use:")
        yield Bullets(use.like)
    yield from memory_chart(use)


def _unsized(use: HardwareUse) -> str:
    """Return that a service that is called takes no machine to size."""
    called = any(f.id in CALLED for f in use.figures)
    return "Nothing is sized here: a hosted service answers and bills by use. " if called else ""


CALLED = ("tokens", "units")
"""Figures of services that are billed by use."""


def _place(use: HardwareUse) -> str:
    """Return whose model or service it is, as a sentence, where the reason has not named it."""
    named = not use.provider or use.layout in use.why
    return "" if named else f" Planned with {use.layout}."


def _figure(figure: Figure) -> tuple[Words, ...]:
    likely = f"{number(figure.value.likely)} {figure.unit}".strip()
    return (
        figure.name[:1].upper() + figure.name[1:],
        likely,
        interval(figure.value, figure.unit),
        figure.arithmetic,
    )


def _bases(use: HardwareUse) -> Iterator[Paragraph]:
    """Yield what the figures rest on, once for all that rest on the same."""
    groups: dict[str, list[str]] = {}
    for figure in use.figures:
        if figure.basis:
            groups.setdefault(figure.basis, []).append(figure.name)
    for basis, names in groups.items():
        some = f"{listed(names)} rest" if len(names) > 1 else f'The figure "{names[0]}" rests'
        which = "All figures rest" if len(names) == len(use.figures) else some
        yield Paragraph((sentence(f"{which} on: {phrase(basis)}"),))
