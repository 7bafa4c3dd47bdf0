"""The state of one plan on its way: what was told to the rules, what they said, what was settled.

A line may plan again after answers changed: facts are exchanged, not reloaded, so that only rules
and estimates that depend on the change are worked out anew.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Mapping
from dataclasses import field
from itertools import chain
from typing import TypeVar

from advisor.domain.answers import Answers
from advisor.domain.architecture import Held
from advisor.domain.plan import Decision
from advisor.domain.rule import Fact
from advisor.engine.session import MatcherName, Session
from advisor.frozen import dataclass
from advisor.planning.brief import Brief, interpret
from advisor.planning.given import given_facts
from advisor.planning.hosted_services import Hosted
from advisor.planning.kit import Called, Kit
from advisor.planning.options import Option
from advisor.planning.places import home_of
from advisor.planning.quantities import lifetime_months
from advisor.planning.select import Offer
from advisor.planning.trace import Reader, Trace
from advisor.planning.weights import Worth, worth_of
from advisor.planning.workload import Workload, workload_of

T = TypeVar("T")

MOST_REMEMBERED = 4
MOST_SMALL = 60
"""Results that a line keeps of each kind of step, the latest used: those with many options, and
those of which each plan has many."""
SMALL = ("settled", "placed", "likeness")

Groups = tuple[tuple[Fact, ...], ...]
"""Facts that one step tells the rules; no fact stands in two groups. What stays the same from plan
to plan is best the same object: it need not be looked at."""
Told = Mapping[str, Option]
"""The option that each use (training, serving) settled on."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """What a step of the line found out; the facts replace those of its last time.

    Where choices are held, `preferred` is what would have been chosen, and `needed` the option of
    a use in the count that its load asks for.
    """

    origin: str
    facts: Groups = ()
    decisions: tuple[Decision, ...] = ()
    options: Mapping[str, tuple[Option, ...]] = field(default_factory=dict)
    offers: Mapping[str, Mapping[str, Offer]] = field(default_factory=dict)
    uses: Told = field(default_factory=dict)
    misses: Told = field(default_factory=dict)
    preferred: tuple[Decision, ...] = ()
    needed: Told = field(default_factory=dict)
    hosted: Hosted | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Same:
    """Stands for a value in a key where comparing it would cost more than working anew: only the
    very same object is the same."""

    it: object

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and self.it is other.it

    def __hash__(self) -> int:
        return id(self.it)


class Line:
    """One plan in the making; `held` choices are taken as they stand."""

    def __init__(self, kit: Kit, matcher: MatcherName = "hash") -> None:
        self.kit = kit
        self.session = Session(kit.program, matcher)
        self.session.give(kit.program.base)
        self.brief = Brief({}, {})
        self.months = 0
        """The months of use that costs are summed over."""
        self.notes: Mapping[str, str] = {}
        self.worth = Worth(())
        """What preferences are worth under the answers."""
        self.as_of = ""
        self.nearby: frozenset[str] = frozenset()
        self.held = Held()
        self.lessons: dict[str, Lesson] = {}
        self.decisions: dict[str, Decision] = {}
        """What is settled so far, by id."""
        self._told: dict[str, Groups] = {}
        self._memo: dict[str, dict[Hashable, object]] = defaultdict(dict)
        self.called = kit.called("")
        self.read = Reader(kit.rules, self.called.names, kit.library.words.classes)
        self.trace = Trace(self.read)

    def state(self, answers: Answers, as_of: str, nearby: frozenset[str] = frozenset()) -> None:
        """Begin a plan: tell the rules what the answers say on that day.

        `nearby` limits the accelerators that are sized in data centres; empty means all.
        """
        self.nearby, self.notes = nearby, answers.notes
        shape = self.kit.shapes.get(answers.model)
        self.brief = interpret(answers, self.kit.questions, shape)
        self.months = int(lifetime_months(self.brief, self.kit.number))
        self.worth = worth_of(self.brief.values, self.kit.tolerance)
        if not nearby:  # which is about choices and sizes, not about names
            self._call(self.kit.called(home_of(self.brief)))
        self.as_of = as_of
        self.lessons, self.decisions = {}, {}
        self._tell("answers", given_facts(self.brief, self.kit, as_of))

    def _call(self, called: Called) -> None:
        """Take the names in use up."""
        if called is not self.called:
            self.called = called
            self.read = Reader(self.kit.rules, called.names, self.kit.library.words.classes)
            self.trace.call(self.read)

    def practises(self, practice: str) -> bool:
        """Return whether the rules have taken a practice up."""
        return any(fact.get("id") == practice for fact in self.session.facts("practice"))

    def run(self, level: int) -> None:
        """Fire the rules of all levels up to `level`."""
        self.session.run(level)
        self.trace.follow(*self.session.news(), level)

    def learn(self, lesson: Lesson) -> None:
        """Take a step's result in and tell the rules its facts."""
        self.lessons[lesson.origin] = lesson
        self.decisions.update((d.id, d) for d in lesson.decisions)
        self._tell(lesson.origin, lesson.facts)

    @property
    def preferred(self) -> dict[str, Decision]:
        """Return what would be chosen where it stands otherwise, everything before as it stands."""
        return {d.id: d for lesson in self.lessons.values() for d in lesson.preferred}

    @property
    def needed(self) -> dict[str, Option]:
        """Return the option of each held use in the count that its load asks for."""
        return {use: o for lesson in self.lessons.values() for use, o in lesson.needed.items()}

    @property
    def uses(self) -> dict[str, Option]:
        """Return the option of each use, as last priced."""
        return {use: o for lesson in self.lessons.values() for use, o in lesson.uses.items()}

    @property
    def misses(self) -> dict[str, Option]:
        """Return the uses for which no option meets every target, with the nearest."""
        return {use: o for lesson in self.lessons.values() for use, o in lesson.misses.items()}

    @property
    def workload(self) -> Workload:
        """Return the workload in numbers, once the depth of adaptation is settled."""
        serves = self.chosen("approach") != "no_ml_yet"
        trains = serves and "trains_model" in self.classes
        adaptation = self.chosen("adaptation")

        def work() -> Workload:
            whole = workload_of(self.brief, adaptation, self.kit.shapes, self.kit.number)
            return whole.limited(trains=trains, serves=serves)

        return self.once("workload", (Same(self.brief), adaptation, trains, serves), work)

    @property
    def classes(self) -> Collection[str]:
        """Return the situations that the answers make, as far as the rules have run."""
        return self.trace.reasons("class").keys()

    def chosen(self, decision: str) -> str:
        """Return the single choice of an earlier decision, "" while it is open."""
        found = self.decisions.get(decision)
        return found.ids[0] if found and found.ids else ""

    @property
    def told_by(self) -> Mapping[str, frozenset[Fact]]:
        """Return the facts that each step told the rules, besides the catalogue."""
        return {origin: frozenset(chain(*groups)) for origin, groups in self._told.items()}

    def once(self, kind: str, key: Hashable, work: Callable[[], T]) -> T:
        """Return the result of pure `work` of some kind, remembered under its inputs."""
        memo = self._memo[kind]
        try:
            found = memo.pop(key)
        except KeyError:
            found = work()
        memo[key] = found  # the latest used stands last
        if len(memo) > (MOST_SMALL if kind in SMALL else MOST_REMEMBERED):
            del memo[next(iter(memo))]
        return found  # type: ignore[return-value]  # kind and key name the work

    def _tell(self, origin: str, groups: Groups) -> None:
        """Exchange the facts of an origin; groups that are still the same objects stay."""
        before = self._told.get(origin, ())
        same = {id(group) for group in before} & {id(group) for group in groups}
        gone = dict.fromkeys(chain(*[group for group in before if id(group) not in same]))
        come = dict.fromkeys(chain(*[group for group in groups if id(group) not in same]))
        self.session.withdraw([fact for fact in gone if fact not in come])
        self.session.give([fact for fact in come if fact not in gone])
        self._told[origin] = groups
