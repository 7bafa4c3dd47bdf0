"""How fast the live line is: CPU time of changes and full runs, beside other engines."""

from __future__ import annotations

import gc
import importlib.util
import mmap
import multiprocessing
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from functools import partial
from itertools import cycle, islice
from pathlib import Path
from statistics import median, quantiles

from advisor.advise import advise
from advisor.analysis.question_value import open_questions, ranked_questions
from advisor.analysis.whatif import WhatIf, changed
from advisor.domain.answers import UNKNOWN, Answers, Source, Value
from advisor.domain.plan import Plan
from advisor.domain.questions import Question
from advisor.engine.session import Session
from advisor.frozen import dataclass
from advisor.library.load import load_library
from advisor.planning.kit import Kit, kept_kit
from advisor.planning.line import Line
from advisor.planning.options import Option

NOT_INSTALLED = "not installed"
NOT_TOLD = "not told by this system"
STOCK_CHANGES = 3
"""Changes that experta's own matcher is timed on: each takes it up to seconds."""
CLIPS_RUNS = 5
RANKED = 3
"""Briefs whose open questions are ranked."""
WALKED = 1_000
"""Changes over which the memory of the process is watched."""
PAGES = Path("/proc/self/statm")
"""Where Linux says how large the process is."""


@dataclass(frozen=True, slots=True)
class Speed:
    """CPU milliseconds, and ratios of CPU time.

    A change is one answer replaced, from the old plan to the new one; it is re-sized where it led
    to layouts that were not known. `ratio_stock` says how many times longer experta's own
    matcher takes for a change, `ratio_clips` how many times longer our session takes for all
    rules on all facts than CLIPS with a Python call for each firing. `growth_mb` is by how much
    the process grows over a thousand changes of the first brief that end where they began.
    """

    one_change_ms_p50: float
    one_change_ms_p95: float
    same_size_ms_p50: float
    same_size_ms_p95: float
    resized_ms_p50: float
    resized_ms_p95: float
    full_run_ms: float
    voi_ms: float
    ratio_stock: float
    ratio_clips: float | str
    growth_mb: float | str
    changes: int
    resized_changes: int

    def plain(self) -> dict[str, float | str]:
        """Return the figures rounded, in their order."""
        return {k: round(v, 2) if isinstance(v, float) else v for k, v in asdict(self).items()}


@dataclass(frozen=True, slots=True)
class _Timed:
    ms: float
    resized: bool


def measured(kit: Kit, briefs: Sequence[Answers], as_of: str) -> Speed:
    """Return the speed over the briefs, each with one answer after the other changed."""
    kit.program  # noqa: B018  (the library counts as loaded)
    changes = [timed for brief in briefs for timed in _changes(kit, brief, as_of)]
    same = [timed.ms for timed in changes if not timed.resized]
    resized = [timed.ms for timed in changes if timed.resized]
    everything = [timed.ms for timed in changes]
    return Speed(
        *_middle_and_tail(everything),
        *_middle_and_tail(same),
        *_middle_and_tail(resized),
        full_run_ms=median(_ms(partial(_full, kit, brief, as_of)) for brief in briefs),
        voi_ms=median(_voi_ms(kit, brief, as_of) for brief in briefs[:RANKED]),
        ratio_stock=_ratio_stock(kit, briefs[0], as_of),
        ratio_clips=_ratio_clips(kit, briefs[0], as_of),
        growth_mb=_growth_mb(kit, briefs[0], as_of),
        changes=len(changes),
        resized_changes=len(resized),
    )


def usual_briefs(questions: Sequence[Question]) -> tuple[Answers, ...]:
    """Return one brief for each problem, with everything else assumed."""
    problem = next(q for q in questions if q.id == "problem_type")
    return tuple(
        Answers({problem.id: option.id}, {problem.id: Source.GIVEN}) for option in problem.options
    )


def _ms(work: Callable[[], object]) -> float:
    """Return the CPU time of some work, garbage collection included."""
    begun = time.process_time()
    work()
    return (time.process_time() - begun) * 1e3


def _full(kit: Kit, brief: Answers, as_of: str) -> Plan:
    return advise(brief, Line(kit), as_of)


def _middle_and_tail(values: list[float]) -> tuple[float, float]:
    """Return median and 95th percentile, zeros where nothing was timed."""
    if len(values) < 2:
        return (values[0], values[0]) if values else (0.0, 0.0)
    return median(values), quantiles(values, n=20, method="inclusive")[-1]


