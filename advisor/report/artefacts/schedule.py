"""When the plan's work recurs: cron expressions of its cadences, and the steps in their order."""

from __future__ import annotations

from advisor.domain.plan import Plan
from advisor.frozen import dataclass
from advisor.report.artefacts.needs import answer, chosen, practised, serving_of, training_of
from advisor.report.text import clean

CRON = {
    "yearly": "0 3 1 1 *",
    "quarterly": "0 3 1 1,4,7,10 *",
    "monthly": "0 3 1 * *",
    "weekly": "0 3 * * 1",
    "daily": "0 3 * * *",
    "hourly": "0 * * * *",
    "hourly_or_continuous": "0 * * * *",
}
"""Cadence -> cron expression in UTC. The hour is a night hour in Europe: move it at will."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a pipeline: what it does, with what, and the variable that holds its command."""

    id: str
    what: str

    @property
    def variable(self) -> str:
        """Return the environment variable that holds the command of the step."""
        return f"{self.id.upper()}_COMMAND"


@dataclass(frozen=True, slots=True)
class Pipeline:
    """Steps that run one after the other; `cron` is empty where nothing recurs."""

    id: str
    name: str
    cadence: str
    cron: str
    steps: tuple[Step, ...]


def pipelines_of(plan: Plan) -> tuple[Pipeline, ...]:
    """Return what recurs: loading and scoring by the arrival of data, training by its cadence."""
    found = (
        _pipeline("data", "data", answer(plan, "data_arrival"), _data_steps(plan)),
        _pipeline("training", "training", _retraining(plan), _training_steps(plan)),
    )
    return tuple(p for p in found if p.steps)


def _retraining(plan: Plan) -> str:
    """Return the cadence of retraining, "" where the answers leave it to people or to alerts."""
    triggers = plan.answers["retrain_trigger"][0] if "retrain_trigger" in plan.answers else ()
    asked = set(triggers if isinstance(triggers, tuple) else (triggers,))
    by_hand = asked and asked <= {"manual", "drift_alert"}
    return "by hand or by an alert" if by_hand else answer(plan, "retrain_cadence")


def _pipeline(id_: str, name: str, cadence: str, steps: tuple[Step, ...]) -> Pipeline:
    return Pipeline(id_, name, cadence or "not stated", CRON.get(cadence, ""), steps)


def _used(plan: Plan, decision: str) -> str:
    """Return the names chosen for a decision, "" where nothing is."""
    found = plan.decisions.get(decision)
    if found is None or not [i for i in found.ids if i not in ("none", "unresolved")]:
        return ""
    return clean(found.chosen_name)


def _data_steps(plan: Plan) -> tuple[Step, ...]:
    """Return loading, checks and what reads the data afterwards; nothing where there is no ML,
    nor where data arrive as a stream: what reads it runs all the time."""
    if chosen(plan, "approach") != "ml" or answer(plan, "data_arrival") == "continuous_stream":
        return ()
    steps = []
    if pipeline := _used(plan, "data_pipeline"):
        steps.append(Step("load", f"load what is new with {pipeline}"))
    if quality := _used(plan, "data_quality"):
        steps.append(Step("validate", f"check the data with {quality}"))
    if store := _used(plan, "feature_store"):
        steps.append(Step("features", f"bring features up to date in {store}"))
    if vectors := _used(plan, "vector_db"):
        steps.append(Step("index", f"embed and index in {vectors}"))
    if chosen(plan, "serving_pattern") in ("batch", "in_database"):
        steps.append(Step("score", f"score the new data: {_used(plan, 'serving_pattern')}"))
    return tuple(steps)


def _training_steps(plan: Plan) -> tuple[Step, ...]:
    if chosen(plan, "training_pattern") in ("none", "unresolved"):
        return ()
    steps = []
    if versioning := _used(plan, "data_versioning"):
        steps.append(Step("snapshot", f"fix the version of the data with {versioning}"))
    framework = _used(plan, "training_framework")
    steps.append(Step("train", f"train{' with ' + framework if framework else ''}"))
    steps.append(Step("evaluate", "compare with the model in use; fail where it is worse"))
    if practised(plan, "bias_check"):
        steps.append(Step("bias", "compare error rates between groups of people"))
    if registry := _used(plan, "model_registry"):
        steps.append(Step("register", f"record model and evaluation in {registry}"))
    if serving_of(plan) is not None:
        steps.append(Step("release", f"release: {_release(plan)}"))
    return tuple(steps)


def _release(plan: Plan) -> str:
    for practice, words in (
        ("shadow", "as a shadow first, answers compared"),
        ("canary", "to a small part of the traffic first"),
        ("fleet_update", "to devices in waves, with a way back"),
    ):
        if practised(plan, practice):
            return words
    return "replace the model in use, keep the last one"


def trains_repeatedly(plan: Plan) -> str:
    """Return the cron expression of retraining, "" where it does not recur."""
    if training_of(plan) is None:
        return ""
    return CRON.get(_retraining(plan), "")
