"""The cycle of a model in use: what starts a training, what lets it through, how to go back, what
is kept and when it ends."""

from __future__ import annotations

from collections.abc import Iterator

from advisor.planning.lifetime_span import span_of
from advisor.planning.line import Line
from advisor.planning.words import counted, dollars

TRIGGERS = {
    "manual": "a person",
    "schedule": "the clock",
    "new_data": "new data",
    "drift_alert": "an alert on drift",
}
DRIFT = {
    "stable": "compare inputs with those of training every quarter",
    "seasonal": "compare inputs with those of the same season; alert where they part for two weeks",
    "fast": "compare inputs every week; alert at once",
    "adversarial": "watch the share of rare inputs every day: somebody works against the model",
}
ROLLOUT = {
    "shadow": "the new version answers beside the old one, unseen, until its figures hold",
    "canary": "a small part of the traffic goes to the new version first",
    "ab_test": "half of the users get the new version until the difference is certain",
    "not_needed": "the new version replaces the old one at once",
}
VERSIONS = 2
"""Versions that must be ready at any time: the one in use and the one before."""


def cycle_words(line: Line, months: int) -> Iterator[str]:
    """Yield the cycle of the model; nothing where none runs."""
    if line.chosen("approach") == "no_ml_yet":
        return
    if line.workload.training is not None and "training" in line.uses:
        yield from _trainings(line)
    yield from _release(line)
    yield from _kept(line)
    yield from _end(line, months)


def _trainings(line: Line) -> Iterator[str]:
    brief = line.brief
    cadence = str(brief.one("retrain_cadence") or "never")
    if cadence == "never":
        return
    starts = [TRIGGERS[str(t)] for t in brief.many("retrain_trigger") if str(t) in TRIGGERS]
    started = " or ".join(starts or ["the clock"])
    yield f"trained again {cadence.replace('_', ' ')}, started by {started}"
    yield from _trials(line)
    share = line.kit.number(f"retrain_share.{cadence}")
    if share < 1:
        yield (
            f"a {cadence.replace('_', ' ').split(' or ')[0]} release reads what is new and a part "
            f"of the past: the calendar counts each as {share:g} of a full training"
        )
    drift = DRIFT.get(str(brief.one("drift_expected") or ""))
    if drift:
        yield f"drift: {drift}"
    delay = brief.number("label_delay_days")
    if delay:
        cautious = "inputs and scores stand in until then" if delay > 1 else "quality is seen daily"
        yield f"the truth is known after {counted(int(delay), 'day')}: {cautious}"


def _trials(line: Line) -> Iterator[str]:
    """Yield why a training takes more hours than its run: the trials beside it."""
    work, trials = line.workload.training, int(line.brief.number("hpo_trials"))
    if work is not None and trials and work.runs > 1:
        which = "each" if work.later_runs > 1 else "the first"
        share = (work.runs - 1) / work.runs
        yield f"{which} holds {counted(trials, 'tuning trial')}, {share:.0%} of its device-hours"


def _release(line: Line) -> Iterator[str]:
    gate = "a person signs" if _signed(line) else "it passes by itself"
    judged = "held-out data" if _trained(line) else "test set of questions and answers"
    if line.workload.family != "llm" and not _trained(line):
        judged = "test set"
    yield (
        f"gate: no worse than the version in use on the same {judged}, in every group that is "
        f"watched; then {gate}"
    )
    rollout = ROLLOUT.get(str(line.brief.one("rollout_risk") or ""))
    if rollout:
        yield f"release: {rollout}"
    yield f"rollback: {VERSIONS} versions stand ready, the one in use and the one before it"


def _signed(line: Line) -> bool:
    """Return whether a person approves each release: errors hurt, or a law asks for
    records of releases that are few enough to be read."""
    stakes = str(line.brief.one("decision_stakes") or "")
    classes = {str(fact.get("id")) for fact in line.session.facts("class")}
    work, most = line.workload.training, line.kit.number("life.releases_by_hand")
    seldom = work is None or work.releases_a_month <= most
    hurts = stakes in ("legal_or_financial_effect_on_people", "safety")
    return hurts or ("regulated" in classes and seldom)


def _kept(line: Line) -> Iterator[str]:
    brief = line.brief
    years = brief.number("audit_years")
    if years:
        with_it = ", each model with its data" if _trained(line) else ""
        yield f"kept {counted(int(years), 'year')}: logs of decisions{with_it}"
    deletion = str(brief.one("deletion_requests") or "")
    if deletion == "from_stores_and_models":
        yield (
            "a deletion request reaches the model: it waits for the next training, or forces one "
            f"where none falls due in time{_price_of_a_run(line)}"
        )
    elif deletion == "from_stores":
        trained = _trained(line)
        then = "the next training then leaves the person out" if trained else "and every index"
        yield f"a deletion request reaches the stores{'; ' if trained else ' '}{then}"


def _trained(line: Line) -> bool:
    return "training" in line.uses and line.uses["training"].pattern != "none"


def _price_of_a_run(line: Line) -> str:
    option = line.uses.get("training")
    if option is None or not option.one_off.likely:
        return ""
    return f", at about {dollars(option.one_off.likely)}"


def _end(line: Line, months: int) -> Iterator[str]:
    span = span_of(line, months)
    if span.ends:
        yield f"sunset: the last month is {span.names[-1]}; warn callers half a year before"
    else:
        every = int(line.kit.number("time.replatform_months"))
        due = [span.use[n] for n in range(every, months, every)]
        if due:
            yield f"no sunset is stated; a new platform falls due in {', '.join(due)}"
