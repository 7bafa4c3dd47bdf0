"""Rules about rules: what no single rule file shows."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from string import Formatter

from advisor.domain.facts import TEMPLATES
from advisor.domain.rule import Assertion, Clause, Op, RuleSpec, Scalar, Test, Var
from advisor.errors import Problem
from advisor.frozen import dataclass

DERIVED = tuple(name for name, t in TEMPLATES.items() if t.derived and "id" in t.fields)
"""Fact types that rules assert and that other rules read by id."""

Pattern = tuple[str, frozenset[Test]]


def lint_rules(rules: Sequence[RuleSpec]) -> list[Problem]:
    """Return what is wrong (E) or doubtful (W) in how the rules stand together."""
    return [
        *repeated_ids(rules),
        *_without_cases(rules),
        *(problem for rule in rules for problem in _unconditional(rule)),
        *(problem for rule in rules for problem in _unused_variables(rule)),
        *(problem for rule in rules for problem in _vague_references(rule)),
        *_never_asserted(rules),
        *_related(rules),
    ]


def repeated_ids(rules: Iterable[RuleSpec]) -> Iterator[Problem]:
    """Yield the rules whose id another rule has, and replacements of rules that do not exist."""
    seen: dict[str, RuleSpec] = {}
    for rule in rules:
        if first := seen.get(rule.id):
            message = f"the id is taken at {first.place}; choose the next number"
            yield _problem(rule, "E120", message)
        seen[rule.id] = rule
    for rule in seen.values():
        if rule.replaces and rule.replaces not in seen:
            message = f"replaces {rule.replaces}, which does not exist; correct the id"
            yield _problem(rule, "E141", message)


def _without_cases(rules: Iterable[RuleSpec]) -> Iterator[Problem]:
    for rule in rules:
        fires = {bool(case.fires) for case in rule.cases}
        if True not in fires:
            yield _problem(rule, "E131", "no case fires; add one with 'fires: [{...}]'")
        if False not in fires:
            yield _problem(rule, "E131", "no case stays silent; add one with 'fires: []'")


def _unconditional(rule: RuleSpec) -> Iterator[Problem]:
    """Yield a rule that fires for every plan: given facts only, none of them restricted."""
    tests = [test for clause in rule.when for test in clause.tests]
    names = [t.operand.name for t in tests if isinstance(t.operand, Var) and t.op is Op.EQ]
    restricted = len(set(names)) < len(tests) or rule.none
    if not restricted and not any(TEMPLATES[clause.fact].derived for clause in rule.when):
        yield _problem(rule, "E132", "fires whatever the answers are; add a condition to 'when'")


def _unused_variables(rule: RuleSpec) -> Iterator[Problem]:
    used = Counter(
        test.operand.name
        for clause in (*rule.when, *rule.none)
        for test in clause.tests
        if isinstance(test.operand, Var)
    )
    used.update(v.name for a in rule.then for _, v in a.fields if isinstance(v, Var))
    used.update(name for _, name, _, _ in Formatter().parse(rule.because) if name)
    for name in sorted(name for name, count in used.items() if count == 1):
        message = f"'${name}' is bound and never used; drop it or use it in 'because'"
        yield _problem(rule, "W150", message)


def _vague_references(rule: RuleSpec) -> Iterator[Problem]:
    for reference in rule.references:
        if not reference.url and not reference.locator:
            message = f"the reference '{reference.title}' has neither url nor locator; add one"
            yield _problem(rule, "W151", message)


def _never_asserted(rules: Sequence[RuleSpec]) -> Iterator[Problem]:
    """Yield clauses that read a derived word which no rule asserts: the rule cannot fire."""
    made = asserted_ids(rules)
    for rule in rules:
        for clause in rule.when:
            words = literal_ids(clause)
            if clause.fact in DERIVED and words and not made[clause.fact] & {None, *words}:
                named = ", ".join(sorted(map(str, words)))
                message = f"no rule asserts the {clause.fact} {named}; assert it or drop this"
                yield Problem(clause.place, "E134", rule.id, message)


def asserted_ids(rules: Iterable[RuleSpec]) -> Mapping[str, set[Scalar | None]]:
    """Return the ids asserted of each derived type; None stands for a variable."""
    made: dict[str, set[Scalar | None]] = defaultdict(set)
    for rule in rules:
        for assertion in rule.then:
            word = dict(assertion.fields).get("id")
            made[assertion.fact].add(None if isinstance(word, Var) else word)
    return made


def read_ids(rules: Iterable[RuleSpec]) -> Mapping[str, set[Scalar]]:
    """Return the ids that clauses name of each derived type."""
    read: dict[str, set[Scalar]] = defaultdict(set)
    for rule in rules:
        for clause in (*rule.when, *rule.none):
            read[clause.fact] |= literal_ids(clause)
    return read


def literal_ids(clause: Clause) -> set[Scalar]:
    """Return the ids that a clause asks for by eq or one_of."""
    found: set[Scalar] = set()
    for test in clause.tests:
        if test.field != "id" or isinstance(test.operand, Var):
            continue
        if test.op is Op.ONE_OF and isinstance(test.operand, tuple):
            found |= set(test.operand)
        elif test.op is Op.EQ and not isinstance(test.operand, tuple):
            found.add(test.operand)
    return found


@dataclass(frozen=True, slots=True)
class _Shape:
    """What a rule asks for and says, free of order and places."""

    rule: RuleSpec
    when: frozenset[Pattern]
    none: frozenset[Pattern]
    then: frozenset[Assertion]

    def implies(self, other: _Shape) -> bool:
        """Return whether the other rule fires wherever this one does (as far as text shows)."""
        return other.when <= self.when and other.none <= self.none


def _related(rules: Sequence[RuleSpec]) -> Iterator[Problem]:
    """Yield pairs with equal conditions, rules that add nothing, and musts that contradict."""
    by_pattern: dict[Pattern, list[_Shape]] = defaultdict(list)
    for shape in map(_shape, rules):
        others = {id(o): o for pattern in shape.when for o in by_pattern[pattern]}
        for other in others.values():
            yield from _pair(other, shape)
        for pattern in shape.when:
            by_pattern[pattern].append(shape)


def _pair(first: _Shape, second: _Shape) -> Iterator[Problem]:
    for general, special in ((first, second), (second, first)):
        if special.implies(general) and special.then <= general.then:
            message = f"says nothing that {general.rule.id} does not say more generally; drop it"
            yield _problem(special.rule, "W152", message)
            break
    else:
        if first.implies(second) and second.implies(first):
            message = f"has the same conditions as {first.rule.id}; make them one rule"
            yield _problem(second.rule, "W153", message)
    if first.implies(second) or second.implies(first):
        for target in sorted(_musts(first, "require") & _musts(second, "exclude")) + sorted(
            _musts(first, "exclude") & _musts(second, "require")
        ):
            message = f"contradicts {first.rule.id} on {target}: one requires, the other excludes"
            yield _problem(second.rule, "E133", f"{message}; make their conditions exclusive")


def _musts(shape: _Shape, verdict: str) -> set[str]:
    fields = [dict(a.fields) for a in shape.then if a.fact == "verdict"]
    return {f"{f['decision']} {f['candidate']}" for f in fields if f["verdict"] == verdict}


def _shape(rule: RuleSpec) -> _Shape:
    when = frozenset((clause.fact, frozenset(clause.tests)) for clause in rule.when)
    none = frozenset((clause.fact, frozenset(clause.tests)) for clause in rule.none)
    return _Shape(rule, when, none, frozenset(rule.then))


def _problem(rule: RuleSpec, id_: str, message: str) -> Problem:
    return Problem(rule.place, id_, rule.id, message)
