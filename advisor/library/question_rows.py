"""Rows of the questions' files: each a record of a question."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from advisor.domain.answers import Value
from advisor.domain.questions import Alternatives, Derived, Option, Question, Unknown
from advisor.domain.rule import Op, Test

Row = dict[str, Any]
_PLAIN = ("id", "section", "order", "text", "help", "find_out", "why", "type", "depth", "effort")
_OPTIONAL = ("name", "unit", "minimum", "maximum", "hard_minimum", "hard_maximum", "prior")


def question(row: Row) -> Question:
    """Return the question that a row describes; the row has been checked."""
    return Question(
        **{name: row[name] for name in _PLAIN},
        **{name: row[name] for name in _OPTIONAL if name in row},
        settles=tuple(row.get("settles", ())),
        considerations=tuple(row["considerations"]),
        groups=tuple(row["groups"]),
        options=tuple(
            Option(o["id"], o["label"], o.get("alone") == "yes", tuple(o.get("formerly", ())))
            for o in row.get("options", ())
        ),
        formerly=tuple(row.get("formerly", ())),
        milder=_milder(row.get("milder", ())),
        unknown=_unknown(row["unknown"]),
        units=_derivations(row.get("units", ())),
        integer=row.get("integer") == "yes",
        default=_value(row["default"]) if "default" in row else None,
        derive=_derivations(row.get("derive", ())),
        ask_when=_alternatives(row.get("ask_when", ())),
    )


def _milder(said: str | list[str]) -> tuple[str, ...]:
    return (said,) if isinstance(said, str) else tuple(said)


def _unknown(row: Row) -> Unknown:
    value = _value(row["value"]) if "value" in row else None
    return Unknown(row["note"], value, _derivations(row.get("derive", ())))


def _derivations(entries: Iterable[Row]) -> tuple[Derived, ...]:
    return tuple(Derived(_alternatives(e["when"]), _value(e["value"])) for e in entries)


def _alternatives(entries: Iterable[Row]) -> Alternatives:
    return tuple(
        tuple(test for question, said in e.items() for test in _tests(question, said))
        for e in entries
    )


def _tests(question: str, said: Any) -> Iterator[Test]:
    if not isinstance(said, dict):
        yield Test(question, Op.EQ, said)
        return
    for operator, operand in said.items():
        yield Test(question, Op(operator), _value(operand))


def _value(said: Any) -> Value:
    return tuple(said) if isinstance(said, list) else said
