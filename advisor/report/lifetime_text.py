"""The cost of a life as lines of plain text for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from advisor.domain.lifetime import ApiTier, Energy, Lifetime, Outlook, Point, Way
from advisor.domain.plan import Money
from advisor.report.text import counted, number, usd, usd_range

GAP = "  "


def life_text(life: Lifetime, by: str) -> Iterator[str]:
    """Yield the table by `month` or `component` and what its total rests on."""
    if by == "month":
        rows = list(zip(life.calendar, life.months, strict=True))
    else:
        rows = [(c.name, c.total) for c in life.components]
    yield from _table(by.capitalize(), [*rows, ("Total", life.total)])
    yield ""
    yield from _closing(life)


def ways_text(life: Lifetime, outlook: Outlook) -> Iterator[str]:
    """Yield the ways of each use, cheapest first, with what decides between them."""
    for use in sorted({way.use for way in outlook.ways}):
        mine = [way for way in outlook.ways if way.use == use]
        yield from _table(use.capitalize(), [(way.name, way.total) for way in mine])
        yield ""
        for way in mine:
            yield from _way(way)
        yield ""
    yield from (f"{line}." for line in (*mix_words(outlook), *api_words(outlook)))
    yield from _closing(life)


def mix_words(outlook: Outlook) -> Iterator[str]:
    """Yield the cheapest way for each machine of a use, and what it saves."""
    for mix in outlook.mixes:
        if mix.saved:
            saved = f"{usd(mix.saved)} less than by the hour there"
            yield f"Mix for {mix.use}: {mix.text}; {usd(mix.total)}, {saved}"


def api_words(outlook: Outlook) -> Iterator[str]:
    """Yield from how many tokens running a model pays, against the model called and each tier."""
    if outlook.api and not outlook.tiers:  # which say it of each quality
        yield f"API or own: {outlook.api}"
    for tier in outlook.tiers:
        yield (
            f"Hosted, {tier.name} ({tier.model}): {usd(tier.month_usd)} a month as listed, "
            f"{usd(tier.saved_usd)} with cached prompts and batches; own pays {_from(tier)}"
        )


def _from(tier: ApiTier) -> str:
    ends = [f"from {number(float(m))} million tokens" if m else "never" for m in _millions(tier)]
    return ends[0] if ends[0] == ends[1] else f"{ends[0]}, or {ends[1]} against the lower price"


def _millions(tier: ApiTier) -> tuple[Decimal, Decimal]:
    return tier.millions, tier.saved_millions


def _way(way: Way) -> Iterator[str]:
    yield way.name + ("" if way.open else "; ruled out by the answers, for comparison")
    yield f"    pays: {way.break_even}"
    if way.exit_cost:
        yield f"    leaving half-way: {usd(way.exit_cost)} paid for nothing"
    yield f"    risk: {way.risk}"
    yield f"    paid by year of use: {cash_words(way)}"


def cash_words(way: Way) -> str:
    """Return what is likely paid in each year of use."""
    years = [sum(way.cash[n : n + 12], Decimal(0)) for n in range(0, len(way.cash), 12)]
    return ", ".join(usd(paid) if paid >= 0 else f"{usd(-paid)} back" for paid in years)


def outlook_text(outlook: Outlook) -> Iterator[str]:
    """Yield scaling, trainings, frontier, investment and energy; what is empty is left out."""
    for title, lines in outlook_parts(outlook):
        yield title
        yield from (f"  - {line}" for line in lines)
        yield ""


def outlook_parts(outlook: Outlook) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield each part that has something to say: its title and its sentences."""
    energy = tuple(energy_lines(outlook.energy)) if outlook.energy else ()
    parts = (
        ("Paid for, and asked by nobody", _invested(outlook, "overspend")),
        ("Saved, at a risk", _invested(outlook, "underinvest")),
        ("Cost against speed", tuple(frontier_lines(outlook.frontier))),
        ("Capacity against growth", (*_steps(outlook), *outlook.scaling)),
        ("Trainings", tuple(_runs(outlook))),
        ("The cycle of the model", outlook.cycle),
        ("At the end", outlook.leaving),
        ("Energy", energy),
    )
    yield from ((title, lines) for title, lines in parts if lines)


def _invested(outlook: Outlook, kind: str) -> tuple[str, ...]:
    return tuple(i.text for i in outlook.investments if i.kind == kind)


