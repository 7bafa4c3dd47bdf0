"""The hardware stage: patterns and accelerators are chosen together, from priced options.

A pattern costs what its cheapest accelerator and the people who run it cost; so the pattern is
settled first, and then the accelerator among the options of that pattern. Verdicts of rules apply
to both.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from advisor.domain.plan import Reason
from advisor.planning.candidates import Candidate
from advisor.planning.options import Option
from advisor.planning.select import Offer, Outcome, Standing, choose, standings
from advisor.planning.trace import Opinion
from advisor.planning.weights import Worth

HOSTED = "model_api"
"""The pattern that calls a hosted service."""
OWN_PLACE = "own"
"""The provider of machines of one's own."""


@dataclass(frozen=True, slots=True)
class UseOutcome:
    """What one use settled on; `miss` is set when no option meets every stated target."""

    pattern: Outcome
    accelerator: Outcome
    option: Option | None
    miss: Option | None = None


@dataclass(frozen=True)
class UseCase:
    """One use (training or serving) with everything said about its candidates."""

    use: str
    patterns: tuple[Candidate, ...]
    accelerators: tuple[Candidate, ...]
    of_patterns: Opinion
    of_accelerators: Opinion
    options: tuple[Option, ...]
    months: int
    worth: Worth
    people: Callable[[Option], Decimal]
    """What the people of an option cost in an average month of the life."""
    apart: Callable[[Option], Decimal]
    stands: str = ""
    """The accelerator that is owned by name."""
    lacking: tuple[Reason, ...] = ()
    """Why no hosted service can be called."""

    @property
    def idle(self) -> Reason | None:
        """Return why a rule keeps the accelerator that stands there from this use."""
        said = self.of_accelerators.verdicts.get(self.stands, ())
        return next((v.reason for v in said if v.kind == "exclude"), None)

    @cached_property
    def _known(self) -> dict[int, Decimal]:
        return {id(option): self.people(option) for option in self.options}

    def people_of(self, option: Option) -> Decimal:
        """Return what `people` says of an option, worked out once: it is asked for often."""
        found = self._known.get(id(option))
        return self.people(option) if found is None else found

    @cached_property
    def least(self) -> Mapping[str, Decimal]:
        """Return the monthly cost of the fewest people that a pattern takes anywhere."""
        least: dict[str, Decimal] = {}
        for option in self.options:
            people = self.people_of(option)
            least[option.pattern] = min(people, least.get(option.pattern, people))
        return least

    def whole(self, option: Option) -> Decimal:
        """Return the cost of an option over the life, with what its place takes beside it and
        the people who run it there."""
        people = self.people_of(option) * self.months
        return option.lifetime(self.months) + self.apart(option) + people

    def total(self, option: Option) -> Decimal:
        """Return the cost of an option among those of its pattern: of the people it takes only
        those count who come on top of the fewest."""
        more = self.people_of(option) - self.least[option.pattern]
        return option.lifetime(self.months) + self.apart(option) + more * self.months

    def key(self, option: Option) -> tuple[bool, Decimal, int, str, str]:
        """Return the sort key of an option: that of its own, at its place."""
        return self._keys[id(option)]

    @cached_property
    def _keys(self) -> dict[int, tuple[bool, Decimal, int, str, str]]:
        """Return the key of each option, worked out once: options are sorted by pattern and by
        accelerator."""
        return {
            id(o): (not o.feasible, self.total(o), o.devices, o.accelerator, o.pattern)
            for o in self.options
        }


def settle_use(case: UseCase) -> UseOutcome:
    """Return pattern, accelerator and option of one use."""
    allowed = _allowed_options(case)
    offers = {p.id: _pattern_offer(case, allowed, p.id) for p in case.patterns}
    ranked = standings(case.patterns, case.of_patterns, offers, case.worth)
    pattern = choose(ranked)
    miss: Option | None = None
    if not pattern.chosen:
        pattern, miss = _least_bad(case, ranked, allowed)
    if not pattern.chosen:
        return UseOutcome(pattern, Outcome(()), None)
    return _accelerator(case, allowed, pattern, miss)


