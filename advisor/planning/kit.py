"""What planning needs of a library, worked out once: program, candidates, names, constants."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cached_property

from advisor.domain.catalogue import accelerator_attributes, model_attributes
from advisor.domain.decisions import DecisionSpec, StageSpec
from advisor.domain.evidence import PublishedFigure
from advisor.domain.hardware import Accelerator
from advisor.domain.model import ModelShape
from advisor.domain.own_runs import OwnMeasurements
from advisor.domain.questions import Question
from advisor.domain.rule import Fact, RuleSpec, Scalar, Strength
from advisor.engine.compile import Groundwork, Program
from advisor.engine.stratify import Stages
from advisor.frozen import dataclass, replace
from advisor.library import cache
from advisor.library.calibration import inference_constants, named_works, training_constants
from advisor.library.evidence import published_figures
from advisor.library.load import Library
from advisor.library.locate import library_root
from advisor.library.own_measurements import own_measurements
from advisor.planning.candidates import Candidate
from advisor.planning.known_runs import KnownRuns
from advisor.planning.market import Market, Rate, Where, build_market
from advisor.sizing.serving_constants import InferenceConstants
from advisor.sizing.training_constants import TrainingConstants
from advisor.sizing.training_samples import SampleWork

HARDWARE = "hardware"
"""The stage whose estimates size accelerators."""


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage: rules up to `propose` run before its estimates, up to `judge` after them."""

    spec: StageSpec
    index: int

    @property
    def id(self) -> str:
        """Return the id of the stage."""
        return self.spec.id

    @property
    def propose(self) -> int:
        """Return the level of requirements and verdicts."""
        return 2 * self.index

    @property
    def judge(self) -> int:
        """Return the level of rules that read the stage's estimates."""
        return 2 * self.index + 1


FRESH = 30_000
"""New objects after which garbage is looked for once the library is read: of 2, 5, 10, 30, 100 and
1,000 thousand, tried once each, the least for the slowest twentieth of changes that size anew."""
GROUNDWORK = "program"
"""The part of the cache that holds the groundwork of the rulebook."""


def kept_kit(library: Library) -> Kit:
    """Return a library as it was read, made ready with what earlier starts have worked out."""
    return Kit(library, cache.key_of(library.fingerprint))


