"""The plan as JSON: the contract of `schema/plan.schema.json`, for programs.

Money is a decimal string in US dollars, so that no reader rounds it; answers and the shape of a
stated model stand as they were given, so that the plan can be made again; every other number is
rounded to six significant digits. The text is ASCII: whatever an answer holds is data here, also
for a terminal.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from advisor.domain.answers import Value
from advisor.domain.plan import (
    Control,
    Cost,
    CostItem,
    Decision,
    Figure,
    HardwareUse,
    Limit,
    Plan,
    Reason,
    Rejected,
)
from advisor.domain.rule import Fact, Firing, Scalar
from advisor.report.json_values import dollars, interval_data, money_data, rounded
from advisor.report.lifetime_data import lifetime_data, outlook_data
from advisor.report.sensitivity_data import sensitivity_data

SCHEMA_VERSION = "1.1"


def plan_json(plan: Plan) -> str:
    """Return the plan as indented JSON that ends with a line break."""
    parts = (f"{json.dumps(key)}: {_dumped(value)}" for key, value in plan_data(plan).items())
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _dumped(value: Any) -> str:
    """Return a part indented, and facts and firings one a line: there are thousands."""
    if isinstance(value, dict) and "firings" in value:
        rows = (f"{json.dumps(k)}: [\n{_rows(v)}\n]" for k, v in value.items())
        return "{\n" + ",\n".join(rows) + "\n}"
    return json.dumps(value, indent=1, allow_nan=False)


def _rows(records: list[Any]) -> str:
    return ",\n".join(json.dumps(record, allow_nan=False) for record in records)


def plan_data(plan: Plan) -> dict[str, Any]:
    """Return the plan as plain data, in the order of the contract."""
    return {
        "schema_version": SCHEMA_VERSION,
        "as_of": plan.as_of,
        "library": {
            "version": plan.library.version,
            "fingerprint": plan.library.fingerprint,
            "packs": list(plan.library.packs),
            "replaced_rules": [
                {"rule": new, "replaces": gone} for new, gone in plan.library.replaced
            ],
            "contents": {kind: dict(ids) for kind, ids in plan.library.contents.items()},
        },
        "feasible": plan.feasible,
        "infeasible_because": [_limit(limit) for limit in plan.infeasible_because],
        "ways_out": list(plan.ways_out),
        "to_settle": [_plain(t) for t in plan.to_settle],
        "model": plan.model,
        "model_shape": asdict(plan.shape) if plan.shape else None,
        "answers": {
            id_: {"value": _exact(value), "source": source.value}
            for id_, (value, source) in plan.answers.items()
        },
        **({"notes": dict(plan.notes)} if plan.notes else {}),
        "decisions": {id_: _decision(d) for id_, d in plan.decisions.items()},
        "hardware": {use.use: _hardware(use) for use in plan.hardware},
        "estimates": {
            use.use: {figure.id: _figure(figure) for figure in use.figures} for use in plan.hardware
        },
        "cost": _cost(plan.cost),
        "considerations": {
            c.id: {k: v for k, v in _plain(c).items() if k != "id"} for c in plan.considerations
        },
        "controls": [_control(c) for c in plan.controls],
        "practices": [_plain(p) for p in plan.practices],
        "findings": [_plain(f) for f in plan.findings],
        "assumptions": [
            _plain(a) | {"value": _value(a.value), "source": a.source.value}
            for a in plan.assumptions
        ],
        "what_would_change": [_limit(limit) for limit in plan.limits],
        "lifetime": lifetime_data(plan.life) if plan.life else None,
        "outlook": outlook_data(plan.outlook, ways=True) if plan.outlook else None,
        "sensitivity": sensitivity_data(plan.sensitivity) if plan.sensitivity else None,
        "warnings": list(plan.warnings),
        "rules": {
            rule: {
                "title": plan.rule_titles.get(rule, ""),
                "references": [_plain(r) for r in plan.references[rule]],
            }
            for rule in sorted(plan.references)
        },
        "trace": _trace(plan.trace),
    }


def _plain(record: Any) -> dict[str, Any]:
    """Return the fields of a dataclass that holds texts, truths and tuples of texts."""
    return {k: list(v) if isinstance(v, tuple) else v for k, v in asdict(record).items()}


def _decision(decision: Decision) -> dict[str, Any]:
    chosen = decision.chosen
    return {
        "title": decision.name,
        "stage": decision.stage,
        "chosen": chosen if isinstance(chosen, str) else list(chosen),
        "name": decision.chosen_name,
        "because": [_reason(r) for r in decision.because],
        "rejected": [_rejected(r) for r in decision.rejected],
        "alternatives": [
            {
                "id": a.id,
                "name": a.name,
                "why_not_first": a.why_not_first,
                "support_pct": rounded(a.support_pct),
                "month_usd": None if a.month_usd is None else dollars(a.month_usd),
            }
            for a in decision.alternatives
        ],
        "rules": list(decision.rules),
    }


def _reason(reason: Reason) -> dict[str, str]:
    cited = {"rule": reason.rule, "estimate": reason.estimate, "cost": reason.cost}
    return {"text": reason.text} | {k: v for k, v in cited.items() if v}


def _rejected(rejected: Rejected) -> dict[str, Any]:
    """Return a loser with the sentence that excluded it; `rule` is null where a figure did."""
    first = next(iter(rejected.reasons), Reason("it fails a must"))
    return {
        "id": rejected.id,
        "name": rejected.name,
        "because": first.text,
        "rule": first.rule or None,
        "reasons": [_reason(r) for r in rejected.reasons],
    }


def _hardware(use: HardwareUse) -> dict[str, Any]:
    return {
        "accelerator": use.accelerator,
        "accelerator_name": use.accelerator_name,
        "count": use.count,
        "nodes": use.nodes,
        "provider": use.provider,
        "provider_name": use.provider_name,
        "instance": use.instance,
        "bare_metal": use.bare_metal,
        "layout": use.layout,
        "why": use.why,
        "device_gib": rounded(use.device_gib),
        "like": list(use.like),
    }


def _figure(figure: Figure) -> dict[str, Any]:
    return {
        "name": figure.name,
        "unit": figure.unit,
        **interval_data(figure.value),
        "arithmetic": figure.arithmetic,
        "basis": figure.basis,
        "parts": {name: rounded(value) for name, value in figure.parts},
    }


def _cost(cost: Cost) -> dict[str, Any]:
    return {
        "currency": "USD",
        "price_date": cost.price_date,
        "months": cost.months,
        "month": money_data(cost.month),
        "one_off": money_data(cost.one_off),
        "lifetime": money_data(cost.lifetime),
        "items": [_cost_item(item, cost.months) for item in cost.items],
        "excluded": list(cost.excluded),
    }


def _cost_item(item: CostItem, months: int) -> dict[str, Any]:
    return {
        "id": item.id,
        "name": item.name,
        "month": money_data(item.month),
        "one_off": money_data(item.one_off),
        "lifetime": money_data(item.one_off + item.month.times(months)),
        "basis": item.basis,
        "price_date": item.price_date,
        "source": item.source,
        "overdue_days": item.overdue_days,
    }


def _control(control: Control) -> dict[str, str]:
    return {
        "id": control.id,
        "name": control.name,
        "regime": control.regime,
        "clause": control.clause,
        "control": control.text,
        "strength": control.strength,
        "period": control.period,
        "confirm": control.confirm,
        "evidence": control.evidence,
    }


def _limit(limit: Limit) -> dict[str, Any]:
    return _plain(limit) | {"used": rounded(limit.used)}


def _trace(firings: tuple[Firing, ...]) -> dict[str, Any]:
    """Return the facts in the order in which they appear, and the firings over their numbers."""
    numbers: dict[Fact, int] = {}
    rows = [
        {
            "rule": firing.rule,
            "bindings": _fields(firing.bindings),
            "used": [numbers.setdefault(f, len(numbers)) for f in firing.used],
            "added": [numbers.setdefault(f, len(numbers)) for f in firing.added],
        }
        for firing in firings
    ]
    return {"facts": [_fact(fact) for fact in numbers], "firings": rows}


def _fact(fact: Fact) -> dict[str, Any]:
    return {"fact": fact.type, **_fields(fact.fields)}


def _fields(pairs: Iterable[tuple[str, Scalar]]) -> dict[str, Any]:
    return {name: _value(value) for name, value in pairs}


def _value(value: Any) -> Any:
    """Return an answer as JSON holds it: a list for several values, whole numbers as such."""
    if isinstance(value, tuple):
        return [_value(v) for v in value]
    return rounded(value) if isinstance(value, float) else value


def _exact(value: Value) -> Any:
    """Return an answer as it was given, so that the plan can be made again from it."""
    return list(value) if isinstance(value, tuple) else value