def under_pattern(case: UseCase, best: UseOutcome, pattern: str) -> UseOutcome:
    """Return the outcome with the accelerator that is best for a pattern that stands already."""
    if best.pattern.chosen and best.pattern.chosen[0].candidate.id == pattern:
        return best
    named = [c for c in case.patterns if c.id == pattern]
    standing = standings(named, case.of_patterns, {}, case.worth)
    allowed = _allowed_options(case)
    mine = [o for o in allowed if o.pattern == pattern]
    nearest = min(mine, key=lambda o: (len(o.failures), o.overshoot, case.key(o)), default=None)
    miss = nearest if nearest and not any(o.feasible for o in mine) else None
    found = _accelerator(case, allowed, Outcome(standing), miss)
    return UseOutcome(best.pattern, found.accelerator, found.option)


def _allowed_options(case: UseCase) -> tuple[Option, ...]:
    """Return options on accelerators and patterns that no must of a rule excludes."""
    said = case.of_accelerators
    required = {c for c, vs in said.verdicts.items() if any(v.kind == "require" for v in vs)}
    return tuple(
        o
        for o in case.options
        if o.accelerator not in said.barred and (not required or o.accelerator in required)
    )


def _pattern_offer(case: UseCase, allowed: tuple[Option, ...], pattern: str) -> Offer:
    """Return the cheapest feasible option of the pattern, or why there is none."""
    mine = [o for o in allowed if o.pattern == pattern]
    met = [o for o in mine if o.feasible]
    if met:
        best = min(met, key=case.key)
        return Offer(case.whole(best), best.month.likely + case.people_of(best), best.why)
    if mine:
        nearest = min(mine, key=lambda o: (len(o.failures), case.key(o)))
        return Offer(failures=nearest.failures)
    if pattern == HOSTED and case.lacking:
        return Offer(failures=case.lacking)
    text = "no device that the rules leave can do this"
    left = Reason(text, estimate=f"{case.use}_options")
    return Offer(failures=(case.idle, left) if case.idle else (left,))


def _least_bad(
    case: UseCase, ranked: tuple[Standing, ...], allowed: tuple[Option, ...]
) -> tuple[Outcome, Option | None]:
    """Return the pattern whose best option misses a target by least, when rules leave one.

    The plan is then not feasible, but still says what would come nearest.
    """
    open_ = {s.candidate.id for s in ranked} - case.of_patterns.barred
    required = {s.candidate.id for s in ranked if s.required}
    left = [o for o in allowed if o.pattern in open_ and (not required or o.pattern in required)]
    if not left:
        return choose(ranked), None
    miss = min(left, key=lambda o: (len(o.failures), o.overshoot, case.key(o)))
    chosen = tuple(s for s in ranked if s.candidate.id == miss.pattern)
    rejected = choose(ranked).rejected
    return Outcome(chosen, (), tuple(r for r in rejected if r.id != miss.pattern)), miss


def _accelerator(
    case: UseCase, allowed: tuple[Option, ...], pattern: Outcome, miss: Option | None
) -> UseOutcome:
    """Return the accelerator among the options of the chosen pattern."""
    name = pattern.chosen[0].candidate
    mine: dict[str, Option] = {}
    for one in sorted([o for o in allowed if o.pattern == name.id], key=case.key):
        mine.setdefault(one.accelerator, one)
    offers = {c.id: _device_offer(case, mine.get(c.id), name.name, c) for c in case.accelerators}
    if miss is not None:
        offers[miss.accelerator] = Offer(case.total(miss), miss.month.likely, miss.why)
    outcome = choose(standings(case.accelerators, case.of_accelerators, offers, case.worth))
    taken = mine.get(outcome.chosen[0].candidate.id) if outcome.chosen else None
    return UseOutcome(pattern, outcome, miss or taken, miss)


def _device_offer(case: UseCase, option: Option | None, pattern: str, device: Candidate) -> Offer:
    if option is None:
        text = f"no allowed offer of {device.name} does {pattern}"
        if device.attributes.get("kind") in ("none", "cpu"):
            text = f"{device.name} cannot do {pattern}"
        return Offer(failures=(Reason(text, estimate=f"{case.use}_options"),))
    return Offer(case.total(option), option.month.likely, option.why, failures=option.failures)