class Kit:
    """A library made ready for planning.

    `key` is that of a library as it was read, under which its groundwork is kept.
    """

    def __init__(self, library: Library, key: str = "") -> None:
        self.library = library
        self._key = key
        self.stages = tuple(Stage(spec, i) for i, spec in enumerate(library.stages))
        self.questions: tuple[Question, ...] = library.questions
        self.rules: Mapping[str, RuleSpec] = {rule.id: rule for rule in library.rules}
        self.clauses = tuple(library.clauses.values())
        self.number = library.policy.number
        self._called: dict[str, Called] = {}
        self._rented: dict[Where, Market] = {}
        self.bought: dict[tuple[str, str, int], Rate] = {}
        self._in_force: dict[tuple[str, ...], tuple[Fact, ...]] = {}

    @cached_property
    def decisions(self) -> dict[str, DecisionSpec]:
        """Return every decision by id, in the order in which they are settled."""
        return {d.id: d for stage in self.stages for d in stage.spec.decisions}

    @cached_property
    def order(self) -> Stages:
        """Return the order of decisions as the rules need it."""
        of = {d.id: stage.index for stage in self.stages for d in stage.spec.decisions}
        hardware = next(stage.index for stage in self.stages if stage.id == HARDWARE)
        return Stages(of, len(self.stages), hardware)

    @property
    def last_level(self) -> int:
        """Return the level of the advice rules."""
        return self.order.last_level

    @cached_property
    def program(self) -> Program:
        """Return the compiled rulebook with the catalogue indexed."""
        rules, order = self.library.rules, self.order
        ground = cache.kept(
            self._key,
            GROUNDWORK,
            Groundwork,
            lambda: Groundwork.of(Program(rules, order, self.base)),
        )
        program = Program(rules, order, known=ground)
        gc.freeze()  # all this stays: no more looking for garbage in it
        if gc.get_threshold()[0] > FRESH:
            gc.set_threshold(FRESH)
        return program

    @cached_property
    def base(self) -> tuple[Fact, ...]:
        """Return the catalogue as facts; only attributes and traits that some rule reads."""
        wanted = _Read.by(self.library.rules)
        return tuple(
            wanted.trimmed(fact)
            for entries in self.candidates.values()
            for candidate in entries
            for fact in candidate.facts()
            if wanted.reads(fact)
        )

    @cached_property
    def candidates(self) -> dict[str, tuple[Candidate, ...]]:
        """Return the candidates of every decision, in the order of the catalogue."""
        return {id_: tuple(self._candidates(spec)) for id_, spec in self.decisions.items()}

    def _candidates(self, spec: DecisionSpec) -> Iterator[Candidate]:
        for option in spec.options:
            yield Candidate(spec.id, option.id, option.name, "", option.attributes, option.traits)
        if spec.catalogue == "accelerators":
            for record in self.library.accelerators.values():
                attributes = accelerator_attributes(record)
                yield Candidate(spec.id, record.id, record.accelerator.name, "", attributes)
        for entry in (*self.library.components.values(), *self.library.orchestrators.values()):
            if entry.decision == spec.id:
                yield Candidate(
                    spec.id,
                    entry.id,
                    entry.name,
                    entry.slot,
                    entry.attributes,
                    entry.traits,
                    entry.names,
                    self._fee(entry.id),
                )

    def _fee(self, id_: str) -> float:
        """Return what a managed service bills a month, 0 where the policy lists no fee of it."""
        known = self.library.policy.parameters.get(f"standing_fee_usd_month.{id_}")
        return float(known.value) if known else 0.0

    def provider(self, id_: str) -> str:
        """Return what sentences call a provider, without what its name says in brackets."""
        known = self.library.providers.get(id_)
        return known.name.partition(" (")[0] if known else id_

    def rented(self, where: Where) -> Market:
        """Return everything for rent at the prices of an area on a day."""
        if where not in self._rented:
            offers, providers = self.library.offers.values(), self.library.providers.values()
            spread = self.number("default_range_pct.price")
            self._rented[where] = build_market(offers, providers, where, spread)
        return self._rented[where]

    def clauses_in_force(self, first: str, last: str) -> tuple[Fact, ...]:
        """Return the clauses that bind on any day between two ISO days."""
        binding = tuple([c for c in self.clauses if c.in_force(first, last)])
        ids = tuple([clause.id for clause in binding])
        if ids not in self._in_force:
            self._in_force[ids] = tuple(
                Fact.of("clause", id=clause.id, duty=clause.duty, control=clause.control)
                for clause in binding
            )
        return self._in_force[ids]

    def called(self, home: str) -> Called:
        """Return the candidates and names as they are called on a cloud, "" for none."""
        if home not in self._called:
            entries = {d: tuple(c.on(home) for c in cs) for d, cs in self.candidates.items()}
            self._called[home] = Called(entries, self._names(entries))
        return self._called[home]

    def _names(self, entries: Mapping[str, tuple[Candidate, ...]]) -> dict[str, str]:
        """Return what sentences call candidates, classes, needs, tools in use and providers."""
        plain = ("none", "cpu")
        words = self.library.words
        others = {p.id: p.name for p in self.library.providers.values()}
        tools = (q.options for q in self.questions if q.id == "existing_tools")
        others |= {o.id: o.label for options in tools for o in options if o.id != "none"}
        own = {c.id: c.name for cs in entries.values() for c in cs if c.id not in plain}
        law = {c.id: f"{c.regime}, {c.clause}" for c in self.clauses}
        return {**others, **words.needs, **words.classes, **law, **own}

    @property
    def names(self) -> Mapping[str, str]:
        """Return the names where no cloud is settled."""
        return self.called("").names

    @cached_property
    def shapes(self) -> dict[str, ModelShape]:
        """Return the catalogue's model architectures by id."""
        return {id_: record.shape for id_, record in self.library.models.items()}

    @cached_property
    def model_attributes(self) -> dict[str, dict[str, Scalar]]:
        """Return what rules may read of each model."""
        return {id_: model_attributes(record) for id_, record in self.library.models.items()}

    @cached_property
    def devices(self) -> dict[str, Accelerator]:
        """Return what the formulas need of each accelerator."""
        return {id_: record.accelerator for id_, record in self.library.accelerators.items()}

    @cached_property
    def _measured(self) -> _Measured:
        return cache.kept(self._key, "measured", _Measured, _Measured.read)

    @property
    def evidence(self) -> tuple[PublishedFigure, ...]:
        """Return the published measurements that estimates are held against."""
        return self._measured.evidence

    @cached_property
    def own(self) -> OwnMeasurements:
        """Return what the packs measured themselves."""
        return own_measurements(pack.folder for pack in self.library.packs)

    @property
    def item_samples(self) -> tuple[tuple[str, SampleWork], ...]:
        """Return name patterns of models that are counted in items, with their work."""
        return self._measured.items

    @cached_property
    def training_constants(self) -> TrainingConstants:
        """Return the calibration of training."""
        found = self._measured.training
        return replace(found, values={**found.values, **self.own.training})

    @cached_property
    def training_runs(self) -> KnownRuns:
        """Return the estimates of training, remembered by job."""
        return KnownRuns(self.training_constants)

    @cached_property
    def inference_constants(self) -> InferenceConstants:
        """Return the calibration of serving."""
        found = self._measured.serving
        return replace(found, values={**found.values, **self.own.serving})

    @cached_property
    def tolerance(self) -> dict[Strength, Decimal]:
        """Return what a verdict is worth, in percent of the likely lifetime cost."""
        return {
            strength: Decimal(str(self.number(f"cost_tolerance_pct.{strength.value}")))
            for strength in (Strength.SHOULD, Strength.COULD)
        }


