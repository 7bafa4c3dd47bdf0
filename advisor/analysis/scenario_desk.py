"""A desk for what-if: some answers changed beside the interview, which stays as it is.

Scenarios can be pinned and laid side by side, those things first that differ. Nothing reaches the
interview until it is applied.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field

from advisor.analysis.advice_session import AdviceSession
from advisor.analysis.answer_effects import changes_told, turned
from advisor.analysis.flips import Search, likely_axis
from advisor.analysis.interview import Record
from advisor.analysis.question_value import brief_of
from advisor.analysis.study import Study
from advisor.analysis.sweep_values import DIGITS
from advisor.analysis.wanted import Wanted
from advisor.analysis.whatif_outcome import machines, usd
from advisor.domain.answers import UNKNOWN, Value
from advisor.domain.plan import Plan
from advisor.domain.questions import Question
from advisor.frozen import dataclass
from advisor.planning.answer_words import answer_words
from advisor.planning.words import figure as rounded

STEPS = (1.0, 1.5, 2.0, 3.0, 5.0, 7.0)
"""Round numbers of each power of ten that a dial steps through."""
SPAN = 100.0
"""How far below and above its value a number without bounds can be stepped."""
LETTERS = "BCDEFGH"
"""Names of pinned scenarios; A is the interview."""
EXACT = 10.0**-DIGITS


@dataclass(frozen=True, slots=True)
class Scenario:
    """Changed answers under a letter, with their plan."""

    letter: str
    changes: Mapping[str, Value] = field(hash=False)
    plan: Plan


@dataclass(frozen=True, slots=True)
class Line:
    """One thing in every scenario; `differs` says whether they disagree."""

    name: str
    cells: tuple[str, ...]
    differs: bool


class Desk:
    """What somebody tries out on the answers of an interview."""

    def __init__(self, advice: AdviceSession) -> None:
        self.advice = advice
        self.interview = advice.interview
        self.record: Record = advice.interview.record
        self.changes: dict[str, Value] = {}
        self.pinned: list[Scenario] = []
        self._base = self._now = brief_of(self.study()).values

    # --- answers --------------------------------------------------------------------------

    @property
    def questions(self) -> tuple[Question, ...]:
        """Return what can be turned: every question that applies with the changes in place."""
        return tuple(q for q in self.interview.questions if q.applies(self._now))

    def study(self, wanted: Wanted = lambda: True) -> Study:
        """Return what-if questions about the changed answers."""
        return self.advice.study(self.record.changed(self.changes), wanted)

    def value(self, question: Question) -> Value | None:
        """Return the value that counts now: changed, given or assumed."""
        return self._now.get(question.id)

    def baseline(self, question: Question) -> Value | None:
        """Return the value that counts in the interview."""
        return self._base.get(question.id)

    def shown(self, question: Question, value: Value | None) -> str:
        """Return a value in words with its unit."""
        if value is None:
            return "nothing assumed"
        values = {**self._now, question.id: value}
        return answer_words(self.interview.questions, values)[question.id].shown

    def set(self, question: Question, said: str | Value) -> str:
        """Put a value in place; return a warning or "". Raises ValueError with what is wrong."""
        value, warning = self.interview.read(question, said)
        if value == self.record.values.get(question.id, self.baseline(question)):
            self.reset(question)
        elif value != UNKNOWN:
            self.changes[question.id] = value
            self._now = brief_of(self.study()).values
        return warning

    def reset(self, question: Question) -> None:
        """Go back to what the interview says."""
        self.changes.pop(question.id, None)
        self._now = brief_of(self.study()).values

    def step(self, question: Question, by: int) -> None:
        """Turn a value by steps; it stops at the ends of what can be answered."""
        dial, now = self.dial(question), self.value(question)
        if not dial:
            return
        at = dial.index(now) if now in dial else 0
        self.set(question, dial[min(len(dial) - 1, max(0, at + by))])

    def dial(self, question: Question) -> tuple[Value, ...]:
        """Return the values that can be stepped through, in order, those in use among them."""
        now, base = self.value(question), self.baseline(question)
        if question.options:
            single = question.type == "single"
            each: list[Value] = [o.id if single else (o.id,) for o in question.options]
            return tuple(dict.fromkeys([*([base] if base and base not in each else []), *each]))
        used = [v for v in (now, base) if isinstance(v, int | float)]
        return () if question.type == "pair" else tuple(sorted({*_rounds(question, base), *used}))

    @property
    def command(self) -> str:
        """Return the command line that says the same, on the answers that export writes."""
        sets = [f"--set {shlex.quote(f'{id_}={_plain(v)}')}" for id_, v in self.changes.items()]
        verb = "whatif" if sets else "recommend"
        return " ".join([f"advisor {verb} {self.advice.name}.answers.json", *sets])

    def apply(self) -> int:
        """Give the changes to the interview as answers; return how many there were."""
        self.interview.apply(self.changes)
        return len(self.changes)

    # --- plans ----------------------------------------------------------------------------

    def plan(self, changes: Mapping[str, Value], wanted: Wanted) -> Plan:
        """Return the plan with changes in place; raises Dropped."""
        return self.advice.studied(self.interview.answers_of(self.record, changes), wanted)

    def pin(self, plan: Plan) -> Scenario | None:
        """Keep the changed answers with their plan beside the interview; None where it is full."""
        if len(self.pinned) == len(LETTERS):
            return None
        scenario = Scenario(LETTERS[len(self.pinned)], dict(self.changes), plan)
        self.pinned.append(scenario)
        return scenario

    def flips(self, question: Question, wanted: Wanted) -> tuple[str, ...]:
        """Return where the plan turns out otherwise if this one answer moves on; raises Dropped.

        Flips of numbers are exact to four digits; of options, each one is said.
        """
        study, value = self.study(wanted), self.value(question)
        if question.type == "number" and isinstance(value, int | float):
            search = Search(study, question, turned, EXACT)
            found = search.around(likely_axis(question, value), value)
            flips = [flip.value for flip in found if flip]
            said = [self._led(study, question, flip) for flip in flips]
            return tuple(said) or ("no value near the likely ones changes the plan",)
        if question.type == "pair":
            return ()
        others = [v for v in self.dial(question) if v != value]
        telling = [v for v in others if turned(study.outcome({}), study.outcome({question.id: v}))]
        said = [self._led(study, question, v) for v in telling]
        return tuple(said) or ("no other option changes the plan",)

    def _led(self, study: Study, question: Question, value: Value) -> str:
        then = study.outcome({question.id: value})
        told = changes_told(study, then, turned(study.outcome({}), then))
        return f"{self.shown(question, value)}: {', '.join(told)}"


def side_by_side(plans: Sequence[Plan]) -> tuple[Line, ...]:
    """Return what plans say beside each other, what differs first."""
    columns = [dict(told(plan)) for plan in plans]
    names = dict.fromkeys(name for column in columns for name in column)
    lines = [_line(name, [column.get(name, "-") for column in columns]) for name in names]
    return tuple(sorted(lines, key=lambda line: not line.differs))


def _line(name: str, cells: list[str]) -> Line:
    return Line(name, tuple(cells), len(set(cells)) > 1)


def told(plan: Plan) -> Iterator[tuple[str, str]]:
    """Yield what is compared: feasibility, machines, cost, figures, decisions."""
    yield "Meets every must", "yes" if plan.feasible else "no"
    yield "Cost a month", usd(plan.cost.month.likely)
    for use in plan.hardware:
        yield use.use.capitalize(), machines(use)
    yield f"Cost over {plan.cost.months} months", usd(plan.cost.lifetime.likely)
    for limit in plan.limits:
        yield f"Margin of {limit.id.replace('_', ' ')}", limit.margin
    for use in plan.hardware:
        for figure in use.figures:
            name = f"{use.use.capitalize()}: {figure.name}"
            yield name, f"{rounded(figure.value.likely)} {figure.unit}"
    for decision in plan.decisions.values():
        yield decision.name, decision.chosen_name


def _rounds(question: Question, base: Value | None) -> Iterator[int | float]:
    """Yield round numbers between the bounds of a question, or around what the interview says."""
    stated = base if isinstance(base, int | float) else question.prior.get("likely", 1.0)
    middle = abs(stated) or 1.0
    low = question.minimum if question.minimum is not None else middle / SPAN
    high = question.maximum if question.maximum is not None else middle * SPAN
    low, high = max(low, middle / SPAN / 10), min(high, middle * SPAN * 10)
    if question.minimum == 0:
        yield 0
    power = 1e-6
    while power <= high:
        for step in STEPS:
            value = round(step * power, 9)
            whole = value.is_integer()
            if low <= value <= high and (whole or not question.integer):
                yield int(value) if whole else value
        power *= 10


def _plain(value: Value) -> str:
    return ",".join(map(str, value)) if isinstance(value, tuple) else str(value)
