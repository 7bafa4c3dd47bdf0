"""What to do next: the few steps that page one ends with."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby, takewhile

from advisor.domain.plan import Finding, Plan
from advisor.report.model import Bullets, Words
from advisor.report.naming import ruled
from advisor.report.text import counted, listed, words_of

SHOWN = 5
CHECK = (
    "Have the hosted service, and one other, answer a sample of your own cases; the error rate "
    "confirms or refutes the choice, as no machine of your own is sized."
)
KINDS = ("confirm", "missing", "risk", "next_step", "underinvest", "wish")
DANGERS = ("underinvest", "risk")
"""What breaks or harms if the plan is built as it stands; a step of its own confirms clauses."""
DANGERS_FIRST = 2


def next_steps(plan: Plan) -> Bullets:
    """Return the gravest findings to act on, the controls to confirm and the test to run."""
    grave = _dangers_first([f for f in plan.findings if f.kind in KINDS])
    steps = [*_to_settle(plan), *list(together(grave))[:SHOWN]]
    if plan.controls:
        regimes = sorted({c.regime for c in plan.controls})
        steps.append(
            f"Confirm {counted(len(plan.controls), 'clause')} with the owner of "
            f"{listed(map(words_of, regimes))} before data are touched."
        )
    if "model_api" in plan.decisions["serving_pattern"].ids:
        steps.append(CHECK)
    elif any(u.figures for u in plan.hardware):
        steps.append("Run the load test of the rollout chapter; it confirms or refutes the sizing.")
    return Bullets(tuple(steps) or ("Nothing is open.",), numbered=True)


def _dangers_first(found: list[Finding]) -> list[Finding]:
    """Return the findings with the first grave dangers before all other steps."""
    dangers = [f for f in found if f.kind in DANGERS and f.severity == "high"][:DANGERS_FIRST]
    return dangers + [f for f in found if f not in dangers]


def _to_settle(plan: Plan) -> Iterator[Words]:
    """Yield how to find out what drives the cost and nobody gave."""
    if plan.to_settle:
        ways = " ".join(f"{t.name}: {t.find_out}" for t in plan.to_settle)
        yield f"Settle first what drives the cost. {ways}"


def together(findings: list[Finding]) -> list[Words]:
    """Return findings as sentences; those of a rule that differ in their first words alone are
    one sentence that lists these."""
    order = {f.rule: n for n, f in reversed(list(enumerate(findings)))}
    by_rule = sorted(findings, key=lambda f: order[f.rule])
    found: list[Words] = []
    for rule, same in groupby(by_rule, key=lambda f: f.rule):
        texts = list(dict.fromkeys(f.text for f in same))
        tail = _common_end(texts) if len(texts) > 1 and rule else ""
        if tail:
            heads = [text.removesuffix(tail).strip() for text in texts]
            found.append(ruled(f"{_by_law(heads)}: each {tail}", rule))
        else:
            found += [ruled(text, rule) for text in texts]
    return found


def _by_law(heads: list[str]) -> str:
    """Return clauses behind the law that each is of, `GDPR (Art. 6; Art. 35)`."""
    laws: dict[str, list[str]] = {}
    for head in heads:
        law, comma, clause = head.partition(", ")
        laws.setdefault(law, []).extend([clause] if comma else [])
    return listed(
        f"{law} ({'; '.join(sorted(clauses, key=_numbers))})" if clauses else law
        for law, clauses in laws.items()
    )


def _numbers(text: str) -> list[int]:
    return [int(n) for n in re.findall(r"\d+", text)]


def _common_end(texts: list[str]) -> str:
    """Return the words that all texts end with, "" where too few do or nothing is before them."""
    backwards = zip(*(reversed(text.split()) for text in texts), strict=False)
    same = [words[0] for words in takewhile(lambda words: len(set(words)) == 1, backwards)]
    tail = " ".join(reversed(same))
    long_enough = len(same) >= 4 and all(len(tail) < len(text) for text in texts)
    return tail if long_enough else ""
