"""The balance of the five considerations: asked, given, margin, price, given up."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from advisor.domain.plan import Consideration, Cost, Decision, Money
from advisor.planning.bill import infrastructure_month
from advisor.planning.hardware_estimates import item_of
from advisor.planning.lifetime_options import unnamed
from advisor.planning.limits import peak_month, to_what
from advisor.planning.line import Line
from advisor.planning.options import AT_SITES, WITHOUT_LATENCY, Option
from advisor.planning.select import CHEAPER
from advisor.planning.words import counted, devices, dollars, figure, lasting, percent

AREAS = {
    "performance": "performance",
    "scalability": "scaling",
    "lifecycle": "lifecycle",
    "cost": "cost",
    "security": "compliance",
}
"""Rule area of each consideration."""


def considerations(
    line: Line, cost: Cost, decisions: Mapping[str, Decision]
) -> tuple[Consideration, ...]:
    """Return the five considerations in their fixed order."""
    parts = {
        "performance": _performance(line),
        "scalability": _scalability(line),
        "lifecycle": _lifecycle(line, cost),
        "cost": _cost(line, cost, decisions),
        "security": _security(line, decisions),
    }
    cited = sorted({rule for d in decisions.values() for rule in d.rules})
    return tuple(
        Consideration(id_, *texts, tuple(r for r in cited if line.kit.rules[r].area == AREAS[id_]))
        for id_, texts in parts.items()
    )


HOURS = "cost.hours_per_month"
LIFETIMES = {
    "one_off": "once",
    "under_6_months": "for less than six months",
    "6_to_24_months": "for six to twenty-four months",
    "indefinite": "without an end date",
}
Texts = tuple[str, str, str, str, str]
"""Asked, given, margin, price, given up."""


def _performance(line: Line) -> Texts:
    asked, given, margin = [], [], []
    training, serving = line.uses.get("training"), line.uses.get("serving")
    if training and training.hours_per_run:
        target = line.brief.number("train_hours_target", 12.0)
        asked.append(f"a training run within {figure(target)} h")
        given.append(f"about {lasting(training.hours_per_run)} on {_what(line, training)}")
        margin.append(f"{percent(1 - training.hours_per_run / target)} of the time to spare")
    if serving and serving.latency_ms:
        target = line.brief.number("latency_p99_ms")
        wish = f"{figure(target)} ms at the 99th percentile{to_what(line)}"
        asked.append(wish if target else "no latency target")
        given.append(
            f"about {figure(serving.latency_ms)} ms{_to_the_end(line, serving)} on "
            f"{_what(line, serving)}"
        )
        if target:
            margin.append(f"{percent(1 - serving.latency_ms / target)} of the latency to spare")
    if (
        serving
        and serving.pattern == "model_api"
        and (target := line.brief.number("latency_p99_ms"))
    ):
        asked.append(f"{figure(target)} ms at the 99th percentile")
        given.append("the vendor's speed, which no published figure settles")
        margin.append("to be measured on the vendor's API before it is signed")
    called = serving is not None and serving.pattern == "model_api"
    price = _price(serving, training)
    return (
        _joined(asked) or "no time or latency target that applies",
        _joined(given) or "what the chosen patterns give without hardware of one's own",
        _joined(margin) or "not applicable",
        price,
        "machines of one's own to tune for speed" if called else _faster(line),
    )


def _to_the_end(line: Line, option: Option) -> str:
    """Return how long a whole answer takes that is read as it comes, "" for other answers."""
    load = line.workload.serving
    token = next((f.value.likely for f in option.figures if f.id == "tpot"), 0.0)
    if load is None or not token or not to_what(line):
        return ""
    seconds = (option.latency_ms + load.output_len * token) / 1e3
    return f" to the first token and {figure(seconds, 2)} s to the last of {load.output_len:.0f}"


def _what(line: Line, option: Option) -> str:
    if not option.devices:
        return option.layout
    return devices(option.devices, line.called.names.get(option.accelerator, ""))


def _price(*options: Option | None) -> str:
    found = [o for o in options if o]
    month, once = sum(o.month.likely for o in found), sum(o.one_off.likely for o in found)
    what = "machines" if any(o.devices for o in found) else "calls"
    first = f", {dollars(once)} for the first training" if once else ""
    return f"{dollars(month)} a month of {what}{first}" if month else f"nothing a month{first}"


def _faster(line: Line) -> str:
    """Return the fastest option that was feasible and dearer than the one chosen, both at the
    price that they had before the host was chosen."""
    for use in ("serving", "training"):
        mine = line.uses.get(use)
        if mine is None or not mine.devices or mine.pattern in WITHOUT_LATENCY:
            continue
        if unnamed(line, mine):
            return "unknown until the accelerators that stand there are named"
        open_ones = [
            o
            for o in line.lessons["estimates of hardware"].options[use]
            if o.feasible and o.pattern == mine.pattern
        ]
        alike = [o for o in open_ones if o.accelerator == mine.accelerator]
        base = min(alike, key=_spent, default=mine)
        others = [
            o for o in open_ones if _speed(o) < 0.8 * _speed(mine) and _spent(o) > _spent(base)
        ]
        if others:
            best = min(others, key=lambda o: (_spent(o), o.accelerator))
            first = best.one_off.likely - base.one_off.likely
            more = _more(best.month.likely - base.month.likely, first)
            return (
                f"{_what(line, best)} would be {_speed(mine) / _speed(best):.1f}x as fast at "
                f"{use} for {more}, people aside"
            )
    return "nothing: no faster option would be noticed in the targets"


def _spent(option: Option) -> Decimal:
    return option.month.likely + option.one_off.likely


def _more(month: Decimal, once: Decimal) -> str:
    """Return what is paid beyond another option, each amount with its period."""
    amounts = ((month, "a month"), (once, "once"))
    found = [(usd, period) for usd, period in amounts if round(usd, 2)]
    words = (
        f"{dollars(abs(usd))} {'more' if usd > 0 else 'less'} {period}" for usd, period in found
    )
    return " and ".join(words)


def _speed(option: Option) -> float:
    return option.latency_ms or option.hours_per_run or float("inf")


def _scalability(line: Line) -> Texts:
    brief, serving = line.brief, line.uses.get("serving")
    growth = brief.number("growth_12m", 1.0)
    asked = f"{growth:g}x the load or data within a year"
    if brief.number("peak_rps"):
        peak = brief.number("peak_rps")
        asked += f", {figure(peak)} request{'s' if peak != 1 else ''}/s at the peak"
        item = item_of(line)
        asked += f", each taken as {item.size}" if item and item.size else ""
    if serving is None or not serving.devices:
        return (
            asked,
            "a pattern that grows by volume, without machines to add",
            "not applicable",
            "paid by use",
            "nothing",
        )
    used = float(serving.facts.get("utilisation_pct", 0))
    batch = serving.pattern in WITHOUT_LATENCY and not brief.number("peak_rps")
    if batch:
        used = 100 * serving.hours_month.likely / (line.kit.number(HOURS) * serving.devices)
    given = f"{counted(serving.replicas, 'replica')} on {_what(line, serving)}"
    share = f"{used:.0f} %" if used >= 1 else "less than 1 %"
    when = "of a month's hours at work" if batch else "busy at the stated peak, spares included"
    left = f"{share} {when}" if used or brief.number("peak_rps") else "not known"
    spares = f"{'all' if batch else 'spares and headroom'} within {_price(serving)}"
    return (
        asked,
        given,
        left,
        spares if serving.month.likely else "machines at hand, which nobody bills",
        _capacity(growth, serving),
    )


def _capacity(growth: float, serving: Option) -> str:
    """Return what of the growth within a year the plan does not buy today."""
    if growth <= 1:
        return "nothing: no growth is expected"
    if serving.pattern in AT_SITES:
        return "devices of sites to come, one a site; what each carries has room to grow"
    if serving.pattern in WITHOUT_LATENCY:
        return "nothing: more work takes more hours, which are paid as they come"
    return (
        f"capacity for {growth:g}x is not bought today; it is added by one more replica at a time"
    )


def _lifecycle(line: Line, cost: Cost) -> Texts:
    brief, training = line.brief, line.uses.get("training")
    cadence = brief.one("retrain_cadence") or "never"
    life = LIFETIMES[str(brief.one("lifetime") or "indefinite")]
    trained = training is not None and training.pattern != "none"
    asked = f"in use {life}, {f'retrained {_words(cadence)}' if trained else 'nothing is trained'}"
    parts = [line.chosen("orchestrator"), line.chosen("model_registry")]
    names = [line.called.names.get(p, p) for p in parts if p not in ("", "none", "unresolved")]
    given = "run and kept by " + " and ".join(names) if names else "run by hand from a checklist"
    if not names and not trained:
        given = "nothing that recurs by itself"
    month = training.month.likely if training else Decimal(0)
    return (
        asked,
        given,
        f"costs are planned over {counted(cost.months, 'month')}",
        _retraining(str(cadence), month),
        _not_automatic(trained, bool(names)),
    )


def _retraining(cadence: str, month: Decimal) -> str:
    """Return what training costs a month of use."""
    if not month:
        return "no retraining cost"
    standing = " of machines that stand there for training"
    return f"{dollars(month)} a month{standing if cadence == 'never' else ' of retraining'}"


def _not_automatic(trained: bool, runs_itself: bool) -> str:
    """Return what the plan leaves to people over the life of the model."""
    if not trained:
        return "nothing"
    return "automation beyond the cadence asked" if runs_itself else "automatic retraining"


def _cost(line: Line, cost: Cost, decisions: Mapping[str, Decision]) -> Texts:
    budget = line.brief.number("budget_monthly")
    stated = line.brief.sources.get("budget_monthly")
    month = infrastructure_month(cost)
    peak = peak_month(line, cost)
    asked = f"at most ${budget:,.0f} a month" if budget else "no ceiling"
    if stated is not None and stated.value in ("default", "unknown"):
        asked = "no ceiling stated"
    left = f"{dollars(budget - float(peak))} in the dearest month" if budget else "no ceiling"
    return (
        asked,
        _spend(month, peak),
        left if "no ceiling" not in asked else "no ceiling to hold it against",
        f"{_whole(cost)} at the load of today, people included",
        _cheaper(decisions),
    )


def _whole(cost: Cost) -> str:
    return f"{dollars(cost.lifetime.likely)} over {counted(cost.months, 'month')}"


def _spend(month: Money, peak: Decimal) -> str:
    usual = f"likely ${month.likely:,.0f} a month (${month.low:,.0f} to ${month.high:,.0f})"
    dearest = f", ${peak:,.0f} in the dearest" if round(peak) != round(month.likely) else ""
    return f"{usual} without people{dearest}"


def _cheaper(decisions: Mapping[str, Decision]) -> str:
    """Return the cheapest alternative that lost although it costs less."""
    for id_ in ("serving_pattern", "serving_accelerator", "training_accelerator"):
        for other in decisions[id_].alternatives:
            if CHEAPER in other.why_not_first:
                return f"{other.name}: {other.why_not_first}"
    return "nothing cheaper meets every must"


def _security(line: Line, decisions: Mapping[str, Decision]) -> Texts:
    brief = line.brief
    controls = line.session.facts("control")
    regimes = sorted({line.kit.library.clauses[str(f.get("clause"))].regime for f in controls})
    asked = ", ".join(regimes) or "no law or contract that the answers name"
    place = (_words(brief.one("residency")), _words(brief.one("isolation")))
    asked += f"; residency {place[0]}, isolation {place[1]}"
    distinct = len({f.get("control") or f.get("id") for f in controls})
    given = counted(distinct, "control") if distinct else "the controls that any service needs"
    given_up = _barred_by_law(decisions) if regimes else "nothing"
    margin = "every control is listed with its clause"
    return asked, given, margin, "part of the lines above", given_up


def _barred_by_law(decisions: Mapping[str, Decision]) -> str:
    """Return the ways of running that rules of compliance ruled out."""
    lost = [
        other.name
        for id_ in ("serving_pattern", "serving_host", "training_host")
        for other in decisions[id_].rejected
        if other.reasons[0].rule.startswith("COMP-")
    ]
    if not lost:
        return "nothing that the work would have used"
    return f"ruled out: {', '.join(dict.fromkeys(lost))}"


def _joined(parts: list[str]) -> str:
    return "; ".join(parts)


def _words(value: object) -> str:
    return str(value or "not stated").replace("_", " ")
