"""Rules against their own cases: do they fire as said, and would a case notice any change?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from advisor.analysis.rule_skeleton import OPEN, open_places
from advisor.domain.rule import Case, Clause, Op, RuleSpec, Scalar, Test, Var
from advisor.engine.interpret import run_case
from advisor.errors import Problem
from advisor.frozen import replace

Bindings = tuple[tuple[str, Scalar], ...]
_NEGATED = {Op.EQ: Op.NE, Op.NE: Op.EQ, Op.LT: Op.GE, Op.LE: Op.GT, Op.GT: Op.LE, Op.GE: Op.LT}
_SHIFTED = {Op.LT: Op.LE, Op.LE: Op.LT, Op.GT: Op.GE, Op.GE: Op.GT}


def check_rules(rules: Iterable[RuleSpec]) -> list[Problem]:
    """Return cases that fail, sentences that do not render, and conditions no case would miss."""
    problems: list[Problem] = []
    for rule in rules:
        failed = [*_unfinished(rule), *_failing_cases(rule), *_unrendered(rule)]
        problems += failed or _unnoticed(rule)
    return sorted(problems)


def _unfinished(rule: RuleSpec) -> Iterator[Problem]:
    if left := open_places(rule):
        message = f"{', '.join(left)} still say {OPEN}; fill them in"
        yield Problem(rule.place, "E138", rule.id, message)


def _failing_cases(rule: RuleSpec) -> Iterator[Problem]:
    for case in rule.cases:
        found, expected = _fired(rule, case), _expected(case)
        if found != expected:
            message = f"'{case.name}': expected {_said(expected)}, got {_said(found)}"
            yield Problem(case.place, "E135", rule.id, f"{message}; correct the rule or the case")


def _unrendered(rule: RuleSpec) -> Iterator[Problem]:
    for case in rule.cases:
        for bindings in case.fires:
            try:
                rule.because.format(**dict(bindings))
            except (KeyError, IndexError, ValueError, AttributeError) as error:
                message = f"'because' cannot be rendered for '{case.name}' ({error}); correct it"
                yield Problem(case.place, "E136", rule.id, message)


def _unnoticed(rule: RuleSpec) -> Iterator[Problem]:
    """Yield the changes of the rule that leave every case as it is."""
    for said, clause, mutant in mutants(rule):
        if all(_fired(mutant, case) == _expected(case) for case in rule.cases):
            message = f"no case fails when {said}; add a case that does"
            yield Problem(clause.place, "E137", rule.id, message)


def mutants(rule: RuleSpec) -> Iterator[tuple[str, Clause, RuleSpec]]:
    """Yield the rule with one clause dropped, or one comparison negated or shifted.

    With each comes what was done, in words, and the clause it was done to. A clause that alone
    binds a name that is needed elsewhere cannot be dropped.
    """
    for number, clause in enumerate(rule.when):
        dropped = replace(rule, when=(*rule.when[:number], *rule.when[number + 1 :]))
        if _still_bound(dropped):
            yield f"'{_words(clause)}' is dropped from 'when'", clause, dropped
        for said, changed in _changed(clause):
            yield said, clause, replace(rule, when=_with(rule.when, number, changed))
    for number, clause in enumerate(rule.none):
        dropped = replace(rule, none=(*rule.none[:number], *rule.none[number + 1 :]))
        yield f"'{_words(clause)}' is dropped from 'none'", clause, dropped
        for said, changed in _changed(clause):
            yield said, clause, replace(rule, none=_with(rule.none, number, changed))


def _with(clauses: tuple[Clause, ...], number: int, changed: Clause) -> tuple[Clause, ...]:
    return (*clauses[:number], changed, *clauses[number + 1 :])


def _changed(clause: Clause) -> Iterator[tuple[str, Clause]]:
    for number, test in enumerate(clause.tests):
        if (clause.fact, test.field) in {("answer", "question"), ("quantity", "name")}:
            continue  # the key of the pattern: dropping the clause covers it
        if isinstance(test.operand, Var) and test.op is Op.EQ:
            continue  # binds or joins; nothing to shift
        for op in [table[test.op] for table in (_NEGATED, _SHIFTED) if test.op in table]:
            tests = (*clause.tests[:number], replace(test, op=op), *clause.tests[number + 1 :])
            yield f"'{_test(test)}' becomes '{op}'", replace(clause, tests=tests)


def _still_bound(rule: RuleSpec) -> bool:
    """Return whether every name that is needed is bound by some clause of `when`."""
    bound = {
        t.operand.name
        for clause in rule.when
        for t in clause.tests
        if t.op is Op.EQ and isinstance(t.operand, Var)
    }
    needed = {
        t.operand.name
        for clause in (*rule.when, *rule.none)
        for t in clause.tests
        if isinstance(t.operand, Var)
    }
    needed |= {v.name for a in rule.then for _, v in a.fields if isinstance(v, Var)}
    return needed <= bound


def _fired(rule: RuleSpec, case: Case) -> list[Bindings]:
    return [tuple(sorted(bindings.items())) for bindings in run_case(rule, case)]


def _expected(case: Case) -> list[Bindings]:
    return sorted(set(case.fires), key=lambda b: [(isinstance(v, str), v) for _, v in b])


def _said(firings: Sequence[Bindings]) -> str:
    if not firings:
        return "silence"
    return " and ".join(
        "{" + ", ".join(f"{name}: {value}" for name, value in bindings) + "}"
        for bindings in firings
    )


def _words(clause: Clause) -> str:
    return f"{clause.fact} {', '.join(_test(test) for test in clause.tests)}"


def _test(test: Test) -> str:
    operand = f"${test.operand.name}" if isinstance(test.operand, Var) else test.operand
    return f"{test.field} {test.op} {operand}"