@dataclass(frozen=True, slots=True, eq=False)
class Called:
    """Candidates by decision and names by id, as they are called on one cloud; one object each."""

    candidates: Mapping[str, tuple[Candidate, ...]]
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Measured:
    """What the built-in library says of measurements: constants, work of items, published runs."""

    training: TrainingConstants
    serving: InferenceConstants
    items: tuple[tuple[str, SampleWork], ...]
    evidence: tuple[PublishedFigure, ...]

    @classmethod
    def read(cls) -> _Measured:
        knowledge = library_root() / "knowledge"
        calibration = knowledge / "calibration"
        return cls(
            training_constants(calibration / "training.yaml"),
            inference_constants(calibration / "inference.yaml"),
            named_works(calibration, "inference"),
            published_figures(knowledge / "evidence"),
        )


@dataclass(frozen=True, slots=True)
class _Read:
    """What rules read of candidates: attribute fields, trait names."""

    fields: frozenset[str]
    traits: frozenset[str]

    @classmethod
    def by(cls, rules: tuple[RuleSpec, ...]) -> _Read:
        clauses = [clause for rule in rules for clause in (*rule.when, *rule.none)]
        fields = {t.field for c in clauses if c.fact in ("candidate", "choice") for t in c.tests}
        traits = {
            str(t.operand)
            for c in clauses
            if c.fact == "trait"
            for t in c.tests
            if t.field == "name"
        }
        return cls(frozenset(fields) | {"decision", "id"}, frozenset(traits))

    def reads(self, fact: Fact) -> bool:
        return fact.type == "candidate" or str(fact.get("name")) in self.traits

    def trimmed(self, fact: Fact) -> Fact:
        if fact.type != "candidate":
            return fact
        return Fact(fact.type, tuple(f for f in fact.fields if f[0] in self.fields))
