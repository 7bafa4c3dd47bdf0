"""Six questions of every type, with branches, that do not change with the catalogue."""

from __future__ import annotations

from typing import Any

from advisor.domain.questions import Derived, Option, Question, Unknown
from advisor.domain.rule import Op, Test


def question(id_: str, order: int, type_: str, **fields: Any) -> Question:
    given: dict[str, Any] = {
        "section": "goal",
        "text": f"What about {id_}?",
        "help": f"Help on {id_}.",
        "find_out": f"Ask somebody about {id_}.",
        "why": f"{id_} matters",
        "depth": "quick",
        "effort": 1,
        "unknown": Unknown("the usual is planned"),
        "considerations": ("cost",),
        **fields,
    }
    return Question(id=id_, order=order, type=type_, **given)


TASK = question(
    "task",
    10,
    "single",
    default="tables",
    settles=("none",),
    options=(
        Option("tables", "a number from rows"),
        Option("text", "text from text"),
        Option("none", "the rules are good enough"),
    ),
)
KINDS = question(
    "kinds",
    20,
    "multi",
    default=("tables",),
    section="data",
    options=(
        Option("tables", "tables"),
        Option("images", "images"),
        Option("sound", "sound"),
        Option("none", "none of these", alone=True),
    ),
)
SIZE = question(
    "size",
    30,
    "number",
    unit="billions",
    default=8,
    minimum=0.001,
    maximum=2000,
    hard_minimum=0.000001,
    section="model",
    ask_when=((Test("task", Op.EQ, "text"),),),
    unknown=Unknown("a large one is planned", 70),
)
PEAK = question(
    "peak",
    40,
    "number",
    unit="requests/s",
    default=5,
    minimum=0.01,
    maximum=10000,
    hard_minimum=0,
    section="serving",
)
TOKENS = question(
    "tokens",
    50,
    "pair",
    unit="tokens",
    default=(2000, 300),
    section="serving",
    ask_when=((Test("task", Op.EQ, "text"),),),
)
RANKS = question(
    "ranks",
    60,
    "ranking",
    default="balanced",
    section="cost",
    options=(
        Option("balanced", "all alike"),
        Option("cost", "cost"),
        Option("security", "security"),
    ),
)
BUDGET = question(
    "budget",
    70,
    "number",
    unit="currency/month",
    section="cost",
    hard_minimum=0,
    minimum=0,
    maximum=100000,
)
AUDIT = question(
    "audit",
    80,
    "number",
    unit="years",
    default=1,
    depth="expert",
    section="cost",
    derive=(Derived(((Test("task", Op.EQ, "text"),),), 6),),
)
QUESTIONS = (TASK, KINDS, SIZE, PEAK, TOKENS, RANKS, BUDGET, AUDIT)
