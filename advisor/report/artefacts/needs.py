"""What of a plan an artefact is made from: the two uses with their hosts, and its schedule."""

from __future__ import annotations

from advisor.domain.deployment import ServingSetting, TrainingSetting
from advisor.domain.plan import HardwareUse, Plan
from advisor.frozen import dataclass
from advisor.report.text import clean

IDLE = ("none", "unresolved", "in_database", "model_api")
"""Patterns that run nothing of one's own."""
CPUS = ("cpu", "none")
ENGINES = ("vllm", "sglang")
"""Serving engines whose command line the advisor writes."""
PINNED = ("country_or_bloc", "own_premises", "air_gapped")
"""Residencies that forbid just any region."""


@dataclass(frozen=True, slots=True)
class Training:
    """Training that runs on machines of the plan."""

    host: str
    pattern: str
    framework: str
    scheduler: str
    use: HardwareUse
    setting: TrainingSetting

    @property
    def on_cpu(self) -> bool:
        """Return whether it runs without accelerators."""
        return self.use.accelerator in CPUS

    @property
    def nodes(self) -> int:
        """Return the machines of one run."""
        return max(1, self.use.nodes)

    @property
    def processes(self) -> int:
        """Return the processes that one machine starts: one a device, one without devices."""
        return max(1, -(-self.use.count // self.nodes))

    @property
    def minutes_between_checkpoints(self) -> int:
        """Return the plan's interval; 0 where none was sized or a run is over before it."""
        sized = self.setting.checkpoint_min
        return round(sized) if sized < self.setting.hours * 60 else 0


@dataclass(frozen=True, slots=True)
class Serving:
    """Serving that runs on machines of the plan."""

    host: str
    pattern: str
    engine: str
    use: HardwareUse
    setting: ServingSetting

    @property
    def on_cpu(self) -> bool:
        """Return whether it runs without accelerators."""
        return self.use.accelerator in CPUS

    @property
    def standing(self) -> bool:
        """Return whether it answers requests, rather than working off a pile."""
        return self.pattern != "batch"

    @property
    def copies_a_machine(self) -> int:
        """Return the replicas that one process serves on a machine; a pod holds one."""
        if self.on_cpu or self.host == "kubernetes":
            return 1
        room = max(1, self.use.per_node // self.setting.devices)
        return min(room, -(-self.setting.replicas // max(1, self.use.nodes)))

    @property
    def language_model(self) -> bool:
        """Return whether requests are counted in tokens that an engine generates."""
        return self.engine in ENGINES and self.setting.longest > 0


def training_of(plan: Plan) -> Training | None:
    """Return the training that the plan runs itself, None where there is none."""
    use = _use(plan, "training")
    if use is None or not isinstance(use.setting, TrainingSetting):
        return None
    return Training(
        chosen(plan, "training_host"),
        chosen(plan, "training_pattern"),
        chosen(plan, "training_framework"),
        chosen(plan, "job_scheduler"),
        use,
        use.setting,
    )


def serving_of(plan: Plan) -> Serving | None:
    """Return the serving that the plan runs itself, None where there is none."""
    use = _use(plan, "serving")
    if use is None or not isinstance(use.setting, ServingSetting):
        return None
    return Serving(
        chosen(plan, "serving_host"),
        chosen(plan, "serving_pattern"),
        chosen(plan, "serving_engine"),
        use,
        use.setting,
    )


def _use(plan: Plan, use: str) -> HardwareUse | None:
    if chosen(plan, f"{use}_pattern") in IDLE:
        return None
    return next((u for u in plan.hardware if u.use == use), None)


def chosen(plan: Plan, decision: str) -> str:
    """Return the id chosen, "none" where nothing is."""
    found = plan.decisions.get(decision)
    return found.ids[0] if found and found.ids else "none"


def answer(plan: Plan, question: str) -> str:
    """Return a single answer as text, "" where it was not asked."""
    value = plan.answers[question][0] if question in plan.answers else ""
    return str(value[0] if isinstance(value, tuple) and value else value or "")


def practised(plan: Plan, practice: str) -> bool:
    """Return whether the plan contains a practice."""
    return any(p.id == practice for p in plan.practices)


def named(plan: Plan, decision: str) -> str:
    """Return what was chosen by name, as one harmless line."""
    found = plan.decisions.get(decision)
    return clean(found.chosen_name) if found else "nothing"


def finetunes(plan: Plan) -> bool:
    """Return whether training begins with weights that somebody else published."""
    kinds = ("lora_finetune", "full_finetune", "continued_pretraining")
    return chosen(plan, "adaptation") in kinds and bool(training_of(plan))


def pinned(plan: Plan) -> bool:
    """Return whether work and data must stay in a country, bloc or site."""
    return answer(plan, "residency") in PINNED
