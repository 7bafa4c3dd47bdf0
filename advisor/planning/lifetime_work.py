"""The work of one's own people over a life: building, keeping, complying, moving, leaving."""

from __future__ import annotations

from collections.abc import Iterator

from advisor.domain.interval import Interval
from advisor.domain.lifetime import Component
from advisor.domain.plan import NOTHING
from advisor.planning.lifetime_archive import archived, moved
from advisor.planning.lifetime_parts import (
    PEOPLE,
    Life,
    Part,
    added,
    before_month,
    before_use,
    component,
    in_month,
    in_use,
    money,
    times,
)
from advisor.planning.words import counted, figure

WEEKS_A_YEAR = 365 / 7


def work_of_people(life: Life) -> Iterator[Component]:
    """Yield what people cost over the life besides running the hosts, which the bill holds."""
    if life.line.chosen("approach") == "no_ml_yet":
        return
    yield from _build(life)
    yield from _upkeep(life)
    yield from _compliance(life)
    yield from _migration(life)
    yield from _leaving(life)


def _build_usd(life: Life) -> Interval:
    """Return what the people who build cost until the first version runs."""
    brief, number = life.line.brief, life.line.kit.number
    years = brief.number("deadline_weeks", 12.0) / WEEKS_A_YEAR
    people = brief.number("ml_staff")
    return life.ranged("life.build_share").scaled(people * years * number("cost.staff_usd_year"))


def _build(life: Life) -> Iterator[Component]:
    brief = life.line.brief
    share, people = life.ranged("life.build_share"), brief.number("ml_staff")
    basis = (
        f"{figure(people)} who build{'s' if people == 1 else ''} x "
        f"{figure(brief.number('deadline_weeks', 12.0))} weeks to the first version x "
        f"{share.likely:.0%} of their time ({share.low:.0%} to {share.high:.0%})"
    )
    part = Part("build", "Building the first version", basis, PEOPLE, "life.build_share")
    yield from component(life, part, before_use(life, money(_build_usd(life))))


def _upkeep(life: Life) -> Iterator[Component]:
    """Yield the hours of watching the model and of releasing what was retrained."""
    work = life.workload.training
    releases = work.releases_a_month if work and "training" in life.line.uses else 0.0
    by_hand = min(releases, life.line.kit.number("life.releases_by_hand"))
    watch, gate = life.ranged("life.watch_hours"), life.ranged("life.release_hours")
    hours = Interval(
        watch.low + gate.low * by_hand,
        watch.likely + gate.likely * by_hand,
        watch.high + gate.high * by_hand,
    )
    basis = f"{figure(watch.likely)} h a month to watch the model and answer what it does"
    if by_hand:
        basis += f", {figure(gate.likely)} h for each of {figure(by_hand)} releases a month"
    part = Part("upkeep", "People who keep the model", basis, PEOPLE, "life.watch_hours")
    month = money(hours.scaled(life.hour_usd))
    yield from component(life, part, in_use(life, (month for _ in life.span.use)))


def _compliance(life: Life) -> Iterator[Component]:
    library = life.line.kit.library
    facts = life.line.session.facts("control")
    count = len({library.clauses[str(fact.get("clause"))].control for fact in facts})
    if not count:
        return
    once, year = life.ranged("compliance.hours_once"), life.ranged("compliance.hours_year")
    basis = (
        f"{counted(count, 'control')} in force: {figure(once.likely)} h each to put in place and "
        f"{figure(year.likely)} h a year to show that it holds"
    )
    part = Part("compliance", "Compliance", basis, PEOPLE, "compliance.hours_once")
    first = before_use(life, money(once.scaled(count * life.hour_usd)))
    month = money(year.scaled(count * life.hour_usd / 12))
    yield from component(life, part, added(first, in_use(life, (month for _ in life.span.use))))


def _migration(life: Life) -> Iterator[Component]:
    """Yield the move to a new platform in an indefinite use, once each platform's life; the work
    takes its share of the months that building took."""
    every = int(life.line.kit.number("time.replatform_months"))
    if life.span.ends or life.months <= every:
        return
    share = life.ranged("life.migration_share")
    usd = times(_build_usd(life), share)
    over = max(1, round(share.likely * life.span.lead))
    rows = [
        row
        for n in range(every, life.months, every)
        for row in (
            before_month(life, life.span.lead + n, over, money(usd)),
            in_month(life, life.span.lead + n, moved(life, n)),
        )
    ]
    basis = (
        f"a new platform every {every} months: {share.likely:.0%} of the work of building, and "
        "the data moved out"
    )
    part = Part("migration", "Migration", basis, PEOPLE, "life.migration_share")
    yield from component(life, part, added(*rows))


def _leaving(life: Life) -> Iterator[Component]:
    """Yield the work of switching off, and what is kept for the auditors afterwards."""
    if not life.span.ends:
        return
    work = _leaving_usd(life)
    years = life.line.brief.number("audit_years")
    hours = figure(work.likely / life.hour_usd, 2)
    basis = f"{hours} h to end contracts, delete and hand over data with evidence"
    out, kept = moved(life, life.months - 1), archived(life)
    if out != NOTHING:
        basis += ", the data taken out"
    if kept != NOTHING:
        basis += f", model and logs kept {counted(years, 'year')}"
    usd = money(work) + out + kept
    part = Part("leaving", "Switching off", basis, PEOPLE, "life.leaving_hours")
    yield from component(life, part, in_month(life, len(life.span.names) - 1, usd))


def _leaving_usd(life: Life) -> Interval:
    """Return the work of switching off: what a service takes, or a share of the building where
    little was built."""
    service = life.ranged("life.leaving_hours").scaled(life.hour_usd)
    little = _build_usd(life).scaled(life.line.kit.number("life.leaving_share"))
    return Interval(
        min(service.low, little.low),
        min(service.likely, little.likely),
        min(service.high, little.high),
    )
