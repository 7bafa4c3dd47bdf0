"""Page one: what, how much, how sure, why not the other, what next - without turning the page."""

from __future__ import annotations

from collections.abc import Iterator

from advisor.domain.answers import Source
from advisor.domain.plan import Assumption, Decision, Limit, Money, Plan
from advisor.report.cost_table import cost_summary
from advisor.report.headline import decision_words
from advisor.report.model import (
    Alert,
    Block,
    Bullets,
    Folded,
    Paragraph,
    Section,
    Strong,
    Table,
    Tile,
    Tiles,
    Words,
)
from advisor.report.naming import (
    CONSIDERATIONS,
    NOTHING,
    SOURCES,
    cited,
    machines,
    ruled,
    shown_answer,
    shown_choice,
    use_of,
)
from advisor.report.text import counted, phrase, sentence, usd, words_of

KEY_DECISIONS = (
    "approach",
    "adaptation",
    "training_pattern",
    "training_accelerator",
    "serving_pattern",
    "serving_accelerator",
    "serving_host",
    "orchestrator",
)
ASSUMPTIONS_SHOWN = 5
STEPS_SHOWN = 5
STEP_KINDS = ("confirm", "missing", "risk", "next_step", "underinvest", "wish")


def page_one(plan: Plan) -> Section:
    """Return the page that stands alone."""
    return Section(
        "summary",
        "Decision",
        (*_alert(plan), Paragraph(decision_words(plan)), _tiles(plan)),
        (
            Section("price", "What it costs", cost_summary(plan)),
            Section("balance", "The five considerations", (_balance(plan),)),
            Section("assumptions", "What was not given", tuple(_assumptions(plan))),
            Section("options", "Options and why not first", tuple(_options(plan))),
            Section("next", "What to do next", tuple(_next(plan))),
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
            Paragraph(
                "What follows is the plan that comes nearest; it is not recommended as it stands."
            ),
        ),
    )


def _failure(limit: Limit) -> Words:
    way_out = f" Cheapest way out: {phrase(limit.relaxation)}." if limit.relaxation else ""
    margin = f" Margin: {phrase(limit.margin)}." if limit.margin else ""
    return Strong(sentence(limit.text)), f"{margin}{way_out}"


def _tiles(plan: Plan) -> Tiles:
    month, lifetime, once = plan.cost.month, plan.cost.lifetime, plan.cost.one_off.likely
    return Tiles(
        (
            Tile("Hardware", _hardware(plan), "sized in the chapter on hardware"),
            Tile("Cost a month", _span(month), f"likely {usd(month.likely)}"),
            Tile(
                f"Cost over {counted(plan.cost.months, 'month')}",
                _span(lifetime),
                f"likely {usd(lifetime.likely)}" + (f", of it {usd(once)} once" if once else ""),
            ),
            _margin(plan),
            _sureness(plan),
        )
    )


def _span(money: Money) -> str:
    if money.low == money.high:
        return usd(money.likely) if money.likely else "nothing"
    return f"{usd(money.low)} to {usd(money.high)}"


def _hardware(plan: Plan) -> str:
    found = [(use, use_of(plan, use)) for use in ("training", "serving")]
    return "; ".join(f"{use}: {machines(h)}" for use, h in found if h) or "none of your own"


def _margin(plan: Plan) -> Tile:
    """Return the tightest limit: what binds first."""
    limits = plan.infeasible_because or plan.limits
    if not limits:
        return Tile("Tightest margin", "none stated", "no budget or time limit was given")
    tightest = max(limits, key=lambda limit: (limit.binding, limit.used))
    return Tile("Tightest margin", phrase(tightest.margin), phrase(tightest.text))


def _sureness(plan: Plan) -> Tile:
    assumed = len(plan.assumptions)
    unknown = sum(a.source is Source.UNKNOWN for a in plan.assumptions)
    value = f"{len(plan.answers) - assumed} of {len(plan.answers)} answers given"
    note = f"{assumed} assumed"
    if unknown:
        note += f", {unknown} of them asked and not known"
    return Tile("How sure", value, note)


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
    ranked = sorted(plan.assumptions, key=lambda a: a.source is not Source.UNKNOWN)
    shown = ranked[:ASSUMPTIONS_SHOWN]
    yield Table(
        ("Question", "Assumed", "Why assumed", "If wrong"),
        tuple(_assumption(plan, a) for a in shown),
    )
    rest = ranked[ASSUMPTIONS_SHOWN:]
    if rest:
        yield Folded(
            f"{counted(len(rest), 'more assumption')}; the appendix lists every answer",
            tuple(_assumed(plan, a) for a in rest),
        )


def _assumed(plan: Plan, assumption: Assumption) -> str:
    value = shown_answer(plan, assumption.question)
    return f"{phrase(assumption.text)} Assumed: {value}. {sentence(assumption.if_wrong)}"


def _assumption(plan: Plan, assumption: Assumption) -> tuple[Words, ...]:
    return (
        assumption.text,
        shown_answer(plan, assumption.question),
        SOURCES[assumption.source.value],
        sentence(assumption.if_wrong),
    )


def _options(plan: Plan) -> Iterator[Block]:
    rows = [_option(plan.decisions[d]) for d in KEY_DECISIONS if _contested(plan, d)]
    if rows:
        yield Table(("Decision", "Chosen", "Because", "Next best", "Why not first"), tuple(rows))
    yield Paragraph(
        "The chapter on decisions has all of them, with every candidate that was possible or "
        "ruled out."
    )


def _contested(plan: Plan, id_: str) -> bool:
    found = plan.decisions.get(id_)
    return found is not None and bool(found.alternatives or found.ids[0] not in NOTHING)


def _option(decision: Decision) -> tuple[Words, ...]:
    chosen = (Strong(shown_choice(decision)),)
    because = cited(decision.because[0])
    if decision.alternatives:
        other = decision.alternatives[0]
        return decision.name, chosen, because, other.name, sentence(other.why_not_first)
    if decision.rejected:
        near = min(decision.rejected, key=lambda r: (len(r.reasons), r.id))
        return decision.name, chosen, because, f"{near.name} (ruled out)", cited(near.reasons[0])
    return decision.name, chosen, because, "no other candidate", ""


def _next(plan: Plan) -> Iterator[Block]:
    findings = [f for f in plan.findings if f.kind in STEP_KINDS]
    steps = [ruled(f.text, f.rule) for f in findings[:STEPS_SHOWN]]
    if plan.controls:
        regimes = sorted({c.regime for c in plan.controls})
        steps.append(
            f"Confirm {counted(len(plan.controls), 'control')} with the owner of "
            f"{', '.join(map(words_of, regimes))} before data are touched."
        )
    if any(u.figures for u in plan.hardware):
        steps.append("Run the load test of the rollout chapter; it confirms or refutes the sizing.")
    yield Bullets(tuple(steps) or ("Nothing is open.",), numbered=True)
