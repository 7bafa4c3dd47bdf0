"""Page one: what, how much, how sure, why not the other, what next - without turning the page."""

from __future__ import annotations

from collections.abc import Iterator

from advisor.domain.answers import Source
from advisor.domain.lifetime import INFRASTRUCTURE
from advisor.domain.plan import Assumption, Limit, Money, Plan
from advisor.report.assumption_chapter import assumption_table, moving, ranked
from advisor.report.headline import decision_words
from advisor.report.model import (
    Alert,
    Block,
    Bullets,
    Paragraph,
    Section,
    Strong,
    Table,
    Tile,
    Tiles,
    Words,
)
from advisor.report.naming import CONSIDERATIONS, processors, use_of
from advisor.report.next_steps import next_steps
from advisor.report.options_table import options_table
from advisor.report.price_summary import price_summary, span_of, whole_life
from advisor.report.text import counted, listed, phrase, sentence, usd

ASSUMPTIONS_SHOWN = 3
SIZE_FIGURES = ("hours", "rate", "service", "tokens")
"""Figures on which a number of machines rests."""


def page_one(plan: Plan) -> Section:
    """Return the page that stands alone."""
    return Section(
        "summary",
        "Decision",
        (*_alert(plan), Paragraph(decision_words(plan)), _tiles(plan)),
        (
            Section("price", "What it costs", price_summary(plan)),
            Section("balance", "The five considerations", (_balance(plan),)),
            Section("options", "Options and why not first", tuple(options_table(plan))),
            Section("assumed", "What was not given", tuple(_assumptions(plan))),
            Section("next", "What to do next", (next_steps(plan),)),
        ),
    )


def _alert(plan: Plan) -> Iterator[Alert]:
    if plan.feasible:
        return
    failures = plan.infeasible_because
    yield Alert(
        "No option meets every constraint",
        (
            Bullets(tuple(_failure(limit) for limit in failures)),
            *_ways_out(plan),
            Paragraph(
                "What follows is the plan that comes nearest; it is not recommended as it stands."
            ),
        ),
    )


def _ways_out(plan: Plan) -> Iterator[Paragraph | Bullets]:
    if plan.ways_out:
        yield Paragraph("The smallest changes that lead to a plan which meets every must:")
        yield Bullets(plan.ways_out)


def _failure(limit: Limit) -> Words:
    way_out = f" Cheapest way out: {phrase(limit.relaxation)}." if limit.relaxation else ""
    margin = f" Margin: {phrase(limit.margin)}." if limit.margin else ""
    return Strong(sentence(limit.text)), f"{margin}{way_out}"


def _tiles(plan: Plan) -> Tiles:
    month, life = plan.cost.month, whole_life(plan)
    machines = plan.life.of(INFRASTRUCTURE).likely if plan.life else life.likely
    part = f"; {usd(machines)} without your own people" if machines != life.likely else ""
    return Tiles(
        (
            _hardware(plan),
            Tile("Cost a month, load of today", usd(month.likely), _span(month)),
            Tile(
                f"Cost {span_of(plan)}",
                usd(life.likely),
                f"{_span(life)}{part}",
            ),
            _margin(plan),
            _sureness(plan),
        )
    )


def _span(money: Money) -> str:
    if money.low == money.high:
        return "no range" if money.likely else "nothing is paid for"
    return f"{usd(money.low)} to {usd(money.high)}"


def _hardware(plan: Plan) -> Tile:
    found = [use for name in ("training", "serving") if (use := use_of(plan, name))]
    if not found and "model_api" in plan.decisions["serving_pattern"].ids:
        return Tile("Hardware", "none of your own", "a hosted service is billed by use")
    if not found:
        return Tile("Hardware", "none of your own", "nothing is rented or bought for it")
    named = [f"{u.count:,} x {u.accelerator_name}" if u.count else processors(u) for u in found]
    value = "; ".join(f"{n} for {u.use}" for n, u in zip(named, found, strict=True))
    rented = dict.fromkeys(u.rented_at for u in found if u.rented_at)
    places = [f"rented at {listed(rented)}"] if rented else []
    own = ["machines of your own"] if any(u.provider == "own" for u in found) else []
    return Tile("Hardware", value, listed(own + places))


def _margin(plan: Plan) -> Tile:
    """Return the tightest limit: what binds first."""
    limits = plan.infeasible_because or plan.limits
    if not limits:
        return Tile("Tightest margin", "none stated", "no budget or time limit was given")
    tightest = max(limits, key=lambda limit: (limit.binding, limit.used))
    return Tile("Tightest margin", phrase(tightest.margin), phrase(tightest.text) + _outgrown(plan))


def _outgrown(plan: Plan) -> str:
    """Return what growth does to a budget that holds today, which page one must not hide."""
    found = plan.outlook.investments if plan.outlook else ()
    return "".join(f"; {phrase(i.text)}" for i in found if i.use == "budget")


def _sureness(plan: Plan) -> Tile:
    """Return how far the cost may be off, and what that rests on."""
    assumed = len(plan.assumptions)
    unknown = sum(a.source is Source.UNKNOWN for a in plan.assumptions)
    given = f"{len(plan.answers) - assumed} of {len(plan.answers)} answers given, {assumed} assumed"
    if unknown:
        given += f" ({unknown} asked and not known)"
    notes = "; ".join((given, *_bases(plan)))
    month = whole_life(plan)
    if not month.likely or month.low == month.high:
        return Tile("How sure", given.split(",")[0], notes.partition(", ")[2])
    down, up = (float(end / month.likely) - 1 for end in (month.low, month.high))
    return Tile("How sure", f"{down:.0%} to +{up:.0%} on the cost", notes)


def _bases(plan: Plan) -> Iterator[str]:
    """Yield for each use what its size rests on."""
    for use in plan.hardware:
        figures = {f.id: f.basis for f in use.figures if f.basis}
        basis = next((figures[id_] for id_ in SIZE_FIGURES if id_ in figures), "")
        if basis:
            yield f"{use.use}: {basis.partition(' (')[0].partition(';')[0]}"


def _balance(plan: Plan) -> Table:
    head = ("Consideration", "Asked", "Given", "Margin", "Price", "Given up")
    rows = tuple(
        (
            (Strong(CONSIDERATIONS.get(c.id, c.id)),),
            phrase(c.asked),
            phrase(c.given),
            phrase(c.margin),
            phrase(c.price),
            phrase(c.given_up),
        )
        for c in plan.considerations
    )
    return Table(head, rows)


def _assumptions(plan: Plan) -> Iterator[Block]:
    if not plan.assumptions:
        yield Paragraph("Every question that applies was answered; nothing was assumed.")
        return
    if plan.to_settle:
        yield Paragraph(
            "These drive the cost; each figure is that of a plan with the other answer."
        )
        yield Bullets(tuple((Strong(f"{t.name}:"), f" {t.text}") for t in plan.to_settle))
    told = {t.question for t in plan.to_settle}
    found: list[Assumption] = [a for a in ranked(plan) if a.question not in told]
    telling = [a for a in found if a.decisions or a.question in moving(plan)]
    shown = telling[: max(1, ASSUMPTIONS_SHOWN - len(told))]
    if shown:
        yield assumption_table(plan, shown)
    rest = len(found) - len(shown)
    if rest and (shown or told):
        yield Paragraph(f"{counted(rest, 'more assumption')} in the chapter on assumptions.")
    elif rest:
        yield Paragraph(
            f"{counted(rest, 'assumption')}, none of which settles a choice: the chapter on "
            "assumptions lists them."
        )
