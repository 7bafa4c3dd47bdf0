"""Reviews of architectures that stand: what is found, what is not, and what it is worth."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import jsonschema
import pytest

from advisor.advise import advise
from advisor.analysis.review import architecture_words, review
from advisor.domain.architecture import Architecture, Held, Suppression
from advisor.domain.review import Review
from advisor.library.answers import read_answers
from advisor.library.architecture import read_architecture
from advisor.planning.kit import Kit
from advisor.planning.line import Line
from advisor.report.review_json import review_json

AS_OF = "2026-11-22"
SCENARIOS = Path(__file__).parents[1] / "scenarios"
ARCHITECTURES = Path(__file__).parents[1] / "architectures"

HIGH = {
    "retail-churn-overbuilt": (
        "serving_host.breaks_must",  # Kubernetes, and nobody runs it
        "orchestrator.breaks_must",  # Kubeflow needs it, too
        "serving_pattern.breaks_must",  # online, and scores are read once a day
        "security.missing.cloud-secrets",
        "budget.over_budget",
    ),
    "hospital-imaging-cloud": (
        "serving_host.breaks_must",  # the data may not leave the house
        "data_storage.breaks_must",
        "labelling.breaks_must",  # strangers would see patients' pictures
        "security.breaks_must.cloud-kms",
        "data_quality.missing.dicom-deid",
        "networking.missing.airgap-mirror",
        "controls.missing.risk_analysis",
        "practices.missing.air_gap",
    ),
    "bank-rag-api": (
        "serving_pattern.breaks_must",  # documents may not go to a vendor
        "serving_host.breaks_must",
        "vector_db.breaks_must",
        "security.missing.hsm",
        "security.missing.siem",
    ),
    "telecom-chat-undersized": ("serving_machines.too_little",),
    "factory-edge-in-the-cloud": (
        "serving_pattern.breaks_must",  # the line cannot wait for the cloud
        "security.missing.sigstore",
    ),
    "startup-lora-oversized": ("serving_host.breaks_must", "budget.over_budget"),
    "utility-forecast-deep": (
        "serving_pattern.breaks_must",
        "training_host.breaks_must",
        "budget.over_budget",
    ),
    "lab-pretraining-slow": ("training_machines.too_little",),
}
"""Severe findings of each example, read line by line; others may come with the rulebook."""
OTHERS = {
    "retail-churn-overbuilt": (
        "feature_store.needless",
        "job_scheduler.needless",
        "tuning.needless",
        "networking.needless.efa",
        "serving_accelerator.too_much",
        "training_accelerator.too_much",
        "training_framework.weaker",
        "data_versioning.missing",
    ),
    "hospital-imaging-cloud": ("data_versioning.missing", "practices.needless.multi_cloud"),
    "bank-rag-api": ("data_quality.missing.gx", "orchestrator.missing"),
    "telecom-chat-undersized": ("monitoring.missing.langfuse", "vector_db.weaker"),
    "factory-edge-in-the-cloud": (
        "model_registry.missing",
        "training_machines.too_much",
        "serving_engine.weaker",
    ),
    "startup-lora-oversized": (
        "serving_machines.too_much",
        "serving_accelerator.weaker",
        "compute_runtime.needless",
        "training_machines.too_much",
    ),
    "utility-forecast-deep": (
        "training_accelerator.too_much",
        "training_pattern.too_much",
        "job_scheduler.needless",
    ),
    "lab-pretraining-slow": ("job_scheduler.missing", "data_quality.missing.nemo-curator"),
}
"""Findings that matter less."""
SAVES = (
    "retail-churn-overbuilt",
    "hospital-imaging-cloud",
    "factory-edge-in-the-cloud",
    "startup-lora-oversized",
    "utility-forecast-deep",
)
"""Examples that cost less once they are mended; the others stand on too little."""
Reviews = dict[str, Review]


@pytest.fixture(scope="module")
def line(kit: Kit) -> Line:
    return Line(kit)


@pytest.fixture(scope="module")
def reviews(kit: Kit, line: Line) -> Reviews:
    """Return the review of every example by name."""
    words = architecture_words(kit)
    found = {}
    for path in sorted(ARCHITECTURES.glob("*.yaml")):
        answers, stands = read_architecture(path, kit.questions, kit.shapes.keys(), words)
        found[path.stem] = review(path.name, answers, stands, line, AS_OF)
    return found


def of(
    line: Line,
    scenario: str,
    choices: Mapping[str, tuple[str, ...]],
    counts: dict[str, int] | None = None,
    *suppressions: Suppression,
) -> Review:
    """Return the review of some choices under the answers of a scenario."""
    kit = line.kit
    answers = read_answers(SCENARIOS / f"{scenario}.yaml", kit.questions, kit.shapes.keys())
    stands = Architecture(Held(choices, counts or {}), suppressions=suppressions)
    return review("test", answers, stands, line, AS_OF)


def test_the_examples_are_those_that_were_read(reviews: Reviews) -> None:
    assert set(reviews) == set(HIGH) == set(OTHERS)
    assert len(reviews) >= 6


@pytest.mark.parametrize("name", sorted(HIGH))
def test_severe_findings_are_found(name: str, reviews: Reviews) -> None:
    severity = {f.id: f.severity for f in reviews[name].standing}
    assert {id_: severity.get(id_) for id_ in HIGH[name]} == dict.fromkeys(HIGH[name], "high")


@pytest.mark.parametrize("name", sorted(OTHERS))
def test_lesser_findings_are_found_and_are_lesser(name: str, reviews: Reviews) -> None:
    severity = {f.id: f.severity for f in reviews[name].standing}
    missed = [id_ for id_ in OTHERS[name] if severity.get(id_) not in ("medium", "low")]
    assert not missed, {id_: severity.get(id_) for id_ in missed}


@pytest.mark.parametrize("name", sorted(HIGH))
def test_every_finding_has_its_own_id_and_a_reason(name: str, reviews: Reviews) -> None:
    findings = reviews[name].findings
    assert len({f.id for f in findings}) == len(findings)
    for finding in findings:
        assert finding.reasons, finding.id
        assert all(reason.text for reason in finding.reasons), finding.id


@pytest.mark.parametrize("name", sorted(HIGH))
def test_the_steps_that_are_worth_it_solve_what_is_severe_about_choices(
    name: str, reviews: Reviews
) -> None:
    found = reviews[name]
    choices = {*found.plan.decisions, "serving_machines", "training_machines", "budget"}
    severe = {f.id for f in found.standing if f.severity == "high" and f.subject in choices}
    assert found.target is not None
    assert severe.isdisjoint(found.target.left)


@pytest.mark.parametrize("name", sorted(HIGH))
def test_savings_are_ranges_around_the_likely_amount(name: str, reviews: Reviews) -> None:
    target = reviews[name].target
    assert target is not None
    for saving in (target.saving_month, target.saving_lifetime):
        assert saving.low <= saving.likely <= saving.high
    assert (target.saving_lifetime.likely > 0) is (
        name in (*SAVES, "bank-rag-api", "lab-pretraining-slow")
    )


def test_steps_come_in_the_order_of_severity_and_those_that_do_not_pay_last(
    reviews: Reviews,
) -> None:
    order = ("high", "medium", "low")
    for found in reviews.values():
        keys = [(not step.worth, order.index(step.severity)) for step in found.steps]
        assert keys == sorted(keys)


def test_every_review_follows_the_published_schema(reviews: Reviews) -> None:
    schema = Path("advisor/report/schema/review.schema.json").read_text(encoding="utf-8")
    checker = jsonschema.Draft202012Validator(json.loads(schema))
    for found in reviews.values():
        checker.validate(json.loads(review_json(found)))


def test_a_change_that_costs_more_than_it_saves_waits(reviews: Reviews) -> None:
    """A framework that would be a matter of taste takes 40 days to change, and saves nothing."""
    steps = reviews["lab-pretraining-slow"].steps
    (step,) = [s for s in steps if "training_framework.weaker" in s.solves]
    assert not step.worth
    assert step.payback_months is None
    assert step.migration.likely > 10_000


@pytest.mark.parametrize("path", sorted(SCENARIOS.glob("*.yaml")), ids=lambda p: p.stem)
def test_nothing_is_wrong_with_what_the_plan_itself_chooses(
    path: Path, kit: Kit, line: Line
) -> None:
    answers = read_answers(path, kit.questions, kit.shapes.keys())
    line.held = Held()
    plan = advise(answers, line, AS_OF)
    if not plan.feasible:
        return
    choices = {id_: decision.ids for id_, decision in plan.decisions.items()}
    counts = {use.use: use.count for use in plan.hardware if use.count}
    found = review("plan", answers, Architecture(Held(choices, counts)), line, AS_OF)
    assert not found.findings, [f.id for f in found.findings]
    assert not found.steps
    assert found.plan.cost.lifetime == plan.cost.lifetime
    assert len(found.sound) == len(plan.decisions)


def test_a_review_leaves_the_line_as_it_was(kit: Kit, line: Line) -> None:
    answers = read_answers(SCENARIOS / "churn.yaml", kit.questions, kit.shapes.keys())
    before = advise(answers, line, AS_OF)
    of(line, "churn", {"serving_pattern": ("online",)}, {"serving": 3})
    assert advise(answers, line, AS_OF) == before


@pytest.mark.parametrize(
    ("count", "kind", "severity"),
    [(20, "too_little", "high"), (52, "too_little", "medium"), (88, "too_much", "medium")],
)
def test_a_count_is_too_little_for_the_load_or_the_spares_or_too_much(
    line: Line, count: int, kind: str, severity: str
) -> None:
    choices = {"serving_pattern": ("online",), "serving_accelerator": ("h100-sxm5-80gb",)}
    found = of(line, "chat-70b-eu", choices, {"serving": count})
    (finding,) = [f for f in found.findings if f.subject == "serving_machines"]
    assert (finding.kind, finding.severity) == (kind, severity)


def test_more_machines_cost_more_and_their_excess_is_what_letting_go_saves(line: Line) -> None:
    choices = {"serving_pattern": ("online",), "serving_accelerator": ("h100-sxm5-80gb",)}
    bills = {}
    for count in (48, 64, 80):
        found = of(line, "chat-70b-eu", choices, {"serving": count})
        bills[count] = found.plan.cost.month.likely
    assert bills[48] < bills[64] < bills[80]
    assert bills[80] - bills[64] == pytest.approx(bills[64] - bills[48], rel=Decimal("0.01"))


def test_fewer_accelerators_train_longer(line: Line) -> None:
    choices = {"training_accelerator": ("b200-sxm-180gb",), "training_pattern": ("multi_node",)}
    texts = {}
    for count in (8, 16, 64):
        found = of(line, "pretrain-30b", choices, {"training": count})
        texts[count] = [f.id for f in found.findings if f.subject == "training_machines"]
    assert texts[8] == texts[16] == ["training_machines.too_little"]
    assert texts[64] == ["training_machines.too_much"]


def test_a_device_that_holds_no_model_is_said_to_and_prices_nothing(line: Line) -> None:
    choices = {"serving_pattern": ("online",), "serving_accelerator": ("t4",)}
    found = of(line, "chat-70b-eu", choices)
    (finding,) = [f for f in found.findings if f.id == "serving_accelerator.misses"]
    assert "16 GB a device" in finding.reasons[0].text
    assert found.unpriced == ("serving",)
    assert not any(step.priced for step in found.steps if "Serving" in step.changes[0].name)


def test_an_accelerator_of_a_provider_that_is_not_allowed_is_sized_all_the_same(
    line: Line,
) -> None:
    choices = {"serving_pattern": ("online",), "serving_accelerator": ("a10g",)}
    found = of(line, "hospital-imaging", choices, {"serving": 2})
    assert not found.unpriced
    assert found.plan.cost.month.likely > found.best.cost.month.likely
    assert "serving_accelerator.breaks_must" in {f.id for f in found.standing}


def test_what_is_not_stated_is_not_judged(line: Line) -> None:
    found = of(line, "churn", {"feature_store": ("feast",)})
    assert {f.subject for f in found.findings if f.subject != "rules"} == {"feature_store"}
    assert "serving_pattern" in found.open_decisions


def test_doing_without_what_is_needed_is_missing(line: Line) -> None:
    found = of(line, "churn", {"data_versioning": ("none",), "monitoring": ()})
    assert {f.kind for f in found.findings} == {"missing"}
    assert {f.subject for f in found.findings} == {"data_versioning", "monitoring"}


def test_suppressions_hold_to_their_day_and_one_without_a_finding_is_named(line: Line) -> None:
    def suppressed(about: str, until: str) -> Suppression:
        return Suppression(about, "known and agreed", until)

    choices = {"feature_store": ("feast",), "ci_cd": ("argocd",)}
    marks = (
        suppressed("feature_store.needless", AS_OF),
        suppressed("ci_cd", "2026-11-21"),
        suppressed("orchestrator", "2027-01-01"),
    )
    found = of(line, "churn", choices, None, *marks)
    by_id = {f.id: f for f in found.findings}
    assert by_id["feature_store.needless"].accepted == marks[0]
    assert by_id["ci_cd.breaks_must"].lapsed == marks[1]
    assert by_id["ci_cd.breaks_must"] in found.standing
    assert found.idle == (marks[2],)
    assert not any("feature_store.needless" in step.solves for step in found.steps)