def frontier_lines(frontier: Iterable[Point]) -> Iterator[str]:
    """Yield the options that no other beats in both cost and speed."""
    for point in frontier:
        marks = [word for word, on in (("chosen", point.chosen), ("knee", point.knee)) if on]
        shown = f" ({', '.join(marks)})" if marks else ""
        speed = f"{number(point.speed)} {point.unit}"
        yield f"{point.use}: {point.name}: {usd(point.cost)}, {speed}{shown}"


def _steps(outlook: Outlook) -> Iterator[str]:
    for step in outlook.steps:
        yield (
            f"{step.month}: {number(step.load)}x the load, {step.replicas} replicas on "
            f"{step.devices} devices, {usd(step.month_usd)} a month, full at "
            f"{number(step.full_at)}x"
        )


RUNS_SHOWN = 12


def _runs(outlook: Outlook) -> Iterator[str]:
    for run in outlook.runs[:RUNS_SHOWN]:
        times = f"{run.count} x " if run.count > 1 else ""
        yield f"{run.month}: {times}{number(run.device_hours)} device-hours, {usd(run.usd)} each"
    more = outlook.runs[RUNS_SHOWN:]
    if more:
        yield f"and {sum(run.count for run in more)} more up to {more[-1].month}"


def energy_lines(energy: Energy) -> Iterator[str]:
    """Yield electricity, emissions and what they rest on."""
    used = ", ".join(f"{use} {number(kwh)} kWh" for use, kwh in energy.kwh)
    emitted = f"{number(energy.kg_co2e)} kg CO2e on the grid of {energy.place}"
    yield f"{used}; {emitted}, which stands for the area"
    if energy.greener:
        yield f"{number(energy.greener_kg_co2e)} kg CO2e in {energy.greener}; {_extra(energy)}"
    else:
        yield "machines of your own stay where they are: a contract for renewables lowers the CO2e"
    yield f"rests on {energy.basis}"


def _extra(energy: Energy) -> str:
    """Return what the greener place costs more, and for each tonne that it spares."""
    if energy.extra_usd is None:
        return "ask the provider whether it has these machines there, and at which price"
    tonnes = Decimal(str((energy.kg_co2e - energy.greener_kg_co2e) / 1000))
    if energy.extra_usd <= 0 or not tonnes:
        return "the machines cost no more there"
    each = energy.extra_usd / tonnes
    return (
        f"the machines cost {usd(energy.extra_usd)} more there, {usd(each)} for each tonne spared"
    )


def _closing(life: Lifetime) -> Iterator[str]:
    yield f"US dollars over {span_words(life)}; {dated_words(life)}."
    yield from (f"Of the total: {text}." for text in group_words(life))
    yield from (f"Assumed: {text}." for text in life.assumptions)
    yield f"Left out: {'; '.join(life.excluded)}."


def span_words(life: Lifetime) -> str:
    """Return how many months are built and used, and when."""
    use = f"{counted(life.months_of_use, 'month')} of use"
    built = f"{counted(life.lead, 'month')} of building and " if life.lead else ""
    return f"{built}{use}, {life.calendar[0]} to {life.calendar[-1]}"


def dated_words(life: Lifetime) -> str:
    """Return how old the prices are."""
    return f"prices as of {life.price_date} or later" if life.price_date else "nothing is bought"


GROUPS = {
    "infrastructure": "machines, calls, storage and what else providers bill",
    "people": "the time of your own people, at the cost of staff in the policy",
    "data": "data and labels bought",
}
"""What each group of components holds."""


def group_words(life: Lifetime) -> Iterator[str]:
    """Yield what each group of components comes to, where there are several."""
    if len(life.groups) > 1:
        for group in life.groups:
            yield f"{usd_range(life.of(group))} {GROUPS[group]}"


def _table(head: str, rows: Sequence[tuple[str, Money]]) -> Iterator[str]:
    cells = [(head, "Low", "Likely", "High"), *((name, *_shown(m)) for name, m in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for name, *amounts in cells:
        right = (a.rjust(w) for a, w in zip(amounts, widths[1:], strict=True))
        yield GAP.join((name.ljust(widths[0]), *right))


def _shown(money: Money) -> tuple[str, str, str]:
    return f"{money.low:,.2f}", f"{money.likely:,.2f}", f"{money.high:,.2f}"
