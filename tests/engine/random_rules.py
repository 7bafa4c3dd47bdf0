"""Random stratified rule bases that share facts, random facts, and a random staged line."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from advisor.domain.rule import Fact, RuleSpec
from advisor.engine.stratify import Order, levels_and_strata
from advisor.errors import LibraryError
from tests.engine.compact import STAGES, fact, rule

DECISIONS = sorted(STAGES.of, key=lambda decision: STAGES.of[decision])
WORDS: dict[str, list[Any]] = {
    "question": ["q0", "q1", "q2", "q3"],
    "value": [0, 1, 2, 2.5, "a", "b", "1"],
    "decision": DECISIONS,
    "candidate": ["c0", "c1", "c2", "c3"],
    "name": ["t0", "t1"],
    "id": ["k0", "k1", "k2", "k3"],
}
GIVEN: dict[str, dict[str, str]] = {
    "answer": {"question": "question", "value": "value"},
    "quantity": {"name": "name", "value": "value"},
    "candidate": {"decision": "decision", "id": "candidate", "x": "value", "y": "value"},
    "trait": {"candidate": "candidate", "name": "name", "value": "value"},
    "settled": {"accelerator": "candidate", "devices": "value"},
    "cost_estimate": {"decision": "decision", "candidate": "candidate", "month_usd": "value"},
    "choice": {"decision": "decision", "id": "candidate", "x": "value"},
    "rejected": {"decision": "decision", "id": "candidate"},
}
DERIVED = ["class", "need", "duty", "control", "practice"]
"""A rule that asserts one of these may read those before it."""

STAGED = {"settled", "cost_estimate", "choice", "rejected"}
"""Given by the line itself."""


def generator(seed: int) -> random.Random:
    """Return the source of randomness of one case, so that a failure can be run again."""
    return random.Random(seed)


def random_program(rng: random.Random, size: int) -> tuple[list[RuleSpec], Order]:
    """Return about `size` rules; those that have no place in an order of firing are dropped."""
    rules = [_random_rule(rng, f"R{i:03d}") for i in range(size)]
    while True:
        try:
            return rules, levels_and_strata(rules, STAGES)
        except LibraryError as error:
            bad = {problem.id for problem in error.problems}
            rules = [one for one in rules if one.id not in bad]


def _random_rule(rng: random.Random, name: str) -> RuleSpec:
    head = rng.randrange(len(DERIVED))
    rank = rng.randrange(4)
    bound: dict[str, str] = {}
    when = [_clause(rng, head, rank, bound, True) for _ in range(rng.choice([1, 1, 2, 2, 3]))]
    none = [_clause(rng, head, rank, bound, False) for _ in range(rng.choice([0, 0, 1, 1, 2]))]
    then = [{DERIVED[head]: {"id": f"k{rank}"}}]
    values = sorted(bound.items())
    if values and rng.random() < 0.5:
        then.append({"finding": {"id": name, "subject": "$" + rng.choice(values)[0]}})
    if "candidate" in bound.values() and rng.random() < 0.5:
        then.append(_verdict(rng, bound))
    return rule(name, when, then, none)


def _verdict(rng: random.Random, bound: dict[str, str]) -> dict[str, dict[str, Any]]:
    candidates = sorted(name for name, kind in bound.items() if kind == "candidate")
    decisions = sorted("$" + name for name, kind in bound.items() if kind == "decision")
    return {
        "verdict": {
            "decision": rng.choice(decisions + DECISIONS),
            "candidate": "$" + rng.choice(candidates),
            "verdict": rng.choice(["exclude", "prefer"]),
        }
    }


def _clause(
    rng: random.Random, head: int, rank: int, bound: dict[str, str], binds: bool
) -> dict[str, dict[str, Any]]:
    if rng.random() < 0.35:
        below = DERIVED[: head + 1] if rank else DERIVED[:head]
        if below:
            return _derived(rng, rng.choice(below), DERIVED[head], rank)
    type_ = rng.choice(sorted(GIVEN))
    before = dict(bound)
    fields = {
        field: _test(rng, kind, bound, before, binds)
        for field, kind in GIVEN[type_].items()
        if rng.random() < 0.75
    }
    return {type_: fields or {"id" if "id" in GIVEN[type_] else "value": {"ne": "zzz"}}}


def _derived(rng: random.Random, type_: str, head: str, rank: int) -> dict[str, dict[str, Any]]:
    if type_ == head:
        return {type_: {"id": f"k{rng.randrange(rank)}"}}
    return {type_: {"id": rng.choice([*WORDS["id"], {"one_of": ["k1", "k2"]}, {"ne": "k0"}])}}


def _test(
    rng: random.Random, kind: str, bound: dict[str, str], before: dict[str, str], binds: bool
) -> Any:
    """Return a test of a field: literal, variable, comparison with either, or two tests."""
    known = sorted(name for name, its_kind in before.items() if its_kind == kind)
    roll = rng.random()
    if binds and roll < 0.45:
        name = f"{kind}{rng.randrange(2)}"
        bound[name] = kind
        return (
            f"${name}" if rng.random() < 0.8 else {"eq": f"${name}", "ne": rng.choice(WORDS[kind])}
        )
    if known and roll < 0.8:
        op = rng.choice(["eq", "eq", "ne", "lt", "ge"])
        return {op: "$" + rng.choice(known)}
    if kind == "value" and roll < 0.9:
        return {rng.choice(["lt", "le", "gt", "ge", "ne"]): rng.choice(WORDS[kind])}
    if roll < 0.93:
        return {"one_of": rng.sample(WORDS[kind], 2)}
    return rng.choice(WORDS[kind])


def random_facts(rng: random.Random, count: int, staged: bool = True) -> list[Fact]:
    """Return distinct facts; without `staged` none that the line gives itself."""
    types = sorted(GIVEN if staged else GIVEN.keys() - STAGED)
    found = [_random_fact(rng, rng.choice(types)) for _ in range(count)]
    if rng.random() < 0.3:  # a fact may be given and concluded as well
        found.append(fact({rng.choice(DERIVED): {"id": rng.choice(WORDS["id"])}}))
    return list(dict.fromkeys(found))


def _random_fact(rng: random.Random, type_: str) -> Fact:
    fields = {
        field: rng.choice(WORDS[kind])
        for field, kind in GIVEN[type_].items()
        if kind != "value" or rng.random() < 0.9
    }
    return fact({type_: fields})


Read = Callable[[str], Sequence[Fact]]


def estimates(read: Read, stage: int) -> list[Fact]:
    """Return what Python would estimate at a stage: a pure function of the facts so far."""
    decision = DECISIONS[stage]
    busy = len(read("class"))
    return [
        fact({"cost_estimate": {"decision": decision, "candidate": c, "month_usd": (busy + i) % 4}})
        for i, c in enumerate(_open(read, decision))
    ]


def choices(read: Read, stage: int) -> list[Fact]:
    """Return what Python would choose at a stage: the first candidate that is not excluded."""
    decision = DECISIONS[stage]
    verdicts = [dict(f.fields) for f in read("verdict") if f.get("decision") == decision]
    out = {v["candidate"] for v in verdicts if v["verdict"] == "exclude"}
    left = [c for c in _open(read, decision) if c not in out]
    rejected = [fact({"rejected": {"decision": decision, "id": c}}) for c in sorted(map(str, out))]
    if not left:
        return rejected
    choice = {"decision": decision, "id": left[0], "x": len(read("need")) % 3}
    sized = []
    if stage == STAGES.hardware:
        devices = len(read("class")) % 3
        sized = [fact({"settled": {"accelerator": left[0], "devices": devices}})]
    return [fact({"choice": choice}), *rejected, *sized]


def _open(read: Read, decision: str) -> list[str]:
    found = {str(f.get("id")) for f in read("candidate") if f.get("decision") == decision}
    return sorted(found)


def of_type(facts: Iterable[Fact], type_: str) -> list[Fact]:
    return [one for one in facts if one.type == type_]
