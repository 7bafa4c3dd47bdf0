"""A plan read back from the JSON that `advisor recommend --format json` wrote.

What is read gives the same JSON again; words that only a library knows (questions and options of
answers) are left for the caller.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from decimal import Decimal, DecimalException
from pathlib import Path
from typing import Any

from advisor.domain.answers import Source, Value
from advisor.domain.interval import Interval
from advisor.domain.model import ModelShape
from advisor.domain.plan import (
    Alternative,
    Assumption,
    Consideration,
    Control,
    Cost,
    CostItem,
    Decision,
    Figure,
    Finding,
    HardwareUse,
    LibraryMark,
    Limit,
    Money,
    Plan,
    Practice,
    Reason,
    Rejected,
    ToSettle,
)
from advisor.domain.rule import Fact, Firing, Reference
from advisor.errors import InputError, Place, Problem
from advisor.library.plan_life_file import lifetime_from, outlook_from, sensitivity_from

Row = Mapping[str, Any]


def read_plan(path: Path) -> Plan:
    """Return the plan in a JSON file; raises InputError where it holds none."""
    raw = _read(path)
    try:
        data = json.loads(raw)
    except ValueError as error:
        raise _refused(path, f"this is no JSON ({error})") from None
    if not is_plan(data):
        raise _refused(path, "this holds no plan")
    try:
        return plan_of(data)
    except KeyError as error:
        raise _refused(path, f"the field {error} is missing") from None
    except (AttributeError, DecimalException, TypeError, ValueError) as error:
        raise _refused(path, f"a field holds what it should not ({error})") from None


def is_plan(data: object) -> bool:
    """Return whether JSON data are a plan, not answers or anything else."""
    return isinstance(data, dict) and {"schema_version", "decisions", "library"} <= data.keys()


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        message = f"cannot be read ({error.strerror}); name a file that is there"
        raise InputError([Problem(Place(str(path)), "E300", "", message)]) from None


def _refused(path: Path, what: str) -> InputError:
    message = f"{what}; name a file written by 'advisor recommend --format json'"
    return InputError([Problem(Place(str(path)), "E350", "", message)])


def plan_of(data: Row) -> Plan:
    """Return the plan in data that follow the published schema."""
    rules = data["rules"]
    return Plan(
        as_of=data["as_of"],
        library=_library(data["library"]),
        feasible=data["feasible"],
        answers={q: (_value(a["value"]), Source(a["source"])) for q, a in data["answers"].items()},
        decisions={id_: _decision(id_, row) for id_, row in data["decisions"].items()},
        hardware=tuple(
            _hardware(use, row, data["estimates"].get(use, {}))
            for use, row in data["hardware"].items()
        ),
        cost=_cost(data["cost"]),
        considerations=tuple(
            Consideration(id=id_, **_tuples(row)) for id_, row in data["considerations"].items()
        ),
        controls=tuple(_control(row) for row in data["controls"]),
        practices=tuple(Practice(**row) for row in data["practices"]),
        findings=tuple(Finding(**row) for row in data["findings"]),
        assumptions=tuple(_assumption(row) for row in data["assumptions"]),
        limits=tuple(Limit(**row) for row in data["what_would_change"]),
        infeasible_because=tuple(Limit(**row) for row in data["infeasible_because"]),
        trace=_trace(data["trace"]),
        references={
            rule: tuple(Reference(**_tuples(ref)) for ref in row["references"])
            for rule, row in rules.items()
        },
        warnings=tuple(data["warnings"]),
        model=data["model"],
        shape=ModelShape(**data["model_shape"]) if data.get("model_shape") else None,
        rule_titles={rule: row["title"] for rule, row in rules.items() if row["title"]},
        life=lifetime_from(data.get("lifetime")),
        outlook=outlook_from(data.get("outlook")),
        sensitivity=sensitivity_from(data.get("sensitivity")),
        ways_out=tuple(data.get("ways_out", ())),
        to_settle=tuple(ToSettle(**row) for row in data.get("to_settle", ())),
        notes=data.get("notes", {}),
    )


def _library(row: Row) -> LibraryMark:
    replaced = tuple((pair["rule"], pair["replaces"]) for pair in row["replaced_rules"])
    contents = row.get("contents", {})
    return LibraryMark(row["version"], row["fingerprint"], tuple(row["packs"]), replaced, contents)


def _value(said: Any) -> Value:
    return tuple(said) if isinstance(said, list) else said


def _tuples(row: Row) -> dict[str, Any]:
    return {k: tuple(v) if isinstance(v, list) else v for k, v in row.items()}


def _decision(id_: str, row: Row) -> Decision:
    chosen = row["chosen"]
    return Decision(
        id_,
        row["title"],
        row["stage"],
        tuple(chosen) if isinstance(chosen, list) else chosen,
        row["name"],
        tuple(Reason(**reason) for reason in row["because"]),
        tuple(
            Rejected(lost["id"], lost["name"], tuple(Reason(**r) for r in lost["reasons"]))
            for lost in row["rejected"]
        ),
        tuple(_alternative(other) for other in row["alternatives"]),
    )


def _alternative(row: Row) -> Alternative:
    month = row["month_usd"]
    return Alternative(
        row["id"],
        row["name"],
        row["why_not_first"],
        row["support_pct"],
        None if month is None else Decimal(month),
    )


def _hardware(use: str, row: Row, figures: Row) -> HardwareUse:
    own = tuple(_figure(id_, figure) for id_, figure in figures.items())
    return HardwareUse(use=use, figures=own, **_tuples(row))


def _figure(id_: str, row: Row) -> Figure:
    ends = (math.inf if row[end] is None else row[end] for end in ("low", "likely", "high"))
    parts = tuple(row["parts"].items())
    return Figure(
        id_, row["name"], Interval(*ends), row["unit"], row["arithmetic"], row["basis"], parts
    )


def _cost(row: Row) -> Cost:
    items = tuple(
        CostItem(
            item["id"],
            item["name"],
            _money(item["month"]),
            _money(item["one_off"]),
            item["basis"],
            item["price_date"],
            item["source"],
            item.get("overdue_days", 0),
        )
        for item in row["items"]
    )
    return Cost(items, row["months"], row["price_date"], tuple(row["excluded"]))


def _money(row: Row) -> Money:
    return Money(Decimal(row["low"]), Decimal(row["likely"]), Decimal(row["high"]))


def _control(row: Row) -> Control:
    fields = {("text" if name == "control" else name): value for name, value in row.items()}
    return Control(**fields)


def _assumption(row: Row) -> Assumption:
    fields = {**_tuples(row), "value": _value(row["value"]), "source": Source(row["source"])}
    return Assumption(**fields)


def _trace(row: Row) -> tuple[Firing, ...]:
    facts = [
        Fact.of(f["fact"], **{k: v for k, v in f.items() if k != "fact"}) for f in row["facts"]
    ]
    return tuple(
        Firing(
            firing["rule"],
            tuple(firing["bindings"].items()),
            tuple(facts[n] for n in firing["used"]),
            tuple(facts[n] for n in firing["added"]),
        )
        for firing in row["firings"]
    )