def _others(kit: Kit, brief: Answers, plan: Plan) -> Iterator[Answers]:
    """Yield the brief with each answer of its plan in turn replaced by another one."""
    for number, question in enumerate(kit.questions):
        known = plan.answers.get(question.id)
        other = None if known is None else other_value(question, known[0], number)
        if other is not None:
            yield changed(brief, {question.id: other})


def _growth_mb(kit: Kit, brief: Answers, as_of: str) -> float | str:
    """Return the growth of a process of its own, in which nothing before has left room."""
    folders = tuple(pack.folder for pack in kit.library.packs)
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_grown_mb, (folders, brief, as_of))


def _grown_mb(packs: tuple[Path, ...], brief: Answers, as_of: str) -> float | str:
    """Return the growth over changes to and fro, garbage left aside."""
    kit = kept_kit(load_library(packs))
    line = Line(kit)
    others = tuple(_others(kit, brief, advise(brief, line, as_of)))
    before = _resident_mb()
    for answers in islice(cycle(others), WALKED // 2):
        advise(answers, line, as_of)
        advise(brief, line, as_of)
    after = _resident_mb()
    return NOT_TOLD if before is None or after is None else after - before


def _resident_mb() -> float | None:
    """Return the memory of the process in MB once garbage is gone, None where nobody tells."""
    gc.collect()
    try:
        return int(PAGES.read_text().split()[1]) * mmap.PAGESIZE / 1e6
    except OSError:
        return None


def _changes(kit: Kit, brief: Answers, as_of: str) -> Iterator[_Timed]:
    """Yield the time of each change away from the brief; the way back is not timed."""
    line = Line(kit)
    for answers in _others(kit, brief, advise(brief, line, as_of)):
        known = _options(line)
        ms = _ms(partial(advise, answers, line, as_of))
        yield _Timed(ms, bool(_options(line) - known))
        advise(brief, line, as_of)


def _voi_ms(kit: Kit, brief: Answers, as_of: str) -> float:
    """Return the time to rank all open questions of a brief whose plan is known."""
    ask = WhatIf(Line(kit), brief, as_of)
    ask.outcome({})
    return _ms(partial(ranked_questions, ask, open_questions(kit, ask)))


def _options(line: Line) -> set[Option]:
    found = line.lessons["estimates of hardware"].options
    return {option for options in found.values() for option in options}


def other_value(question: Question, value: Value, number: int) -> Value | None:
    """Return another answer to the question, by turns; None where it has only one."""
    if question.options:
        others = [o.id for o in question.options if o.id not in (value, *_many(value))]
        if not others:
            return None
        chosen = others[number % len(others)]
        return chosen if question.type == "single" else (chosen,)
    factor = (0.5, 2.0, 3.0)[number % 3]
    numbers = tuple(max(1, round(v * factor)) for v in _many(value) if isinstance(v, int | float))
    if not numbers or value == UNKNOWN or numbers == _many(value):
        return None
    return numbers if question.type == "pair" else numbers[0]


def _many(value: Value) -> tuple[object, ...]:
    return value if isinstance(value, tuple) else (value,)


def _ratio_stock(kit: Kit, brief: Answers, as_of: str) -> float:
    """Return how many times longer a change takes on experta's own matcher."""
    ours, stock = Line(kit), Line(kit, "rete")
    plan = advise(brief, ours, as_of)
    advise(brief, stock, as_of)
    mine = theirs = 0.0
    for answers in islice(_others(kit, brief, plan), STOCK_CHANGES):
        mine += _ms(partial(advise, answers, ours, as_of))
        theirs += _ms(partial(advise, answers, stock, as_of))
    return theirs / mine


def _ratio_clips(kit: Kit, brief: Answers, as_of: str) -> float | str:
    """Return how many times longer all rules on all facts take than in CLIPS."""
    if importlib.util.find_spec("clips") is None:
        return NOT_INSTALLED
    from advisor.analysis.engine_benchmark_clips import Lasting, build, tell  # noqa: PLC0415

    line = Line(kit)
    advise(brief, line, as_of)
    told = {fact for facts in line.told_by.values() for fact in facts}
    facts = (*kit.base, *sorted(told, key=str))
    fired: list[str] = []
    rules = [rule.spec for rule in kit.program.rules]
    env = Lasting()
    build(env, rules, kit.program.order, facts, fired.append)

    def ours() -> None:
        session = Session(kit.program)
        session.give(facts)
        session.run()

    def theirs() -> None:
        env.reset()
        tell(env, facts)
        env.run()

    runs = range(CLIPS_RUNS)
    return median(_ms(ours) for _ in runs) / median(_ms(theirs) for _ in runs)
