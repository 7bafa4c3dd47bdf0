"""What to change in an architecture that stands: steps, each planned again and priced.

A step lets go of one choice (or of the hardware of one use together) and keeps the rest; choices
that a must then rules out are let go of with it. The line plans what is left open, and the
difference of the two bills is the saving.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from advisor.advise import advise
from advisor.analysis.judge import judged
from advisor.analysis.judge_sizes import sizes_judged
from advisor.analysis.standing import NONE, Standing, standing_of
from advisor.analysis.whatif_outcome import machines
from advisor.domain.answers import Answers
from advisor.domain.architecture import Held
from advisor.domain.interval import Interval
from advisor.domain.plan import Money, Plan
from advisor.domain.review import SEVERITIES, Changed, ReviewFinding, Step, Target
from advisor.frozen import dataclass
from advisor.planning.decide import UNRESOLVED
from advisor.planning.kit import Kit
from advisor.planning.line import Line

USES = ("serving", "training")
PARTS = ("pattern", "accelerator", "host")
ROUNDS = 3
"""How often a step may take along choices that it makes impossible."""
CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Tried:
    """One way to improve: what is let go of, the plan then, and the findings that go with it.

    `adds` counts severe findings that it brings; a way that leaves a choice without an answer, or
    machines that stand without an estimate, is not `whole`.
    """

    freed: frozenset[str]
    plan: Plan
    solves: tuple[ReviewFinding, ...]
    adds: int
    whole: bool

    @property
    def high(self) -> int:
        """Return how many severe findings it solves, less those that it brings."""
        return sum(f.severity == "high" for f in self.solves) - self.adds


class Improver:
    """Tries changes of one architecture on one line."""

    def __init__(
        self, line: Line, answers: Answers, stands: Standing, findings: Iterable[ReviewFinding]
    ) -> None:
        self.line = line
        self.answers = answers
        self.stands = stands
        self.findings = {f.id: f for f in findings}
        self.unpriced = tuple(unpriced(stands))

    def steps(self) -> tuple[Step, ...]:
        """Return the steps, the severest and then the best paid first."""
        tried = (self._best(group) for group in self._groups())
        found = (self._step(one) for one in tried if one is not None and one.solves)
        return tuple(_unrepeated(sorted((s for s in found if s.changes), key=_order)))

    def target(self, steps: Iterable[Step]) -> Target | None:
        """Return what stands once the steps that are worth it are done, None without any."""
        chosen = [s for s in steps if s.worth]
        if not chosen:
            return None
        freed = frozenset(c.decision for s in chosen for c in s.changes)
        done = self._try(freed)
        before, after = self.stands.plan.cost, done.plan.cost
        migration = sum((s.migration for s in chosen[1:]), chosen[0].migration)
        left = tuple(id_ for id_ in self.findings if id_ not in {f.id for f in done.solves})
        return Target(
            after.month,
            after.lifetime,
            saved(before.month, after.month),
            saved(before.lifetime, after.lifetime),
            migration,
            left,
        )

    # --- what to let go of ----------------------------------------------------------------

    def _groups(self) -> Iterator[tuple[frozenset[str], ...]]:
        """Yield for each part with findings the ways to let go of it, the smallest first."""
        subjects = dict.fromkeys(f.subject for f in self.findings.values())
        held = self.stands.held
        for use in USES:
            parts = [f"{use}_{part}" for part in PARTS]
            mine = [p for p in parts if p in subjects]
            if not mine and f"{use}_machines" not in subjects:
                continue
            count = f"{use}:count"
            sized = frozenset([count, "training_pattern"] if use == "training" else [count])
            alone = [sized] if use in held.counts else []
            singles = [frozenset([p, count]) for p in mine if p in held.choices]
            yield (*alone, *singles, frozenset([*parts, count]))
        hardware = {f"{use}_{part}" for use in USES for part in PARTS}
        for subject in subjects:
            if subject in held.choices and subject not in hardware:
                yield (frozenset([subject]),)

    def _best(self, ways: tuple[frozenset[str], ...]) -> Tried | None:
        """Return the way that solves most severe findings, then saves most, then changes least."""
        tried = [self._closed(freed) for freed in ways]
        base = max(self.stands.plan.cost.lifetime.likely, Decimal(1))

        def rank(one: Tried) -> tuple[int, Decimal, float, int]:
            gain = saved(self.stands.plan.cost.lifetime, one.plan.cost.lifetime).likely / base
            days = _days(self.stands.kit, self._changes(one)).likely
            each = len(one.solves) / max(days, 1.0)
            return -one.high, -gain.quantize(Decimal("0.05")), -each, len(one.freed)

        return min((t for t in tried if t.solves and t.whole), key=rank, default=None)

    def _closed(self, freed: frozenset[str]) -> Tried:
        """Return a way with the choices that it makes impossible let go of, too."""
        found = self._try(freed)
        for _ in range(ROUNDS):
            more = frozenset(self._broken(found))
            if not more:
                break
            freed = freed | more
            found = self._try(freed)
        return found

    def _broken(self, tried: Tried) -> Iterator[str]:
        """Yield the held choices that a must rules out only since the change."""
        if not tried.adds:
            return
        now, _ = judged(standing_of(self.line, tried.plan))
        yield from (f.subject for f in now if f.severity == "high" and f.id not in self.findings)

    def _try(self, freed: frozenset[str]) -> Tried:
        """Return the plan with some choices open, and which findings are gone."""
        held = self.stands.held
        self.line.held = Held(
            {d: ids for d, ids in held.choices.items() if d not in freed},
            {use: n for use, n in held.counts.items() if f"{use}:count" not in freed},
        )
        plan = advise(self.answers, self.line, self.stands.plan.as_of)
        now = standing_of(self.line, plan)
        about = (*judged(now)[0], *sizes_judged(now))
        left = {f.id for f in about}
        choices = {*held.choices, *(f"{use}_machines" for use in USES)}
        over = {limit.id for limit in plan.infeasible_because}
        follows = {finding.text for finding in plan.findings}
        solves = tuple(
            f
            for f in self.findings.values()
            if (f.subject in choices and f.id not in left)
            or (f.subject == "budget" and "budget_monthly" not in over)
            or (f.subject == "rules" and f.text not in follows)
        )
        adds = sum(f.severity == "high" and f.id not in self.findings for f in about)
        return Tried(freed, plan, solves, adds, self._whole(now))

    def _whole(self, now: Standing) -> bool:
        """Return whether every choice has an answer and every use that stood is still sized."""
        known = (use in now.uses for use in self.stands.uses)
        decided = (d.ids != (UNRESOLVED,) for d in now.plan.decisions.values())
        return all(known) and all(decided)

    # --- one step in figures --------------------------------------------------------------

    def _step(self, tried: Tried) -> Step:
        changes = tuple(self._changes(tried))
        before, after = self.stands.plan.cost, tried.plan.cost
        days = _days(self.stands.kit, changes)
        migration = _money(self.stands.kit, days)
        lifetime = saved(before.lifetime, after.lifetime)
        severity = min((f.severity for f in tried.solves), key=SEVERITIES.index)
        net = lifetime.likely - migration.likely
        priced = not any(c.decision.startswith(f"{u}_") for c in changes for u in self.unpriced)
        worth, why = _verdict(tried.solves, net if priced else Decimal(0))
        return Step(
            changes,
            tuple(f.id for f in tried.solves),
            severity,
            saved(before.month, after.month),
            lifetime,
            days,
            migration,
            worth,
            why,
            priced,
        )

    def _names(self, decision: str, ids: Iterable[str]) -> str:
        return ", ".join(self.stands.name(decision, i) for i in ids) or NONE

    def _changes(self, tried: Tried) -> Iterator[Changed]:
        """Yield the choices and counts that the step makes otherwise."""
        for id_, before in self.stands.plan.decisions.items():
            after = tried.plan.decisions[id_]
            if id_ in tried.freed and before.ids != after.ids:
                old = self._names(id_, [i for i in before.ids if i not in after.ids])
                new = self._names(id_, [i for i in after.ids if i not in before.ids])
                yield Changed(id_, before.name, old, new)
        counts = [{u.use: u for u in plan.hardware} for plan in (self.stands.plan, tried.plan)]
        for use in USES:
            if f"{use}:count" in tried.freed and use in self.stands.held.counts:
                old, new = (machines(c[use]) if use in c else NONE for c in counts)
                if old != new:
                    yield Changed(f"{use}:count", f"{use.capitalize()} machines", old, new)


def _unrepeated(steps: Iterable[Step]) -> Iterator[Step]:
    """Yield the steps without those that an earlier one takes along."""
    taken: set[str] = set()
    for step in steps:
        mine = {change.decision for change in step.changes}
        if not mine <= taken:
            yield step
        taken |= mine if step.worth else set()


def unpriced(stands: Standing) -> Iterator[str]:
    """Yield the uses that stand on something that cannot be sized, so that nothing prices them."""
    for use in USES:
        parts = {stands.held.first(f"{use}_{part}") for part in PARTS} - {"", NONE}
        if parts and use not in stands.uses:
            yield use


def saved(before: Money, after: Money) -> Money:
    """Return what a change saves, each end against the same end of the other, in order."""
    ends = (before.low - after.low, before.likely - after.likely, before.high - after.high)
    return Money(min(ends), before.likely - after.likely, max(ends))


def _verdict(solves: Iterable[ReviewFinding], net: Decimal) -> tuple[bool, str]:
    """Return whether a step is worth it, and why: what is needed is, whatever it saves."""
    kinds = {(f.kind, f.severity) for f in solves}
    if any(severity == "high" for _, severity in kinds):
        return True, "a must, or what is asked, is missed as it stands"
    if {("missing", "medium"), ("too_little", "medium")} & kinds:
        return True, "it is needed as things stand, whatever it costs"
    if net > 0:
        return True, "it saves more over the life than the change costs"
    if ("needless", "medium") in kinds:
        return True, "nothing asks for it, and it takes people who are not counted in the bill"
    if any(severity == "medium" for _, severity in kinds):
        return False, "better, but it saves less than the change costs: when it is touched anyway"
    return False, "a matter of taste at this price: leave it"


def _days(kit: Kit, changes: Iterable[Changed]) -> Interval:
    """Return the person-days of the changes, each by what it changes."""
    likely = sum(_one(kit, change) for change in changes)
    low, high = kit.number("migration.low"), kit.number("migration.high")
    return Interval(likely * low, likely, likely * high)


def _one(kit: Kit, change: Changed) -> float:
    name = "count" if change.decision.endswith(":count") else change.decision
    known = f"migration_days.{name}"
    parameters = kit.library.policy.parameters
    days = kit.number(known if known in parameters else "migration_days.other")
    if _nothing(change.before):
        return days * kit.number("migration_share.adopt")
    if _nothing(change.after):
        return days * kit.number("migration_share.remove")
    return days


def _nothing(name: str) -> bool:
    return name == NONE or name.startswith("no ")


def _money(kit: Kit, days: Interval) -> Money:
    day = Decimal(
        str(kit.number("cost.staff_usd_year") / kit.number("migration.working_days_year"))
    )
    low, likely, high = (
        (Decimal(str(round(d, 3))) * day).quantize(CENT) for d in (days.low, days.likely, days.high)
    )
    return Money(low, likely, high)


def _order(step: Step) -> tuple[bool, int, Decimal, float, str]:
    """Order steps by whether they are worth it, severity, what a day of work brings, and days."""
    net = step.lifetime.likely - step.migration.likely
    each = net / Decimal(str(max(step.days.likely, 0.1)))
    first = step.changes[0].decision
    return not step.worth, SEVERITIES.index(step.severity), -each, step.days.likely, first
